-- How the cells ended, for the comment: those that did not end well as a list, so that the tables
-- of the comment are those of its readers' programs.

local outcomes = require "benchrun.sections.outcomes"

local function list_of(block)
  local items = {}
  for row, outcome in ipairs(block.cells[1]) do
    local reason = block.cells[3][row]
    items[row] = ("%s: %s%s"):format(outcome, block.cells[2][row],
      reason ~= "" and ": " .. reason or "")
  end
  return { kind = "list", items = items }
end

local function blocks(results)
  local list = outcomes.blocks(results)
  for i, block in ipairs(list) do
    if block.kind == "table" then list[i] = list_of(block) end
  end
  return list
end

return { help = "how the cells ended, as a list", blocks = blocks }
