-- Rows as columns, or the other way round: specs say tables row by row, blocks hold them by column.

return function(lists)
  local turned = {}
  for i, list in ipairs(lists) do
    for k, item in ipairs(list) do
      turned[k] = turned[k] or {}
      turned[k][i] = item
    end
  end
  return turned
end
