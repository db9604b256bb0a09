-- The frame library's manual, made from its docstrings.

local core_expr = require "benchrun.core.expr"
local docs = require "benchrun.docs"
local paths = require "benchrun.paths"
local registry = require "benchrun.registry"
local stats = require "benchrun.stats"

local manual = {}

local CHAPTERS = {
  { "Making frames", "make", "csv", "json", "read", "column" },
  { "Looking at them, their columns and rows", "basics", "display" },
  { "New columns, order, joins, shapes", "query" },
  { "Groups", "group" },
  { "Summaries", "describe" },
  { "Along a column", "window" },
  { "Writing", "write" },
}

-- The functions that have docstrings of their own making, sorted: stats.mean and the like.
local function kernel_entries()
  local entries = {}
  for i, kernel in ipairs(stats.list()) do entries[i] = docs.of(stats[kernel.name]) end
  return entries
end

-- What a column's methods are beside those of its own.
local KERNELS = [[
Every kernel is a function of `benchrun.stats`, a method of columns (`f:col("a"):median()`) and a
word for `agg`, `pivot` and `rolling`. Nulls don't count.]]

-- What can be said in an expression; the words of core/expr/expr.h in short.
local EXPRESSIONS = [[
`f:filter`, `f:with`, `f:eval` and `agg` take expressions as text, in the syntax of Lua. A column
stands for itself by its name; one whose name is no word of Lua is written in backquotes, or as
`col("any name")`. Values are numbers, texts, `true`, `false` and `nil`; operators are those of Lua
with their precedence. `+ - * // %` of two i64 give i64 (an overflow is an error), `/` and `^` give
f64; `..` joins texts; a text beside a timestamp is read as one, and timestamps differ in seconds.

A null makes a null of what it is in, but `x == nil` and `x ~= nil` ask for it, `a or b` takes b
where a is null (or false), null and false is false, and `c and x or y` chooses row by row. NaN is a
number like any other: `x ~= x` finds it. A filter keeps the rows where it is true. Functions are
called as `f(x)` or `x:f()`:]]

--- The functions of expressions: entries as docs.of gives them.
function manual.functions()
  local entries = {}
  for i, each in ipairs(core_expr.functions()) do
    entries[i] = { name = each.name, signature = each.name .. each.signature, text = each.help,
      examples = {} }
  end
  return entries
end

local function reader_lines()
  local known, lines = registry.new(nil), {}
  for i, name in ipairs(known:names "readers") do
    lines[i] = ("- `%s`: %s"):format(name, known:get("readers", name).help)
  end
  return table.concat(lines, "\n")
end

local function statistics()
  return { title = "Statistics", text = KERNELS, paths = { paths.modules .. "/stats.lua" },
    entries = kernel_entries() }
end

local function parts()
  local list = {}
  for i, chapter in ipairs(CHAPTERS) do
    local files = {}
    for k = 2, #chapter do
      files[k - 1] = ("%s/frame/%s.lua"):format(paths.modules, chapter[k])
    end
    list[i] = { title = chapter[1], paths = files }
  end
  list[#list + 1] = { title = "Expressions", text = EXPRESSIONS, entries = manual.functions() }
  list[#list + 1] = statistics()
  list[#list + 1] = { title = "Readers", text = reader_lines() }
  return list
end

local HEAD = [[
# Frames: the manual

Made by scripts/gen-manual from the docstrings in lua/benchrun/frame; every example is run by a
test. In a script `local frame = require "benchrun.frame"` and `local stats = require
"benchrun.stats"`; in `benchrun repl` both are there. `f` is a frame, `c` a column, `g` a grouping.

A frame never changes: every operation returns another. Rows count from 1, nulls are nil. What fails
for a reason outside of the script (files) returns nil, a message and a code; mistakes in the script
raise one line with its place.

## Nulls and NaN

A null says that there is no value; NaN is a value of f64, what 0 / 0 gives. They are kept apart:

| where | a null | NaN |
|---|---|---|
| in Lua, CSV, JSON | `nil`, an empty cell, `null` | `0 / 0`, `nan`, `null` |
| sort | last, in either direction | before the nulls, in either direction |
| group_by, distinct, value_counts | a key like any other | one key; 0 and -0 are one too |
| join | matches nothing | matches NaN |
| pivot | a row; a column `null` | a row; a column `nan` |
| kernels | doesn't count | counts, and most give NaN |
| kernels of nothing but nulls | NaN, 0 of count and nunique, null of first, texts and times | |
| rolling, ewm, running | null or skipped, see `min` | in the window it makes NaN |
| rank | null | last, in either direction |
| fill | filled | filled |
| interpolate | filled | stays |
| expressions | null; `x == nil` finds it | `x ~= x` finds it; comparisons are false |

Kernels compute in f64: whole numbers beyond 2^53 are rounded to it before they are summed.
Sorting, keys, joins, filters, `first`, cumsum, running, shift and diff are exact over i64, and
raise where a result would not fit.

]]

--- The manual as Markdown.
function manual.markdown() return HEAD .. docs.markdown(parts()) end

--- The manual as text for a terminal.
function manual.text() return docs.plain(parts()) end

--- The part on statistics as text for a terminal.
function manual.stats() return docs.plain { statistics() } end

return manual
