-- How the cells ended. Those that are not ok are named, with the commands that reproduce them.

local outcome = require "benchrun.outcome"
local words = require "benchrun.words"

local MARKS = { skip = "muted" }

local function not_ok(outcomes)
  local list = {}
  for _, each in ipairs(outcomes) do
    if each.outcome ~= "ok" then list[#list + 1] = each end
  end
  return list
end

local function table_of(list)
  local outcomes, cells, reasons, marks = {}, {}, {}, {}
  for i, each in ipairs(list) do
    outcomes[i], cells[i], reasons[i] = each.outcome, each.cell.id, each.reason or ""
    marks[i] = MARKS[each.outcome] or "bad"
  end
  return { kind = "table", caption = "Cells that are not ok", keys = 2,
    columns = { "Outcome", "Cell", "Reason" }, cells = { outcomes, cells, reasons },
    marks = { marks } }
end

-- What was not run on purpose has nothing to reproduce.
local function commands_of(list)
  local lines = {}
  for _, each in ipairs(list) do
    if each.outcome ~= "skip" and each.cell.argv then
      lines[#lines + 1] = ("# %s: %s"):format(each.cell.id, each.outcome)
      lines[#lines + 1] = words.command_line_with(each.cell.env or {}, each.cell.argv)
    end
  end
  return lines
end

local function counts_text(outcomes)
  local cells = #outcomes == 1 and "1 cell" or #outcomes .. " cells"
  return ("%s: %s."):format(cells, outcome.count_text(outcomes))
end

local function blocks(results)
  if not results.outcomes or #results.outcomes == 0 then return {} end
  local list = not_ok(results.outcomes)
  local found = { { kind = "heading", level = 2, text = "Outcomes" },
    { kind = "paragraph", text = counts_text(results.outcomes) } }
  if #list == 0 then return found end
  found[#found + 1] = table_of(list)
  local commands = commands_of(list)
  if #commands > 0 then
    found[#found + 1] = { kind = "details", summary = "Commands that reproduce them",
      documents = true, blocks = { { kind = "code", text = table.concat(commands, "\n") } } }
  end
  return found
end

return { help = "how the cells ended, and the commands of those that failed", blocks = blocks }
