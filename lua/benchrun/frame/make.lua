-- Frames from Lua values, and columns for frames that are there.

local core = require "benchrun.core.frame"
local compute = require "benchrun.core.compute"
local handle = require "benchrun.frame.handle"
local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"
local schema = require "benchrun.schema"

local make = {}

local TYPE_OF = { integer = "i64", float = "f64", boolean = "bool", string = "string" }

--- The types of columns.
make.types = { "f64", "i64", "bool", "string", "timestamp" }

local NUMBERS = { i64 = true, f64 = true }

-- The type of a value for a column that is of `found` so far (nil: no value yet).
local function meet(found, value, what, row)
  local kind = TYPE_OF[math.type(value) or type(value)]
  if not kind then
    mistake.raise("%s, row %d: a number, text or boolean expected, got %s", what, row,
      mistake.describe(value))
  end
  if not found or found == kind then return kind end
  if NUMBERS[found] and NUMBERS[kind] then return "f64" end
  mistake.raise("%s, row %d: %s expected, got %s", what, row, found, mistake.describe(value))
end

local function infer(values, n, what)
  local found
  for row = 1, n do
    local value = values[row]
    if value ~= nil then found = meet(found, value, what, row) end
  end
  return found or "f64"
end

local function length_of(values) return math.tointeger(values.n) or #values end

-- What the core is given for an array or column of values.
local function values_spec(name, values, type_name, n)
  if handle.is_column(values) then
    return { name = name, values = handle.unwrap_column(values), type = type_name }
  end
  local what = ("column '%s'"):format(name)
  mistake.check_type(what, "table", values)
  n = n or length_of(values)
  if type_name then mistake.check_choice(what .. ": type", type_name, make.types) end
  return { name = name, type = type_name or infer(values, n, what), values = values, n = n }
end

--- A column of the core from an array of values (nil is a null).
function make.column(name, values, type_name, n)
  local spec = values_spec(name, values, type_name, n)
  spec.name = nil
  return mistake.call(core.column, spec)
end

--- A column of the core that holds the same value n times; nil: nulls.
function make.constant(value, n)
  local kind = value == nil and "f64" or TYPE_OF[math.type(value) or type(value)]
  if not kind then mistake.raise("a constant expected, got %s", mistake.describe(value)) end
  local nulls = mistake.call(compute.nulls, kind, n)
  if value == nil then return nulls end
  return mistake.call(compute.fill, nulls, value)
end

-- A number as a column of that type holds it; raises where it would be another.
local function number_in(what, kind, value)
  local is_integer = math.type(value) == "integer"
  if kind == "i64" and not is_integer then
    local whole = math.tointeger(value)
    if whole then return whole end
    mistake.raise("%s: %s is no whole number, the column is i64; cast it to f64 before", what,
      value)
  end
  if kind == "f64" and is_integer and math.tointeger(value + 0.0) ~= value then
    mistake.raise("%s: f64 does not hold %d exactly; give the number that is meant, as %.1f", what,
      value, value + 0.0)
  end
  return value
end

--- A column of the core with a value in place of its nulls and NaN; its type stays. what: what the
--- column is, for messages.
function make.filled(what, cells, value)
  if type(value) == "number" then value = number_in(what, cells:type(), value) end
  return mistake.call_on(what, compute.fill, cells, value)
end

--- A frame of the core from what frame.new takes.
function make.frame(specs) return mistake.call(core.new, specs) end

local SPEC = {
  { name = "name", type = "string", required = true, nul = true },
  { name = "type", type = "string" },
  { name = "values", type = "table", required = true },
  { name = "n", type = "integer", min = 0 },
}

local frame = {}

--- Makes a frame of columns in a given order.
---
--- columns: an array of { name =, values =, type =, n = }. values: an array, where nil is a null,
--- or a column. type: "f64", "i64", "bool", "string" or "timestamp"; by default what the values
--- are. n: the number of rows, needed where an array ends with nils; default #values. Raises for
--- values that don't fit, columns of different length and a name given twice.
---
--- Example:
---   > b = { name = "b", values = { 1, nil, 3 }, n = 3 }
---   > frame.new{ b, { name = "a", values = { "x", "y", "z" } } }
---     b  a
---   i64  string
---   ───  ──────
---     1  x
---     ·  y
---     3  z
---   3 rows × 2 columns
function frame.new(columns)
  if not schema.has_type("list", columns) then
    mistake.raise("an array of { name =, values = } expected, got %s; frame.from_table takes "
      .. "{ name = array }", mistake.describe(columns))
  end
  local specs = {}
  for i, each in ipairs(columns) do
    mistake.check_type(("column %d"):format(i), "table", each)
    mistake.check_options(SPEC, each)
    specs[i] = values_spec(each.name, each.values, each.type, each.n)
  end
  return handle.wrap(make.frame(specs))
end

--- Makes a frame of a table of arrays, name → values. Columns stand in the order of their names.
---
--- columns: { name = array or column, … }; nil in an array is a null, its field n the number of
--- rows where it ends with nils. Types are those of the values. Raises for values of several types
--- in one column and for columns of different length.
---
--- Example:
---   > frame.from_table{ a = { 1, 2 }, b = { 0.5, 1 } }:types()
---   { "i64", "f64" }
function frame.from_table(columns)
  mistake.check_type("columns", "table", columns)
  local specs = {}
  for i, name in ipairs(lists.sorted_keys(columns)) do
    if type(name) ~= "string" then
      mistake.raise("a name as key expected, got %s", mistake.describe(name))
    end
    specs[i] = values_spec(name, columns[name])
  end
  return handle.wrap(make.frame(specs))
end

local ROWS_OPTIONS = {
  { name = "columns", type = "list", of = { type = "string", nul = true } },
  { name = "types", type = "table", of = { type = "string", choices = make.types } },
}

-- The names of all rows' fields, in order of first appearance, those of one row sorted.
local function names_of(rows)
  local names, seen = {}, {}
  for i, row in ipairs(rows) do
    mistake.check_type(("row %d"):format(i), "table", row)
    for _, name in ipairs(lists.sorted_keys(row)) do
      if type(name) ~= "string" then
        mistake.raise("row %d: a name as key expected, got %s", i, mistake.describe(name))
      end
      if not seen[name] then names[#names + 1], seen[name] = name, true end
    end
  end
  return names
end

--- Makes a frame of an array of rows, each a table name → value.
---
--- rows: a row without a name has a null there. options.columns: which columns, and their order; by
--- default all, in order of first appearance. options.types: name → type, where it is not to be
--- that of the values. Raises for values of several types in one column.
---
--- Example:
---   > f = frame.from_rows{ { a = 1, b = "x" }, { a = 2 } }
---   > f:get(2, "a")
---   2
---   > f:get(2, "b")
---   nil
function frame.from_rows(rows, options)
  if not schema.has_type("list", rows) then
    mistake.raise("an array of rows expected, got %s; frame.from_table takes { name = array }",
      mistake.describe(rows))
  end
  options = mistake.check_options(ROWS_OPTIONS, options)
  local types, specs = options.types or {}, {}
  for i, name in ipairs(options.columns or names_of(rows)) do
    local values = {}
    for row, each in ipairs(rows) do values[row] = each[name] end
    specs[i] = values_spec(name, values, types[name], #rows)
  end
  return handle.wrap(make.frame(specs))
end

--- Puts the rows of several frames below each other.
---
--- frames: an array; frame.concat(f, g) is the same. Columns are matched by name, in order of first
--- appearance; a frame without one gives nulls. i64 and f64 meet as f64; any other difference
--- of types raises.
---
--- Example:
---   > f = frame.from_rows{ { a = 1 } }
---   > g = frame.from_rows{ { a = 2.5, b = "x" } }
---   > frame.concat{ f, g }
---     a  b
---   f64  string
---   ───  ──────
---   1.0  ·
---   2.5  x
---   2 rows × 2 columns
function frame.concat(frames, ...)
  if handle.is_frame(frames) then frames = { frames, ... } end
  mistake.check_type("frames", "list", frames)
  local cores = {}
  for i, each in ipairs(frames) do
    cores[i] = handle.unwrap_argument(("frame %d"):format(i), each)
  end
  return handle.wrap(mistake.call(core.concat, cores))
end

make.public = frame

return make
