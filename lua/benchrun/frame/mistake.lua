-- Mistakes in a call of the frame library: one line that begins with the caller's place.
--
-- The place is that of the innermost function that is not the library's own, however deep within
-- the library the mistake is found. The world's failures (files) are no mistakes: they return nil,
-- message, code and never come here.

local lists = require "benchrun.lists"
local paths = require "benchrun.paths"
local schema = require "benchrun.schema"
local text = require "benchrun.text"

local mistake = {}

-- Where the library's own functions stand: as they were required, and as a registry loads them.
local HERE = debug.getinfo(1, "S").source:gsub("frame/mistake%.lua$", "")
local MODULES = "@" .. paths.modules .. "/"

local function is_ours(source)
  return source:sub(1, #HERE) == HERE or source:sub(1, #MODULES) == MODULES
end

--- "file:line: " of the innermost caller that is not of this library, or "".
function mistake.place()
  local level = 2
  while true do
    local info = debug.getinfo(level, "Sl")
    if not info then return "" end
    if info.currentline > 0 and not is_ours(info.source) then
      return ("%s:%d: "):format(info.short_src, info.currentline)
    end
    level = level + 1
  end
end

--- Raises a mistake. message: a string.format pattern with its arguments.
function mistake.raise(message, ...)
  if select("#", ...) > 0 then message = message:format(...) end
  error(mistake.place() .. text.clean(message), 0)
end

local function finish(what, ok, result, message)
  if ok and (result ~= nil or message == nil) then return result end
  local problem = ok and message or result
  if type(problem) ~= "string" then error(problem, 0) end
  mistake.raise("%s%s", what, problem)
end

-- A call without side effects. Where the memory does not suffice, frames that nobody holds may be
-- what fills it, so they go first and it is tried again.
local function attempt(fn, ...)
  local ok, result, message = pcall(fn, ...)
  local problem = not ok and result or result == nil and message
  if type(problem) == "string" and problem:find("out of memory", 1, true) then
    collectgarbage()
    return pcall(fn, ...)
  end
  return ok, result, message
end

--- Calls a function of the core and returns its result; what it raises, or returns as nil, message,
--- code, is a mistake here.
function mistake.call(fn, ...) return finish("", attempt(fn, ...)) end

--- The same; the message begins with what it is about.
function mistake.call_on(what, fn, ...) return finish(what .. ": ", attempt(fn, ...)) end

--- What schema.suggestion says, also of a name with a NUL in it, which is near to none.
function mistake.suggestion(name, known, list_all)
  name = tostring(name)
  return name:find("\0", 1, true) and "" or schema.suggestion(name, known, list_all)
end

--- A value for a message: "a number", 'the text "x"'.
function mistake.describe(value)
  if value == nil then return "nothing" end
  local meta = type(value) == "table" and getmetatable(value)
  if meta and meta.methods then return "a " .. meta.__name end
  if type(value) == "userdata" then return "userdata" end
  return schema.describe(value)
end

--- Raises unless the value is of one of the types ("string|table", see schema.lua).
function mistake.check_type(what, type_names, value)
  if schema.has_type(type_names, value) then return value end
  mistake.raise("%s: %s expected, got %s", what, (type_names:gsub("|", " or ")),
    mistake.describe(value))
end

--- Raises for a value that can't be the path of a file.
function mistake.check_path(what, value)
  mistake.check_type(what, "string", value)
  if value ~= "" and not value:find("\0", 1, true) then return value end
  mistake.raise("%s: the path of a file expected, got %s", what, mistake.describe(value))
end

--- Raises unless the value is a whole number of at least `least`.
function mistake.check_count(what, value, least)
  local whole = type(value) == "number" and math.tointeger(value)
  if whole and whole >= least then return whole end
  mistake.raise("%s: a whole number of at least %d expected, got %s", what, least,
    mistake.describe(value))
end

--- Raises unless the word is one of the list, naming the nearest.
function mistake.check_choice(what, value, choices)
  if lists.contains(choices, value) then return value end
  mistake.raise("%s: %s is not one of its words%s", what, mistake.describe(value),
    mistake.suggestion(value, choices, true))
end

--- The options of a call, checked against a schema; nil stands for none.
function mistake.check_options(fields, options)
  if options == nil then return {} end
  if type(options) ~= "table" or getmetatable(options) then
    mistake.raise("a table of options expected, got %s", mistake.describe(options))
  end
  local _, problem = schema.check(fields, options)
  if problem then mistake.raise("options: %s", problem) end
  return options
end

--- Raises unless a frame of the core has a column of that name, naming the nearest.
function mistake.check_column(core, name)
  if type(name) ~= "string" then
    mistake.raise("the name of a column expected, got %s", mistake.describe(name))
  end
  if not name:find("\0", 1, true) and core:has(name) then return name end
  mistake.raise("no column '%s'%s", name, mistake.suggestion(name, core:names()))
end

return mistake
