-- What readers of result files share: JSON files, values that may be missing, columns.
--
-- A reader takes a file as it comes: what is of the wrong type is a null, what is not the format at
-- all is one line that says what was expected.

local cjson = require "cjson"
local handle = require "benchrun.frame.handle"
local lists = require "benchrun.lists"
local make = require "benchrun.frame.make"
local sys = require "benchrun.core.sys"

local reading = {}

--- nil, message, "parse" for a file that is not what a reader wants.
function reading.refuse(path, expected, found)
  return nil, ("%s: %s expected%s"):format(path, expected, found and ", " .. found or ""), "parse"
end

--- The value of a JSON file, or nil, message, code. expected: the format, for the message.
function reading.json(path, expected)
  local bytes, message, code = sys.read_file(path)
  if not bytes then return nil, message, code end
  local ok, value = pcall(cjson.decode, bytes)
  if ok and type(value) == "table" then return value end
  return reading.refuse(path, expected, ok and "got JSON of another kind"
    or "it is no JSON: " .. tostring(value))
end

-- What JSON writers put where a number can't be written.
local WORDS = { nan = 0 / 0, inf = math.huge, ["+inf"] = math.huge, ["-inf"] = -math.huge,
  infinity = math.huge, ["-infinity"] = -math.huge }

--- A number of a decoded value times a factor, or nil.
function reading.number(value, factor)
  if type(value) == "string" then value = WORDS[value:lower()] or tonumber(value) end
  return type(value) == "number" and value * (factor or 1.0) or nil
end

--- A whole number of a decoded value, or nil.
function reading.whole(value)
  return type(value) == "number" and math.tointeger(value) or nil
end

--- A text of a decoded value, or nil.
function reading.text(value) return type(value) == "string" and value or nil end

--- A table of a decoded value, or an empty one.
function reading.table(value) return type(value) == "table" and value or {} end

--- Seconds of a unit of time, or nil.
reading.seconds = { ns = 1e-9, us = 1e-6, ["µs"] = 1e-6, ms = 1e-3, s = 1.0, min = 60.0,
  hr = 3600.0, day = 86400.0 }

-- The type of values of which only what they look like is known: numbers, or texts of numbers.
local function type_of(values, n)
  local kind
  for i = 1, n do
    local value = values[i]
    if value ~= nil then
      local number = type(value) ~= "boolean" and tonumber(value)
      if not number or tostring(value):find "[xXpP]" then return "string" end
      kind = kind ~= "f64" and math.tointeger(number) and "i64" or "f64"
    end
  end
  return kind or "string"
end

local function converted(value, kind)
  if value == nil then return nil end
  if kind == "string" then
    local whole = math.type(value) == "float" and math.tointeger(value)
    return tostring(whole or value)
  end
  return kind == "i64" and math.tointeger(tonumber(value)) or tonumber(value)
end

local function loose_spec(name, rows)
  local values = {}
  for i, row in ipairs(rows) do
    local value = row.more and row.more[name]
    if type(value) ~= "table" and type(value) ~= "userdata" then values[i] = value end
  end
  local kind = type_of(values, #rows)
  for i = 1, #rows do values[i] = converted(values[i], kind) end
  return { name = name, type = kind, values = values, n = #rows }
end

-- The names of the rows' `more`, sorted: parameters and counters, which no format knows.
local function loose_names(rows)
  local seen = {}
  for _, row in ipairs(rows) do
    for name, value in pairs(row.more or {}) do
      local fits = type(name) == "string" and not name:find("\0", 1, true)
      if fits and type(value) ~= "table" then seen[name] = true end
    end
  end
  return lists.sorted_keys(seen)
end

--- The frame of rows. columns: an array of { name, type }; where a type is "more", the columns of
--- the rows' field `more` (name → value) stand, of the types that their values look like. One
--- whose name is taken gets `prefix` before it.
function reading.frame(rows, columns, prefix)
  local taken, specs = {}, {}
  for _, column in ipairs(columns) do taken[column[1]] = true end
  for _, column in ipairs(columns) do
    if column[2] == "more" then
      for _, name in ipairs(loose_names(rows)) do
        local spec = loose_spec(name, rows)
        while taken[spec.name] do spec.name = prefix .. spec.name end
        taken[spec.name] = true
        specs[#specs + 1] = spec
      end
    else
      local values = {}
      for i, row in ipairs(rows) do values[i] = row[column[1]] end
      specs[#specs + 1] = { name = column[1], type = column[2], values = values, n = #rows }
    end
  end
  return handle.wrap(make.frame(specs))
end

return reading
