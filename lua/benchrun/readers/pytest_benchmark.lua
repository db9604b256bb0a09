-- pytest --benchmark-json and --benchmark-save: { "benchmarks": [ { "name", "fullname", "group",
-- "params", "extra_info", "stats" } ], "commit_info", "datetime" }; times in seconds. The single
-- rounds are there only with --benchmark-save-data.

local lists = require "benchrun.lists"
local reading = require "benchrun.frame.reading"

local number, text, whole = reading.number, reading.text, reading.whole

local EXPECTED = 'a file of pytest --benchmark-json ({ "benchmarks": [ … ] })'

local STATS = { "mean", "stddev", "median", "min", "max", "iqr", "q1", "q3", "ops" }

-- Parameters, and what a benchmark noted of itself beside them.
local function notes_of(item)
  return lists.put_all(lists.put_all({}, reading.table(item.extra_info)),
    reading.table(item.params))
end

local function row_of(item, value)
  local stats = reading.table(item.stats)
  local row = { name = text(item.name), fullname = text(item.fullname), group = text(item.group),
    rounds = whole(stats.rounds), iterations = whole(stats.iterations),
    commit = text(reading.table(value.commit_info).id), datetime = text(value.datetime),
    more = notes_of(item) }
  for _, name in ipairs(STATS) do row[name] = number(stats[name]) end
  return row
end

local HEAD = { { "name", "string" }, { "fullname", "string" }, { "group", "string" },
  { "", "more" } }

local function columns(more)
  local list = table.move(HEAD, 1, #HEAD, 1, {})
  return table.move(more, 1, #more, #list + 1, list)
end

local COLUMNS = columns { { "mean", "f64" }, { "stddev", "f64" }, { "median", "f64" },
  { "min", "f64" }, { "max", "f64" }, { "iqr", "f64" }, { "q1", "f64" }, { "q3", "f64" },
  { "ops", "f64" }, { "rounds", "i64" }, { "iterations", "i64" }, { "commit", "string" },
  { "datetime", "string" } }
local TIMES = columns { { "round", "i64" }, { "seconds", "f64" }, { "commit", "string" },
  { "datetime", "string" } }

local function add_rounds(rows, row, data)
  for i, seconds in ipairs(data) do
    rows[#rows + 1] = { name = row.name, fullname = row.fullname, group = row.group,
      more = row.more, commit = row.commit, datetime = row.datetime, round = i,
      seconds = number(seconds) }
  end
end

local function read(path, options)
  local value, message, code = reading.json(path, EXPECTED)
  if not value then return nil, message, code end
  if type(value.benchmarks) ~= "table" then return reading.refuse(path, EXPECTED) end
  local rows = {}
  for i, item in ipairs(value.benchmarks) do
    local stats = type(item) == "table" and item.stats
    if type(stats) ~= "table" then
      return reading.refuse(path, EXPECTED, ("benchmark %d has no stats"):format(i))
    end
    local row = row_of(item, value)
    if options.times and type(stats.data) ~= "table" then
      return reading.refuse(path, "the rounds' times", "they are saved with --benchmark-save-data")
    end
    if options.times then add_rounds(rows, row, stats.data) else rows[i] = row end
  end
  return reading.frame(rows, options.times and TIMES or COLUMNS, "param_")
end

return {
  help = "JSON of pytest-benchmark: a row a benchmark; { times = true }: a row a round",
  options = { { name = "times", type = "boolean", help = "a row for each round" } },
  detect = function(_, head)
    return head ~= nil and head:find '^%s*{' ~= nil
      and (head:find('"machine_info"', 1, true) ~= nil and head:find('"python_', 1, true) ~= nil
        or head:find('"fullname"', 1, true) ~= nil)
  end,
  read = read,
}
