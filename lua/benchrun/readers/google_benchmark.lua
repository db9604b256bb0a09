-- google-benchmark's --benchmark_out as JSON, { "context", "benchmarks": [ … ] }, or as CSV, whose
-- header begins with name,iterations,real_time. Times are given in time_unit a row; here they are
-- seconds an iteration. What a benchmark counts by itself is a column of its own.

local csv = require "benchrun.core.csv"
local reading = require "benchrun.frame.reading"
local sys = require "benchrun.core.sys"

local number, text, whole = reading.number, reading.text, reading.whole

local EXPECTED = "a file of google-benchmark's --benchmark_out, JSON or CSV"
local CSV_HEADER = "name,iterations,real_time,cpu_time,time_unit"

-- Fields of a benchmark that are no counters.
local KNOWN = {}
for name in ([[name family_index per_family_instance_index run_name run_type repetitions
  repetition_index threads iterations real_time cpu_time time_unit aggregate_name aggregate_unit
  label error_occurred error_message bytes_per_second items_per_second big_o cpu_coefficient
  real_coefficient rms skipped skip_message]]):gmatch "[%w_]+" do KNOWN[name] = true end

local function counters_of(item)
  local counters = {}
  for name, value in pairs(item) do
    if not KNOWN[name] and type(value) == "number" then counters[name] = value end
  end
  return counters
end

-- The error of a benchmark, or its time an iteration on the clock and on the processor; what has
-- failed is written with times of 0.
local function put_times(row, item)
  row.error = text(item.error_message) or text(item.skip_message)
  if row.error then return row end
  local is_share = item.aggregate_unit == "percentage"
  local unit = is_share and 1.0 or reading.seconds[item.time_unit] or 1e-9
  row.real_time, row.cpu_time = number(item.real_time, unit), number(item.cpu_time, unit)
  return row
end

local function row_of(item)
  local run_name = text(item.run_name) or text(item.name)
  return put_times({ name = run_name, family = run_name and run_name:match "^[^/]*",
    aggregate = item.run_type == "aggregate" and text(item.aggregate_name) or nil,
    repetition = whole(item.repetition_index), threads = whole(item.threads),
    iterations = whole(item.iterations), bytes_per_second = number(item.bytes_per_second),
    items_per_second = number(item.items_per_second), label = text(item.label),
    more = counters_of(item) }, item)
end

local COLUMNS = { { "name", "string" }, { "family", "string" }, { "aggregate", "string" },
  { "repetition", "i64" }, { "threads", "i64" }, { "iterations", "i64" }, { "real_time", "f64" },
  { "cpu_time", "f64" }, { "bytes_per_second", "f64" }, { "items_per_second", "f64" },
  { "label", "string" }, { "error", "string" }, { "", "more" } }

local AGGREGATES = { "mean", "median", "stddev", "cv", "BigO", "RMS" }

-- The CSV has no word for what is an aggregate but the end of its name.
local function mark_aggregates(items)
  local names = {}
  for _, item in ipairs(items) do names[item.name] = true end
  for _, item in ipairs(items) do
    for _, aggregate in ipairs(AGGREGATES) do
      local stem = item.name:match("^(.*)_" .. aggregate .. "$")
      if stem and (names[stem .. "_mean"] and names[stem .. "_median"]
        or names[stem .. "_BigO"] and names[stem .. "_RMS"]) then
        item.run_type, item.run_name, item.aggregate_name = "aggregate", stem, aggregate
        item.aggregate_unit = aggregate == "cv" and "percentage" or nil
      end
    end
  end
  return items
end

local function items_of_csv(path, bytes)
  local at = bytes:find(CSV_HEADER, 1, true)
  local core, message, code = csv.parse(bytes:sub(at), { ragged = "pad",
    types = { name = "string", time_unit = "string", label = "string" } }, path)
  if not core then return nil, message, code end
  local cells, items = core:to_table(), {}
  for i = 1, core:nrow() do
    local item = {}
    for name, values in pairs(cells) do item[name] = values[i] end
    if item.name then items[#items + 1] = item end
  end
  return mark_aggregates(items)
end

local function items_of(path)
  local bytes, message, code = sys.read_file(path)
  if not bytes then return nil, message, code end
  if bytes:find(CSV_HEADER, 1, true) and not bytes:find "^%s*{" then
    return items_of_csv(path, bytes)
  end
  local value
  value, message, code = reading.json(path, EXPECTED)
  if not value then return nil, message, code end
  if type(value.benchmarks) ~= "table" then return reading.refuse(path, EXPECTED) end
  return value.benchmarks
end

-- Of a file with aggregates only, what is no aggregate is an error.
local function all_failed(rows)
  for _, row in ipairs(rows) do
    if not row.error then return false end
  end
  return true
end

local function read(path, options)
  local items, message, code = items_of(path)
  if not items then return nil, message, code end
  local rows = { [true] = {}, [false] = {} }
  for i, item in ipairs(items) do
    if type(item) ~= "table" or not text(item.name) then
      return reading.refuse(path, EXPECTED, ("benchmark %d has no name"):format(i))
    end
    local row = row_of(item)
    local same = rows[row.aggregate ~= nil]
    same[#same + 1] = row
  end
  if not options.aggregates and all_failed(rows[false]) then
    table.move(rows[true], 1, #rows[true], #rows[false] + 1, rows[false])
  end
  return reading.frame(rows[options.aggregates or false], COLUMNS, "counter_")
end

return {
  help = "JSON or CSV of google-benchmark: a row a repetition, or { aggregates = true }",
  options = { { name = "aggregates", type = "boolean",
    help = "the rows that sum up repetitions in place of these" } },
  detect = function(_, head)
    if not head then return false end
    if head:find '^%s*{' then
      return head:find('"context"', 1, true) ~= nil and head:find('"num_cpus"', 1, true) ~= nil
    end
    return head:find(CSV_HEADER, 1, true) ~= nil
  end,
  read = read,
}
