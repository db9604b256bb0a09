-- What a chart shows, from a frame and the options of plot(): a list of series of points.
--
-- Data of a chart: { kind =, title =, series = { { name =, x = {…}, y = {…} }, … }, labels =
-- {…} or nil, is_time = }. Points are numbers, in the order of x; with labels x is the number of
-- a label.

local handle = require "benchrun.frame.handle"
local mistake = require "benchrun.frame.mistake"

local series = {}

local SERIES_MOST = 24   -- that can be told apart
local LABELS_MOST = 2000
local POINTS_MOST = 4000 -- of a series that are drawn; more are thinned
local KINDS = { "line", "bar", "scatter" }

local OPTIONS = {
  { name = "x", type = "string" },
  { name = "y", type = "string|list" },
  { name = "by", type = "string" },
  { name = "kind", type = "string", choices = KINDS },
  { name = "title", type = "string" },
  { name = "path", type = "string", filled = true },
  { name = "terminal", type = "boolean" },
}

local NUMBERS = { f64 = true, i64 = true, bool = true }

local function types_of(f)
  local types, names = {}, f:names()
  for i, kind in ipairs(f:types()) do types[names[i]] = kind end
  return types, names
end

local function check_numbers(f, list)
  local types = types_of(f)
  for _, name in ipairs(list) do
    mistake.check_column(handle.unwrap(f), name)
    if not NUMBERS[types[name]] then
      mistake.raise("y: a column of numbers expected, '%s' is %s", name, types[name])
    end
  end
  return list
end

-- The columns to draw: those that are asked for, or all of numbers.
local function y_names(f, options)
  if options.y then
    return check_numbers(f, type(options.y) == "string" and { options.y } or options.y)
  end
  local types, names = types_of(f)
  local list = {}
  for _, name in ipairs(names) do
    local is_taken = name == options.x or name == options.by or types[name] == "bool"
    if NUMBERS[types[name]] and not is_taken then list[#list + 1] = name end
  end
  if #list == 0 then mistake.raise("there is no column of numbers to draw") end
  return list
end

local function values_of(f, name, kind)
  local column = f:col(name)
  if kind == "timestamp" or kind == "bool" then column = column:cast "f64" end
  return column:to_table()
end

-- Text along the axis: the number of each row's label, and the labels in order of appearance.
local function label_positions(f, name)
  local values, at, labels, count = f:col(name):to_table(), {}, {}, {}
  for row = 1, f:nrow() do
    local label = tostring(values[row] == nil and "(null)" or values[row])
    if not count[label] then
      labels[#labels + 1] = label
      count[label] = #labels
    end
    at[row] = count[label]
  end
  if #labels > LABELS_MOST then
    mistake.raise("x: '%s' has %d different texts, too many for a chart; filter or group first",
      name, #labels)
  end
  return at, labels
end

local function row_numbers(f)
  local at = {}
  for row = 1, f:nrow() do at[row] = row end
  return at
end

-- Where each row stands, and the labels or nil; the frame is in order of that.
local function positions(f, options)
  if not options.x then return f, row_numbers(f) end
  mistake.check_column(handle.unwrap(f), options.x)
  local kind = types_of(f)[options.x]
  if options.kind == "bar" or kind == "string" or kind == "bool" then
    return f, label_positions(f, options.x)
  end
  f = f:sort(options.x)
  return f, values_of(f, options.x, kind), nil, kind == "timestamp"
end

local function series_name(by, row, y, several)
  if not by then return y end
  local value = tostring(by[row] == nil and "(null)" or by[row])
  return several and value .. ", " .. y or value
end

local function is_finite(value) return value ~= nil and value - value == 0 end

local function get_series(list, name)
  if list[name] then return list[name] end
  if #list == SERIES_MOST then
    mistake.raise("more than %d lines can't be told apart; filter first, or choose another 'by' or "
      .. "'y'", SERIES_MOST)
  end
  list[name] = { name = name, x = {}, y = {} }
  list[#list + 1] = list[name]
  return list[name]
end

local function collect(f, at, options)
  local names, list, types = y_names(f, options), {}, types_of(f)
  if options.by then mistake.check_column(handle.unwrap(f), options.by) end
  local by = options.by and f:col(options.by):to_table()
  for _, y in ipairs(names) do
    local values = values_of(f, y, types[y])
    if not by then get_series(list, y) end
    for row = 1, f:nrow() do
      if is_finite(values[row]) and is_finite(at[row]) then
        local one = get_series(list, series_name(by, row, y, #names > 1))
        one.x[#one.x + 1], one.y[#one.y + 1] = at[row], values[row] + 0.0
      end
    end
  end
  return table.move(list, 1, #list, 1, {})
end

-- Thinning ----------------------------------------------------------------------------------------

local function keep(thin, one, i)
  thin.x[#thin.x + 1], thin.y[#thin.y + 1] = one.x[i], one.y[i]
end

-- Of each of many slices along x the first, lowest, highest and last point, in their order: a line
-- through them covers what all of them would.
local function thin_line(one)
  local thin, n = { name = one.name, x = {}, y = {} }, #one.x
  local slice = math.ceil(n * 4 / POINTS_MOST)
  for first = 1, n, slice do
    local last, low, high = math.min(first + slice - 1, n), first, first
    for i = first, last do
      if one.y[i] < one.y[low] then low = i end
      if one.y[i] > one.y[high] then high = i end
    end
    local chosen = { first, math.min(low, high), math.max(low, high), last }
    for k, i in ipairs(chosen) do
      if i ~= chosen[k - 1] then keep(thin, one, i) end
    end
  end
  return thin
end

local CELLS = 400 -- of a grid over the chart, in both directions

-- One point for each cell of a grid that has any.
local function thin_points(one)
  local thin, seen = { name = one.name, x = {}, y = {} }, {}
  local x_low, x_high = one.x[1], one.x[#one.x]
  local y_low, y_high = math.min(one.y[1], one.y[2]), math.max(one.y[1], one.y[2])
  for _, y in ipairs(one.y) do y_low, y_high = math.min(y, y_low), math.max(y, y_high) end
  for i = 1, #one.x do
    local column = (one.x[i] - x_low) / math.max(x_high - x_low, 1e-300) * CELLS // 1
    local row = (one.y[i] - y_low) / math.max(y_high - y_low, 1e-300) * CELLS // 1
    local cell = column * (CELLS + 1) + row
    if not seen[cell] then keep(thin, one, i) end
    seen[cell] = true
  end
  return thin
end

local function thin_out(data)
  for i, one in ipairs(data.series) do
    if #one.x > POINTS_MOST then
      data.series[i] = (data.kind == "scatter" and thin_points or thin_line)(one)
    end
  end
end

-- Bars --------------------------------------------------------------------------------------------

-- Each bar stands for one row.
local function check_single(data, options)
  for _, one in ipairs(data.series) do
    local seen = {}
    for _, x in ipairs(one.x) do
      if seen[x] then
        mistake.raise("more than one row for %s = '%s'; aggregate first: f:group_by(…):agg{ … }",
          options.x or "x", data.labels[x])
      end
      seen[x] = true
    end
  end
end

local function default_title(options, data)
  local names = {}
  for i, one in ipairs(data.series) do names[i] = one.name end
  local what = options.y
  if type(what) ~= "string" then what = table.concat(what or names, ", ") end
  return options.x and ("%s by %s"):format(what, options.x) or what
end

--- The data of a chart of a frame. Raises for mistakes. Also returns the options, checked.
function series.collect(f, options)
  if not handle.is_frame(f) then
    mistake.raise("plot: a frame expected, got %s", mistake.describe(f))
  end
  options = mistake.check_options(OPTIONS, options)
  local sorted, at, labels, is_time = positions(f, options)
  local kind = options.kind or (labels and "bar" or "line")
  if kind == "bar" and not labels then
    labels = {}
    for row, each in ipairs(at) do labels[row] = tostring(each) end
  end
  local data = { kind = kind, labels = labels, is_time = is_time,
    series = collect(sorted, at, options) }
  data.title = options.title or default_title(options, data)
  if kind == "bar" then check_single(data, options) else thin_out(data) end
  return data, options
end

return series
