-- Cases: a benchmark under a compiler, one by one, for what shows no tables.
--
-- cases.benchmarks puts the tables of a suite together again. cases.collect says of every case how
-- it did. A case is the worst that is known of it: an error where the cell that should have
-- measured it did not end well, a failure where it was measured and does not pass, or got worse
-- since the run before, skipped where its cell was. No cell that failed or was skipped stays
-- unsaid: one of which no case tells is a case of its own, named by the cell.

local groups = require "benchrun.groups"
local lists = require "benchrun.lists"

local cases = {}

-- Benchmarks --------------------------------------------------------------------------------------

-- Names that stand more than once in a table: those are told apart by device too.
local function doubled_names(tables)
  local doubled = {}
  for _, frame in pairs(tables) do
    local seen = {}
    for _, name in ipairs(frame:col("name"):to_table()) do
      doubled[name] = doubled[name] or seen[name]
      seen[name] = true
    end
  end
  return doubled
end

-- The benchmark of a row; a new one goes into list.
local function benchmark_of(list, name, dev, is_doubled)
  local key = is_doubled and dev .. "\0" .. name or name
  local found = list[key]
  if not found then
    found = { name = name, dev = dev, batch_size = 0, values = {} }
    list[key] = found
    list[#list + 1] = found
  end
  return found
end

local function add_column(found, metric, compiler, column)
  for row, benchmark in ipairs(found) do
    local values = benchmark.values[compiler] or {}
    benchmark.values[compiler] = values
    values[metric] = column[row]
  end
end

local function add_table(list, metric, frame, compilers, doubled)
  local devs, names = frame:col("dev"):to_table(), frame:col("name"):to_table()
  local sizes, found = frame:col("bs"):to_table(), {}
  for row, name in ipairs(names) do
    local benchmark = benchmark_of(list, name, devs[row] or "", doubled[name])
    if benchmark.batch_size == 0 then benchmark.batch_size = sizes[row] or 0 end
    found[row] = benchmark
  end
  for _, compiler in ipairs(compilers) do
    add_column(found, metric, compiler, frame:col(compiler):to_table())
  end
end

local function goes_before(a, b)
  if a.name ~= b.name then return a.name < b.name end
  return a.dev < b.dev
end

--- The benchmarks of a suite of results, by name: list of { name=, dev=, batch_size=, values = {
--- compiler → { metric → value } } }. A missing number is 0.0, a missing word nil.
--- metrics: names, those that the suite has no table of count for nothing.
function cases.benchmarks(suite, compilers, metrics)
  local list, doubled = {}, doubled_names(suite.tables)
  for _, metric in ipairs(metrics) do
    local frame = suite.tables[metric]
    if frame then add_table(list, metric, frame, compilers, doubled) end
  end
  local benchmarks = table.move(list, 1, #list, 1, {})
  table.sort(benchmarks, goes_before)
  return benchmarks
end

-- Cells -------------------------------------------------------------------------------------------

local function key_of(axes)
  return table.concat({ axes.device, axes.dtype, axes.suite, axes.compiler }, "\0")
end

-- The word and reason of a cell's outcome, of a skip too where no outcomes are known.
local function state_of(cell, outcomes, skipped)
  local each = outcomes[cell.id]
  if skipped[cell.id] then return "skip", skipped[cell.id] end
  if each then return each.outcome, each.reason or "" end
  return "ok", ""
end

-- Where a case's cells are found: key → list of { cell=, word=, reason=, wall=, is_told= }; and all
-- of them in the order of the plan.
local function index_cells(results)
  local index, outcomes = { all = {} }, {}
  local skipped = groups.skipped_cells(results.plan, results.outcomes)
  for _, each in ipairs(results.outcomes or {}) do outcomes[each.cell.id] = each end
  for i, cell in ipairs(results.plan) do
    local word, reason = state_of(cell, outcomes, skipped)
    local entry = { cell = cell, word = word, reason = reason,
      wall = outcomes[cell.id] and outcomes[cell.id].wall }
    index.all[i] = entry
    local key = key_of(cell)
    index[key] = index[key] or {}
    table.insert(index[key], entry)
  end
  return index
end

local function is_of(entry, group, suite)
  local cell = entry.cell
  return cell.device == group.device and cell.dtype == group.dtype and cell.suite == suite.name
end

-- A group's compilers and those that it leaves out because their cells were skipped.
local function all_compilers(group, suite, index)
  local names = table.move(group.compilers, 1, #group.compilers, 1, {})
  for _, entry in ipairs(index.all) do
    local name = entry.cell.compiler
    if is_of(entry, group, suite) and not lists.contains(names, name) then
      names[#names + 1] = name
    end
  end
  return names
end

-- Verdicts ----------------------------------------------------------------------------------------

local RANKS = { error = 3, failure = 2, skipped = 1 }

-- The metric that says what passes, then the one whose numbers do (see summary.lua).
local function judging_metrics(results, registry)
  local judges, tellers = {}, {}
  for _, name in ipairs(results.config.metrics) do
    local metric = registry:get("metrics", name)
    if metric.passes then judges[#judges + 1] = metric end
    for _, spec in ipairs(metric.summaries or {}) do
      if spec.share then tellers[#tellers + 1] = metric end
    end
  end
  return { judges[1], tellers[1] ~= judges[1] and tellers[1] or nil }
end

local function passes(metric, value)
  if metric.passes then return lists.contains(metric.passes, value) end
  return type(value) == "number" and value > 0
end

local function problem_of_cell(entry)
  if entry.word == "ok" then return nil end
  entry.is_told = true
  local reason = entry.reason ~= "" and entry.reason or entry.word
  return { verdict = entry.word == "skip" and "skipped" or "error", type = entry.word,
    message = reason, cell = entry.cell }
end

-- The worse of two problems, either may be nil.
local function worse(a, b)
  if not a or not b then return a or b end
  return RANKS[b.verdict] > RANKS[a.verdict] and b or a
end

-- What is wrong with a value by a metric, or nil. cells: entries of the case's cells.
local function problem_of_value(metric, value, cells)
  if passes(metric, value) then return nil end
  local found
  if value == nil or value == 0 then
    for _, entry in ipairs(cells) do
      if entry.cell.testing == metric.testing then found = worse(found, problem_of_cell(entry)) end
    end
  end
  if found then return found end
  local shown = value == nil and "nothing in the log" or tostring(value)
  return { verdict = "failure", type = metric.name, message = metric.name .. ": " .. shown }
end

local SECONDS = { s = 1, ms = 1e-3, us = 1e-6, ns = 1e-9 }

-- What one run of the benchmark took, 0 where that is not known.
local function seconds_of(values, registry, metrics)
  if not lists.contains(metrics, "abs_latency") then return 0 end
  local unit = registry:get("metrics", "abs_latency").unit
  return (values.abs_latency or 0) * (SECONDS[unit] or 0)
end

local function make_case(job, suite, benchmark, compiler, cells)
  local values, problem = benchmark.values[compiler] or {}, nil
  for _, metric in ipairs(job.judging) do
    if suite.tables[metric.name] then
      problem = worse(problem, problem_of_value(metric, values[metric.name], cells))
    end
  end
  local case = { name = benchmark.name, compiler = compiler,
    seconds = seconds_of(values, job.registry, job.metrics) }
  return lists.put_all(case, problem)
end

local function add_untold_cells(list, group, suite, index)
  for _, entry in ipairs(index.all) do
    if is_of(entry, group, suite) and not entry.is_told and entry.word ~= "ok" then
      local case = { name = entry.cell.id, compiler = entry.cell.compiler,
        seconds = entry.wall or 0 }
      list[#list + 1] = lists.put_all(case, problem_of_cell(entry))
    end
  end
end

-- Regressions -------------------------------------------------------------------------------------

local function is_compared(compared, group, suite)
  return compared.name == suite.name and (not compared.label or compared.label == group.label)
end

-- What got worse in one suite of one group: a list, and the same by name and compiler, of
-- { name=, compiler=, metrics = set of those that flag it, and the lines that say so }.
local function regressions_of(results, group, suite)
  local found = {}
  for _, compared in ipairs(results.comparison and results.comparison.suites or {}) do
    for _, each in ipairs(is_compared(compared, group, suite) and compared.tables or {}) do
      local compilers, names, old, new = table.unpack(each.cells)
      for row, name in ipairs(names) do
        local key = name .. "\0" .. compilers[row]
        if not found[key] then
          found[key] = { name = name, compiler = compilers[row], metrics = {} }
          found[#found + 1] = found[key]
        end
        found[key].metrics[each.metric.name] = true
        table.insert(found[key], ("%s: was %s, is %s"):format(each.metric.name, old[row],
          new[row]))
      end
    end
  end
  return found
end

-- What was wrong by another metric is still said. An error stays one: what got worse follows from
-- it.
local function worsen(case, lines)
  local all = { not lines.metrics[case.type or ""] and case.message or nil }
  table.move(lines, 1, #lines, #all + 1, all)
  case.message = table.concat(all, "; ")
  if case.verdict ~= "error" then case.verdict, case.type = "failure", "regression" end
end

local function add_regressions(list, results, group, suite)
  local found = regressions_of(results, group, suite)
  for _, case in ipairs(list) do
    local lines = found[case.name .. "\0" .. case.compiler]
    if lines then
      worsen(case, lines)
      lines.is_told = true
    end
  end
  for _, lines in ipairs(found) do
    if not lines.is_told then
      local case = { name = lines.name, compiler = lines.compiler, seconds = 0 }
      worsen(case, lines)
      list[#list + 1] = case
    end
  end
end

-- Collecting --------------------------------------------------------------------------------------

local function wall_of(group, suite, index)
  local wall
  for _, entry in ipairs(index.all) do
    if is_of(entry, group, suite) and entry.wall then wall = (wall or 0) + entry.wall end
  end
  return wall
end

local function cases_of(job, group, suite)
  local compilers, list = all_compilers(group, suite, job.index), {}
  for _, benchmark in ipairs(cases.benchmarks(suite, group.compilers, job.metrics)) do
    for _, compiler in ipairs(compilers) do
      local key = key_of { device = group.device, dtype = group.dtype, suite = suite.name,
        compiler = compiler }
      list[#list + 1] = make_case(job, suite, benchmark, compiler, job.index[key] or {})
    end
  end
  add_untold_cells(list, group, suite, job.index)
  add_regressions(list, job.results, group, suite)
  return list
end

--- Every case of results, by suite: list of { title = the suite, with the group's label where there
--- are several, wall = seconds that its cells took or nil, cases = list of { name=, compiler=,
--- seconds=, verdict = nil | "failure" | "error" | "skipped", type=, message=, cell = the one that
--- is to blame or nil } }. registry: for the metrics.
function cases.collect(results, registry)
  local job = { results = results, registry = registry, metrics = results.config.metrics,
    judging = judging_metrics(results, registry), index = index_cells(results) }
  local list = {}
  for _, group in ipairs(results.groups) do
    local label = #results.groups > 1 and (" (%s)"):format(group.label) or ""
    for _, suite in ipairs(group.suites) do
      list[#list + 1] = { title = suite.name .. label, wall = wall_of(group, suite, job.index),
        cases = cases_of(job, group, suite) }
    end
  end
  return list
end

return cases
