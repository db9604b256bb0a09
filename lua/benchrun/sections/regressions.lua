-- What got worse: benchmarks that a metric flags now and did not flag in the run before, by suite
-- and flag compiler, and the runs that were compared.

local report = require "benchrun.report"

-- The pairs of one suite by the runs that they compare: list of { names=, current=, previous= }.
local function by_runs(pairs_of_suite)
  local list, known = {}, {}
  for _, pair in ipairs(pairs_of_suite) do
    local key = (pair.current or "") .. "\0" .. (pair.previous or "")
    if not known[key] then
      known[key] = { names = {}, current = pair.current, previous = pair.previous }
      list[#list + 1] = known[key]
    end
    table.insert(known[key].names, pair.compiler)
  end
  return list
end

local function text_of(entry)
  local names = table.concat(entry.names, ", ")
  if not entry.current then return ("no run of %s to compare"):format(names) end
  if not entry.previous then
    return ("no earlier run of %s to compare with; current report: %s"):format(names, entry.current)
  end
  return ("%s: current report %s, previous report %s"):format(names, entry.current, entry.previous)
end

-- Adds the runs that were compared. Returns whether there are any.
local function add_runs(list, suite)
  local items, compared = {}, false
  for i, entry in ipairs(by_runs(suite.pairs)) do
    items[i] = text_of(entry)
    compared = compared or entry.previous ~= nil
  end
  -- As code, so that no renderer changes a run's name.
  if #items > 0 then list[#list + 1] = { kind = "code", text = table.concat(items, "\n") } end
  return compared
end

-- The tables of a suite, and the number of their rows.
local function tables_of(results, suite)
  local tables, rows = {}, 0
  for i, each in ipairs(suite.tables) do
    local bad = {}
    for row = 1, #each.cells[1] do bad[row] = "bad" end
    tables[i] = { kind = "table", columns = each.columns, cells = each.cells, keys = 2,
      marks = { [#each.columns] = bad }, caption = report.caption(results,
        each.metric.name .. "_regressions", each.metric.title .. " regressions") }
    rows = rows + #bad
  end
  return tables, rows
end

local function add_suite(list, results, suite)
  local label = suite.label and (" (%s)"):format(suite.label) or ""
  list[#list + 1] = { kind = "heading", level = 3,
    text = ("Regressions for %s%s"):format(suite.name, label) }
  local compared = add_runs(list, suite)
  local tables, rows = tables_of(results, suite)
  if not compared then
    list[#list + 1] = { kind = "paragraph", text = "Could not find most 2 recent reports." }
  elseif rows == 0 then
    list[#list + 1] = { kind = "paragraph", text = "No regressions found." }
  else
    report.add_tables(list, tables, rows, "regressions")
  end
end

local function blocks(results)
  local comparison = results.comparison
  if not comparison then return {} end
  local list = { { kind = "heading", level = 2,
    text = report.caption(results, "regressions", "Recent regressions") },
    { kind = "paragraph", text = "Flagged now, and not in the previous report that ran the "
      .. "compiler." } }
  for _, notice in ipairs(comparison.notices) do
    list[#list + 1] = { kind = "notice", text = notice }
  end
  for _, suite in ipairs(comparison.suites) do add_suite(list, results, suite) end
  return list
end

return { help = "benchmarks flagged now and not in the run before", blocks = blocks }
