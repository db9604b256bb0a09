-- What got worse: the newest runs of an archive against those before them.
--
-- Two comparisons, with the reference's rules. The summary diff shows the summaries of the two
-- newest runs that have them. The regressions list, for each suite and flag compiler, what a metric
-- flags now and did not flag before, in the two newest runs that hold that compiler's logs of the
-- suite: a compiler need not be in every run. Rows are matched by name.
--
-- Old runs are data. One with a file that can't be read is passed over, with a notice. What a log
-- doubles or lacks in itself was said when its own run was reported on.

local compute = require "benchrun.core.compute"
local fail = require "benchrun.fail"
local frames = require "benchrun.core.frame"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local logs = require "benchrun.logs"
local past_summary = require "benchrun.past_summary"
local paths = require "benchrun.paths"
local plan = require "benchrun.plan"
local results_module = require "benchrun.results"

local regress = {}

local SUMMARIES = { "passrate", "geomean" }
local DIFF_COLUMNS = { "compiler", "suite", "prev_value", "cur_value" }
local COLUMNS = { "compiler", "name", "prev_status", "cur_status" }
local NOTICES_SHOWN = 20

-- What is compared --------------------------------------------------------------------------------

-- The metrics that can flag, what is wrong before what is slow, and the summaries to compare.
local function choose_metrics(job, registry)
  for _, is_judge in ipairs { true, false } do
    for _, name in ipairs(job.config.metrics) do
      local metric = registry:get("metrics", name)
      if metric.flag and (metric.passes ~= nil) == is_judge then
        table.insert(job.metrics, metric)
      end
    end
  end
end

local function choose_summaries(job, registry)
  local titles = {}
  for _, name in ipairs(job.config.metrics) do
    for _, spec in ipairs(registry:get("metrics", name).summaries) do
      titles[spec.name] = spec.title
    end
  end
  for _, name in ipairs(SUMMARIES) do
    if titles[name] then table.insert(job.summaries, { name = name, title = titles[name] }) end
  end
end

-- Every device with every dtype; the label is nil where there is only one such group.
local function groups_of(config)
  local list = {}
  for _, device in ipairs(config.devices) do
    for _, dtype in ipairs(config.dtypes) do
      list[#list + 1] = { device = device, dtype = dtype,
        label = #config.devices > 1 and device .. ", " .. dtype or dtype }
    end
  end
  if #list == 1 then list[1].label = nil end
  return list
end

local function new_job(config, registry, runs)
  local job = { config = config, runs = runs, metrics = {}, summaries = {}, compilers = {},
    notices = {} }
  choose_metrics(job, registry)
  choose_summaries(job, registry)
  for _, name in ipairs(config.flag_compilers) do
    if lists.contains(config.compilers, name) then table.insert(job.compilers, name) end
  end
  function job:notice(...) table.insert(self.notices, string.format(...)) end
  return job
end

-- The newest of the first `count` runs that load gives something for: that and its place.
local function newest(runs, count, load)
  for i = count, 1, -1 do
    local loaded = load(runs[i])
    if loaded then return loaded, i end
  end
end

-- What is compared: of the newest run and of the one before it. Where the newest of all is the one
-- that is reported on (it has results), it is that or none. archived, current: (run) → something
-- or nil.
local function two_to_compare(runs, archived, current)
  local last = runs[#runs]
  local now, place
  if last and last.results then now, place = current(last), #runs
  else now, place = newest(runs, #runs, archived) end
  if not now then return nil end
  return now, (newest(runs, place - 1, archived))
end

local function group_of(results, group)
  for _, each in ipairs(results.groups) do
    if each.device == group.device and each.dtype == group.dtype then return each end
  end
end

local function is_file(path) return lfs.attributes(path, "mode") == "file" end

-- Summaries ---------------------------------------------------------------------------------------

-- A summary of this run, as past_summary gives those of others.
local CurrentSummary = {}
CurrentSummary.__index = CurrentSummary

function CurrentSummary:text(compiler, suite) return (self.cells[compiler] or {})[suite] end

-- The summaries of this run, nil where one was not made.
local function current_summaries(job, group, run)
  local made, own = {}, group_of(run.results, group)
  for _, each in ipairs(own and own.summaries or {}) do made[each.name] = each end
  local loaded = { label = run.label }
  for _, spec in ipairs(job.summaries) do
    if not made[spec.name] then return nil end
    loaded[spec.name] = setmetatable({ cells = made[spec.name].cells }, CurrentSummary)
  end
  return loaded
end

local function load_summaries(job, group, run)
  local loaded = { label = run.label }
  for _, spec in ipairs(job.summaries) do
    local summary, problem = past_summary.read(run, spec.name, group, job.config)
    if problem then job:notice("%s; %s is left out of the summary diff", problem, run.label) end
    if not summary then return nil end
    loaded[spec.name] = summary
  end
  return #job.summaries > 0 and loaded or nil
end

local function diff_table(job, spec, before, now)
  local cells = { {}, {}, {}, {} }
  for _, compiler in ipairs(job.compilers) do
    for _, suite in ipairs(job.config.suites) do
      local old, new = before:text(compiler, suite), now:text(compiler, suite)
      if old and new then
        for c, text in ipairs { compiler, suite, old, new } do table.insert(cells[c], text) end
      end
    end
  end
  return { name = spec.name, title = spec.title, columns = DIFF_COLUMNS, cells = cells }
end

local function summary_diff(job, group)
  local now, before = two_to_compare(job.runs,
    function(run) return load_summaries(job, group, run) end,
    function(run) return current_summaries(job, group, run) end)
  local diff = { label = group.label, tables = {} }
  if not before then return diff end
  diff.current, diff.previous = now.label, before.label
  for i, spec in ipairs(job.summaries) do
    diff.tables[i] = diff_table(job, spec, before[spec.name], now[spec.name])
  end
  return diff
end

-- Logs --------------------------------------------------------------------------------------------

-- The names that a compiler had and has, the one of now first.
local function names_of(job, compiler)
  local names, renamed = { compiler }, (job.config.archive or {}).renamed or {}
  for _, old in ipairs(lists.sorted_keys(renamed)) do
    local is_asked = lists.contains(job.config.compilers, old)
    if renamed[old] == compiler and not is_asked then names[#names + 1] = old end
  end
  return names
end

-- The cells whose logs tell of a compiler, by the name given, on a suite in a run; nil where one is
-- not there.
local function cells_named(job, run, axes, name)
  local cells = {}
  for i, testing in ipairs(job.config.testings) do
    local cell = { testing = testing, suite = axes.suite, device = axes.group.device,
      dtype = axes.group.dtype, compiler = name, mode = job.config.mode }
    cell.id = plan.log_name(cell)
    cell.log = paths.join(run.folder, cell.id .. ".csv")
    if not is_file(cell.log) then return nil end
    cells[i] = cell
  end
  return cells
end

local function cells_of(job, run, axes)
  for _, name in ipairs(names_of(job, axes.compiler)) do
    local cells = cells_named(job, run, axes, name)
    if cells then return cells end
  end
end

-- Testing → frame of the log, nil where a log is missing or of no use.
local function load_logs(job, run, axes)
  local loaded = {}
  for _, cell in ipairs(cells_of(job, run, axes) or {}) do
    local frame, problem = logs.read(cell, job.metrics)
    if frame and frame:nrow() == 0 then
      frame, problem = nil, cell.log .. ": the log has no rows"
    end
    if not frame then
      job:notice("%s; %s is left out of the regressions of %s", problem, run.label, axes.compiler)
      return nil
    end
    loaded[cell.testing] = frame
  end
  return next(loaded) and loaded
end

-- A metric's values by name. A number that is missing is that of a failed benchmark.
local function statuses(names, values, metric, column)
  if metric.type == "number" then values = compute.fill(values, 0.0) end
  return compute.distinct(names:with(column, values), { "name" }, "last")
end

-- The two runs that are compared ------------------------------------------------------------------

-- A run as it lies in the archive. Its methods: has(metric), whether it tells of the metric at all;
-- statuses(metric, column), names and values.
local Archived = {}
Archived.__index = Archived

function Archived:has(metric)
  local frame = self.loaded[metric.testing]
  return frame ~= nil and frame:has(metric.column)
end

function Archived:statuses(metric, column)
  local frame = self.loaded[metric.testing]
  return statuses(frame:select { "name" }, frame:col(metric.column), metric, column)
end

-- This run, as its report shows it: a benchmark that any compiler has a row for and this one has
-- not is a failed one. Of a suite without any row all has failed. What was skipped says nothing.
local Current = {}
Current.__index = Current

function Current:has(metric)
  local absent = self.suite.absent[metric.name]
  return self.suite.unsorted[metric.name] ~= nil and not (absent and absent[self.compiler])
end

function Current:statuses(metric, column)
  local frame = self.suite.unsorted[metric.name]
  return statuses(frame:select { "name" }, frame:col(self.compiler), metric, column)
end

-- Testing → true for the cells of a compiler and suite that were skipped.
local function skipped_testings(results, axes)
  local skipped = {}
  local function look(cell, is_skipped)
    local is_it = cell.suite == axes.suite and cell.compiler == axes.compiler
      and cell.device == axes.group.device and cell.dtype == axes.group.dtype
    if is_it and is_skipped then skipped[cell.testing] = true end
  end
  for _, each in ipairs(results.outcomes or {}) do look(each.cell, each.outcome == "skip") end
  for _, cell in ipairs(results.outcomes and {} or results.plan) do look(cell, cell.skip ~= nil) end
  return skipped
end

-- What this run's results say of a compiler on a suite; nil where it was left out.
local function current_of(run, axes)
  local group = group_of(run.results, axes.group)
  if not group or not lists.contains(group.compilers, axes.compiler) then return nil end
  for _, suite in ipairs(group.suites) do
    if suite.name == axes.suite then
      return setmetatable({ label = run.label, suite = suite, compiler = axes.compiler,
        skipped = skipped_testings(run.results, axes) }, Current)
    end
  end
end

local function archived_of(job, run, axes)
  local loaded = load_logs(job, run, axes)
  return loaded and setmetatable({ label = run.label, loaded = loaded, skipped = {} }, Archived)
end

-- Comparing ---------------------------------------------------------------------------------------

-- The statuses before and now, of the names that have both.
local function both_statuses(metric, before, now)
  local old, new = before:statuses(metric, "prev_status"), now:statuses(metric, "cur_status")
  if new:nrow() == 0 then
    local names = old:select { "name" }
    local nothing = compute.nulls(metric.type == "number" and "f64" or "string", names:nrow())
    new = statuses(names, nothing, metric, "cur_status")
  end
  return new:join(old, { "name" }, "inner")
end

-- The rows that the metric did not flag before and flags now, nil if there are none.
local function newly_flagged(metric, before, now)
  local rows = both_statuses(metric, before, now)
  local old, new = rows:col("prev_status"):to_table(), rows:col("cur_status"):to_table()
  local list = {}
  for row = 1, new.n do
    if metric.flag(new[row]) and not metric.flag(old[row]) then list[#list + 1] = row end
  end
  return #list > 0 and rows:take(list) or nil
end

-- The first metric that both runs tell of.
local function common_metric(job, before, now)
  for _, metric in ipairs(job.metrics) do
    if before:has(metric) and now:has(metric) then return metric end
  end
end

-- A name without a row has no status: it can't be flagged, so it is said.
local function note_missing_rows(job, axes, before, now)
  local metric = common_metric(job, before, now)
  if not metric then return end
  local there = now:statuses(metric, "status"):select { "name" }
  there = there:with("there", compute.fill(compute.nulls("i64", there:nrow()), 1))
  local gone = before:statuses(metric, "status"):join(there, { "name" }, "left")
    :filter("there", "null")
  if gone:nrow() == 0 or there:nrow() == 0 then return end
  job:notice("%s, %s: %s has rows for %s, %s has none", axes.compiler, axes.suite, before.label,
    logs.names_text(gone), now.label)
end

-- True if both runs have the metric's column: one that is not there says nothing of any benchmark.
local function have_column(job, axes, metric, before, now)
  for _, run in ipairs { before, now } do
    if not run:has(metric) then
      job:notice("%s, %s: no %s in the log of %s; not compared", axes.compiler, axes.suite,
        metric.column, run.label)
      return false
    end
  end
  return true
end

-- Adds to found (metric → list of frames) what got worse under a compiler.
local function add_regressions(job, axes, before, now, found)
  note_missing_rows(job, axes, before, now)
  for _, metric in ipairs(job.metrics) do
    local is_asked = lists.contains(job.config.testings, metric.testing)
      and not now.skipped[metric.testing]
    if is_asked and have_column(job, axes, metric, before, now) then
      local rows = newly_flagged(metric, before, now)
      local names = rows and compute.fill(compute.nulls("string", rows:nrow()), axes.compiler)
      table.insert(found[metric], rows and rows:with("compiler", names):select(COLUMNS))
    end
  end
end

local function tables_of(job, found)
  local list, count = {}, 0
  for _, metric in ipairs(job.metrics) do
    if #found[metric] > 0 then
      local frame = fail.check(frames.concat(found[metric]))
      count = count + frame:nrow()
      list[#list + 1] = { metric = metric, columns = COLUMNS,
        cells = results_module.table_columns(frame, COLUMNS) }
    end
  end
  return list, count
end

-- A suite of a group as in the result, and the number of its regressions.
local function compare_suite(job, group, name)
  local suite, found = { name = name, label = group.label, pairs = {} }, {}
  for _, metric in ipairs(job.metrics) do found[metric] = {} end
  for i, compiler in ipairs(job.compilers) do
    local axes = { group = group, suite = name, compiler = compiler }
    local now, before = two_to_compare(job.runs,
      function(run) return archived_of(job, run, axes) end,
      function(run) return current_of(run, axes) end)
    suite.pairs[i] = { compiler = compiler, current = now and now.label,
      previous = before and before.label }
    if before then add_regressions(job, axes, before, now, found) end
  end
  local tables, count = tables_of(job, found)
  suite.tables = tables
  return suite, count
end

-- Of many notices the first are enough.
local function cut_notices(notices)
  local more = #notices - NOTICES_SHOWN
  if more <= 0 then return end
  for i = #notices, NOTICES_SHOWN + 1, -1 do notices[i] = nil end
  notices[#notices + 1] = ("%d more logs and summaries of past runs could not be used"):format(more)
end

--- Compares the newest of an archive's runs (a list of { label=, folder=, dtype= }, newest last)
--- with those before them, for the config's suites, devices, dtypes and flag compilers (of these,
--- the ones that are run). Never raises for what is in a run. Returns
---   summary_diffs  a list, one for each device and dtype: { label = nil for the only one,
---                  current=, previous= (labels of the runs, nil where there are no two), tables =
---                  list of { name=, title=, columns=, cells = columns of texts } }
---   summary_diff   the first of them
---   suites         a list, one for each suite of each device and dtype: { name=, label=, pairs =
---                  list of { compiler=, current = label or nil, previous = label or nil },
---                  tables = list of { metric = entry, columns=, cells= }, none of them empty }
---   count          number of regressions: the rows of those tables
---   notices        lines: what could not be compared
function regress.compare(config, registry, runs)
  local job = new_job(config, registry, runs)
  local comparison = { summary_diffs = {}, suites = {}, count = 0, notices = job.notices }
  for i, group in ipairs(groups_of(config)) do
    comparison.summary_diffs[i] = summary_diff(job, group)
    for _, name in ipairs(config.suites) do
      local suite, count = compare_suite(job, group, name)
      table.insert(comparison.suites, suite)
      comparison.count = comparison.count + count
    end
  end
  comparison.summary_diff = comparison.summary_diffs[1]
  cut_notices(comparison.notices)
  return comparison
end

return regress
