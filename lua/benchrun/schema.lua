-- Checks tables against a description of their fields, and merges them as it says.
--
-- A schema is a list of fields. A field is a table:
--   name     the key
--   type     "string" "number" "integer" "boolean" "function" "table" "list" "any"; "a|b": either
--   of       for lists and tables: the field description (without name) of every element
--   fields   for tables with known keys: a schema of its own
--   choices  the allowed values
--   min, max the least and the greatest number allowed; none may be infinite or NaN
--   filled   an empty string or list is a problem
--   nul      a string may hold a NUL; without it, none may: it would end early in a command
--   keyed    for tables with `of`: what a key is, a key of KEYS; without it a "name"
--   default  the value if absent
--   required absent is a problem
--   rows     for tables: an element replaces the inherited one as a whole (a row); without it,
--            tables merge key by key. Lists always replace.
--   repeats  for fields that repeat what stands above them: help leaves them out
--   help     one line for people
--   option   how the command line sets it, see options.lua

local lists = require "benchrun.lists"
local sys = require "benchrun.core.sys"

local schema = {}

local function is_list(value)
  if type(value) ~= "table" then return false end
  local n = #value
  for key in pairs(value) do
    if math.type(key) ~= "integer" or key < 1 or key > n then return false end
  end
  return true
end

local MATCHES = {
  any = function() return true end,
  integer = function(value) return math.type(value) == "integer" end,
  list = is_list,
}

local function matches(kind, value)
  local test = MATCHES[kind]
  if test then return test(value) end
  return type(value) == kind
end

--- True if a value is of a field's type ("string|function").
function schema.has_type(type_names, value)
  for kind in type_names:gmatch("[^|]+") do
    if matches(kind, value) then return true end
  end
  return false
end

local TYPES = lists.set { "string", "number", "integer", "boolean", "function", "table", "list",
  "any" }

--- True if a text is what a field's type may say.
function schema.is_type(type_names)
  for kind in (type_names .. "|"):gmatch("([^|]*)|") do
    if not TYPES[kind] then return false end
  end
  return true
end

local function article(type_names)
  local text = type_names:gsub("|", " or ")
  return (text:find("^[aeio]") and "an " or "a ") .. text
end

--- A value for a message: short, on one line.
function schema.describe(value)
  if type(value) == "string" then return (("%q"):format(value:sub(1, 80)):gsub("\n", "n")) end
  if type(value) == "number" or type(value) == "boolean" then return tostring(value) end
  return is_list(value) and "a list" or article(type(value))
end

local function extended(key_path, key)
  local longer = table.move(key_path, 1, #key_path, 1, {})
  longer[#longer + 1] = key
  return longer
end

--- "suite_table.kernels[2]": a key path for people.
function schema.path_text(key_path)
  local text = ""
  for _, key in ipairs(key_path) do
    if math.type(key) == "integer" then text = text .. "[" .. key .. "]"
    else text = text .. (text == "" and "" or ".") .. tostring(key) end
  end
  return text
end

local NAMES_MAX = 12 -- in a message

local function some_of(names)
  if #names <= NAMES_MAX then return table.concat(names, ", ") end
  return ("%s, … (%d more)"):format(table.concat(names, ", ", 1, NAMES_MAX), #names - NAMES_MAX)
end

--- "; did you mean 'y'?" or, where none is near, "; known are a, b": the tail of a message on an
--- unknown name. With list_all both. No more than 12 names are listed.
function schema.suggestion(name, known, list_all)
  local near = sys.nearest(tostring(name), known)
  local list = "nown are " .. some_of(known)
  if near then return ("; did you mean '%s'?%s"):format(near, list_all and " K" .. list or "") end
  return #known > 0 and "; k" .. list or ""
end

local check_value

--- The field of that name, or nil.
function schema.find(fields, name)
  for _, field in ipairs(fields) do
    if field.name == name then return field end
  end
end

-- What the keys of a table may be: a test, and what is expected.
local KEYS = {
  name = { test = function(key) return type(key) == "string" end, expected = "a name as key" },
  variable = { expected = "the name of a variable as key",
    test = function(key) return type(key) == "string" and key:find("^[^=%z]+$") ~= nil end },
}

local function check_key(field, key, key_path)
  local rule = KEYS[field.keyed or "name"]
  if rule.test(key) then return end
  return extended(key_path, key), ("%s: %s expected, got %s"):format(
    schema.path_text(key_path), rule.expected, schema.describe(key))
end

-- The first problem among the known keys of a table: key path and message, or nil.
local function check_fields(fields, value, key_path)
  local text = schema.path_text(key_path)
  local prefix = text == "" and "" or text .. ": "
  for _, key in ipairs(lists.sorted_keys(value)) do
    local field, longer = schema.find(fields, key), extended(key_path, key)
    if not field then
      return longer, ("%sunknown key '%s'%s"):format(prefix, tostring(key),
        schema.suggestion(key, lists.pluck(fields, "name")))
    end
    local where, problem = check_value(field, value[key], longer)
    if where then return where, problem end
  end
  for _, field in ipairs(fields) do
    if field.required and value[field.name] == nil then
      return key_path, ("%skey '%s' is missing"):format(prefix, field.name)
    end
  end
end

local function check_elements(field, value, key_path)
  local is_keyed = not (field.type:find("list", 1, true) and is_list(value))
  for _, key in ipairs(lists.sorted_keys(value)) do
    local where, problem
    if is_keyed then where, problem = check_key(field, key, key_path) end
    if where then return where, problem end
    where, problem = check_value(field.of, value[key], extended(key_path, key))
    if where then return where, problem end
  end
end

local EXPECTED = {} -- by Lua type: what is expected instead of a value, or nil where it is right

function EXPECTED.number(field, value)
  if field.min and (value < field.min or value ~= value) then return "at least " .. field.min end
  if field.max and value > field.max then return "at most " .. field.max end
  if value ~= value or value - value ~= 0 then return "a finite number" end
end

function EXPECTED.string(field, value)
  if field.filled and value == "" then return "a text that is not empty" end
  if not field.nul and value:find("\0", 1, true) then return "a text without a NUL byte" end
end

function EXPECTED.table(field, value)
  if field.filled and next(value) == nil then return "a list that is not empty" end
end

local function check_limits(field, value, key_path)
  if field.choices and not lists.contains(field.choices, value) then
    return key_path, ("%s: %s is not allowed%s"):format(schema.path_text(key_path),
      schema.describe(value), schema.suggestion(value, field.choices, true))
  end
  local test = EXPECTED[type(value)]
  local expected = test and test(field, value)
  if expected then
    return key_path, ("%s: %s expected, got %s"):format(schema.path_text(key_path), expected,
      schema.describe(value))
  end
end

function check_value(field, value, key_path)
  if not schema.has_type(field.type, value) then
    return key_path, ("%s: %s expected, got %s"):format(schema.path_text(key_path),
      article(field.type), schema.describe(value))
  end
  local where, problem = check_limits(field, value, key_path)
  if where or type(value) ~= "table" then return where, problem end
  if field.fields then return check_fields(field.fields, value, key_path) end
  if field.of then return check_elements(field, value, key_path) end
end

--- Checks a table against a schema. Returns nil, or the key path of the first problem and its
-- message.
function schema.check(fields, value) return check_fields(fields, value, {}) end

--- As schema.check for one value; key_path is where it stands.
function schema.check_value(field, value, key_path) return check_value(field, value, key_path) end

--- A table with the default of every field that has one.
function schema.defaults(fields)
  local value = {}
  for _, field in ipairs(fields) do value[field.name] = field.default end
  return value
end

local merge_fields

local function merge_value(field, old, new)
  if type(new) ~= "table" or type(old) ~= "table" or (is_list(new) and #new > 0) then return new end
  if not field.type:find("table", 1, true) then return new end
  if field.fields then return merge_fields(field.fields, old, new) end
  local merged = lists.put_all({}, old)
  for key, value in pairs(new) do
    if field.of and not field.rows then merged[key] = merge_value(field.of, old[key], value)
    else merged[key] = value end
  end
  return merged
end

function merge_fields(fields, old, new)
  local merged = {}
  for _, field in ipairs(fields) do
    local a, b = old[field.name], new[field.name]
    if b == nil then merged[field.name] = a else merged[field.name] = merge_value(field, a, b) end
  end
  return merged
end

--- old with new over it: lists and rows replace, tables merge. Neither is changed.
function schema.merge(fields, old, new) return merge_fields(fields, old, new) end

return schema
