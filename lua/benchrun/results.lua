-- Results: from a config, its plan and the cells' outcomes to everything that a report shows.
--
--   config, plan, outcomes  as given; outcomes is nil where finished logs are reported on
--   groups    a list, one for each (device, dtype) in plan order:
--     device, dtype         of the group
--     label                 "float32"; with several devices "cpu, float32"
--     suffix                of its files: "" for the only group, else "_float32", "_cpu_float32"
--     compilers             names in order; one whose cells were all skipped is not among them
--     flag_compilers        those whose problems are listed
--     baseline              name or nil
--     suites                list of { name=, tables = { metric name → frame }, unsorted = the same
--                           in the order of the logs, absent = { metric name → { compiler → true
--                           where its logs have no such column } }, rows = number }; see tables.lua
--     summaries             list of { name=, title=, file=, cells = { compiler → { suite → text }
--                           }, values = the same with numbers }; see summary.lua
--     warnings              list of { metric = entry, frame = suite, name, the flag compilers }
--   missing   paths of logs that can't be read or are not there, where finished ones are read
--   run_name, comparison, over_time   of history.lua, put in by others; the latter two may be nil
--   notices   lines: what is missing, doubled or unreadable
--   measured  number of rows read
--   failures  number of benchmarks that count and don't pass, summed over suites and compilers
--   charts, facts           empty lists, for others to fill

local compute = require "benchrun.core.compute"
local fail = require "benchrun.fail"
local frames = require "benchrun.core.frame"
local groups = require "benchrun.groups"
local paths = require "benchrun.paths"
local summary = require "benchrun.summary"
local sys = require "benchrun.core.sys"
local tables = require "benchrun.tables"

local results = {}

-- Warnings ----------------------------------------------------------------------------------------

-- Row numbers of a table where the metric flags any of the columns.
local function flagged_rows(frame, metric, compilers)
  local is_flagged, rows = {}, {}
  for _, compiler in ipairs(compilers) do
    local values = frame:col(compiler):to_table()
    for row = 1, values.n do is_flagged[row] = is_flagged[row] or metric.flag(values[row]) end
  end
  for row = 1, frame:nrow() do
    if is_flagged[row] then rows[#rows + 1] = row end
  end
  return rows
end

local function flagged_in(suite, metric, compilers)
  local frame = suite.tables[metric.name]
  local rows = frame and flagged_rows(frame, metric, compilers) or {}
  if #rows == 0 then return nil end
  local columns = table.move(compilers, 1, #compilers, 3, { "suite", "name" })
  local suites = compute.fill(compute.nulls("string", #rows), suite.name)
  return frame:take(rows):with("suite", suites):select(columns)
end

-- Suites without flagged rows stay out: their columns must not decide on the type of the others'.
local function warning_of(group, metric)
  local found = {}
  for _, suite in ipairs(group.suites) do
    found[#found + 1] = flagged_in(suite, metric, group.flag_compilers)
  end
  if #found == 0 then return nil end
  return { metric = metric, frame = fail.check(frames.concat(found)) }
end

-- What is wrong comes before what is slow.
local function make_warnings(job, group)
  local list = {}
  for _, is_judge in ipairs { true, false } do
    for _, metric in ipairs(job.metrics) do
      if metric.flag and (metric.passes ~= nil) == is_judge then
        list[#list + 1] = warning_of(group, metric)
      end
    end
  end
  return list
end

-- Collecting --------------------------------------------------------------------------------------

-- The logs that are not there, or empty, though nobody says why.
local function missing_logs(plan)
  local missing = {}
  for _, cell in ipairs(plan) do
    if not cell.skip and not groups.has_content(cell) then missing[#missing + 1] = cell.log end
  end
  if #missing > 0 and #missing == #plan then
    fail.cannot("all %d logs are missing or empty, among them %s; choose what to report on "
      .. "with --suites, --devices, --dtypes and --compilers, or run first", #plan, missing[1])
  end
  return missing
end

-- Cell id → how it ended, for cells that did not end well.
local function failed_cells(outcomes)
  local failed = {}
  for _, each in ipairs(outcomes or {}) do
    if each.outcome ~= "ok" and each.outcome ~= "skip" then
      local has_reason = each.reason and each.reason ~= ""
      failed[each.cell.id] = each.outcome .. (has_reason and ": " .. each.reason or "")
    end
  end
  return failed
end

local function new_job(config, plan, outcomes, registry)
  local job = { config = config, plan = plan, outcomes = outcomes, metrics = {}, notices = {},
    measured = 0, failures = 0 }
  for i, name in ipairs(config.metrics) do job.metrics[i] = registry:get("metrics", name) end
  job.skipped, job.failed = groups.skipped_cells(plan, outcomes), failed_cells(outcomes)
  function job:notice(line) table.insert(self.notices, line) end
  return job
end

local function make_suite(job, group, name)
  local suite = { name = name, tables = {}, unsorted = {}, absent = {}, rows = 0 }
  for _, testing in ipairs { "performance", "accuracy" } do
    tables.add(job, group, suite, testing)
  end
  return suite
end

local function fill_group(job, group)
  group.suites = {}
  for i, name in ipairs(group.suite_names) do group.suites[i] = make_suite(job, group, name) end
  group.summaries = summary.of_group(job, group)
  group.warnings = make_warnings(job, group)
  for _, suite in ipairs(group.suites) do
    job.failures = job.failures + summary.failures(job, group, suite)
    suite.verdicts = nil
  end
  group.cells, group.suite_names, group.names, group.run = nil, nil, nil, nil
end

--- Reads the logs of a plan. outcomes: of the run that made them; nil: they were made before, then
--- all should be there. registry: for the metrics. Raises fail.cannot where all logs are missing or
--- some can't be compared.
function results.collect(config, plan, outcomes, registry)
  local job = new_job(config, plan, outcomes, registry)
  job.missing = outcomes and {} or missing_logs(plan)
  local list = groups.make(job)
  for _, group in ipairs(list) do fill_group(job, group) end
  return { config = config, plan = plan, outcomes = outcomes, groups = list, charts = {},
    facts = {}, notices = job.notices, measured = job.measured, failures = job.failures,
    missing = outcomes and {} or job.missing }
end

-- Writing -----------------------------------------------------------------------------------------

local function csv_field(text)
  if text:find('[,"\r\n]') then return '"' .. text:gsub('"', '""') .. '"' end
  return text
end

local function csv_line(fields)
  local line = {}
  for i, field in ipairs(fields) do line[i] = csv_field(field) end
  return table.concat(line, ",") .. "\n"
end

--- A summary as CSV: an unnamed column and Compiler, both with the compiler, then the suites.
function results.summary_csv(group, made)
  local header = { "", "Compiler" }
  for i, suite in ipairs(group.suites) do header[2 + i] = suite.name end
  local lines = { csv_line(header) }
  for _, compiler in ipairs(group.compilers) do
    local fields = { compiler, compiler }
    for i, suite in ipairs(group.suites) do
      fields[2 + i] = made.cells[compiler][suite.name] or ""
    end
    lines[#lines + 1] = csv_line(fields)
  end
  return table.concat(lines)
end

--- The files of the summaries: list of { file =, group =, summary = }. With several groups those of
--- the first have plain names too: other programs know an archived run by these.
function results.summary_files(collected)
  local files = {}
  for i, group in ipairs(collected.groups) do
    for _, made in ipairs(group.summaries) do
      files[#files + 1] = { file = made.file, group = group, summary = made }
      if i == 1 and group.suffix ~= "" then
        files[#files + 1] = { file = made.name .. ".csv", group = group, summary = made }
      end
    end
  end
  return files
end

--- Writes the summaries of all groups into a folder. Returns the paths.
function results.write_csvs(collected, folder)
  local written = {}
  for i, each in ipairs(results.summary_files(collected)) do
    written[i] = paths.join(folder, each.file)
    fail.check(sys.write_file(written[i], results.summary_csv(each.group, each.summary)))
  end
  return written
end

--- All cells of the named columns as text: a list of columns, each a list. A number stands in the
--- shortest form that reads back to it ("1.25", "1.0"; a whole number of a whole column "1"), null
--- as "0.0" among numbers and "" among words.
function results.table_columns(frame, names)
  local columns = {}
  for i, name in ipairs(names) do
    local column = frame:col(name)
    columns[i] = compute.texts(column, column:type() == "string" and "" or "0.0")
  end
  return columns
end

return results
