-- What a chart shows, from a frame and the options of plot(): a list of series of points.
--
-- Data of a chart: { kind =, title =, series = { { name =, x = {…}, y = {…} }, … }, labels =
-- {…} or nil, is_time =, is_single = }. Points are numbers, in the order of x; with labels x is the
-- number of a label.

local handle = require "benchrun.frame.handle"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"

local series = {}

local SERIES_MOST = 24   -- that can be told apart
local LABELS_MOST = 2000
local POINTS_MOST = 4000 -- of a series that are drawn; more are thinned
local ROWS_MOST = 100000 -- of a frame that become points; more are thinned before
local KINDS = { "line", "bar", "scatter" }

--- The kinds of charts.
series.kinds = KINDS

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

-- A column of texts that are all dates or times, as CSV files have them, as timestamps; else nil.
local function as_times(column)
  local first = column:len() > 0 and column:get(1)
  if not first or not first:find("^%d%d%d%d%-%d%d%-%d%d") then return nil end
  local ok, times = pcall(column.cast, column, "timestamp")
  return ok and times or nil
end

-- Where each row stands along the axis: a column of numbers, or a list and the labels. Also
-- whether the numbers are times.
local function positions(f, options)
  if not options.x then
    return f:select(f:names()[1]):with{ one = 1 }:with{ x = "cumsum(one)" }:col "x"
  end
  mistake.check_column(handle.unwrap(f), options.x)
  local kind, column = types_of(f)[options.x], f:col(options.x)
  local times = kind == "timestamp" and column
    or kind == "string" and options.kind ~= "bar" and as_times(column)
  if times and options.kind ~= "bar" then return times:cast "f64", nil, true end
  if options.kind == "bar" or kind == "string" or kind == "bool" then
    return label_positions(f, options.x)
  end
  return column
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

-- Rows of columns x, y and maybe by of which a chart shows what it would of all: one a cell of the
-- grid of thin_points, or the ends of each slice of x; no row is looked at in Lua.
local function thin_rows(rows, kind)
  if rows:nrow() <= ROWS_MOST then return rows end
  rows = rows:filter "x - x == 0 and y - y == 0"
  if rows:nrow() == 0 then return rows end
  local function cell_of(name, cells)
    local low, high = rows:col(name):min() + 0.0, rows:col(name):max() + 0.0
    return ("floor((%s - (%.17g)) / %.17g * %d)"):format(name, low, math.max(high - low, 1e-300),
      cells)
  end
  local keys = rows:has "by" and { "column", "by" } or { "column" }
  if kind == "scatter" then
    local cell = ("%s * %d + %s"):format(cell_of("x", CELLS), CELLS + 1, cell_of("y", CELLS))
    return rows:with{ column = cell }:cast{ column = "i64" }:distinct(keys)
  end
  local slices = rows:with{ column = cell_of("x", POINTS_MOST // 4) }:group_by(keys)
    :agg{ x = "min(x)", x_last = "max(x)", y = "min(y)", y_high = "max(y)" }
  local last = slices:drop("x", "y"):rename{ x_last = "x", y_high = "y" }
  return make.public.concat{ slices:select(rows:names()), last:select(rows:names()) }
end

-- The rows of one of the y columns, as columns x, y and maybe by, in the order of x.
local function rows_of(f, at, y, options)
  local columns, names = { x = at, y = f:col(y) }, { "x", "y" }
  if types_of(f)[y] == "bool" then columns.y = columns.y:cast "f64" end
  if options.by then columns.by, names[3] = f:col(options.by), "by" end
  return thin_rows(f:select(y):with(columns):select(names), options.kind):sort "x"
end

-- Lists of positions, values and names of one of the y columns. Labels are a list already.
local function points_of(f, at, y, options)
  if not handle.is_column(at) then
    return at, values_of(f, y, types_of(f)[y]), options.by and f:col(options.by):to_table()
  end
  local rows = rows_of(f, at, y, options)
  return rows:col("x"):to_table(), rows:col("y"):to_table(),
    options.by and rows:col("by"):to_table()
end

local function collect(f, at, names, options)
  local list = {}
  if options.by then mistake.check_column(handle.unwrap(f), options.by) end
  for _, y in ipairs(names) do
    local xs, ys, by = points_of(f, at, y, options)
    if not by then get_series(list, y) end
    for row = 1, xs.n or f:nrow() do
      if is_finite(ys[row]) and is_finite(xs[row]) then
        local one = get_series(list, series_name(by, row, y, #names > 1))
        one.x[#one.x + 1], one.y[#one.y + 1] = xs[row] + 0.0, ys[row] + 0.0
      end
    end
  end
  return table.move(list, 1, #list, 1, {})
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
  local names = y_names(f, options)
  local at, labels, is_time = positions(f, options)
  local kind = options.kind or (labels and "bar" or "line")
  options.kind = kind
  if kind == "bar" and not labels then
    at = at:to_table()
    labels = {}
    for row, each in ipairs(at) do labels[row] = tostring(each) end
  end
  local data = { kind = kind, labels = labels, is_time = is_time,
    series = collect(f, at, names, options) }
  data.is_single = #data.series == 1 and not options.by
  data.title = options.title or default_title(options, data)
  if kind == "bar" then check_single(data, options) else thin_out(data) end
  return data, options
end

return series
