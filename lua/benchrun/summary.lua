-- Summaries: what a suite and compiler come to in one number, over the benchmarks that pass.
--
-- The rules are those of the reference. A benchmark that could not even be tried (the accuracy
-- metric's leaves_out) is left out under every compiler. A compiler whose accuracy for it is not
-- one of the metric's passes gets 0 for it, as does every compiler where accuracy has no such row.
-- A number above 0 passes. Which kernel makes the number of those, and how it is written, is for
-- the metric to say.

local compute = require "benchrun.core.compute"
local frames = require "benchrun.core.frame"
local stats = require "benchrun.core.stats"

local summary = {}

-- One number --------------------------------------------------------------------------------------

local function any_of(masks)
  local mask = masks[1]
  for i = 2, #masks do mask = compute.either(mask, masks[i]) end
  return mask
end

--- What accuracy says of the rows of a frame, matched by name: { kept = mask of the rows that
--- count, passes = { compiler → mask } }. accuracy: the table of that metric, in which the first
--- row for a name counts.
function summary.verdict(rows, accuracy, metric, compilers)
  local by_name = compute.distinct(accuracy, { "name" }):drop { "dev", "bs" }
  local words = rows:select({ "name" }):join(by_name, { "name" }, "left")
  local passes, hopeless = {}, {}
  for i, compiler in ipairs(compilers) do
    passes[compiler] = compute.is_in(words:col(compiler), metric.passes)
    hopeless[i] = compute.is_in(words:col(compiler), metric.leaves_out or {})
  end
  return { kept = compute.negate(any_of(hopeless)), passes = passes }
end

-- A compiler's numbers that pass (a column), and how many benchmarks count. verdict nil: all do.
local function passing(frame, compiler, verdict)
  local column = frame:col(compiler)
  if verdict then column = compute.where(column, verdict.passes[compiler], 0) end
  local values = frames.new { { name = "value", values = column } }
  if verdict then values = values:mask(verdict.kept) end
  return values:filter("value", ">", 0):col("value"), values:nrow()
end

-- Nearest whole number; of two the even one.
local function round(x)
  local whole = math.floor(x)
  local rest = x - whole
  if rest > 0.5 or (rest == 0.5 and whole % 2 == 1) then return whole + 1 end
  return whole
end

local function share_of(spec, number, total)
  local percent = total > 0 and 100 * number / total or 0.0
  return percent, spec.format:format(round(percent), math.floor(number), total)
end

--- The summary of a table's column, not rounded, and its text.
--- spec: an item of a metric's summaries; include_slowdowns: its floor does not hold.
function summary.number(spec, frame, compiler, verdict, include_slowdowns)
  local values, total = passing(frame, compiler, verdict)
  if spec.floor and not include_slowdowns then values = compute.clip(values, spec.floor) end
  if spec.share then return share_of(spec, stats.run(spec.kernel, values), total) end
  if #values == 0 then return 0.0, spec.none or spec.format:format(0) end
  local value = stats.run(spec.kernel, values)
  return value, spec.format:format(value)
end

-- All of a group ----------------------------------------------------------------------------------

-- The metric that says what passes, or nil.
local function judge(job)
  for _, metric in ipairs(job.metrics) do
    if metric.passes then return metric end
  end
end

-- Verdicts by testing: all metrics of one have the same rows.
local function verdicts_of(job, group, suite)
  local by, verdicts = judge(job), {}
  local accuracy = by and suite.tables[by.name]
  for _, metric in ipairs(job.metrics) do
    local rows = suite.unsorted[metric.name]
    if accuracy and rows and metric ~= by and not verdicts[metric.testing] then
      verdicts[metric.testing] = summary.verdict(rows, accuracy, by, group.compilers)
    end
  end
  return verdicts
end

local function new_summary(group, spec)
  local made = { name = spec.name, title = spec.title, file = spec.name .. group.suffix .. ".csv",
    cells = {}, values = {} }
  for _, compiler in ipairs(group.compilers) do
    made.cells[compiler], made.values[compiler] = {}, {}
  end
  return made
end

local function make(job, group, metric, spec)
  local made, any = new_summary(group, spec), false
  for _, suite in ipairs(group.suites) do
    local frame = suite.unsorted[metric.name]
    for _, compiler in ipairs(frame and group.compilers or {}) do
      local value, text = summary.number(spec, frame, compiler, suite.verdicts[metric.testing],
        job.config.include_slowdowns)
      made.values[compiler][suite.name], made.cells[compiler][suite.name] = value, text
      any = true
    end
  end
  return any and made or nil
end

--- The summaries of a group whose suites have their tables, in the order of the metrics. Metrics
--- without a table have none. Gives every suite its verdicts.
function summary.of_group(job, group)
  local list = {}
  for _, suite in ipairs(group.suites) do suite.verdicts = verdicts_of(job, group, suite) end
  for _, metric in ipairs(job.metrics) do
    for _, spec in ipairs(metric.summaries) do
      list[#list + 1] = make(job, group, metric, spec)
    end
  end
  return list
end

-- The metric whose numbers tell what passed: one with a share; without its table the judge.
local function telling_metric(job, suite)
  for _, metric in ipairs(job.metrics) do
    for _, spec in ipairs(metric.summaries) do
      if spec.share and suite.unsorted[metric.name] then return metric end
    end
  end
  return judge(job)
end

--- How many benchmarks of a suite don't pass, summed over the compilers: those too that summaries
--- leave out because they could not even be tried. The suite must have its verdicts.
function summary.failures(job, group, suite)
  local metric, failures = telling_metric(job, suite), 0
  local frame = metric and suite.unsorted[metric.name]
  for _, compiler in ipairs(frame and group.compilers or {}) do
    local values = metric.passes and frame:mask(compute.is_in(frame:col(compiler), metric.passes))
      or passing(frame, compiler, suite.verdicts[metric.testing])
    failures = failures + frame:nrow() - #values
  end
  return failures
end

return summary
