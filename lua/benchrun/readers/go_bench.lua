-- The text of `go test -bench`: lines "Benchmark<name>-<cpus> <iterations> <value> <unit> …" and
-- lines "key: value" that hold for all below (goos, goarch, pkg, cpu), among other output; or the
-- same as events of `go test -json`. The format: https://golang.org/design/14313-benchmark-format.

local cjson = require "cjson"
local reading = require "benchrun.frame.reading"
local sys = require "benchrun.core.sys"

local EXPECTED = "the output of go test -bench, with a line \"BenchmarkName 100 12.3 ns/op\","

-- Units of the testing package: column, factor.
local UNITS = { ["ns/op"] = { "seconds", 1e-9 }, ["MB/s"] = { "bytes_per_second", 1e6 },
  ["B/op"] = { "bytes_per_op", 1.0 }, ["allocs/op"] = { "allocs_per_op", 1.0 } }

-- A unit as a column's name that expressions can use.
local function column_of(unit)
  return (unit:gsub("/", "_per_"):gsub("[^%w_]+", "_"):gsub("^(%d)", "_%1"))
end

local KEYS = { goos = true, goarch = true, pkg = true, cpu = true }

-- "Sort/n=100/random-8" as a row: name without cpus, and n = "100".
local function named_row(name)
  local stem, cpus = name:match "^(.*)%-(%d+)$"
  local row = { name = stem or name, cpus = math.tointeger(tonumber(cpus)), more = {} }
  for key, value in row.name:gmatch "/([%a_][%w_]*)=([^/]*)" do row.more[key] = value end
  return row
end

local function add_values(row, rest)
  local count = 0
  for value, unit in rest:gmatch "(%S+)%s+(%S+)" do
    local amount = tonumber(value)
    if not amount then return count > 0 end
    local known = UNITS[unit]
    if known then row[known[1]] = amount * known[2] else row.more[column_of(unit)] = amount end
    count = count + 1
  end
  return count > 0
end

-- Where a result goes: the rows, what holds for all below, and how often a name came.
local function add_line(state, line)
  local name, iterations, rest = line:match "^Benchmark(%S+)%s+(%d+)%s+(.*)$"
  if not name then
    local key, value = line:match "^(%l[%w_-]*):%s*(.-)%s*$"
    if KEYS[key] then state.above[key] = value end
    return
  end
  local row = named_row(name)
  if not add_values(row, rest) then return end
  local again = ("%s\0%s"):format(state.above.pkg or "", name)
  state.times[again] = (state.times[again] or 0) + 1
  row.run, row.iterations = state.times[again], math.tointeger(tonumber(iterations))
  for key in pairs(KEYS) do row[key] = state.above[key] end
  state.rows[#state.rows + 1] = row
end

-- The text within events, one a line: { "Action": "output", "Output": "…" }.
local function text_of_events(bytes)
  local parts = {}
  for line in bytes:gmatch "[^\n]+" do
    local ok, event = pcall(cjson.decode, line)
    if ok and type(event) == "table" then parts[#parts + 1] = reading.text(event.Output) end
  end
  return table.concat(parts)
end

local COLUMNS = { { "pkg", "string" }, { "name", "string" }, { "", "more" }, { "cpus", "i64" },
  { "run", "i64" }, { "iterations", "i64" }, { "seconds", "f64" }, { "bytes_per_second", "f64" },
  { "bytes_per_op", "f64" }, { "allocs_per_op", "f64" }, { "goos", "string" },
  { "goarch", "string" }, { "cpu", "string" } }

local function is_events(head)
  return head:find '^%s*{' ~= nil and head:find('"Action"', 1, true) ~= nil
end

local function read(path)
  local bytes, message, code = sys.read_file(path)
  if not bytes then return nil, message, code end
  if is_events(bytes:sub(1, 4096)) then bytes = text_of_events(bytes) end
  local state = { rows = {}, above = {}, times = {} }
  for line in bytes:gmatch "[^\r\n]+" do add_line(state, line) end
  if #state.rows == 0 then return reading.refuse(path, EXPECTED) end
  return reading.frame(state.rows, COLUMNS, "unit_")
end

return {
  help = "text (or -json events) of go test -bench: a row a line; key=value in names are columns",
  options = {},
  detect = function(_, head)
    if not head then return false end
    if is_events(head) then return head:find "Benchmark" ~= nil or head:find "goos" ~= nil end
    return ("\n" .. head):find "\nBenchmark%S+%s+%d+%s+%S+%s+%S" ~= nil
      or ("\n" .. head):find "\ngoos: " ~= nil
  end,
  read = read,
}
