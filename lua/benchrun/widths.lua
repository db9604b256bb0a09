-- Widths of columns of text that stand beside each other, each a table with its `width`.

local widths = {}

--- Blanks between two columns.
widths.gap = 2

--- What columns and the gaps between them take.
function widths.total(columns)
  local sum = widths.gap * math.max(0, #columns - 1)
  for _, column in ipairs(columns) do sum = sum + column.width end
  return sum
end

--- Takes what is more than `width` from the widest columns, as far as they give.
--- least: a function of a column: the width it may shrink to, nil for one that keeps its own.
function widths.shrink(columns, width, least)
  local excess = widths.total(columns) - width
  while excess > 0 do
    local widest
    for _, column in ipairs(columns) do
      local may_shrink = column.width > (least(column) or math.huge)
      if may_shrink and not (widest and widest.width >= column.width) then widest = column end
    end
    if not widest then return end
    widest.width, excess = widest.width - 1, excess - 1
  end
end

return widths
