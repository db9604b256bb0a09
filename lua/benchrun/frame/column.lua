-- One column in a script's hands.

local compute = require "benchrun.core.compute"
local docs = require "benchrun.docs"
local handle = require "benchrun.frame.handle"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"
local stats = require "benchrun.stats"

local Column = handle.Column
local unwrap = handle.unwrap_column

local column = {}

--- The number of rows; #c is the same.
---
--- Example:
---   > frame.column({ 1, 2, 3 }):len()
---   3
function Column:len() return unwrap(self):len() end

handle.metas.column.__len = Column.len

--- "f64", "i64", "bool", "string" or "timestamp".
---
--- Example:
---   > frame.column({ 1, 2.5 }):type()
---   f64
function Column:type() return unwrap(self):type() end

--- The number of nulls.
---
--- Example:
---   > frame.column({ 1, nil, 3 }, { n = 3 }):null_count()
---   1
function Column:null_count() return unwrap(self):null_count() end

--- The value in a row, nil for a null. Raises for a row that is not there.
---
--- Example:
---   > frame.column({ "x", "y" }):get(2)
---   y
function Column:get(row)
  local core = unwrap(self)
  local whole = mistake.check_count("row", row, 1)
  if whole <= core:len() then return core:get(whole) end
  mistake.raise("row %d: there are %d rows", whole, core:len())
end

--- All values: an array, nil where null; its field n is the number of rows.
---
--- Example:
---   > frame.column({ "x", "y" }):to_table()
---   { "x", "y", n = 2 }
function Column:to_table() return unwrap(self):to_table() end

local POLICIES = { "error", "null" }

--- The column as another type.
---
--- type_name: "f64", "i64", "bool", "string" or "timestamp"; timestamps and numbers meet in seconds
--- since 1970. on_bad: what becomes of a cell that has no value in it: "error" (default: it raises
--- and names the row) or "null".
---
--- Example:
---   > frame.column({ "1", "x" }):cast("i64", "null"):to_table()
---   { 1, n = 2 }
function Column:cast(type_name, on_bad)
  local core = unwrap(self)
  mistake.check_choice("type", type_name, make.types)
  mistake.check_choice("on_bad", on_bad or "error", POLICIES)
  return handle.wrap_column(mistake.call(core.cast, core, type_name, on_bad),
    handle.column_name(self))
end

--- The column with a value in place of nulls and NaN.
---
--- Example:
---   > frame.column({ 1, nil, 3 }, { n = 3 }):fill(0):to_table()
---   { 1, 0, 3, n = 3 }
function Column:fill(value)
  local core = unwrap(self)
  if value == nil then mistake.raise("a value to fill with expected, got nothing") end
  return handle.wrap_column(make.filled("the column", core, value), handle.column_name(self))
end

--- The distinct values in order of first appearance, as a column; null is one of them.
---
--- Example:
---   > frame.column({ "b", "a", "b" }):unique():to_table()
---   { "b", "a", n = 2 }
function Column:unique()
  local name = handle.column_name(self)
  local of_one = make.frame { { name = "x", values = unwrap(self) } }
  return handle.wrap_column(compute.distinct(of_one, { "x" }):col "x", name)
end

-- Every kernel as a method.
for _, kernel in ipairs(stats.list()) do
  local run = stats[kernel.name]
  Column[kernel.name] = function(self, options)
    unwrap(self)
    return run(self, options)
  end
  docs.describe(Column[kernel.name], ("c:%s(options)"):format(kernel.name), kernel.help)
end

local COLUMN_OPTIONS = { { name = "type", type = "string", choices = make.types },
  { name = "n", type = "integer", min = 0 }, { name = "name", type = "string", nul = true } }

--- Makes a column of an array of values.
---
--- values: nil is a null. options.type: by default that of the values. options.n: the number of
--- rows, needed where the array ends with nils. options.name: what it is called where it is shown.
--- Raises for values of several types.
---
--- Example:
---   > frame.column({ 1, 2.5 }):mean()
---   1.75
function column.column(values, options)
  options = mistake.check_options(COLUMN_OPTIONS, options)
  local name = options.name or "values"
  return handle.wrap_column(make.column(name, values, options.type, options.n), options.name)
end

return column
