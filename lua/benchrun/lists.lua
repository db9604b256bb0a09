-- Small things that are done with lists and tables in many places.

local lists = {}

--- True if the list holds the item.
function lists.contains(list, item)
  for _, each in ipairs(list) do
    if each == item then return true end
  end
  return false
end

--- The items of a list as keys, each with the value true.
function lists.set(list)
  local set = {}
  for _, each in ipairs(list) do set[each] = true end
  return set
end

--- The field `name` of every table in a list.
function lists.pluck(list, name)
  local values = {}
  for i, each in ipairs(list) do values[i] = each[name] end
  return values
end

local function goes_before(a, b)
  if type(a) ~= type(b) then return type(a) < type(b) end
  if type(a) == "number" or type(a) == "string" then return a < b end
  return tostring(a) < tostring(b)
end

--- The keys of a table as a sorted list, numbers before strings.
function lists.sorted_keys(value)
  local keys, all_text = {}, true
  for key in pairs(value) do
    keys[#keys + 1] = key
    all_text = all_text and type(key) == "string"
  end
  if all_text then table.sort(keys) else table.sort(keys, goes_before) end
  return keys
end

--- Puts the fields of `from` (may be nil) into `into`, over what is there. Returns into.
function lists.put_all(into, from)
  for key, value in pairs(from or {}) do into[key] = value end
  return into
end

return lists
