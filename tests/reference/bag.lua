-- Lists whose order says nothing: a bag is { element = how often }.

local bag = {}

function bag.of(list)
  local counts = {}
  for _, element in ipairs(list) do counts[element] = (counts[element] or 0) + 1 end
  return counts
end

--- What stands in one list and not in the other, sorted, as often as it is too many.
function bag.without(list, other)
  local spare, rest = bag.of(other), {}
  for _, element in ipairs(list) do
    local left = spare[element] or 0
    if left == 0 then rest[#rest + 1] = element end
    spare[element] = math.max(left - 1, 0)
  end
  table.sort(rest)
  return rest
end

--- Whether two lists are equal but for their order.
function bag.is_equal(a, b) return #a == #b and #bag.without(a, b) == 0 end

return bag
