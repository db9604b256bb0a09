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

local function run(kernel, column, q)
  return mistake.call(stats.run, kernel, column, q and { q = q })
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
  if type(q) == "number" then return run("quantile", column, q) end
  local values = {}
  for i, each in ipairs(mistake.check_type("q", "number|list", q)) do
    values[i] = run("quantile", column, mistake.check_type("q", "number", each))
  end
  return values
end

local NUMBERS = { f64 = true, i64 = true, bool = true }
local KERNELS = { "mean", "stddev", "min", "max" }
local SHARES = { p25 = 0.25, median = 0.5, p75 = 0.75 }

local function describe_column(name, column)
  local kind, nulls = column:type(), column:null_count()
  local row = { column = name, type = kind, count = column:len() - nulls, nulls = nulls }
  if NUMBERS[kind] then
    for _, kernel in ipairs(KERNELS) do row[kernel] = run(kernel, column) end
    for share, q in pairs(SHARES) do row[share] = run("quantile", column, q) end
  else
    row.unique = compute.distinct(make.frame { { name = "x", values = column } }, { "x" }):nrow()
  end
  return row
end

local COLUMNS = { "column", "type", "count", "nulls", "unique", "mean", "stddev", "min", "p25",
  "median", "p75", "max" }
local TYPES = { column = "string", type = "string", count = "i64", nulls = "i64", unique = "i64",
  mean = "f64", stddev = "f64", min = "f64", p25 = "f64", median = "f64", p75 = "f64", max = "f64" }

--- A row for each column: its type, the number of values and of nulls; for numbers mean, standard
--- deviation, least, quartiles and greatest; for other types the number of distinct values.
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
  for i, name in ipairs(#names > 0 and names or core:names()) do rows[i] = describe_column(name, core:col(name)) end
  local specs = {}
  for i, name in ipairs(COLUMNS) do
    local values = {}
    for row, each in ipairs(rows) do values[row] = each[name] end
    specs[i] = { name = name, type = TYPES[name], values = values, n = #rows }
  end
  return wrap(make.frame(specs))
end

return handle
