-- The line of a config file that wrote a key.
--
-- At run time a Lua table does not know where its fields were written, so the source is read again:
-- tokens, then the table constructors that the path of keys leads through. What was not written as
-- a constructor in that file (a value from a require or a function) ends the descent, and the line
-- found last is the answer.

local locate = {}

local OPENS = { ["{"] = true, ["("] = true, ["["] = true, ["function"] = true, ["if"] = true,
                ["do"] = true, ["repeat"] = true }
local CLOSES = { ["}"] = true, [")"] = true, ["]"] = true, ["end"] = true, ["until"] = true }

local function long_bracket(source, at)
  local equals = source:match("^%[(=*)%[", at)
  if not equals then return nil end
  local _, last = source:find("]" .. equals .. "]", at, true)
  return last or #source
end

local function quoted(source, at)
  local quote, i = source:sub(at, at), at + 1
  while i <= #source do
    local c = source:sub(i, i)
    if c == "\\" then i = i + 1
    elseif c == quote or c == "\n" then return i end
    i = i + 1
  end
  return #source
end

-- Where the token at `at` ends and what kind it is; kind nil: to be passed over.
local function next_token(source, at)
  local last = source:match("^%s+()", at)
  if last then return last - 1 end
  if source:find("^%-%-", at) then
    return long_bracket(source, at + 2) or (source:find("\n", at, true) or #source + 1) - 1
  end
  last = long_bracket(source, at)
  if last then return last, "string" end
  if source:find("^[\"']", at) then return quoted(source, at), "string" end
  last = source:match("^[%a_][%w_]*()", at)
  if last then return last - 1, "name" end
  last = source:match("^%d[%w%.]*()", at)
  if last then return last - 1, "number" end
  return at, "symbol"
end

local function tokenize(source)
  local tokens, at, line = {}, 1, 1
  while at <= #source do
    local last, kind = next_token(source, at)
    local text = source:sub(at, last)
    if kind then tokens[#tokens + 1] = { kind = kind, text = text, line = line } end
    line = line + select(2, text:gsub("\n", ""))
    at = last + 1
  end
  return tokens
end

local function is(token, text) return token ~= nil and token.text == text end

-- The index behind the expression that starts at i: that of the `,`, `;` or `}` that ends it.
local function skip_expression(tokens, i)
  local depth = 0
  while tokens[i] do
    local text = tokens[i].text
    if depth == 0 and (text == "," or text == ";" or text == "}") then return i end
    if tokens[i].kind ~= "string" then
      if OPENS[text] then depth = depth + 1 elseif CLOSES[text] then depth = depth - 1 end
    end
    i = i + 1
  end
  return i
end

local function unquote(token)
  if token.kind == "number" then return tonumber(token.text) end
  return token.text:match("^[\"'](.*)[\"']$") or token.text
end

-- The key of the field at i and the index of its value; position counts the fields without a key.
local function field_key(tokens, i, position)
  local a, b = tokens[i], tokens[i + 1]
  if a.kind == "name" and is(b, "=") and not is(tokens[i + 2], "=") then
    return a.text, i + 2, position
  end
  if is(a, "[") and is(tokens[i + 2], "]") and is(tokens[i + 3], "=") then
    return unquote(b), i + 4, position
  end
  return position + 1, i, position + 1
end

-- The field `key` of the constructor whose "{" stands at i: its token and the index of its value.
local function find_field(tokens, i, key)
  local position = 0
  i = i + 1
  while tokens[i] and not is(tokens[i], "}") do
    local found, value
    found, value, position = field_key(tokens, i, position)
    if found == key then return tokens[i], value end
    i = skip_expression(tokens, value)
    if is(tokens[i], ",") or is(tokens[i], ";") then i = i + 1 end
  end
  return nil
end

-- The "{" of the first call of `config` that opens at or after the line.
local function find_call(tokens, line)
  local best
  for i, token in ipairs(tokens) do
    if token.kind == "name" and token.text == "config" then
      local brace = is(tokens[i + 1], "(") and i + 2 or i + 1
      if is(tokens[brace], "{") then
        best = brace
        if tokens[brace].line >= line then return brace end
      end
    end
  end
  return best
end

--- The line in `source` on which the key path (e.g. { "suite_table", "kernels", "harness" }) was
-- written, in the first call of benchrun.config from `line` on; as far down as the source tells.
function locate.line(source, line, key_path)
  local tokens = tokenize(source)
  local brace = find_call(tokens, line)
  if brace then line = tokens[brace].line end
  for _, key in ipairs(key_path) do
    if not is(tokens[brace], "{") then break end
    local token, value = find_field(tokens, brace, key)
    if not token then break end
    line, brace = token.line, value
  end
  return line
end

return locate
