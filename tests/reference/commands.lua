-- The commands of a shell script as the shell sees them, and how those of two scripts differ.
--
-- Quoting, comments, `set` lines and the order of `-x NAME` pairs are free; the words, their order
-- and the order of the commands are not. Words follow "Quoting" and "Token Recognition" of POSIX,
-- Shell Command Language, without expansions and operators: the scripts use none.

local bag = require "reference.bag"
local files = require "reference.files"

local commands = {}

-- Within double quotes a backslash is a character, but before these.
local function unescaped(text) return (text:gsub('\\([$`"\\])', "%1")) end

-- The end of a double-quoted text that opens at `at`, or nil.
local function closing(line, at)
  local i = at + 1
  while i <= #line do
    local mark = line:sub(i, i)
    if mark == '"' then return i end
    i = i + (mark == "\\" and 2 or 1)
  end
end

-- One piece of a word at `at`: its text and where the next begins; nil where a quote stays open.
local function piece(line, at)
  local mark = line:sub(at, at)
  if mark == "'" then
    local last = line:find("'", at + 1, true)
    return last and line:sub(at + 1, last - 1), last and last + 1
  elseif mark == '"' then
    local last = closing(line, at)
    return last and unescaped(line:sub(at + 1, last - 1)), last and last + 1
  elseif mark == "\\" then
    return at < #line and line:sub(at + 1, at + 1) or nil, at + 2
  end
  local plain = line:match("^[^%s'\"\\]+", at)
  return plain, at + #plain
end

--- The words of a line, or nil where a quote or a backslash is left open.
function commands.words(line)
  local words, at = {}, line:find "%S"
  while at and at <= #line do
    if line:sub(at, at) == "#" then break end
    local pieces = {}
    while at <= #line and not line:find("^%s", at) do
      local text, next_at = piece(line, at)
      if not text then return nil end
      pieces[#pieces + 1], at = text, next_at
    end
    words[#words + 1] = table.concat(pieces)
    at = line:find("%S", at)
  end
  return words
end

-- { words = those without `-x NAME`, skips = the names }
local function command(words)
  local found, i = { words = {}, skips = {} }, 1
  while i <= #words do
    if words[i] == "-x" and words[i + 1] then
      found.skips[words[i + 1]] = true
      i = i + 2
    else
      found.words[#found.words + 1] = words[i]
      i = i + 1
    end
  end
  return found
end

local IGNORED = { set = true, cd = true, export = true, trap = true }
local TAKES_FILES = { rm = true, mkdir = true }

local function without_dashes(words)
  local rest = {}
  for _, word in ipairs(words) do
    if word ~= "--" then rest[#rest + 1] = word end
  end
  return rest
end

-- The commands of a text, one a line; words_of cuts a line.
local function read(text, words_of)
  local list = {}
  for _, line in ipairs(files.lines(text)) do
    local first = line:match "%S+"
    if first and not first:find "^#" and not IGNORED[first] then
      local words = words_of(line) or files.split(line)
      list[#list + 1] = command(TAKES_FILES[words[1]] and without_dashes(words) or words)
    end
  end
  return list
end

local function sorted(set)
  local list = {}
  for name in pairs(set) do list[#list + 1] = name end
  table.sort(list)
  return list
end

local function diff_one(where, expected, actual, say)
  local wanted, found = expected.words, actual.words
  for i = 1, math.max(#wanted, #found) do
    if wanted[i] ~= found[i] then
      say(("%s, word %d: '%s', expected '%s'"):format(where, i, found[i] or "", wanted[i] or ""))
      break
    end
  end
  local wanted_skips, found_skips = sorted(expected.skips), sorted(actual.skips)
  if not bag.is_equal(wanted_skips, found_skips) then
    say(("%s: -x differs; missing: %s; unexpected: %s"):format(where,
      table.concat(bag.without(wanted_skips, found_skips), ", "),
      table.concat(bag.without(found_skips, wanted_skips), ", ")))
  end
end

local function diff(what, wanted, found, say)
  if #wanted ~= #found then
    say(("%s: %d commands, expected %d"):format(what, #found, #wanted))
  end
  for i = 1, math.min(#wanted, #found) do
    diff_one(("%s: command %d"):format(what, i), wanted[i], found[i], say)
  end
end

--- Says how the commands of a script differ from those expected.
-- @param what string     names the script in what is said
-- @param expected string a script
-- @param actual string   a script
-- @param say function    is called with each difference
function commands.diff_script(what, expected, actual, say)
  diff(what, read(expected, commands.words), read(actual, commands.words), say)
end

--- The same of two lists of calls, one a line, whose words lie between blanks.
function commands.diff_calls(what, expected, actual, say)
  diff(what, read(expected, files.split), read(actual, files.split), say)
end

return commands
