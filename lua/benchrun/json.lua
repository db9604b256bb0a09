-- JSON text of Lua values: readable, always in the same order, and valid whatever the data holds.
--
-- Lua's tables don't say whether an empty one is a list, nor in which order keys stand. So lists
-- are made with json.list, objects of known members with json.object; any other table is an object
-- whose keys are sorted. JSON (RFC 8259) has no NaN or infinity: these are null. It is UTF-8: a
-- string that is not is shown with its invalid bytes as \xff.

local cjson = require "cjson"
local lists = require "benchrun.lists"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local json = {}

local List, Object = {}, {}

--- A list for json.encode, of items or of what convert (may be nil) makes of each; none may be nil.
function json.list(items, convert)
  local values = {}
  for i, item in ipairs(items) do
    if convert then values[i] = convert(item) else values[i] = item end
  end
  return setmetatable({ values = values }, List)
end

--- An object for json.encode with the members of `names` in that order. values: name → value; what
--- is nil becomes null.
function json.object(names, values)
  return setmetatable({ names = names, values = values }, Object)
end

-- Scalars -----------------------------------------------------------------------------------------

local scalar = {}

-- "/" needs no escape, and paths are easier to read and to search for without.
function scalar.string(value)
  if not utf8.len(value) then value = text.clean(value) end
  return (cjson.encode(value):gsub("\\/", "/"))
end

function scalar.number(value)
  if math.type(value) == "integer" then return ("%d"):format(value) end
  local is_finite = value - value == 0
  return is_finite and sys.number_text(value) or "null"
end

scalar.boolean = tostring
scalar["nil"] = function() return "null" end

-- Containers --------------------------------------------------------------------------------------

-- What is written so far, and the text of each string: the same names come again and again.
local Writer = {}
Writer.__index = Writer

function Writer:put(piece) self[#self + 1] = piece end

function Writer:scalar(value)
  local kind = type(value)
  if kind ~= "string" then return assert(scalar[kind], kind .. " in JSON")(value) end
  local known = self.known[value]
  if not known then
    known = scalar.string(value)
    self.known[value] = known
  end
  return known
end

local LIST = { open = "[", close = "]" }
local OBJECT = { open = "{", close = "}" }

-- The values of a container, their keys in order, and how it is written.
local function members(container)
  local kind, values = getmetatable(container), container.values
  if kind == Object then return values, container.names, OBJECT end
  if kind ~= List then return container, lists.sorted_keys(container), OBJECT end
  local keys = {}
  for i = 1, #values do keys[i] = i end
  return values, keys, LIST
end

local function is_flat(values, keys)
  for _, key in ipairs(keys) do
    if type(values[key]) == "table" then return false end
  end
  return true
end

-- A container without others in it takes one line. indent: the line end and blanks before it.
function Writer:container(container, indent)
  local values, keys, form = members(container)
  if #keys == 0 then return self:put(form.open .. form.close) end
  local flat = is_flat(values, keys)
  local before = flat and " " or indent .. "  "
  self:put(form.open .. before)
  for i, key in ipairs(keys) do
    if i > 1 then self:put("," .. before) end
    if form == OBJECT then self:put(self:scalar(key) .. ": ") end
    self:value(values[key], before)
  end
  self:put((flat and " " or indent) .. form.close)
end

function Writer:value(value, indent)
  if type(value) == "table" then return self:container(value, indent) end
  self:put(self:scalar(value))
end

--- The JSON text of a value: nil, a boolean, a number, a string, json.list, json.object, or a table
--- with strings as keys. Ends with a line end.
function json.encode(value)
  local writer = setmetatable({ known = {} }, Writer)
  writer:value(value, "\n")
  writer:put("\n")
  return table.concat(writer)
end

return json
