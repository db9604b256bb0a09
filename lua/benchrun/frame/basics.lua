-- What a frame is and which of its columns and rows are looked at.

local core_frame = require "benchrun.core.frame"
local handle = require "benchrun.frame.handle"
local lists = require "benchrun.lists"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"

local Frame = handle.Frame
local unwrap, wrap = handle.unwrap, handle.wrap

local CHUNK = 1 << 12 -- rows that are brought into Lua at a time

-- Looking -----------------------------------------------------------------------------------------

--- The number of rows; #f is the same.
---
--- Example:
---   > frame.from_table{ a = { 1, 2, 3 } }:nrow()
---   3
function Frame:nrow() return unwrap(self):nrow() end

handle.metas.frame.__len = Frame.nrow

--- The number of columns.
---
--- Example:
---   > frame.from_table{ a = { 1, 2, 3 } }:ncol()
---   1
function Frame:ncol() return unwrap(self):ncol() end

--- The names of the columns: an array, in order.
---
--- Example:
---   > frame.from_table{ a = { 1 }, b = { "x" } }:names()
---   { "a", "b" }
function Frame:names() return unwrap(self):names() end

--- The types of the columns: an array of "f64", "i64", "bool", "string" and "timestamp", in order.
---
--- Example:
---   > frame.from_table{ a = { 1 }, b = { "x" } }:types()
---   { "i64", "string" }
function Frame:types() return unwrap(self):types() end

--- Whether there is a column of that name.
---
--- Example:
---   > frame.from_table{ a = { 1 } }:has "b"
---   false
function Frame:has(name)
  mistake.check_type("name", "string", name)
  return not name:find("\0", 1, true) and unwrap(self):has(name)
end

--- The column of that name. It shares the frame's cells. Raises for an unknown one.
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:col("a"):median()
---   2.0
function Frame:col(name)
  return handle.wrap_column(handle.column_of(unwrap(self), name), name, false)
end

local function check_row(core, row)
  local n, whole = core:nrow(), mistake.check_count("row", row, 1)
  if whole <= n then return whole end
  mistake.raise("row %d: there are %d rows", whole, n)
end

--- The value of a cell, nil for a null. Rows count from 1. Raises for a row or column that is not
--- there.
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:get(2, "a")
---   1
function Frame:get(row, name)
  local core = unwrap(self)
  mistake.check_column(core, name)
  return (core:get(check_row(core, row), name))
end

--- A row as a table name → value; nulls are absent. Raises for a row that is not there.
---
--- Example:
---   > frame.from_table{ a = { 3, 1 }, b = { "x", "y" } }:row(2)
---   { a = 1, b = "y" }
function Frame:row(number)
  local core, row = unwrap(self), {}
  number = check_row(core, number)
  for _, name in ipairs(core:names()) do row[name] = core:get(number, name) end
  return row
end

-- A function that gives the number and the cells of one row after the other.
local function row_iterator(core)
  local i, nrow, chunk = 0, core:nrow(), nil
  return function()
    if i >= nrow then return nil end
    i = i + 1
    local at = (i - 1) % CHUNK + 1
    if at == 1 then chunk = core:slice(i, CHUNK):to_table() end
    local row = {}
    for name, cells in pairs(chunk) do row[name] = cells[at] end
    return i, row
  end
end

--- Iterates over the rows: number, and the row as a table name → value. For a few thousand rows;
--- what must be fast is an expression or an aggregate.
---
--- Example:
---   > f = frame.from_table{ a = { 3, 1 } }
---   > for i, row in f:rows() do print(i, row.a) end
---   1  3
---   2  1
function Frame:rows() return row_iterator(unwrap(self)) end

--- All rows as Lua values: an array of tables name → value, where nulls are absent;
--- frame.from_rows makes a frame of it again. For columns as arrays there is f:to_table.
---
--- Example:
---   > frame.from_table{ a = { 3, 1 }, b = { "x", "y" } }:to_rows()
---   { { a = 3, b = "x" }, { a = 1, b = "y" } }
function Frame:to_rows()
  local rows = {}
  for i, row in row_iterator(unwrap(self)) do rows[i] = row end
  return rows
end

--- All cells as Lua values: a table name → array. The field n of an array is the number of rows;
--- nil is a null.
---
--- Example:
---   > frame.from_table{ a = { 3, 1 } }:to_table().a
---   { 3, 1, n = 2 }
function Frame:to_table() return unwrap(self):to_table() end

-- Columns -----------------------------------------------------------------------------------------

--- The frame of some columns, in the order they are named: f:select("a", "b") or
--- f:select{ "a", "b" }. Raises for an unknown name and for one given twice.
---
--- Example:
---   > frame.from_table{ a = { 1 }, b = { 2 }, c = { 3 } }:select("c", "a"):names()
---   { "c", "a" }
function Frame:select(...)
  local core = unwrap(self)
  return wrap(mistake.call(core.select, core, handle.names(core, ...)), 0)
end

--- The frame without some columns: f:drop("a", "b") or f:drop{ "a", "b" }. Raises for an unknown
--- name.
---
--- Example:
---   > frame.from_table{ a = { 1 }, b = { 2 }, c = { 3 } }:drop("b"):names()
---   { "a", "c" }
function Frame:drop(...)
  local core = unwrap(self)
  return wrap(mistake.call(core.drop, core, handle.names(core, ...)), 0)
end

--- The frame with columns renamed, all at once, so that names can be swapped.
---
--- new_names: { old = "new", … }; f:rename("old", "new") for one. Raises for an unknown column and
--- where two would have one name.
---
--- Example:
---   > frame.from_table{ a = { 1 }, b = { 2 } }:rename{ a = "b", b = "a" }:names()
---   { "b", "a" }
function Frame:rename(new_names, new_name)
  local core = unwrap(self)
  if type(new_names) == "string" and type(new_name) == "string" then
    new_names = { [new_names] = new_name }
  end
  mistake.check_type("new names", "table", new_names)
  for old in pairs(new_names) do mistake.check_column(core, old) end
  return wrap(mistake.call(core.rename, core, new_names), 0)
end

-- Rows --------------------------------------------------------------------------------------------

--- The first n rows (default 10).
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:head(2):col("a"):to_table()
---   { 3, 1, n = 2 }
function Frame:head(n)
  return wrap(unwrap(self):slice(1, mistake.check_count("n", n or 10, 0)))
end

--- The last n rows (default 10).
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:tail(2):col("a"):to_table()
---   { 1, 2, n = 2 }
function Frame:tail(n)
  local core = unwrap(self)
  n = mistake.check_count("n", n or 10, 0)
  return wrap(core:slice(math.max(1, core:nrow() - n + 1), n))
end

--- n rows from row `first` on; what lies behind the last row is left out. n: default all.
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:slice(2):col("a"):to_table()
---   { 1, 2, n = 2 }
function Frame:slice(first, n)
  first = mistake.check_count("first", first, 1)
  if n ~= nil then n = mistake.check_count("n", n, 0) end
  return wrap(unwrap(self):slice(first, n))
end

--- The rows of an array of row numbers, in that order; a number may be repeated. Raises for a row
--- that is not there.
---
--- Example:
---   > frame.from_table{ a = { 3, 1, 2 } }:take{ 3, 1 }:col("a"):to_table()
---   { 2, 3, n = 2 }
function Frame:take(rows)
  mistake.check_type("rows", "list", rows)
  local core = unwrap(self)
  return wrap(mistake.call(core.take, core, rows))
end

local SAMPLE = { { name = "seed", type = "integer" }, { name = "replace", type = "boolean" } }

--- n rows (default 1) drawn at random, in the frame's order.
---
--- options.seed: an integer; the same one draws the same rows, here and on any other machine.
--- options.replace: a row may be drawn again; without it n is at most the number of rows.
---
--- Example:
---   > f = frame.from_table{ a = { 1, 2, 3, 4, 5 } }
---   > #f:sample(3, { seed = 1 })
---   3
function Frame:sample(n, options)
  local core = unwrap(self)
  options = mistake.check_options(SAMPLE, options)
  n = mistake.check_count("n", n or 1, 0)
  local nrow = core:nrow()
  if n > nrow and not (options.replace and nrow > 0) then
    mistake.raise("a sample of %d rows of %d%s", n, nrow,
      nrow > 0 and "; with { replace = true } a row may come again" or "")
  end
  local seed = options.seed or math.random(0)
  return wrap(mistake.call(core.sample, core, n, seed, options.replace))
end

-- A row that is looked at: the cells of a chunk are brought into Lua column by column, when a
-- column is first asked for.
local function new_row(core)
  local cells, at = {}, 0
  local row = setmetatable({}, { __index = function(_, name)
    local values = cells[name]
    if not values then
      values = handle.column_of(core, name):to_table()
      cells[name] = values
    end
    return values[at]
  end })
  return row, function(number) at = number end
end

local function mask_of(core, predicate)
  local row, move = new_row(core)
  local values, n = {}, core:nrow()
  for i = 1, n do
    move(i)
    values[i] = not not predicate(row)
  end
  return core_frame.column { type = "bool", values = values, n = n }
end

-- The rows for which a Lua function holds, chunk by chunk.
local function filter_by_function(core, predicate)
  local parts = {}
  for first = 1, math.max(1, core:nrow()), CHUNK do
    local chunk = core:slice(first, CHUNK)
    parts[#parts + 1] = make.frame { { name = "keep", values = mask_of(chunk, predicate) } }
  end
  return core:mask(core_frame.concat(parts):col "keep")
end

local OPS = { "==", "~=", "<", "<=", ">", ">=", "null", "notnull" }

local function filter_by_value(core, name, op, value)
  if type(op) == "string" and not core:has(name) and not lists.contains(OPS, op) then
    mistake.raise("conditions are joined in one text: f:filter \"a > 1 and b ~= 'x'\"")
  end
  mistake.check_column(core, name)
  mistake.check_choice("op", op, OPS)
  if op:find "null" then return mistake.call(core.filter, core, name, op) end
  if value == nil then
    mistake.raise("a value to compare '%s' with expected, got nothing; for nulls there are "
      .. "\"null\" and \"notnull\"", name)
  end
  mistake.check_type("value", "number|string|boolean", value)
  return mistake.call(core.filter, core, name, op, value)
end

--- The rows for which something holds.
---
--- what: an expression in Lua's own syntax over the columns, as text ("speedup < 0.95 and suite ==
--- 'torchbench'"), which runs without a Lua call a row; a bool column, where null counts as false;
--- or a function of a row (row.name is a value, nil for a null), called row by row. Or a column's
--- name, one of == ~= < <= > >= null notnull, and a value, for values that are not known when the
--- text is written. A null satisfies no comparison. Raises for a bad expression, an unknown column
--- and what can't be compared.
---
--- Example:
---   > f = frame.from_table{ name = { "bert", "resnet", "vgg" }, speedup = { 1.2, 0.9, 0.8 } }
---   > f:filter("speedup < 0.95 and name ~= 'vgg'"):get(1, "name")
---   resnet
---   > f:filter(function(row) return row.name:find "e" end):col("name"):to_table()
---   { "bert", "resnet", n = 2 }
---   > limit = 0.85
---   > #f:filter("speedup", "<", limit)
---   1
function Frame:filter(what, op, value)
  local core = unwrap(self)
  if type(what) == "function" then return wrap(filter_by_function(core, what)) end
  if handle.is_column(what) then
    return wrap(mistake.call(core.mask, core, handle.unwrap_column(what)))
  end
  if type(what) ~= "string" then
    mistake.raise("a condition expected, got %s; write f:filter \"a > 1 and b == 'x'\"",
      mistake.describe(what))
  end
  if op ~= nil then return wrap(filter_by_value(core, what, op, value)) end
  return wrap(mistake.call(core.where, core, what))
end

return handle
