-- What is wrong: notices on the data, then the benchmarks that a metric flags, a table a metric.

local report = require "benchrun.report"
local results_module = require "benchrun.results"

-- Cells that are flagged themselves; the others stand in the row for comparison.
local function marks_of(frame, names, flag)
  local marks = {}
  for c = 3, #names do
    local values = frame:col(names[c]):to_table()
    marks[c] = {}
    for row = 1, values.n do marks[c][row] = flag(values[row]) and "bad" or nil end
  end
  return marks
end

local function table_of(results, warning)
  local names = warning.frame:names()
  local metric = warning.metric
  return { kind = "table", columns = names, keys = 2,
    caption = report.caption(results, metric.name .. "_warnings", metric.warning_title),
    cells = results_module.table_columns(warning.frame, names),
    marks = marks_of(warning.frame, names, metric.flag) }
end

local function legend(warnings)
  local items = {}
  for i, warning in ipairs(warnings) do items[i] = warning.metric.flag_help end
  return { kind = "paragraph", text = ("Flagged: %s."):format(table.concat(items, "; ")) }
end

local function rows_of(warnings)
  local rows = 0
  for _, warning in ipairs(warnings) do rows = rows + warning.frame:nrow() end
  return rows
end

local function add_group(list, results, group, several)
  if #group.warnings == 0 then return end
  if several then list[#list + 1] = { kind = "heading", level = 3, text = group.label } end
  list[#list + 1] = legend(group.warnings)
  local rows, tables = rows_of(group.warnings), {}
  for i, warning in ipairs(group.warnings) do tables[i] = table_of(results, warning) end
  report.add_tables(list, tables, rows, "flagged rows")
end

local function blocks(results)
  local list = { { kind = "heading", level = 2,
    text = report.caption(results, "warnings", "Warnings") } }
  for _, notice in ipairs(results.notices) do
    list[#list + 1] = { kind = "notice", text = notice }
  end
  for _, group in ipairs(results.groups) do
    add_group(list, results, group, #results.groups > 1)
  end
  if #list == 1 then list[2] = { kind = "paragraph", text = "Nothing is flagged." } end
  return list
end

return { help = "notices, and the benchmarks that a metric flags", blocks = blocks }
