-- What a column or a frame looks like, in a few numbers.

local compute = require "benchrun.core.compute"
local handle = require "benchrun.frame.handle"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"
local stats = require "benchrun.core.stats"

local Frame = handle.Frame
local unwrap, wrap = handle.unwrap, handle.wrap

--- How often each value of some columns occurs, the most frequent first: f:value_counts("suite").
--- The counts stand in a column "count"; values that occur as often stay in order of appearance.
---
--- Example:
---   > frame.from_table{ suite = { "t", "h", "h" } }:value_counts("suite")
---   suite   count
---   string    i64
---   ──────  ─────
---   h           2
---   t           1
---   2 rows × 2 columns
function Frame:value_counts(...)
  local names = handle.names(unwrap(self), ...)
  if #names == 0 then mistake.raise "the name of a column expected" end
  return self:group_by(names):count():sort("-count")
end

-- What several kernels say of a column, each { kernel =, q = }: all at once, as a group's, so that
-- the cells are gathered once and by all cores.
local function run_all(column, asked)
  local whole, specs, values = make.frame { { name = "x", values = column } }, {}, {}
  for i, each in ipairs(asked) do
    specs[i] = { column = "x", name = tostring(i), kernel = each.kernel, q = each.q }
  end
  local made = mistake.call(whole.group_by, whole, {}, specs)
  for i, each in ipairs(asked) do
    values[i] = made:nrow() > 0 and made:get(1, tostring(i))
      or mistake.call(stats.run, each.kernel, {}, each.q and { q = each.q })
  end
  return values
end

--- The value below which a share of a column's values lies. Nulls don't count.
---
--- q: a number from 0 to 1, or an array of them; an array gives an array. Raises for a column of
--- strings.
---
--- Example:
---   > f = frame.from_table{ s = { 1, 2, 3, 4, 5 } }
---   > f:quantile("s", 0.25)
---   2.0
---   > f:quantile("s", { 0.5, 1 })
---   { 3.0, 5.0 }
function Frame:quantile(name, q)
  local column = handle.unwrap_column(self:col(name))
  if column:type() == "string" then mistake.raise("column '%s' is string", name) end
  local asked = {}
  for i, each in ipairs(type(q) == "number" and { q }
    or mistake.check_type("q", "number|list", q)) do
    asked[i] = { kernel = "quantile", q = mistake.check_type("q", "number", each) }
  end
  local values = run_all(column, asked)
  if type(q) == "number" then return values[1] end
  return values
end

local NUMBERS = { f64 = true, i64 = true, bool = true }
local ASKED = { { kernel = "mean" }, { kernel = "stddev" }, { kernel = "min" }, { kernel = "max" },
  { kernel = "quantile", q = 0.25 }, { kernel = "quantile", q = 0.5 },
  { kernel = "quantile", q = 0.75 } }
local FIELDS = { "mean", "stddev", "min", "max", "p25", "median", "p75" } -- what ASKED gives

--- The first and the last moment of a column; nothing where it has no values.
local function moments(column)
  local of = wrap(make.frame { { name = "t", values = column } })
  local found = of:group_by():agg { earliest = "min(t)", latest = "max(t)" }
  return found:get(1, "earliest"), found:get(1, "latest")
end

local function describe_column(name, column)
  local kind, nulls = column:type(), column:null_count()
  local row = { column = name, type = kind, count = column:len() - nulls, nulls = nulls }
  if NUMBERS[kind] then
    for i, value in ipairs(run_all(column, ASKED)) do row[FIELDS[i]] = value end
  else
    row.unique = compute.distinct(make.frame { { name = "x", values = column } }, { "x" }):nrow()
  end
  if kind == "timestamp" then row.earliest, row.latest = moments(column) end
  return row
end

local COLUMNS = { "column", "type", "count", "nulls", "unique", "mean", "stddev", "min", "p25",
  "median", "p75", "max" }
local TYPES = { column = "string", type = "string", count = "i64", nulls = "i64", unique = "i64",
  mean = "f64", stddev = "f64", min = "f64", p25 = "f64", median = "f64", p75 = "f64", max = "f64",
  earliest = "timestamp", latest = "timestamp" }

--- What a frame's description says: of moments only where it has some.
local function columns_for(rows)
  local names = table.move(COLUMNS, 1, #COLUMNS, 1, {})
  local has_moments = false
  for _, row in ipairs(rows) do has_moments = has_moments or row.type == "timestamp" end
  return has_moments and table.move({ "earliest", "latest" }, 1, 2, #names + 1, names) or names
end

--- A row for each column: its type, the number of values and of nulls; for numbers mean, standard
--- deviation, least, quartiles and greatest; for other types the number of distinct values. A frame
--- with timestamps gets two columns more: the earliest and the latest of each.
--- f:describe("a", "b"): only of these columns.
---
--- Example:
---   > frame.from_table{ name = { "a", "b", "a" }, s = { 1, 2, 4 } }:describe()
---   column  type    count  nulls  unique     mean  …  min  p25  median  p75  max
---   string  string    i64    i64     i64      f64     f64  f64     f64  f64  f64
---   ──────  ──────  ─────  ─────  ──────  ───────  ─  ───  ───  ──────  ───  ───
---   name    string      3      0       2        ·  …    ·    ·       ·    ·    ·
---   s       i64         3      0       ·  2.33333  …  1.0  1.5     2.0  3.0  4.0
---   2 rows × 12 columns, 1 not shown
function Frame:describe(...)
  local core, rows = unwrap(self), {}
  local names = handle.names(core, ...)
  for i, name in ipairs(#names > 0 and names or core:names()) do
    rows[i] = describe_column(name, core:col(name))
  end
  local specs = {}
  for i, name in ipairs(columns_for(rows)) do
    local values = {}
    for row, each in ipairs(rows) do values[row] = each[name] end
    specs[i] = { name = name, type = TYPES[name], values = values, n = #rows }
  end
  return wrap(make.frame(specs))
end

return handle
