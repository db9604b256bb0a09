-- Commands are lists of words. Placeholders in them become words of the cell; shells never see
-- them, except in a script, where every word is quoted.

local lists = require "benchrun.lists"
local schema = require "benchrun.schema"

local words = {}

local function add(list, value)
  if type(value) == "table" then
    for _, each in ipairs(value) do list[#list + 1] = each end
  else
    list[#list + 1] = tostring(value)
  end
end

local function replaced(word, values, unknown)
  return (word:gsub("({?){([%a_][%w_]*)}(}?)", function(before, name, after)
    if before ~= "" and after ~= "" then return "{" .. name .. "}" end
    local value = values[name]
    if value == nil then unknown[#unknown + 1] = name end
    if type(value) == "table" then value = table.concat(value, " ") end
    return before .. tostring(value) .. after
  end))
end

--- Fills placeholders `{name}` from values (strings, numbers, lists). A word that is nothing but a
--- placeholder becomes all words of a list, none if it is empty; within a word a list is joined by
--- blanks. `{{name}}` stands for `{name}` itself. Returns the words, or nil and the name of an
--- unknown placeholder.
function words.expand(template, values)
  local list, unknown = {}, {}
  for _, word in ipairs(template) do
    local whole = word:match("^{([%a_][%w_]*)}$")
    if whole and values[whole] ~= nil then add(list, values[whole])
    else list[#list + 1] = replaced(word, values, unknown) end
  end
  if unknown[1] then return nil, unknown[1] end
  return list
end

--- As words.expand; an unknown placeholder is an error of the config at key_path.
function words.fill(template, values, config, key_path)
  local list, unknown = words.expand(template, values)
  if list then return list end
  config.fail(key_path, ("%s: unknown placeholder {%s} (for the braces write {{%s}})%s"):format(
    schema.path_text(key_path), unknown, unknown,
    schema.suggestion(unknown, lists.sorted_keys(values))))
end

--- What keeps a list from being a command, as the end of a message, or nil.
function words.problem(list)
  if type(list) ~= "table" then return "a list of words expected, got " .. schema.describe(list) end
  if #list == 0 then return "it has no words" end
  for i, word in ipairs(list) do
    if type(word) ~= "string" then
      return ("word %d: a string expected, got %s"):format(i, schema.describe(word))
    end
    if word:find("\0", 1, true) then return ("word %d holds a NUL byte"):format(i) end
  end
  if list[1] == "" then return "its first word, the program, is empty" end
end

--- The words of a text, parted by blanks. Quotes mean nothing: who needs a blank in a word gives a
-- list.
function words.split(text)
  local list = {}
  for word in text:gmatch("%S+") do list[#list + 1] = word end
  return list
end

-- What a quoted or bare piece at a place of the text says, and the place behind it.
local PIECES = {
  ["'"] = function(text, at)
    local inner, behind = text:match("^'([^']*)'()", at)
    return inner, behind
  end,
  ['"'] = function(text, at)
    local i = at + 1
    while i <= #text and text:sub(i, i) ~= '"' do i = i + (text:sub(i, i) == "\\" and 2 or 1) end
    if i > #text then return nil end
    return (text:sub(at + 1, i - 1):gsub('\\([$`"\\])', "%1")), i + 1
  end,
  ["\\"] = function(text, at) return text:sub(at + 1, at + 1), at + 2 end,
}

local function bare(text, at)
  local piece, behind = text:match("^([^%s'\"\\]+)()", at)
  return piece, behind
end

--- The words of a text as a POSIX shell parts it: blanks, quotes and backslashes count, nothing
--- else does ("$" stands for itself). Returns nil and what is wrong where a quote is not closed.
function words.shell_split(text)
  local list, at = {}, text:match("^%s*()")
  while at <= #text do
    local parts = {}
    while at <= #text and not text:find("^%s", at) do
      local piece, behind = (PIECES[text:sub(at, at)] or bare)(text, at)
      if not piece then return nil, "a quote is not closed" end
      parts[#parts + 1], at = piece, behind
    end
    list[#list + 1] = table.concat(parts)
    at = text:match("^%s*()", at) or at
  end
  return list
end

local function force_quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

--- One word, quoted for a POSIX shell where it must be.
function words.quote(word)
  if word:find("^[%w_@%%+=:,./-]+$") then return word end
  return force_quote(word)
end

--- A command line that a POSIX shell reads as exactly these words.
function words.command_line(list)
  local quoted = {}
  for i, word in ipairs(list) do quoted[i] = words.quote(word) end
  -- A first word with a "=" would be an assignment.
  if list[1] and quoted[1]:find("=", 1, true) then quoted[1] = force_quote(list[1]) end
  return table.concat(quoted, " ")
end

--- The same by way of env(1) where there is an environment to add: env NAME=value … command.
function words.command_line_with(env, list)
  if next(env) == nil then return words.command_line(list) end
  local all = { "env" }
  for _, name in ipairs(lists.sorted_keys(env)) do all[#all + 1] = name .. "=" .. env[name] end
  return words.command_line(table.move(list, 1, #list, #all + 1, all))
end

return words
