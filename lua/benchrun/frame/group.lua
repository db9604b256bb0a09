-- Groups of rows that agree on some columns, and what is said of each.

local compute = require "benchrun.core.compute"
local handle = require "benchrun.frame.handle"
local kernels = require "benchrun.frame.kernels"
local lists = require "benchrun.lists"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"

local Frame, Grouping = handle.Frame, handle.Grouping
local unwrap, wrap = handle.unwrap, handle.wrap

-- What is aggregated but is no column yet: a name that no column has.
local function free_name(core, stem)
  local name = stem
  while core:has(name) do name = name .. "_" end
  return name
end

--- Groups of the rows that agree on some columns: f:group_by("suite", "compiler"). What is said of
--- the groups has a row for each, in order of first appearance; null is a key like any other.
--- Without names all rows are one group.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h" }, speedup = { 1, 4, 3 } }
---   > f:group_by("suite"):agg{ best = "max(speedup)", n = "count()" }
---   suite   best    n
---   string   f64  i64
---   ──────  ────  ───
---   t        4.0    2
---   h        3.0    1
---   2 rows × 3 columns
function Frame:group_by(...)
  local core = unwrap(self)
  return handle.new_grouping { core = core, keys = handle.names(core, ...) }
end

-- Aggregates --------------------------------------------------------------------------------------

local SPEC = {
  { name = "name", type = "string", nul = true }, { name = "column", type = "string", nul = true },
  { name = "kernel", type = "string" }, { name = "q", type = "number", min = 0, max = 1 },
  { name = "method", type = "string" },
}

-- A call without a name: "max(speedup)" is speedup_max, "count()" is count; what is over an
-- expression is called as it is written.
local function call_name(core, text, call)
  if call.argument == "" then return call.kernel end
  return core:has(call.argument) and call.argument .. "_" .. call.kernel or text
end

local function is_of_column(core, text, name)
  return name and not core:has(text) and core:has(name) and kernels.has(text)
end

-- A text beside a name: a call of a kernel; or a column, and the name is the kernel's; or a kernel,
-- and the name is the column's.
local function from_text(core, text, name)
  if is_of_column(core, text, name) then
    return { name = name, argument = name, kernel = text }
  end
  local call = not core:has(text) and kernels.parse_call(text)
  if call then
    if call.kernel == "count" and call.argument == "*" then call.argument = "" end
    call.name = name or call_name(core, text, call)
    return call
  end
  if text:find("(", 1, true) and not core:has(text) then
    mistake.raise("an aggregate is one call of a kernel, such as \"mean(a / b)\"; '%s' is not",
      text)
  end
  mistake.check_column(core, text)
  if not name then
    mistake.raise("what is to be said of '%s'? A kernel expected: \"mean(%s)\"", text, text)
  end
  return { name = name, argument = text, kernel = kernels.check(name) }
end

-- { "column", "kernel", q = 0.9 }, or the same by names.
local function from_table(core, spec, name)
  local fields = lists.put_all({}, spec)
  fields.column, fields.kernel = fields[1] or fields.column, fields[2] or fields.kernel
  fields[1], fields[2] = nil, nil
  mistake.check_options(SPEC, fields)
  if not fields.column or not fields.kernel then
    mistake.raise "an aggregate is { \"column\", \"kernel\" } or \"kernel(column)\""
  end
  kernels.check(fields.kernel)
  if not core:has(fields.column) and kernels.has(fields.column) then
    mistake.raise("no column '%s'; an aggregate is { \"column\", \"kernel\" }, one a kernel",
      fields.column)
  end
  return { name = name or fields.name or fields.column .. "_" .. fields.kernel,
    argument = fields.column, kernel = fields.kernel, q = fields.q, method = fields.method }
end

local function parse(core, what, name)
  if type(what) == "string" then return from_text(core, what, name) end
  if type(what) ~= "table" or getmetatable(what) then
    mistake.raise('an aggregate is "kernel(column)" or { "column", "kernel" }, not %s',
      mistake.describe(what))
  end
  return from_table(core, what, name)
end

-- All aggregates of agg{ … }: those of the array part, then the others by name.
local function parse_all(core, aggregates)
  local parsed = {}
  for i, what in ipairs(aggregates) do parsed[i] = parse(core, what) end
  for _, name in ipairs(lists.sorted_keys(aggregates)) do
    if type(name) == "string" then parsed[#parsed + 1] = parse(core, aggregates[name], name) end
  end
  return parsed
end

-- The frame with a column for what an aggregate is over, and its name.
local function with_argument(core, aggregate)
  local argument = aggregate.argument
  if argument ~= "" and core:has(argument) then return core, argument end
  local name = free_name(core, "_argument")
  if argument == "" then
    if aggregate.kernel ~= "count" then
      mistake.raise("%s(): the name of a column expected", aggregate.kernel)
    end
    return core:with(name, make.constant(true, core:nrow())), name
  end
  return core:with(name, mistake.call(core.eval, core, argument)), name
end

local function aggregate(grouping, parsed)
  local core, asked = grouping.core, {}
  for i, each in ipairs(parsed) do
    local column
    core, column = with_argument(core, each)
    asked[i] = { column = column, name = each.name, kernel = each.kernel, q = each.q,
      method = each.method }
  end
  return wrap(mistake.call(core.group_by, core, grouping.keys, asked))
end

--- A row for each group: its keys, and a column for each aggregate.
---
--- aggregates: { name = what, … }, in the order of their names, or an array for another order.
--- what: "kernel(column)", "quantile(column, 0.95)", "kernel(expression)", "count()" for the number
--- of rows; { "column", "kernel", q = 0.95 }; or only a column's name, and its own is the kernel's:
--- { geomean = "speedup" }; or only a kernel's, and its own is the column's: { speedup = "mean" }.
--- In an array a text stands for itself ("max(speedup)" gives speedup_max), a table may have a
--- name; g:agg("max(speedup)", "count()") is the same. Kernels: those of
--- stats.list(), and "first". Nulls don't count. Raises for an unknown kernel or column.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h" }, old = { 1, 4, 3 }, new = { 2, 2, 3 } }
---   > g = f:group_by("suite")
---   > g:agg{ geomean = "old", ratio = "geomean(old / new)", p90 = { "old", "quantile", q = 0.9 } }
---   suite   geomean  p90  ratio
---   string      f64  f64    f64
---   ──────  ───────  ───  ─────
---   t           2.0  3.7    1.0
---   h           3.0  3.0    1.0
---   2 rows × 4 columns
---   > g:agg{ "max(old)", "first(new)" }:names()
---   { "suite", "old_max", "new_first" }
function Grouping:agg(aggregates, ...)
  local grouping = handle.unwrap_grouping(self)
  if type(aggregates) == "string" then aggregates = { aggregates, ... } end
  if type(aggregates) ~= "table" or getmetatable(aggregates) then
    mistake.raise('aggregates expected, got %s; write g:agg{ name = "mean(column)" }',
      mistake.describe(aggregates))
  end
  return aggregate(grouping, parse_all(grouping.core, aggregates))
end

--- The number of rows of each group, in a column "count".
---
--- Example:
---   > frame.from_table{ suite = { "t", "t", "h" } }:group_by("suite"):count():to_table().count
---   { 2, 1, n = 2 }
function Grouping:count()
  local grouping = handle.unwrap_grouping(self)
  return aggregate(grouping, { { kernel = "count", argument = "", name = "count" } })
end

-- 0.9 → "p90", 0.999 → "p99_9".
local function quantile_name(q)
  local percent = ("%.10g"):format(q * 100):gsub("%.", "_")
  return "p" .. percent
end

--- Quantiles of a column for each group: columns p50, p90, p99_9, …
---
--- shares: an array of numbers from 0 to 1, or one number.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h" }, s = { 1, 4, 3 } }
---   > f:group_by("suite"):quantile("s", { 0.5, 1 })
---   suite   p50  p100
---   string  f64   f64
---   ──────  ───  ────
---   t       2.5   4.0
---   h       3.0   3.0
---   2 rows × 3 columns
function Grouping:quantile(column, shares)
  local grouping = handle.unwrap_grouping(self)
  mistake.check_column(grouping.core, column)
  local parsed = {}
  for i, q in ipairs(type(shares) == "number" and { shares }
    or mistake.check_type("shares", "list", shares)) do
    local is_share = type(q) == "number" and q >= 0 and q <= 1
    if not is_share then
      mistake.raise("a share of 0 to 1 expected, got %s", mistake.describe(q))
    end
    parsed[i] = { name = quantile_name(q), argument = column, kernel = "quantile", q = q }
  end
  return aggregate(grouping, parsed)
end

-- Without keys all rows agree; the core wants at least the columns to be there.
local function distinct(grouping, keep)
  if #grouping.keys == 0 then
    local n = grouping.core:nrow()
    return wrap(grouping.core:slice(keep == "first" and 1 or math.max(1, n), 1))
  end
  return wrap(mistake.call(compute.distinct, grouping.core, grouping.keys, keep))
end

--- The first row of each group, with all columns.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h" }, s = { 1, 4, 3 } }
---   > f:group_by("suite"):first():col("s"):to_table()
---   { 1, 3, n = 2 }
function Grouping:first() return distinct(handle.unwrap_grouping(self), "first") end

--- The last row of each group, with all columns, in the order they stand in.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "t", "h" }, s = { 1, 4, 3 } }
---   > f:group_by("suite"):last():col("s"):to_table()
---   { 4, 3, n = 2 }
function Grouping:last() return distinct(handle.unwrap_grouping(self), "last") end

-- The core's frame sorted so that groups stand together, and for each group its first row and its
-- number of rows there.
local function in_runs(grouping)
  local core, keys = grouping.core, grouping.keys
  local name = free_name(core, "_rows")
  local sorted = #keys > 0 and mistake.call(core.sort, core, keys) or core
  local counted = sorted:with(name, make.constant(true, sorted:nrow()))
  counted = counted:group_by(keys, { { column = name, name = name, kernel = "count" } })
  return sorted, counted, counted:col(name):to_table()
end

--- Iterates over the groups, in the order of their keys: the keys as a table name → value, and
--- the group's rows as a frame.
---
--- Example:
---   > f = frame.from_table{ suite = { "t", "h", "t" }, s = { 1, 4, 3 } }
---   > for key, rows in f:group_by("suite"):each() do print(key.suite, #rows) end
---   h  1
---   t  2
function Grouping:each()
  local grouping = handle.unwrap_grouping(self)
  local sorted, counted, counts = in_runs(grouping)
  local i, first = 0, 1
  return function()
    i = i + 1
    if i > #counts or sorted:nrow() == 0 then return nil end
    local n, key = math.tointeger(counts[i]), {}
    for _, name in ipairs(grouping.keys) do key[name] = counted:get(i, name) end
    local rows = wrap(sorted:slice(first, n))
    first = first + n
    return key, rows
  end
end

handle.metas.grouping.__tostring = function(self)
  local grouping = handle.unwrap_grouping(self)
  return ("grouping by %s of %d rows; agg, count, quantile, first, last, head and each say more")
    :format(#grouping.keys > 0 and table.concat(grouping.keys, ", ") or "nothing",
      grouping.core:nrow())
end

return handle
