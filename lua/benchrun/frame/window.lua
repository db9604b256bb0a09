-- What looks along a column, row after row: moving statistics, gaps, differences, running totals.
--
-- Each gives the frame with a column of the result. With { by = … } the rows of each group stand
-- for themselves.

local core_window = require "benchrun.core.window"
local handle = require "benchrun.frame.handle"
local kernels = require "benchrun.frame.kernels"
local lists = require "benchrun.lists"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"

local Frame, Grouping = handle.Frame, handle.Grouping
local unwrap, wrap = handle.unwrap, handle.wrap

local BY = { name = "by", type = "string|list" }
local NAME = { name = "name", type = "string", filled = true }

-- The options of a call as the core takes them, and the name of the new column.
local function prepare(core, fields, options, name)
  local asked = lists.put_all({}, mistake.check_options(fields, options))
  name, asked.name = asked.name or name, nil
  if asked.by ~= nil then
    local keys = type(asked.by) == "string" and { asked.by } or asked.by
    for _, key in ipairs(keys) do mistake.check_column(core, key) end
    asked.by = mistake.call(core_window.groups, core, keys)
  end
  return asked, name
end

local function put(core, name, column)
  return wrap(mistake.call(core.with, core, name, column), 1)
end

local ROLLING = { BY, NAME, { name = "min", type = "integer", min = 0 },
  { name = "centre", type = "boolean" } }

--- A statistic over the n rows that end with each row, in a new column.
---
--- kernel: one of stats.list(), or "quantile(0.9)". options.by: a column or an array of columns; a
--- window does not go beyond its group. options.min: how many values a window must hold to give one
--- (default n), else null. options.centre: the window is around the row. options.name: of the new
--- column (default "COLUMN_rolling_KERNEL").
---
--- Example:
---   > f = frame.from_table{ s = { 1, 2, 6, 7 } }
---   > f:rolling("s", 2, "mean"):col("s_rolling_mean"):to_table()
---   { nil, 1.5, 4.0, 6.5, n = 4 }
function Frame:rolling(column, n, kernel, options)
  local core = unwrap(self)
  local parsed = kernels.parse_kernel(kernel)
  local asked, name = prepare(core, ROLLING, options,
    ("%s_rolling_%s"):format(column, parsed.kernel))
  asked.q, asked.method = parsed.q, parsed.method
  local made = mistake.call(core_window.rolling, handle.column_of(core, column),
    mistake.check_count("n", n, 1), parsed.kernel, asked)
  return put(core, name, made)
end

local EWM = { BY, NAME, { name = "alpha", type = "number" }, { name = "span", type = "number" },
  { name = "halflife", type = "number" }, { name = "com", type = "number" },
  { name = "kind", type = "string", choices = { "mean", "stddev" } },
  { name = "adjust", type = "boolean" }, { name = "ignore_nulls", type = "boolean" },
  { name = "min", type = "integer", min = 0 } }

--- An exponentially weighted mean (or standard deviation) up to each row, in a new column.
---
--- options: one of alpha, span, halflife and com says how fast weights fall; by: a column or an
--- array of columns; kind: "mean" (default) or "stddev"; adjust: false for the recursive form;
--- ignore_nulls: weights count values in place of rows; min: how many values it takes to give one
--- (default 1); name: of the new column (default "COLUMN_ewm"). They mean what they do in pandas.
---
--- Example:
---   > f = frame.from_table{ s = { 1, 2, 6 } }
---   > f:ewm("s", { alpha = 0.5, adjust = false }):col("s_ewm"):to_table()
---   { 1.0, 1.5, 3.75, n = 3 }
function Frame:ewm(column, options)
  local core = unwrap(self)
  mistake.check_column(core, column)
  local asked, name = prepare(core, EWM, options, column .. "_ewm")
  return put(core, name, mistake.call(core_window.ewm, handle.column_of(core, column), asked))
end

local INTERPOLATE = { BY, NAME, { name = "ends", type = "boolean" },
  { name = "method", type = "string", choices = { "linear", "previous", "next", "nearest" } },
  { name = "x", type = "string" } }

--- The frame with values for the nulls of a column, from those before and behind them.
---
--- options.method: "linear" (default), "previous", "next" or "nearest". options.x: a column of
--- numbers or timestamps along which they are taken; by default the rows' numbers. options.ends:
--- nulls before the first and behind the last value get these, where the method does not reach them
--- ("previous" reaches those behind, "next" those before). options.by: a column or an array of
--- columns. options.name: of a new column (default: in place). A NaN is a value and stays.
---
--- Example:
---   > f = frame.from_rows({ { s = 1.0 }, {}, { s = 2.0 }, {} })
---   > f:interpolate("s"):col("s"):to_table()
---   { 1.0, 1.5, 2.0, n = 4 }
function Frame:interpolate(column, options)
  local core = unwrap(self)
  mistake.check_column(core, column)
  local asked, name = prepare(core, INTERPOLATE, options, column)
  if asked.x then asked.x = handle.column_of(core, asked.x) end
  return put(core, name, mistake.call(core_window.interpolate, handle.column_of(core, column),
    asked))
end

local ONLY = { BY, NAME }

local function check_step(n)
  if n == nil then return 1 end
  local whole = type(n) == "number" and math.tointeger(n)
  return whole or mistake.raise("n: a whole number expected, got %s", mistake.describe(n))
end

local function step(self, function_name, column, n, options)
  local core = unwrap(self)
  mistake.check_column(core, column)
  local asked, name = prepare(core, ONLY, options, ("%s_%s"):format(column, function_name))
  return put(core, name, mistake.call(core_window[function_name], handle.column_of(core, column),
    check_step(n), asked))
end

--- Each row's value n rows before it (default 1; negative: behind it), in a new column
--- "COLUMN_shift". options: by, name.
---
--- Example:
---   > frame.from_table{ s = { 1, 2, 6 } }:shift("s"):col("s_shift"):to_table()
---   { nil, 1, 2, n = 3 }
function Frame:shift(column, n, options) return step(self, "shift", column, n, options) end

--- The difference to the value n rows before (default 1), in a new column "COLUMN_diff". options:
--- by, name.
---
--- Example:
---   > frame.from_table{ s = { 1, 2, 6 } }:diff("s"):col("s_diff"):to_table()
---   { nil, 1, 4, n = 3 }
function Frame:diff(column, n, options) return step(self, "diff", column, n, options) end

--- The change to the value n rows before (default 1) as a share of it, in a new column
--- "COLUMN_pct_change". options: by, name.
---
--- Example:
---   > frame.from_table{ s = { 1, 2, 3 } }:pct_change("s"):col("s_pct_change"):to_table()
---   { nil, 1.0, 0.5, n = 3 }
function Frame:pct_change(column, n, options)
  return step(self, "pct_change", column, n, options)
end

local RUNNING = { "sum", "product", "min", "max", "count" }

--- What all rows up to each come to, in a new column "COLUMN_running_KIND".
---
--- kind: "sum", "product", "min", "max" or "count". options: by, a column or an array of columns;
--- name.
---
--- Example:
---   > frame.from_table{ s = { 2, 1, 6 } }:running("s", "max"):col("s_running_max"):to_table()
---   { 2, 2, 6, n = 3 }
function Frame:running(column, kind, options)
  local core = unwrap(self)
  mistake.check_column(core, column)
  mistake.check_choice("kind", kind, RUNNING)
  local asked, name = prepare(core, ONLY, options, ("%s_running_%s"):format(column, kind))
  return put(core, name, mistake.call(core_window.running, handle.column_of(core, column), kind,
    asked))
end

--- The sum of all rows up to each, in a new column "COLUMN_cumsum". options: by, name.
---
--- Example:
---   > frame.from_table{ s = { 2, 1, 6 } }:cumsum("s"):col("s_cumsum"):to_table()
---   { 2, 3, 9, n = 3 }
function Frame:cumsum(column, options)
  mistake.check_column(unwrap(self), column)
  options = lists.put_all({ name = column .. "_cumsum" }, mistake.check_options(ONLY, options))
  return self:running(column, "sum", options)
end

local RANK = { BY, NAME, { name = "descending", type = "boolean" },
  { name = "ties", type = "string", choices = { "average", "min", "max", "dense", "first" } } }

--- Each row's place in the order of a column, from 1, in a new column "COLUMN_rank".
---
--- options.ties: what equal values get, "average" (default), "min", "max", "dense" or "first".
--- options.descending: the greatest is first. options: by, name.
---
--- Example:
---   > f = frame.from_table{ s = { 2, 1, 2 } }
---   > f:rank("s", { ties = "min" }):col("s_rank"):to_table()
---   { 2, 1, 2, n = 3 }
function Frame:rank(column, options)
  local core = unwrap(self)
  mistake.check_column(core, column)
  local asked, name = prepare(core, RANK, options, column .. "_rank")
  return put(core, name, mistake.call(core_window.rank, handle.column_of(core, column), asked))
end

--- The first n rows of each group (default 10), in the frame's order.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h", "t" }, s = { 1, 4, 3, 5 } }
---   > f:group_by("suite"):head(2):col("s"):to_table()
---   { 1, 4, 3, n = 3 }
function Grouping:head(n)
  local grouping = handle.unwrap_grouping(self)
  local core = grouping.core
  n = mistake.check_count("n", n or 10, 0)
  if #grouping.keys == 0 then return wrap(core:slice(1, n)) end
  local by = mistake.call(core_window.groups, core, grouping.keys)
  local places = core_window.running(make.constant(true, core:nrow()), "count", { by = by })
  local name = "_place"
  while core:has(name) do name = name .. "_" end
  return wrap(core:with(name, places):filter(name, "<=", n):drop { name })
end

return handle
