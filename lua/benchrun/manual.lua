-- The topics of `benchrun help TOPIC`: the config's keys, the registered entries and the frame
-- library, from where they are declared, so that no text can be out of date.

local fail = require "benchrun.fail"
local keys = require "benchrun.keys"
local lists = require "benchrun.lists"
local registry = require "benchrun.registry"
local schema = require "benchrun.schema"

local manual = {}

local function value_text(value)
  if type(value) == "string" then return ('"%s"'):format(value) end
  if type(value) ~= "table" then return tostring(value) end
  local parts = {}
  for i, each in ipairs(value) do parts[i] = value_text(each) end
  return #parts > 0 and "{ " .. table.concat(parts, ", ") .. " }" or "{}"
end

local function type_text(field)
  local text = field.type:gsub("|", " or ")
  if field.type == "list" and field.of and field.of.type then text = "list of " .. field.of.type end
  if field.required then return text .. ", required" end
  if field.default == nil or field.fields then return text end
  return text .. ", default " .. value_text(field.default)
end

local function choices_text(field)
  local choices = field.choices or field.of and field.of.choices
  return choices and " (" .. table.concat(choices, ", ") .. ")" or ""
end

local function add_fields(lines, fields, prefix)
  for _, field in ipairs(fields) do
    local name = prefix .. field.name
    lines[#lines + 1] = ("%s — %s"):format(name, type_text(field))
    lines[#lines + 1] = ("    %s%s"):format(field.help or "", choices_text(field))
    if field.option then
      lines[#lines + 1] = "    option: " .. field.option.flags:gsub(" ", ", ")
    end
    if field.fields and not field.repeats then add_fields(lines, field.fields, name .. ".") end
    if field.of and field.of.fields then
      add_fields(lines, field.of.fields, name .. (field.type == "list" and "[]." or ".NAME."))
    end
  end
  return lines
end

--- The config's keys as text.
function manual.config()
  local lines = add_fields({}, keys, "")
  return "A config is a Lua script that returns benchrun.config { key = value, … }. Its keys:\n\n"
    .. table.concat(lines, "\n") .. "\n"
end

local function entries(kind)
  local known, lines = registry.new(nil), {}
  for _, name in ipairs(known:names(kind)) do
    local entry = known:get(kind, name)
    lines[#lines + 1] = ("%-22s %s"):format(name, entry.help)
    for _, option in ipairs(kind == "readers" and entry.options or {}) do
      lines[#lines + 1] = ("    %s (%s): %s%s"):format(option.name, type_text(option), option.help,
        choices_text(option))
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

-- Topics of their own; what they need is loaded when they are asked for.
local TOPICS = {
  config = manual.config,
  repl = function() return require("benchrun.repl.manual").text() end,
  frame = function() return require("benchrun.frame.manual").text() end,
  stats = function() return require("benchrun.frame.manual").stats() end,
}

--- The text of a topic. Unknown: a usage error.
function manual.topic(name)
  if TOPICS[name] then return TOPICS[name]() end
  local topics = registry.kinds()
  if lists.contains(topics, name) then return entries(name) end
  for topic in pairs(TOPICS) do topics[#topics + 1] = topic end
  table.sort(topics)
  fail.usage("no help on '%s'%s", name, schema.suggestion(name, topics))
end

return manual
