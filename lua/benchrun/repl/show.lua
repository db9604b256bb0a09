-- Values as the prompt shows them: frames and columns as tables fitted to the terminal, other
-- tables by their items, on one line where it fits, else one a line. Nothing of the data reaches
-- the terminal as a control character.

local frame = require "benchrun.frame"
local lists = require "benchrun.lists"
local text = require "benchrun.text"

local show = {}

local ITEMS = 50 -- of a table that are shown
local DEPTH = 4  -- of tables within tables

-- A table that is nothing of its own kind; a module is one too.
local function is_plain(value)
  if type(value) ~= "table" then return false end
  local meta = getmetatable(value)
  return type(meta) == "nil" or type(meta) == "table" and not meta.__name and not meta.__tostring
end

local function key_text(key)
  if type(key) == "string" and key:find("^[%a_][%w_]*$") then return key end
  return type(key) == "string" and ('["%s"]'):format(text.clean(key)) or ("[%s]"):format(key)
end

-- Keys of a table, those of its array first; at most ITEMS, and how many are left out.
local function keys_of(value)
  local keys, n = {}, #value
  for i = 1, n do keys[i] = i end
  local others = {}
  for _, key in ipairs(lists.sorted_keys(value)) do
    local is_item = math.type(key) == "integer" and key >= 1 and key <= n
    if not is_item then others[#others + 1] = key end
  end
  table.move(others, 1, #others, n + 1, keys)
  local left_out = math.max(0, #keys - ITEMS)
  for i = #keys, ITEMS + 1, -1 do keys[i] = nil end
  return keys, left_out, n
end

local lines_of

-- A value that is no plain table, on one line within a table.
local function leaf(value)
  if type(value) == "string" then return '"' .. text.clean(value):gsub('"', '\\"') .. '"' end
  if frame.is_frame(value) then
    return ("frame (%d rows × %d columns)"):format(value:nrow(), value:ncol())
  end
  if frame.is_column(value) then
    return ("column (%s, %d rows)"):format(value:type(), value:len())
  end
  local entry = type(value) == "function" and require("benchrun.docs").of(value)
  return text.clean(entry and entry.signature or frame.display(value))
end

-- The items of a table as lists of lines.
local function items_of(value, width, seen)
  local items = {}
  local keys, left_out, n = keys_of(value)
  for i, key in ipairs(keys) do
    local name = i > n and key_text(key) .. " = " or ""
    local lines = lines_of(value[key], width - text.width(name) - 2, seen)
    lines[1] = name .. lines[1]
    items[i] = lines
  end
  if left_out > 0 then items[#items + 1] = { ("… %d more"):format(left_out) } end
  return items
end

local function on_one_line(items, width)
  local parts = {}
  for i, lines in ipairs(items) do
    if #lines > 1 then return nil end
    parts[i] = lines[1]
  end
  local line = #parts > 0 and "{ " .. table.concat(parts, ", ") .. " }" or "{}"
  return text.width(line) <= width and line or nil
end

-- A value as lines of at most `width` columns where that can be. seen: the tables around it.
function lines_of(value, width, seen)
  if not is_plain(value) then return { (text.elide(leaf(value), math.max(width, 20))) } end
  if seen[value] then return { "{ … itself }" } end
  if seen.depth >= DEPTH then return { next(value) == nil and "{}" or "{ … }" } end
  seen[value], seen.depth = true, seen.depth + 1
  local items = items_of(value, width, seen)
  seen[value], seen.depth = nil, seen.depth - 1
  local line = on_one_line(items, width)
  if line then return { line } end
  local lines = { "{" }
  for _, item in ipairs(items) do
    item[#item] = item[#item] .. ","
    for _, each in ipairs(item) do lines[#lines + 1] = "  " .. each end
  end
  lines[#lines + 1] = "}"
  return lines
end

local function one(value, options)
  if is_plain(value) then
    return table.concat(lines_of(value, options.width, { depth = 0 }), "\n")
  end
  if type(value) == "function" then return show.fn(value) end
  return frame.display(value, { width = options.width, height = options.height,
    colours = options.colour or nil })
end

--- A function: what its docstring calls it.
function show.fn(fn)
  local entry = require("benchrun.docs").of(fn)
  if not entry or not entry.signature then return tostring(fn) end
  return ("%s  -- help(it) tells more"):format(entry.signature)
end

--- Values (a table with n, as table.pack gives) as text that ends with a line end; several plain
--- ones on one line. options: width, height, colour.
function show.values(values, options)
  local parts, several_lines = {}, false
  for i = 1, values.n do
    parts[i] = one(values[i], options)
    several_lines = several_lines or parts[i]:find("\n", 1, true) ~= nil
  end
  local all = table.concat(parts, several_lines and "\n" or "  ")
  return all:sub(-1) == "\n" and all or all .. "\n"
end

return show
