-- Tables: the logs of a suite as one frame a metric, a row a benchmark, a column a compiler.
--
-- A table has the columns dev, name, bs (batch size), then the compilers in order. Rows fall by the
-- config's report.sort_by, then by the last compiler, the one before it and so on; equal ones stand
-- by name. Missing numbers are 0.0 in it, missing words null.

local compute = require "benchrun.core.compute"
local lists = require "benchrun.lists"
local logs = require "benchrun.logs"
local stats = require "benchrun.core.stats"

local tables = {}

-- Reading -----------------------------------------------------------------------------------------

local function testing_metrics(job, testing)
  local list = {}
  for _, metric in ipairs(job.metrics) do
    if metric.testing == testing then list[#list + 1] = metric end
  end
  return list
end

-- The log of a cell as logs.merge takes it, or nil; says what there is to say.
local function read_part(job, cell, metrics)
  local skipped, failed = job.skipped[cell.id], job.failed[cell.id]
  local say = skipped and "skipped: " .. skipped or failed
  if say then job:notice(cell.id .. ": " .. say) end
  if skipped then return nil end
  local frame, more, code = logs.read(cell, metrics, failed ~= nil)
  if not frame then
    if not failed then job:notice(("%s: %s"):format(cell.id, more)) end
    if code == "parse" then table.insert(job.missing, cell.log) end
    return nil
  end
  for _, notice in ipairs(more) do job:notice(notice) end
  if frame:nrow() == 0 and not failed then job:notice(cell.log .. ": the log has no rows") end
  return { compiler = cell.compiler, frame = frame, log = cell.log, cell = cell }
end

-- The cells of a suite's testing, and the logs of those that have one.
local function read_parts(job, group, suite, testing)
  local metrics, cells, parts = testing_metrics(job, testing), {}, {}
  for _, cell in ipairs(group.cells) do
    local is_shown = lists.contains(group.compilers, cell.compiler)
    if cell.suite == suite.name and cell.testing == testing and is_shown then
      cells[#cells + 1] = cell
      parts[#parts + 1] = read_part(job, cell, metrics)
    end
  end
  return cells, parts, metrics
end

-- Benchmarks that the cells were to run. Logs of an earlier run are taken as they are.
local function planned_names(job, cells)
  if not job.outcomes then return nil end
  local names, seen = {}, {}
  for _, cell in ipairs(cells) do
    for _, benchmark in ipairs(cell.benchmarks or {}) do
      if not seen[benchmark.name] then names[#names + 1] = benchmark.name end
      seen[benchmark.name] = true
    end
  end
  return #names > 0 and { dev = cells[1].device, names = names } or nil
end

-- After a run one benchmark must not cost the others their report.
local function comparable(job, parts)
  local kept, lines = logs.comparable(parts)
  for _, line in ipairs(lines) do job:notice(line .. "; it is left out") end
  return kept
end

local function note_missing_rows(job, parts, rows, aligned)
  for _, part in ipairs(parts) do
    local sizes = aligned[part.compiler]:col("batch_size")
    local missing = rows:with("size in the log", sizes):filter("size in the log", "null")
    if missing:nrow() > 0 and part.frame:nrow() > 0 then
      job:notice(("%s: no row for %s; counted as failed"):format(part.cell.id,
        logs.names_text(missing)))
    end
  end
end

local function has_values(frame, name)
  return frame:has(name) and frame:col(name):null_count() < frame:nrow()
end

-- The compilers whose logs have rows and no column of the metric, as a set.
local function without_column(parts, metric)
  local set = {}
  for _, part in ipairs(parts) do
    set[part.compiler] = part.frame:nrow() > 0 and not part.frame:has(metric.column) or nil
  end
  return set
end

local function note_missing_values(job, parts, metric, where)
  local without = {}
  for _, part in ipairs(parts) do
    if part.frame:nrow() > 0 and not has_values(part.frame, metric.column) then
      without[#without + 1] = part.compiler
    end
  end
  if #without > 0 then
    job:notice(("%s: no %s in the logs of %s"):format(where, metric.column,
      table.concat(without, ", ")))
  end
end

-- The rows of a log in which something was measured: a number, or a word that passes. A status word
-- in the place of a number is a null by now.
local function measured_by(column, metric)
  if not metric.passes then return #column - column:null_count() end
  return math.tointeger(stats.run("sum", compute.is_in(column, metric.passes))) or 0
end

local function measured_rows(part, metrics)
  local most = 0
  for _, metric in ipairs(metrics) do
    if part.frame:has(metric.column) then
      most = math.max(most, measured_by(part.frame:col(metric.column), metric))
    end
  end
  return most
end

-- Making ------------------------------------------------------------------------------------------

local function column_of(aligned, metric, nrow)
  local is_number = metric.type == "number"
  local column = aligned and aligned:has(metric.column) and aligned:col(metric.column)
    or compute.nulls(is_number and "f64" or "string", nrow)
  return is_number and compute.fill(column, 0.0) or column
end

local function make_table(rows, aligned, metric, compilers)
  local frame = rows
  for _, compiler in ipairs(compilers) do
    frame = frame:with(compiler, column_of(aligned[compiler], metric, rows:nrow()))
  end
  return frame
end

local function sort_keys(compilers, sort_by)
  local keys = {}
  if lists.contains(compilers, sort_by) then keys[1] = { name = sort_by, descending = true } end
  for i = #compilers, 1, -1 do
    if compilers[i] ~= sort_by then keys[#keys + 1] = { name = compilers[i], descending = true } end
  end
  keys[#keys + 1] = "name"
  return keys
end

--- Reads the logs of a suite's testing and adds a table of each of its metrics to suite.tables,
--- and the same in the order of the logs to suite.unsorted, where all of a testing have the same
--- rows. Sets suite.rows and adds to job.measured. job: config, metrics, outcomes, skipped, failed,
--- measured, missing, notice. Benchmarks of different batch sizes are left out after a run; in
--- finished logs they raise fail.cannot.
function tables.add(job, group, suite, testing)
  local cells, parts, metrics = read_parts(job, group, suite, testing)
  if #cells == 0 then return end
  if job.outcomes then parts = comparable(job, parts) end
  local rows, aligned = logs.merge(parts, planned_names(job, cells))
  note_missing_rows(job, parts, rows, aligned)
  suite.rows = math.max(suite.rows, rows:nrow())
  for _, part in ipairs(parts) do job.measured = job.measured + measured_rows(part, metrics) end
  local keys = sort_keys(group.compilers, job.config.report.sort_by)
  for _, metric in ipairs(metrics) do
    note_missing_values(job, parts, metric, suite.name .. ", " .. group.label)
    suite.absent[metric.name] = without_column(parts, metric)
    suite.unsorted[metric.name] = make_table(rows, aligned, metric, group.compilers)
    suite.tables[metric.name] = suite.unsorted[metric.name]:sort(keys)
  end
end

return tables
