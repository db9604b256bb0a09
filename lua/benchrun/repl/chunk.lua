-- What is typed as Lua: an expression or statements, whole or not yet. A `local` at the outermost
-- level would be gone with the next input, so it declares a variable of the session instead.

local lists = require "benchrun.lists"

local chunk = {}

--- Lua's own words, as a set.
chunk.keywords = lists.set { "and", "break", "do", "else", "elseif", "end", "false", "for",
  "function", "goto", "if", "in", "local", "nil", "not", "or", "repeat", "return", "then", "true",
  "until", "while" }

-- Tokens ------------------------------------------------------------------------------------------

-- The end of a long bracket "[==[ … ]==]" that may begin at i, or nil.
local function long_bracket_end(text, i)
  local equals = text:match("^%[(=*)%[", i)
  if not equals then return nil end
  local _, last = text:find("]" .. equals .. "]", i, true)
  return last or #text
end

local function comment_end(text, i)
  return long_bracket_end(text, i + 2) or (text:find("\n", i, true) or #text + 1) - 1
end

-- A string between quotes that begins at i; one without end goes to the end of the text.
local function string_end(text, i)
  local quote, k = text:sub(i, i), i + 1
  while k <= #text do
    local c = text:sub(k, k)
    if c == quote then return k end
    k = k + (c == "\\" and 2 or 1)
  end
  return #text
end

-- Kind and last position of the token at i; nothing at blanks.
local function token_at(text, i)
  local c = text:sub(i, i)
  if text:find("^%-%-", i) then return "comment", comment_end(text, i) end
  if c == '"' or c == "'" then return "string", string_end(text, i) end
  if text:find("^%[=*%[", i) then return "string", long_bracket_end(text, i) end
  local _, last = text:find("^[%a_][%w_]*", i)
  if last then return "name", last end
  _, last = text:find("^%d[%w.]*", i)
  if last then return "number", last end
  return c:find("%s") and "blank" or "mark", i
end

--- The tokens of a text as { kind =, text =, first =, last = }; kinds are name, string, number,
--- mark, comment. A string or comment without end ends with the text. Never fails.
function chunk.tokens(text)
  local tokens, i = {}, 1
  while i <= #text do
    local kind, last = token_at(text, i)
    if kind ~= "blank" then
      tokens[#tokens + 1] = { kind = kind, text = text:sub(i, last), first = i, last = last }
    end
    i = last + 1
  end
  return tokens
end

-- Locals ------------------------------------------------------------------------------------------

local OPENS = { ["function"] = true, ["do"] = true, ["if"] = true, ["repeat"] = true,
  ["("] = true, ["{"] = true, ["["] = true }
local CLOSES = { ["end"] = true, ["until"] = true, [")"] = true, ["}"] = true, ["]"] = true }

local function code_tokens(text)
  local list = {}
  for _, token in ipairs(chunk.tokens(text)) do
    if token.kind ~= "comment" then list[#list + 1] = token end
  end
  return list
end

local function text_at(tokens, i) return tokens[i] and tokens[i].text end

-- The list of names behind a `local` at i: index of the token behind it, and the positions of its
-- attributes; nil where it is none, or one is to be closed.
local function name_list(tokens, i)
  local attributes = {}
  while true do
    if not tokens[i] or tokens[i].kind ~= "name" then return nil end
    i = i + 1
    if text_at(tokens, i) == "<" then
      if text_at(tokens, i + 1) ~= "const" then return nil end
      attributes[#attributes + 1] = { tokens[i].first, tokens[i + 2].last }
      i = i + 3
    end
    if text_at(tokens, i) ~= "," then return i, attributes end
    i = i + 1
  end
end

-- What to cut out for the `local` at i ({ first, last } each), and where "=nil" is missing.
local function local_edits(tokens, i)
  local cuts = { { tokens[i].first, tokens[i].last } }
  if text_at(tokens, i + 1) == "function" then return cuts end
  local behind, attributes = name_list(tokens, i + 1)
  if not behind then return {} end
  table.move(attributes, 1, #attributes, 2, cuts)
  if text_at(tokens, behind) ~= "=" then cuts.assign = tokens[behind - 1].last end
  return cuts
end

local function apply(text, edits)
  for k = #edits, 1, -1 do
    local cuts = edits[k]
    if cuts.assign then
      text = text:sub(1, cuts.assign) .. "=nil" .. text:sub(cuts.assign + 1)
    end
    for j = #cuts, 1, -1 do
      local first, last = cuts[j][1], cuts[j][2]
      text = text:sub(1, first - 1) .. (j > 1 and (" "):rep(last - first + 1) or "")
        .. text:sub(last + 1)
    end
  end
  return text
end

--- The text with each `local` of its outermost level taken away, so that what it declares lives as
--- long as the session. One to be closed stays.
function chunk.without_locals(text)
  local tokens, edits, depth = code_tokens(text), {}, 0
  for i, token in ipairs(tokens) do
    local is_word = token.kind == "name" or token.kind == "mark"
    if is_word and OPENS[token.text] then depth = depth + 1 end
    if is_word and CLOSES[token.text] then depth = depth - 1 end
    if depth == 0 and token.kind == "name" and token.text == "local" then
      edits[#edits + 1] = local_edits(tokens, i)
    end
  end
  local changed = apply(text, edits)
  return load(changed, "=input", "t") and (changed:gsub("^ +", "")) or text
end

-- Whether more lines may make an input whole. A string between quotes ends with its line.
local function is_unfinished(problem, text)
  if problem:sub(-5) ~= "<eof>" then return false end
  return not problem:find("unfinished string", 1, true) or text:sub(-1) == "\\"
end

-- Compiling ---------------------------------------------------------------------------------------

-- "name = expression" or "t.name = expression" as a function that returns all that the expression
-- gives; nil for other statements.
local function compile_assignment(text, env)
  local name, value = text:match("^%s*([%a_][%w_.]*)%s*=(.+)$")
  if not name or not load("return nil, " .. value .. "\n", "=input", "t") then return nil end
  local body = "return (function(...) %s = ...; return ... end)(%s\n)"
  return load(body:format(name, value), "=input", "t", env)
end

-- An expression is no tail call: errors have the input as their place.

--- Compiles an input. Returns its function, the text that stands for it in a script, and its kind:
--- "expression", or "assignment" of one to one name, which returns what was assigned and what came
--- with it, or "statements"; or nil and a message, or nil, a message and true where more is to
--- come. An input that begins with ":" goes on with the last result.
function chunk.compile(text, env)
  text = text:gsub("^%s*=", "", 1):gsub("^%s*return%f[^%w_]", "", 1)
  if text:find("^%s*:%s*[%a_]") then text = "_" .. text:match("^%s*(.*)$") end
  local expression, why = load("return nil, " .. text .. "\n", "=input", "t", env)
  if expression then return function() return select(2, expression()) end, text, "expression" end
  local statements, problem = load(text, "=input", "t", env)
  if not statements then
    return nil, problem, is_unfinished(problem, text) or is_unfinished(why, text)
  end
  local kept = chunk.without_locals(text)
  local assignment = compile_assignment(kept, env)
  if assignment then return assignment, kept, "assignment" end
  return kept == text and statements or load(kept, "=input", "t", env), kept, "statements"
end

return chunk
