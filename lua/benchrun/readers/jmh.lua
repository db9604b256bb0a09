-- JMH's -rf json: an array of { "benchmark", "mode", "threads", "forks", "params", "primaryMetric",
-- "secondaryMetrics" }; a metric has "score", "scoreError", "scoreConfidence", "scoreUnit" and
-- "rawData" by fork and iteration. Scores in a time an operation are seconds here, those in
-- operations a time are operations a second; other units stay.

local reading = require "benchrun.frame.reading"

local number, text, whole = reading.number, reading.text, reading.whole

local EXPECTED = 'a file of JMH -rf json ([ { "benchmark", "primaryMetric" } ])'

-- The factor that brings a score to seconds, and its unit then.
local function scale(unit)
  unit = text(unit) or ""
  local time = unit:match "^(%a+)/op$"
  if time and reading.seconds[time] then return reading.seconds[time], "s/op" end
  time = unit:match "^ops/(%a+)$"
  if time and reading.seconds[time] then return 1 / reading.seconds[time], "ops/s" end
  return 1.0, unit
end

local function base_of(item, metric_name)
  return { benchmark = text(item.benchmark), mode = text(item.mode), metric = metric_name,
    threads = whole(item.threads), forks = whole(item.forks), more = reading.table(item.params) }
end

local function add_score(rows, item, metric_name, metric)
  local row = base_of(item, metric_name)
  local factor, unit = scale(metric.scoreUnit)
  row.unit = unit
  local confidence = reading.table(metric.scoreConfidence)
  row.score, row.error = number(metric.score, factor), number(metric.scoreError, factor)
  row.low, row.high = number(confidence[1], factor), number(confidence[2], factor)
  rows[#rows + 1] = row
end

local function add_iterations(rows, item, metric_name, metric)
  local factor, unit = scale(metric.scoreUnit)
  for fork, iterations in ipairs(reading.table(metric.rawData)) do
    for i, score in ipairs(reading.table(iterations)) do
      local row = base_of(item, metric_name)
      row.fork, row.iteration, row.score, row.unit = fork, i, number(score, factor), unit
      rows[#rows + 1] = row
    end
  end
end

local HEAD = { { "benchmark", "string" }, { "mode", "string" }, { "metric", "string" },
  { "", "more" }, { "threads", "i64" }, { "forks", "i64" } }

local function columns(more)
  local list = table.move(HEAD, 1, #HEAD, 1, {})
  return table.move(more, 1, #more, #list + 1, list)
end

local COLUMNS = columns { { "score", "f64" }, { "error", "f64" }, { "low", "f64" },
  { "high", "f64" }, { "unit", "string" } }
local TIMES = columns { { "fork", "i64" }, { "iteration", "i64" }, { "score", "f64" },
  { "unit", "string" } }

-- The names of the other metrics, sorted.
local function secondary_names(item)
  local names = {}
  for name, metric in pairs(reading.table(item.secondaryMetrics)) do
    if type(name) == "string" and type(metric) == "table" then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function add_item(rows, item, options)
  local add = options.times and add_iterations or add_score
  add(rows, item, "primary", item.primaryMetric)
  for _, name in ipairs(options.secondary and secondary_names(item) or {}) do
    add(rows, item, name, item.secondaryMetrics[name])
  end
end

local function read(path, options)
  local value, message, code = reading.json(path, EXPECTED)
  if not value then return nil, message, code end
  if next(value) ~= nil and #value == 0 then return reading.refuse(path, EXPECTED) end
  local rows = {}
  for i, item in ipairs(value) do
    if type(item) ~= "table" or type(item.primaryMetric) ~= "table" then
      return reading.refuse(path, EXPECTED, ("item %d has no primaryMetric"):format(i))
    end
    add_item(rows, item, options)
  end
  return reading.frame(rows, options.times and TIMES or COLUMNS, "param_")
end

return {
  help = "JSON of JMH -rf json: a row a benchmark; { times = true }: a row an iteration",
  options = {
    { name = "times", type = "boolean", help = "a row for each iteration" },
    { name = "secondary", type = "boolean", help = "rows of the secondary metrics too" },
  },
  detect = function(_, head)
    return head ~= nil and head:find '^%s*%[' ~= nil and (head:find '"primaryMetric"' ~= nil
      or head:find '"jmhVersion"' ~= nil)
  end,
  read = read,
}
