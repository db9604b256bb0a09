-- hyperfine --export-json: { "results": [ { "command", "mean", "stddev", "median", "user",
-- "system", "min", "max", "times", "exit_codes", "parameters" } ] }, times in seconds. From version
-- 2 on a result has "measurements" and a "summary" by metric in place of the numbers.

local reading = require "benchrun.frame.reading"

local number, text = reading.number, reading.text

local EXPECTED = 'a file of hyperfine --export-json ({ "results": [ … ] })'

-- A result of version 2 with the fields of version 1.
local function as_first_version(result)
  local summary = reading.table(result.summary)
  local wall = reading.table(summary.time_wall_clock)
  local flat = { command = result.command, name = result.name, parameters = result.parameters,
    user = reading.table(summary.time_user).mean, system = reading.table(summary.time_system).mean,
    times = {}, exit_codes = {} }
  for _, name in ipairs { "mean", "stddev", "median", "min", "max" } do flat[name] = wall[name] end
  for i, each in ipairs(reading.table(result.measurements)) do
    flat.times[i] = reading.table(each.time_wall_clock).value
    flat.exit_codes[i] = each.exit_code
  end
  return flat
end

local function count_failed(result)
  local failed, codes = 0, reading.table(result.exit_codes)
  for i = 1, #codes do
    if codes[i] ~= 0 then failed = failed + 1 end
  end
  return failed
end

local function row_of(result)
  local times = reading.table(result.times)
  local row = { command = text(result.command), name = text(result.name), runs = #times,
    failed = count_failed(result), more = reading.table(result.parameters) }
  for _, name in ipairs { "mean", "stddev", "median", "user", "system", "min", "max" } do
    row[name] = number(result[name])
  end
  return row
end

local COLUMNS = { { "command", "string" }, { "name", "string" }, { "", "more" }, { "mean", "f64" },
  { "stddev", "f64" }, { "median", "f64" }, { "user", "f64" }, { "system", "f64" },
  { "min", "f64" }, { "max", "f64" }, { "runs", "i64" }, { "failed", "i64" } }

local function add_runs(rows, result)
  local codes = reading.table(result.exit_codes)
  for i, seconds in ipairs(reading.table(result.times)) do
    rows[#rows + 1] = { command = text(result.command), name = text(result.name), run = i,
      seconds = number(seconds), exit_code = reading.whole(codes[i]),
      more = reading.table(result.parameters) }
  end
end

local TIMES = { { "command", "string" }, { "name", "string" }, { "", "more" }, { "run", "i64" },
  { "seconds", "f64" }, { "exit_code", "i64" } }

local function read(path, options)
  local value, message, code = reading.json(path, EXPECTED)
  if not value then return nil, message, code end
  if type(value.results) ~= "table" then return reading.refuse(path, EXPECTED) end
  local rows = {}
  for i, result in ipairs(value.results) do
    if type(result) ~= "table" or type(result.command) ~= "string" then
      return reading.refuse(path, EXPECTED, ("result %d has no command"):format(i))
    end
    if result.summary then result = as_first_version(result) end
    if options.times then add_runs(rows, result) else rows[i] = row_of(result) end
  end
  return reading.frame(rows, options.times and TIMES or COLUMNS, "parameter_")
end

return {
  help = "JSON of hyperfine --export-json: a row a command; { times = true }: a row a run",
  options = { { name = "times", type = "boolean", help = "a row for each run" } },
  detect = function(_, head)
    return head ~= nil and head:find '^%s*{' ~= nil and head:find('"results"', 1, true) ~= nil
      and head:find('"command"', 1, true) ~= nil
  end,
  read = read,
}
