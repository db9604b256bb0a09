-- Completion: what the word before the cursor may become, from what is there now.
--
-- Names of the session, fields of tables, methods behind ":", columns of the frame within strings
-- of its methods, files within other strings, commands. Looking at values calls none of the user's
-- code: fields are read raw, only frames and columns are asked.

local chunk = require "benchrun.repl.chunk"
local handle = require "benchrun.frame.handle"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local text = require "benchrun.text"

local complete = {}

local MOST = 200 -- candidates that are listed

-- Values ------------------------------------------------------------------------------------------

-- The field of a table, or of the plain table behind it.
local function field(value, key)
  if type(value) == "string" then return string[key] end
  if type(value) ~= "table" then return nil end
  local meta = getmetatable(value)
  local methods = type(meta) == "table" and rawget(meta, "methods") or {}
  local found = methods[key]
  if found == nil then found = rawget(value, key) end
  local behind = type(meta) == "table" and rawget(meta, "__index")
  if found == nil and type(behind) == "table" then return rawget(behind, key) end
  return found
end

-- The value of a chain of names, "results.tables", or nil.
local function value_of(chain, env)
  local value = env
  for name in chain:gmatch("[%a_][%w_]*") do
    value = field(value, name)
    if value == nil then return nil end
  end
  return value
end

local function add_names(names, value)
  for key in next, value do
    if type(key) == "string" and key:find("^[%a_][%w_]*$") then names[key] = true end
  end
end

-- The names that may stand behind a value's "." or ":".
local function names_of(value)
  local names = {}
  if type(value) == "string" then add_names(names, string) end
  if type(value) ~= "table" then return names end
  local meta = getmetatable(value)
  if type(meta) == "table" then
    if rawget(meta, "methods") then add_names(names, meta.methods) return names end
    if type(rawget(meta, "__index")) == "table" then add_names(names, meta.__index) end
  end
  add_names(names, value)
  return names
end

-- Candidates --------------------------------------------------------------------------------------

-- Those of a set of names that begin with a word, sorted; for ":" functions only.
local function matching(names, word)
  local list = {}
  for name in pairs(names) do
    if name:sub(1, #word) == word then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function globals_for(word, env)
  local names = {}
  add_names(names, env)
  add_names(names, _G)
  lists.put_all(names, chunk.keywords)
  return matching(names, word)
end

-- Whether a file's name may be offered for what was typed: hidden ones only where that begins with
-- ".".
local function is_offered(name, start)
  if name == "." or name == ".." or name:find("[%c\"\\]") then return false end
  if name:find("^%.") and start:sub(1, 1) ~= "." then return false end
  return name:sub(1, #start) == start
end

-- Files that a path may become; folders end with "/".
local function files_for(word)
  local folder, start = word:match("^(.*/)([^/]*)$")
  folder, start = folder or "", start or word
  local ok, each, state = pcall(lfs.dir, folder == "" and "." or folder)
  if not ok then return {} end
  local list = {}
  for name in each, state do
    if is_offered(name, start) then
      local is_folder = lfs.attributes(folder .. name, "mode") == "directory"
      list[#list + 1] = folder .. name .. (is_folder and "/" or "")
    end
  end
  table.sort(list)
  return list
end

local function columns_for(frame, word)
  local list = {}
  for _, name in ipairs(frame:names()) do
    local is_typable = utf8.len(name) and not name:find("[%c\"'\\]")
    if is_typable and name:sub(1, #word) == word then list[#list + 1] = name end
  end
  return list
end

-- Where the cursor is -----------------------------------------------------------------------------

-- The frame whose method the string at the end belongs to: the chain before the last ":" that is
-- one.
local function frame_before(code, env)
  local found
  for chain in code:gmatch("([%a_][%w_.]*)%s*:") do
    local value = value_of(chain, env)
    if handle.is_frame(value) then found = value end
  end
  return found
end

-- The string that is open at the end of the code: what is in it, and the code before it; or nil.
local function open_string(code)
  local tokens = chunk.tokens(code)
  local last = tokens[#tokens]
  if not last or last.kind ~= "string" or last.last ~= #code then return nil end
  local quote = last.text:sub(1, 1)
  local is_closed = quote ~= "[" and #last.text > 1 and last.text:sub(-1) == quote
  if quote == "[" or is_closed then return nil end
  return last.text:sub(2), code:sub(1, last.first - 1)
end

local function frame_of_plot(code, env)
  local value = value_of(code:match("plot%s*%(%s*([%a_][%w_.]*)%s*,[^()]*$") or "", env)
  return handle.is_frame(value) and value or nil
end

-- What may stand in the text of a method besides columns: kernels, or functions of expressions.
local function words_for(before)
  local method = before:match(":([%a_]+)%s*[({]?[^:]*$")
  if method == "agg" then return lists.set(require("benchrun.frame.kernels").names) end
  local is_expression = method == "filter" or method == "with" or method == "eval"
  if not is_expression then return {} end
  return lists.set(lists.pluck(require("benchrun.core.expr").functions(), "name"))
end

local function help_words(env)
  local names = {}
  for _, of in ipairs { handle.Frame, handle.Column, handle.Grouping, env.frame, env.stats } do
    add_names(names, of)
  end
  return names
end

-- Within a string: what it is for, as what is before it tells; else files.
local function in_string(inside, before, env)
  if before:find "%f[%w_]help%s*%(?%s*$" then return matching(help_words(env), inside), inside end
  local plotted = frame_of_plot(before, env)
  if plotted and before:find "kind%s*=%s*$" then
    return matching(lists.set(require("benchrun.repl.series").kinds), inside), inside
  end
  local frame = plotted or frame_before(before, env)
  if not frame or before:find(":to_%w+%s*%(?%s*$") or before:find "path%s*=%s*$" then
    return files_for(inside), inside
  end
  local word = inside:match("[%w_\128-\255]*$")
  local whole = columns_for(frame, inside)
  if #whole > 0 then return whole, inside end
  local list = columns_for(frame, word)
  if word ~= "" and not plotted then
    local words = matching(words_for(before), word)
    table.move(words, 1, #words, #list + 1, list)
  end
  return list, word
end

local GIVES = { group_by = handle.Grouping, col = handle.Column, eval = handle.Column }

-- Behind a call, as in f:head():so, the value is not known; what calls give is a frame more often
-- than not.
local function methods_behind(code)
  if code:find "%f[%w_(]%([\"'][^\"']*[\"']%):$" and not code:find "[%w_]%s*%b():$" then
    return string
  end
  local name = code:match "([%w_]+)%s*%b():$" or code:match "([%w_]+)%s*%b\"\":$"
    or code:match "([%w_]+)%s*%b'':$"
  return GIVES[name] or handle.Frame
end

local function for_code(code, env)
  local before, chain, word = code:match("(.?)%f[%a_]([%a_][%w_.]*)[.:]([%w_]*)$")
  if chain and not before:find("[:.]") then
    return matching(names_of(value_of(chain, env)), word), word
  end
  word = code:match("[%a_][%w_]*$") or ""
  local mark = code:sub(-#word - 1, -#word - 1)
  if mark == ":" then return matching(methods_behind(code:sub(1, -#word - 1)), word), word end
  if mark == "." or (word == "" and code:find("[%w_\"')%]}]%s*$")) then return {}, word end
  return globals_for(word, env), word
end

--- What may stand in the place of the word at the end of the code: a sorted list, and that word.
--- code is what is before the cursor, lines of the input before it included.
function complete.candidates(code, env, commands)
  local command = code:match("^%s*%.(%a*)$")
  if command then return matching(lists.set(commands or {}), command), command end
  local name, rest = code:match("^%s*%.(%a+)%s+(.*)$")
  if name == "time" then return complete.candidates(rest, env, commands) end
  if name then return files_for(rest), rest end
  local inside, before = open_string(code)
  if inside then return in_string(inside, before, env) end
  return for_code(code, env)
end

-- What the Tab key does ---------------------------------------------------------------------------

local function common_start(list)
  local start = list[1]
  for _, each in ipairs(list) do
    while each:sub(1, #start) ~= start do start = start:sub(1, -2) end
  end
  while not utf8.len(start) do start = start:sub(1, -2) end
  return start
end

-- Candidates in columns; of paths only the last part.
local function listing(list, width)
  local shown, widest = {}, 0
  for i = 1, math.min(#list, MOST) do
    shown[i] = text.clean(list[i]:match("[^/]+/?$") or list[i])
    widest = math.max(widest, text.width(shown[i]))
  end
  local across = math.max(1, (width + 2) // (widest + 2))
  local down = (#shown + across - 1) // across
  local lines = {}
  for row = 1, down do
    local parts = {}
    for i = row, #shown, down do parts[#parts + 1] = text.pad(shown[i], widest) end
    lines[row] = table.concat(parts, "  "):gsub(" +$", "")
  end
  if #list > MOST then lines[#lines + 1] = ("… %d more"):format(#list - MOST) end
  return table.concat(lines, "\n")
end

--- What editor:read's completion returns: bytes to remove, text to insert, lines to show. At the
--- beginning of a line it indents.
function complete.key(line, cursor, env, options)
  local code = line:sub(1, cursor)
  if not code:find("%S") then return 0, "  " end
  local list, word = complete.candidates((options.before or "") .. code, env, options.commands)
  if #list == 0 then return 0 end
  local start = common_start(list)
  if #list == 1 or #start > #word then return #word, start end
  return 0, nil, listing(list, options.width)
end

return complete
