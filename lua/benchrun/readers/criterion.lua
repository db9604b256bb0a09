-- Criterion.rs: the folder target/criterion, in which every new/estimates.json is a benchmark and
-- the files beside it tell its name (benchmark.json) and its samples (sample.json: iterations and
-- the nanoseconds that they took together). Times here are seconds an iteration.

local lfs = require "lfs"
local reading = require "benchrun.frame.reading"

local number, text = reading.number, reading.text

local EXPECTED = "the folder target/criterion, with new/estimates.json somewhere in it,"
local NANO = 1e-9
local DEEPEST = 16

-- Those of a folder that can't be read are passed over: it may be anybody's.
local function sorted_names(folder)
  local names = {}
  local ok, each, state = pcall(lfs.dir, folder)
  if not ok then return names end
  for name in each, state do
    if name ~= "." and name ~= ".." then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

-- Adds the paths of all folders "new" that hold estimates to the list. Links are not followed.
local function find_new(folder, found, depth)
  if depth > DEEPEST then return found end
  for _, name in ipairs(sorted_names(folder)) do
    local path = folder .. "/" .. name
    if lfs.symlinkattributes(path, "mode") == "directory" then
      if name == "new" and lfs.attributes(path .. "/estimates.json", "mode") == "file" then
        found[#found + 1] = path
      else
        find_new(path, found, depth + 1)
      end
    end
  end
  return found
end

-- Puts an estimate and the ends of its interval into the row.
local function put_estimate(row, name, estimate, with_interval)
  estimate = reading.table(estimate)
  row[name] = number(estimate.point_estimate, NANO)
  if not with_interval then return end
  local interval = reading.table(estimate.confidence_interval)
  row[name .. "_low"] = number(interval.lower_bound, NANO)
  row[name .. "_high"] = number(interval.upper_bound, NANO)
end

-- "Bytes" and "Elements" an iteration, where a benchmark tells them.
local function put_throughput(row, throughput)
  throughput = reading.table(throughput)
  local both = reading.table(throughput.ElementsAndBytes)
  row.bytes = number(throughput.Bytes or throughput.BytesDecimal or both.bytes)
  row.elements = number(throughput.Elements or both.elements)
end

-- What is told of a benchmark; without benchmark.json its folder's name must do.
local function identity(folder)
  local told = reading.json(folder .. "/benchmark.json", "") or {}
  local row = { name = text(told.full_id) or folder:match "([^/]+/[^/]+)/new$",
    group = text(told.group_id), ["function"] = text(told.function_id),
    value = text(told.value_str) }
  put_throughput(row, told.throughput)
  return row
end

local HEAD = { { "name", "string" }, { "group", "string" }, { "function", "string" },
  { "value", "string" } }

local function columns(more)
  local list = table.move(HEAD, 1, #HEAD, 1, {})
  return table.move(more, 1, #more, #list + 1, list)
end

local COLUMNS = columns { { "mean", "f64" }, { "mean_low", "f64" }, { "mean_high", "f64" },
  { "median", "f64" }, { "median_low", "f64" }, { "median_high", "f64" }, { "stddev", "f64" },
  { "mad", "f64" }, { "slope", "f64" }, { "bytes", "f64" }, { "elements", "f64" } }
local TIMES = columns { { "sample", "i64" }, { "iterations", "i64" }, { "seconds", "f64" } }

local function add_estimates(rows, folder)
  local file = folder .. "/estimates.json"
  local estimates, message, code = reading.json(file, "an estimates.json of criterion")
  if not estimates then return nil, message, code end
  if type(estimates.mean) ~= "table" then
    return reading.refuse(file, 'an estimates.json of criterion ({ "mean": … })')
  end
  local row = identity(folder)
  put_estimate(row, "mean", estimates.mean, true)
  put_estimate(row, "median", estimates.median, true)
  put_estimate(row, "stddev", estimates.std_dev)
  put_estimate(row, "mad", estimates.median_abs_dev)
  put_estimate(row, "slope", estimates.slope)
  rows[#rows + 1] = row
  return true
end

local function add_samples(rows, folder)
  local file = folder .. "/sample.json"
  local sample, message, code = reading.json(file, "a sample.json of criterion")
  if not sample then return nil, message, code end
  local named, iterations = identity(folder), reading.table(sample.iters)
  for i, nanoseconds in ipairs(reading.table(sample.times)) do
    local count = number(iterations[i])
    rows[#rows + 1] = { name = named.name, group = named.group, ["function"] = named["function"],
      value = named.value, sample = i, iterations = count and math.tointeger(count),
      seconds = count and number(nanoseconds, NANO / count) }
  end
  return true
end

local function folders_of(path)
  local mode, message = lfs.attributes(path, "mode")
  if not mode then
    return nil, ("can't read %s: %s"):format(path, (message:gsub("^.*: ", ""))), "notfound"
  end
  local alone = path:match "^(.*)/estimates%.json$"
  if mode == "file" and alone then return { alone } end
  local found = mode == "directory" and find_new(path, {}, 1) or {}
  if path:find "/new/*$" and mode == "directory" then found = { (path:gsub("/+$", "")) } end
  if #found == 0 then return reading.refuse(path, EXPECTED) end
  return found
end

local function read(path, options)
  local folders, message, code = folders_of(path)
  if not folders then return nil, message, code end
  local rows, add = {}, options.times and add_samples or add_estimates
  for _, folder in ipairs(folders) do
    local ok, problem, why = add(rows, folder)
    if not ok then return nil, problem, why end
  end
  return reading.frame(rows, options.times and TIMES or COLUMNS)
end

return {
  help = "the folder target/criterion of Criterion.rs: a row a benchmark, or { times = true }",
  options = { { name = "times", type = "boolean", help = "a row for each sample" } },
  detect = function(path, head)
    if not head then return #find_new(path, {}, 1) > 0 end
    return path:find "estimates%.json$" ~= nil and head:find "point_estimate" ~= nil
  end,
  read = read,
}
