-- Command-line options made from the config's keys: each key that has an `option` gets one, so that
-- a key and its option can't drift apart. An option says
--   flags       its names, the first is shown: "--dtypes --dtype"
--   metavar     what stands for its value in the help; without: a flag that sets true
--   split       the value is parted into words as a shell would; the last one given counts
--   is_command  split, but the path of a program that is there is one word, blanks and all
--   sets        for a flag: the config keys it sets instead
--   is_mode     the modes get flags of their own, which exclude each other: --inference
-- The fields of a table may have options too.

local keys = require "benchrun.keys"
local lists = require "benchrun.lists"
local words = require "benchrun.words"

local options = {}

-- The config keys that the options parsed so far set.
local function overrides_of(result)
  result.overrides = result.overrides or {}
  return result.overrides
end

-- Puts values into a table, within its tables too; lists replace.
local function put(into, values)
  for key, value in pairs(values) do
    if type(value) == "table" and type(into[key]) == "table" and #value == 0 and next(value) then
      put(into[key], value)
    elseif type(value) == "table" and #value == 0 and next(value) then
      into[key] = {}
      put(into[key], value)
    else
      into[key] = value
    end
  end
end

local function append(into, key, value)
  into[key] = into[key] or {}
  table.insert(into[key], value)
end

-- The table among the overrides that holds the key.
local function holder(overrides, outer)
  if not outer then return overrides end
  overrides[outer] = overrides[outer] or {}
  return overrides[outer]
end

-- What an option does with its value: keeps it among the overrides, in the key's type. outer: the
-- key of the table that the field is in, if any.
local function keeper(field, outer)
  return function(result, _, value)
    local into = holder(overrides_of(result), outer)
    if field.type:find("list", 1, true) and not field.option.split then
      append(into, field.name, value)
    else
      into[field.name] = value
    end
  end
end

-- Decimal digits, which "_" may part.
local function whole_number(text)
  local digits = text:match("^%s*([+-]?%d[%d_]*)%s*$")
  return digits and math.tointeger(tonumber((digits:gsub("_", "")))) or nil
end

local function command_words(text)
  if require("benchrun.programs").find(text) then return { text } end
  return words.shell_split(text)
end

local CONVERT = {
  number = { tonumber, "a number" },
  integer = { whole_number, "a whole number" },
}

local function converter(field)
  local flag = field.option.flags:match("%S+")
  if field.option.split then
    local split = field.option.is_command and command_words or words.shell_split
    return function(text)
      local list, problem = split(text)
      return list, problem and ("%s: %s in %s"):format(flag, problem, text)
    end
  end
  local convert, what = table.unpack(CONVERT[field.type])
  return function(text)
    local value = convert(text)
    if value then return value end
    return nil, ("%s: %s expected, got '%s'"):format(flag, what, text)
  end
end

-- What the help says of an option: also its other names, what it takes, and that it repeats.
local function description(field, others, choices)
  local more = {}
  if others ~= "" then more[1] = "also " .. others end
  if choices then more[#more + 1] = "one of " .. table.concat(choices, ", ") end
  if field.type == "list" and not field.option.split then
    more[#more + 1] = "may be given several times"
  end
  return field.help .. (more[1] and " (" .. table.concat(more, "; ") .. ")" or "")
end

local function add_valued(parser, field, outer)
  local flag, others = field.option.flags:match("(%S+)%s*(.*)")
  local choices = field.choices or field.of and field.of.choices
  local option = parser:option(flag, description(field, others, choices))
  option:argname(field.option.metavar)
  if others ~= "" then option:hidden_name(others) end
  option:action(keeper(field, outer))
  if CONVERT[field.type] or field.option.split then option:convert(converter(field)) end
  if field.type == "list" then option:count("*") end
  if choices then option:choices(choices) end
end

local function add_flag(parser, flags, help, values)
  local flag, others = flags:match("(%S+)%s*(.*)")
  local option = parser:flag(flag, help):action(function(result)
    put(overrides_of(result), values)
  end)
  if others ~= "" then option:hidden_name(others) end
  return option
end

local function add_option(parser, field, outer)
  local option = field.option
  if option.metavar then return add_valued(parser, field, outer) end
  local values = { [field.name] = true }
  if outer then values = { [outer] = values } end
  add_flag(parser, option.flags, option.help or field.help, option.sets or values)
end

-- Options with the flags that are still free. taken: flags that have one already.
local function claim(taken, flags)
  local free = {}
  for flag in flags:gmatch("%S+") do
    if not taken[flag] then free[#free + 1] = flag end
    taken[flag] = true
  end
  return free[1] and table.concat(free, " ")
end

-- Calls visit with every field that has an option, and the key of the table that it is in.
local function each_option(fields, visit)
  for _, field in ipairs(fields) do
    if field.option then visit(field) end
    for _, inner in ipairs(not field.repeats and field.fields or {}) do
      if inner.option then visit(inner, field.name) end
    end
  end
end

-- field → its flags, without those that somebody else has. Of one that several want a config's own
-- key gets it before ours does. Fields that get none are left out.
local function flags_by_field(fields, taken)
  local flags = {}
  for _, is_declared in ipairs { true, false } do
    each_option(fields, function(field)
      if (field.is_declared or false) == is_declared then
        flags[field] = claim(taken, field.option.flags)
      end
    end)
  end
  return flags
end

local function add_modes(parser, modes, taken)
  local flags = {}
  for _, mode in ipairs(modes or {}) do
    if claim(taken, "--" .. mode) then
      flags[#flags + 1] = add_flag(parser, "--" .. mode, "the same as --mode " .. mode,
        { mode = mode })
    end
  end
  if #flags > 0 then parser:mutex(table.unpack(flags)) end
end

--- Adds the options of config keys to a parser. fields: the keys (nil: ours); modes: names of modes
--- that get flags; taken: flags that the parser has, as keys. The parse result's `overrides` then
--- holds the config keys that were given; it is nil when none was.
function options.add(parser, fields, modes, taken)
  taken = taken or {}
  local flags = flags_by_field(fields or keys, taken)
  each_option(fields or keys, function(field, outer)
    if not flags[field] then return end
    local option = lists.put_all(lists.put_all({}, field.option), { flags = flags[field] })
    add_option(parser, lists.put_all(lists.put_all({}, field), { option = option }), outer)
    if option.is_mode then add_modes(parser, modes, taken) end
  end)
end

-- Words as written --------------------------------------------------------------------------------

-- flag → { field =, is_declared =, takes = whether it takes a value }.
local function known_flags(fields, modes)
  local known = {}
  each_option(fields or keys, function(field)
    for flag in field.option.flags:gmatch("%S+") do
      if not known[flag] or field.is_declared then
        known[flag] = { field = field, is_declared = field.is_declared or false,
          takes = field.option.metavar ~= nil }
      end
    end
  end)
  for _, mode in ipairs(modes or {}) do
    local flag = "--" .. mode
    known[flag] = known[flag] or { field = flag, is_declared = true, takes = false }
  end
  return known
end

-- The options that a word begins: those of a config's own keys, else ours. A list of flags, one a
-- field.
local function begun_by(word, known, is_declared)
  local flags, fields = {}, {}
  for flag, option in pairs(known) do
    local field = option.field
    if option.is_declared == is_declared and flag:sub(1, #word) == word and not fields[field] then
      flags[#flags + 1], fields[field] = flag, true
    end
  end
  return flags
end

-- The only known flag that a word begins, or the word.
local function completed(word, known)
  if known[word] then return word end
  local own, ours = begun_by(word, known, true), begun_by(word, known, false)
  local list = #own > 0 and own or ours
  return #list == 1 and list[1] or word
end

-- True for a value that the parser would take for an option: "-k x", "-5".
local function looks_like_option(value)
  return value ~= nil and (value:find("^%-.*%s") or value:find("^%-[%d.]")) ~= nil
end

-- What an argument is for the parser: its words, and whether the next argument is among them.
local function settled(word, following, known)
  local name, rest = word:match("^(%-%-[^=]+)(.*)$")
  local flag = name and completed(name:gsub("_", "-"), known) or word
  local option = known[flag]
  if option and option.takes and (rest or "") == "" and looks_like_option(following) then
    return { flag .. (name and "=" or "") .. following }, true
  end
  local short, value = word:match("^(%-%a)=(.*)$")
  if short then return { short, value } end
  return { flag .. (rest or "") }
end

--- The arguments as the parser takes them: "-" for "_" in the names of long options
--- (--output_dir), names that are cut short in full where they can mean but one, -t=4 as -t 4, and
--- a value that begins with a dash and holds a blank or is a number with its option: --extra-args
--- "-k x". others: flags of the parser that no key has, none of which takes a value.
function options.normalize(arguments, fields, modes, others)
  local known, list, i = known_flags(fields, modes), {}, 1
  for flag in pairs(others or {}) do
    known[flag] = { field = flag, is_declared = true, takes = false }
  end
  while i <= #arguments do
    local made, is_joined = settled(arguments[i], arguments[i + 1], known)
    table.move(made, 1, #made, #list + 1, list)
    i = i + (is_joined and 2 or 1)
  end
  return list
end

--- The positions of arguments that may be the config's path: neither options nor, as far as can be
--- told without the config's own options, their values. The likeliest come first.
function options.candidates(arguments)
  local known, sure, maybe = known_flags(), {}, {}
  for i, word in ipairs(arguments) do
    local before = (arguments[i - 1] or ""):gsub("_", "-")
    local option = known[before]
    if word:sub(1, 1) ~= "-" and not (option and option.takes) then
      local into = before:find("^%-") and not option and maybe or sure
      into[#into + 1] = i
    end
  end
  return table.move(maybe, 1, #maybe, #sure + 1, sure)
end

return options
