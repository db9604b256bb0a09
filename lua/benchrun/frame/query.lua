-- New columns, other orders, other shapes.

local compute = require "benchrun.core.compute"
local handle = require "benchrun.frame.handle"
local kernels = require "benchrun.frame.kernels"
local lists = require "benchrun.lists"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"

local Frame = handle.Frame
local unwrap, wrap = handle.unwrap, handle.wrap

-- Columns -----------------------------------------------------------------------------------------

-- column → value pairs of f:with("a", 0), f:with{ a = 0 } and the like.
local function pairs_of(what, name, value)
  if type(name) ~= "string" then return mistake.check_type(what, "table", name) end
  if value == nil then mistake.raise("column '%s': what it is to be is missing", name) end
  return { [name] = value }
end

-- The core's column that a value of f:with stands for.
local function new_column(core, name, value)
  if type(value) == "string" then return mistake.call(core.eval, core, value) end
  if handle.is_column(value) then return handle.unwrap_column(value) end
  if type(value) == "table" then
    if getmetatable(value) or #value == 0 and next(value) ~= nil and not value.n then
      mistake.raise("column '%s': an expression, a column, an array or a constant expected, got %s",
        name, mistake.describe(value))
    end
    local nrow = core:ncol() > 0 and core:nrow() or 0
    return make.column(name, value, nil, value.n or math.max(#value, nrow))
  end
  return make.constant(value, core:nrow())
end

local function add_column(core, name, value)
  local column = new_column(core, name, value)
  if core:ncol() > 0 and column:len() ~= core:nrow() then
    mistake.raise("column '%s' has %d rows, the frame %d", name, column:len(), core:nrow())
  end
  return mistake.call(core.with, core, name, column)
end

--- The frame with columns added, or put in place of those of the same name: f:with{ total = "a * b"
--- } or f:with("total", "a * b").
---
--- new_columns: { name = what, … }, added in the order of their names. what: an expression over
--- the columns that are there before, as text; a column; an array of values, nil for a null; or a
--- number or boolean for every row (a text for every row is an expression too: "'x'"). Raises for
--- a bad expression and a wrong number of rows.
---
--- Example:
---   > f = frame.from_table{ latency = { 0.5, 0.25 }, batch = { 8, 4 } }
---   > f:with{ per_item = "latency / batch", run = 7 }:row(1)
---   { batch = 8, latency = 0.5, per_item = 0.0625, run = 7 }
function Frame:with(new_columns, what)
  local core = unwrap(self)
  local by_name, made = pairs_of("new columns", new_columns, what), core
  for _, name in ipairs(lists.sorted_keys(by_name)) do
    mistake.check_type("the name of a new column", "string", name)
    local value = by_name[name]
    local column = type(value) == "string" and handle.wrap_column(new_column(core, name, value))
    made = add_column(made, name, column or value)
  end
  return wrap(made, 1)
end

--- An expression over the columns as a column.
---
--- expression: text in Lua's own syntax, as f:filter and f:with take it. Raises for a bad one.
---
--- Example:
---   > f = frame.from_table{ latency = { 0.5, 0.25 }, batch = { 8, 4 } }
---   > f:eval("latency * batch"):to_table()
---   { 4.0, 1.0, n = 2 }
function Frame:eval(expression)
  local core = unwrap(self)
  mistake.check_type("expression", "string", expression)
  return handle.wrap_column(mistake.call(core.eval, core, expression), expression)
end

-- The core's frame with every column that `by_name` names put through `change`.
local function changed(core, by_name, change)
  local made = core
  for _, name in ipairs(lists.sorted_keys(by_name)) do
    local column = change(handle.column_of(core, name), by_name[name], name)
    made = made:with(name, column)
  end
  return made
end

--- The frame with a value in place of the nulls and NaN of a column: f:fill("a", 0), or of several:
--- f:fill{ a = 0, b = "none" }. Raises where the value is not of the column's type, which stays: a
--- text is read for timestamps, a number that would not be the same in the column is refused.
---
--- Example:
---   > f = frame.from_rows{ { a = 1, b = "x" }, { a = 2 } }
---   > f:fill("b", "none"):get(2, "b")
---   none
function Frame:fill(column, value)
  return wrap(changed(unwrap(self), pairs_of("columns", column, value), function(cells, with, name)
    return make.filled(("column '%s'"):format(name), cells, with)
  end), 1)
end

local POLICIES = { "error", "null" }

--- The frame with columns of other types: f:cast{ a = "i64" } or f:cast("a", "i64").
---
--- types: { name = type, … }; a type is "f64", "i64", "bool", "string" or "timestamp"; timestamps
--- and numbers meet in seconds since 1970. on_bad (the last argument): what becomes of a cell that
--- has no value of the type in it: "error" (default: it raises and names the row) or "null".
---
--- Example:
---   > f = frame.from_table{ a = { "1", "2", "x" } }
---   > f:cast({ a = "i64" }, "null"):col("a"):to_table()
---   { 1, 2, n = 3 }
function Frame:cast(types, ...)
  local by_name = pairs_of("types", types, (...))
  local on_bad = select(type(types) == "string" and 2 or 1, ...)
  mistake.check_choice("on_bad", on_bad or "error", POLICIES)
  return wrap(changed(unwrap(self), by_name, function(column, type_name, name)
    local what = ("column '%s'"):format(name)
    mistake.check_choice(what, type_name, make.types)
    return mistake.call_on(what, column.cast, column, type_name, on_bad)
  end), 1)
end

-- Order -------------------------------------------------------------------------------------------

local SORT_KEY = { { name = "name", type = "string", required = true, nul = true },
  { name = "descending", type = "boolean" } }

local DIRECTIONS = lists.set { "asc", "desc", "ascending", "descending" }
local SORT_FORMS = 'a key is "a", "-a" for descending, or { name = "a", descending = true }: '
  .. 'f:sort("a", "-b")'

-- "a", "-a" or { name =, descending = } as the core takes it.
local function sort_key(core, key)
  if type(key) == "table" then
    if type(key.name) ~= "string" then mistake.raise("keys: %s", SORT_FORMS) end
    mistake.check_options(SORT_KEY, key)
    mistake.check_column(core, key.name)
    return { name = key.name, descending = key.descending }
  end
  local behind = type(key) == "string" and key:match "^%-(.+)$"
  if DIRECTIONS[key] and not core:has(key) then mistake.raise("keys: %s", SORT_FORMS) end
  if behind and not core:has(key) then
    return { name = mistake.check_column(core, behind), descending = true }
  end
  return { name = mistake.check_column(core, key) }
end

--- The rows in order of one or several columns: f:sort("suite", "-speedup"), a "-" for descending,
--- or f:sort{ "suite", { name = "speedup", descending = true } }.
---
--- Rows that agree on all of them stay in their order. Nulls come last in either direction, NaN
--- just before them; strings are compared by byte. Raises for an unknown column.
---
--- Example:
---   > f = frame.from_table{ name = { "b", "a", "c" }, n = { 1, 2, 2 } }
---   > f:sort("-n", "name"):col("name"):to_table()
---   { "a", "c", "b", n = 3 }
function Frame:sort(...)
  local core, args, keys = unwrap(self), { ... }, {}
  if #args == 1 and type(args[1]) == "table" and args[1].name == nil then args = args[1] end
  if #args == 0 and next(args) ~= nil then mistake.raise("keys: list expected; %s", SORT_FORMS) end
  mistake.check_type("keys", "list", args)
  for i, key in ipairs(args) do keys[i] = sort_key(core, key) end
  return wrap(mistake.call(core.sort, core, keys))
end

local DISTINCT = { { name = "keep", type = "string", choices = { "first", "last" } } }

--- One row of those that agree on some columns (default: on all): f:distinct("suite"), in order.
---
--- Nulls agree with nulls. options.keep (behind the names): which of them, "first" (default) or
--- "last".
---
--- Example:
---   > f = frame.from_table{ name = { "b", "a", "b" }, n = { 1, 2, 3 } }
---   > f:distinct("name", { keep = "last" }):col("n"):to_table()
---   { 2, 3, n = 2 }
function Frame:distinct(...)
  local core = unwrap(self)
  local names, options = handle.names_and_options(core, ...)
  options = mistake.check_options(DISTINCT, options)
  if #names == 0 then names = core:names() end
  if #names == 0 then return self end
  return wrap(mistake.call(compute.distinct, core, names, options.keep))
end

-- Joins -------------------------------------------------------------------------------------------

local KINDS = { "inner", "left", "right", "outer", "semi", "anti" }
local JOIN = { { name = "suffix", type = "string", filled = true } }

local JOIN_FORM = 'write f:join(g, "key", "left"), f:join(g, { "a", "b" }) or f:join(g, { here = '
  .. '"there" })'

-- The keys as pairs { name here, name there }: those of the array part, then those by name.
local function key_pairs(keys)
  if type(keys) == "string" then keys = { keys } end
  if type(keys) ~= "table" or getmetatable(keys) then
    mistake.raise("keys: the names of columns that both have expected, got %s; %s",
      mistake.describe(keys), JOIN_FORM)
  end
  local found = {}
  for i, name in ipairs(keys) do found[i] = { name, name } end
  for _, name in ipairs(lists.sorted_keys(keys)) do
    if type(name) == "string" then found[#found + 1] = { name, keys[name] } end
  end
  if #found == 0 then mistake.raise "keys: the name of at least one column expected" end
  return found
end

local function join_keys(left, right, keys)
  local found = key_pairs(keys)
  for _, pair in ipairs(found) do
    if pair[1] ~= pair[2] and not left:has(pair[1]) then
      mistake.raise("keys: no column '%s'%s; %s", pair[1],
        mistake.suggestion(pair[1], left:names()), JOIN_FORM)
    end
    mistake.check_column(left, pair[1])
    mistake.check_type("keys: the name of the other's column", "string", pair[2])
    if not right:has(pair[2]) then
      mistake.raise("the other frame has no column '%s' to join on; its columns: %s", pair[2],
        table.concat(right:names(), ", ", 1, math.min(12, right:ncol())))
    end
  end
  return found
end

--- This frame's rows beside the rows of another that agree with them on some columns.
---
--- other: a frame. keys: a name or an array of names that both have; { here = "there" } where the
--- other has another name. Their types must be the same, but i64 and f64 meet, and a column of both
--- is f64.
--- kind: "inner" (default): rows that have a match; "left": all rows of this frame; "right": all of
--- the other; "outer": all of both; "semi" and "anti": the rows of this frame that have a match, or
--- have none, without the other's columns. What has no match gets nulls; a null matches nothing.
--- options.suffix: what is put behind the name of a column of the other that this frame has too
--- (default "_right"). Rows stand in this frame's order, then the other's.
---
--- Example:
---   > runs = frame.from_table{ name = { "a", "b" }, seconds = { 1.5, 2 } }
---   > owners = frame.from_table{ name = { "b", "c" }, owner = { "Kim", "Ola" } }
---   > runs:join(owners, "name", "left")
---   name    seconds  owner
---   string      f64  string
---   ──────  ───────  ──────
---   a           1.5  ·
---   b           2.0  Kim
---   2 rows × 3 columns
---   > bugs = frame.from_table{ benchmark = { "a" }, bug = { 17 } }
---   > runs:join(bugs, { name = "benchmark" }):names()
---   { "name", "seconds", "bug" }
function Frame:join(other, keys, kind, options)
  local left, right = unwrap(self), handle.unwrap_argument("the other frame", other)
  if kind ~= nil and type(kind) ~= "string" then
    mistake.raise("kind: a text expected, got %s; %s", mistake.describe(kind), JOIN_FORM)
  end
  kind = mistake.check_choice("kind", kind or "inner", KINDS)
  local suffix = mistake.check_options(JOIN, options).suffix or "_right"
  keys = join_keys(left, right, keys)
  return wrap(mistake.call(left.join, left, right, keys, kind, suffix))
end

-- Shapes ------------------------------------------------------------------------------------------

local PIVOT = {
  { name = "index", type = "string|list", required = true },
  { name = "columns", type = "string", required = true },
  { name = "values", type = "string", required = true },
  { name = "agg", type = "string|table" },
}

--- Long to wide: a row for every value of the columns `index`, a column for every value of the
--- column `columns`, both in order of first appearance.
---
--- spec.index: a name or an array of names. spec.columns, spec.values: names. spec.agg: what
--- becomes of several values in one cell, a kernel ("mean" is the default, "first" takes text too)
--- or "quantile(0.95)". A cell without a value is null; a null in `columns` gives a column "null".
--- f:pivot(index, columns, values, agg) is the same. Raises for unknown names.
---
--- Example:
---   > f = frame.from_table{ name = { "a", "a", "b" }, s = { 1, 2, 3 } }
---   > f = f:with{ compiler = { "gcc", "clang", "gcc" } }
---   > f:pivot{ index = "name", columns = "compiler", values = "s" }
---   name    gcc  clang
---   string  f64    f64
---   ──────  ───  ─────
---   a       1.0    2.0
---   b       3.0      ·
---   2 rows × 3 columns
function Frame:pivot(spec, columns, values, agg)
  local core = unwrap(self)
  if type(columns) == "string" then
    spec = { index = spec, columns = columns, values = values, agg = agg }
  end
  if type(spec) ~= "table" then
    mistake.raise('pivot: a table expected, got %s; write f:pivot{ index = "a", columns = "b", '
      .. 'values = "c" }', mistake.describe(spec))
  end
  mistake.check_options(PIVOT, spec)
  local index = type(spec.index) == "string" and { spec.index } or spec.index
  for _, name in ipairs(index) do mistake.check_column(core, name) end
  local kernel = kernels.parse_kernel(spec.agg or "mean")
  return wrap(mistake.call(core.pivot, core, { index = index,
    columns = mistake.check_column(core, spec.columns),
    values = mistake.check_column(core, spec.values),
    kernel = kernel.kernel, q = kernel.q, method = kernel.method }))
end

local MELT = {
  { name = "id", type = "string|list" }, { name = "columns", type = "string|list" },
  { name = "name", type = "string", filled = true },
  { name = "value", type = "string", filled = true },
}

-- An option that is a name, an array of names, or nil.
local function names_option(core, names)
  if type(names) == "string" then names = { names } end
  local seen = {}
  for _, name in ipairs(names or {}) do
    if seen[mistake.check_column(core, name)] then
      mistake.raise("column '%s' is named twice", name)
    end
    seen[name] = true
  end
  return names
end

--- Wide to long: a row for each row and each of some columns, all rows of the first column first.
---
--- spec.id: the columns that stay, a name or an array (default none). spec.columns: those whose
--- values go below each other (default: all others). spec.name: the column that says which one a
--- value is from (default "variable"). spec.value: the column of values (default "value"). i64 and
--- f64 meet as f64; raises for any other difference of types.
---
--- Example:
---   > f = frame.from_table{ name = { "a", "b" }, gcc = { 1, 3 }, clang = { 2, 4 } }
---   > f:melt{ id = "name", name = "compiler", value = "seconds" }
---   name    compiler  seconds
---   string  string        i64
---   ──────  ────────  ───────
---   a       clang           2
---   b       clang           4
---   a       gcc             1
---   b       gcc             3
---   4 rows × 3 columns
function Frame:melt(spec)
  local core = unwrap(self)
  local asked = lists.put_all({}, mistake.check_options(MELT, spec))
  asked.id = names_option(core, asked.id) or {}
  asked.columns = names_option(core, asked.columns)
  return wrap(mistake.call(core.melt, core, asked))
end

return handle
