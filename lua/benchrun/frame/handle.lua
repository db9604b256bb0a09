-- Frames and columns as scripts hold them: tables around the core's userdata, which no script
-- sees. The methods of each class are put into its table by the files of this folder.

local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"
local sys = require "benchrun.core.sys"

local handle = {}

local CORE = {} -- the key of the core's userdata
local NAME = {} -- the key of what a column is called

-- What the collector can't see: a frame of a gigabyte is a few bytes of Lua's memory. So the sizes
-- of what is made are added up, and from time to time all that nobody holds goes; but not so often
-- that it takes more than a tenth of the time.
local COLLECT_AFTER = 256 << 20
local BYTES_OF_CELL = 8
local REST = 9 -- times as long as a collection took
local pressure, not_before = 0, 0

local function feel(cells)
  pressure = pressure + cells * BYTES_OF_CELL
  if pressure < COLLECT_AFTER then return end
  local before = sys.monotonic()
  if before < not_before then return end
  collectgarbage()
  local after = sys.monotonic()
  pressure, not_before = 0, after + REST * (after - before)
end

-- How the methods of a class are reached from a frame.
local REACHED = { frame = "f:%s(…)", column = "f:col(name):%s()", grouping = "f:group_by(…):%s(…)" }

-- How an example calls a value of a class.
local LETTERS = { frame = "f", column = "c", grouping = "g" }

-- Words that other libraries have for what a frame or a grouping does.
local WORDS = {
  frame = { aggregate = "group_by", arrange = "sort", assign = "with", astype = "cast",
    column = "col", columns = "names", drop_duplicates = "distinct", dtypes = "types",
    fillna = "fill", groupby = "group_by", len = "nrow", merge = "join", mutate = "with",
    order_by = "sort", pivot_table = "pivot", print = "show", query = "filter",
    sort_by = "sort", sort_values = "sort", unique = "distinct", unpivot = "melt",
    where = "filter" },
  column = { astype = "cast", avg = "mean", fillna = "fill", std = "stddev" },
  grouping = { aggregate = "agg", size = "count", summarise = "agg", summarize = "agg" },
}

local classes = {} -- name → methods

-- What to do in place of calling what a class does not have.
local function advice(self, name, key)
  if name == "frame" and rawget(self, CORE):has(key) then
    return ("; the column of that name is f:col(%q)"):format(key)
  end
  local word = WORDS[name][key]
  if word then return ("; it is %s:%s(…) here"):format(LETTERS[name], word) end
  if name == "grouping" and classes.column[key] then
    return ("; write g:agg{ \"%s(column)\" }"):format(key)
  end
  for _, other in ipairs(lists.sorted_keys(classes)) do
    if classes[other][key] then
      return ("; a %s has: %s"):format(other, REACHED[other]:format(key))
    end
  end
  return mistake.suggestion(key, lists.sorted_keys(classes[name]))
end

-- What to do in place of indexing.
local INDEXED = { frame = "; a row is f:row(i), all of them f:rows()",
  column = "; a value is c:get(i), all of them c:to_table()", grouping = "" }

local OPERATORS = { "add", "sub", "mul", "div", "mod", "pow", "unm", "idiv", "concat", "lt", "le" }

-- Lua's comparisons can't give columns, so no operator does.
local function refuse_operators(meta, name)
  for _, operator in ipairs(OPERATORS) do
    meta["__" .. operator] = function()
      mistake.raise("a %s can't be reckoned with; write an expression: f:with{ r = \"a + b\" }, "
        .. "f:eval \"a + b\" or f:filter \"a > b\"", name)
    end
  end
end

-- A class: its metatable and its table of methods. A method that is not there is a mistake.
local function new_class(name)
  local methods = {}
  local meta = { __name = name, methods = methods }
  classes[name] = methods
  function meta.__index(self, key)
    local method = methods[key]
    if method ~= nil then return method end
    if type(key) ~= "string" then
      mistake.raise("a %s can't be indexed with %s%s", name, mistake.describe(key), INDEXED[name])
    end
    mistake.raise("a %s has no method '%s'%s", name, key, advice(self, name, key))
  end
  function meta.__newindex() mistake.raise("a %s can't be changed", name) end
  refuse_operators(meta, name)
  return meta, methods
end

local frame_meta, Frame = new_class "frame"
local column_meta, Column = new_class "column"
local grouping_meta, Grouping = new_class "grouping"

--- The methods of frames, columns and groupings, by name.
handle.Frame, handle.Column, handle.Grouping = Frame, Column, Grouping

--- Their metatables; the field `methods` holds the methods.
handle.metas = { frame = frame_meta, column = column_meta, grouping = grouping_meta }

--- A frame around one of the core. ncol: how many of its columns are new, by default all.
function handle.wrap(core, ncol)
  feel(#core * (ncol or core:ncol()))
  return setmetatable({ [CORE] = core }, frame_meta)
end

--- A column around one of the core. name: what it is called where it is shown; may be nil. is_new:
--- false where it is a frame's.
function handle.wrap_column(core, name, is_new)
  if is_new ~= false then feel(#core) end
  return setmetatable({ [CORE] = core, [NAME] = name }, column_meta)
end

--- A grouping: what is known of it, by field.
function handle.new_grouping(fields) return setmetatable({ [CORE] = fields }, grouping_meta) end

local function has_meta(value, meta)
  return type(value) == "table" and getmetatable(value) == meta
end

function handle.is_frame(value) return has_meta(value, frame_meta) end
function handle.is_column(value) return has_meta(value, column_meta) end

local function unwrap(value, meta)
  if has_meta(value, meta) then return rawget(value, CORE) end
  local name, letter = meta.__name, LETTERS[meta.__name]
  mistake.raise("a %s expected, got %s; is it %s.method(…) in place of %s:method(…)?", name,
    mistake.describe(value), letter, letter)
end

--- The core's frame in a frame; raises for anything else.
function handle.unwrap(value) return unwrap(value, frame_meta) end

--- The same of an argument. what: what it is, for the message.
function handle.unwrap_argument(what, value)
  if has_meta(value, frame_meta) then return rawget(value, CORE) end
  mistake.raise("%s: a frame expected, got %s", what, mistake.describe(value))
end

--- The core's column in a column; raises for anything else.
function handle.unwrap_column(value) return unwrap(value, column_meta) end

--- The fields of a grouping; raises for anything else.
function handle.unwrap_grouping(value) return unwrap(value, grouping_meta) end

--- What a column is called where it is shown, or nil.
function handle.column_name(column) return rawget(column, NAME) end

--- A column of the core's frame by name; raises for an unknown one.
function handle.column_of(core, name)
  return (core:col(mistake.check_column(core, name)))
end

-- Whether the last of a call's arguments is a table of options: it has no position 1.
local function is_options(value)
  return type(value) == "table" and not getmetatable(value) and #value == 0 and next(value) ~= nil
end

--- The names in a call's arguments: ("a", "b") or { "a", "b" }, each checked to be a column.
function handle.names(core, ...)
  local args, names = { ... }, {}
  if type(args[1]) == "table" and #args == 1 then args = args[1] end
  mistake.check_type("names", "list", args)
  for i, name in ipairs(args) do names[i] = mistake.check_column(core, name) end
  return names
end

--- The same with options behind them or not. Returns the names and the options, or nil.
function handle.names_and_options(core, ...)
  local args = { ... }
  local options = is_options(args[#args]) and table.remove(args) or nil
  return handle.names(core, table.unpack(args)), options
end

return handle
