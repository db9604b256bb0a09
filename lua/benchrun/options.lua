-- Command-line options made from the config's keys: each key that has an `option` gets one, so that
-- a key and its option can't drift apart. An option says
--   flags       its names, the first is shown: "--dtypes --dtype"
--   metavar     what stands for its value in the help; without: a flag that sets true
--   split       the value is parted at blanks
--   sets        for a flag: the config keys it sets instead
--   shorthands  further flags → table of config keys they set; they exclude each other

local keys = require "benchrun.keys"
local lists = require "benchrun.lists"
local words = require "benchrun.words"

local options = {}

-- The config keys that the options parsed so far set.
local function overrides_of(result)
  result.overrides = result.overrides or {}
  return result.overrides
end

local function append_all(into, key, values)
  into[key] = into[key] or {}
  table.move(values, 1, #values, #into[key] + 1, into[key])
end

-- What an option does with its value: keeps it among the overrides, in the key's type.
local function keeper(field)
  return function(result, _, value)
    local overrides = overrides_of(result)
    if field.type == "list" then
      append_all(overrides, field.name, field.option.split and words.split(value) or { value })
    else
      overrides[field.name] = value
    end
  end
end

local CONVERT = {
  number = { tonumber, "a number" },
  integer = { function(text) return math.tointeger(tonumber(text)) end, "a whole number" },
}

local function converter(field)
  local convert, what = table.unpack(CONVERT[field.type])
  return function(text)
    local value = convert(text)
    if value then return value end
    return nil, ("%s: %s expected, got '%s'"):format(field.option.flags:match("%S+"), what, text)
  end
end

-- What the help says of an option: also its other names, what it takes, and that it repeats.
local function description(field, others, choices)
  local more = {}
  if others ~= "" then more[1] = "also " .. others end
  if choices then more[#more + 1] = "one of " .. table.concat(choices, ", ") end
  if field.type == "list" then more[#more + 1] = "may be given several times" end
  return field.help .. (more[1] and " (" .. table.concat(more, "; ") .. ")" or "")
end

local function add_valued(parser, field)
  local flag, others = field.option.flags:match("(%S+)%s*(.*)")
  local choices = field.choices or field.of and field.of.choices
  local option = parser:option(flag, description(field, others, choices))
  option:argname(field.option.metavar)
  if others ~= "" then option:hidden_name(others) end
  option:action(keeper(field))
  if CONVERT[field.type] then option:convert(converter(field)) end
  if field.type == "list" then option:count("*") end
  if choices then option:choices(choices) end
end

local function add_flag(parser, name, help, values)
  return parser:flag(name, help):action(function(result)
    lists.put_all(overrides_of(result), values)
  end)
end

local function add_shorthands(parser, field)
  local flags, shorthands = {}, field.option.shorthands
  for i, name in ipairs(lists.sorted_keys(shorthands)) do
    local sets = shorthands[name]
    flags[i] = add_flag(parser, name, ("the same as --%s %s"):format(field.name, sets[field.name]),
      sets)
  end
  parser:mutex(table.unpack(flags))
end

--- Adds the options of all config keys to a parser. The parse result's `overrides` then holds the
--- config keys that were given; it is nil when none was.
function options.add(parser)
  for _, field in ipairs(keys) do
    local option = field.option
    if option and option.metavar then
      add_valued(parser, field)
    elseif option then
      add_flag(parser, option.flags, option.help or field.help,
        option.sets or { [field.name] = true })
    end
    if option and option.shorthands then add_shorthands(parser, field) end
  end
end

--- The arguments with "-" for "_" in the names of long options: --output_dir is --output-dir.
function options.normalize(arguments)
  local list = {}
  for i, word in ipairs(arguments) do
    local name, rest = word:match("^(%-%-[^=]+)(.*)$")
    list[i] = name and name:gsub("_", "-") .. rest or word
  end
  return list
end

return options
