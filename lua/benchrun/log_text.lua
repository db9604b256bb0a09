-- The cells of a log as text, whatever state the file is in: with a header or without, put together
-- from several files, with the marks of an unresolved merge, cut off in the middle of a line. What
-- is left out is told; what could be taken for something else than it is makes it no log.

local compute = require "benchrun.core.compute"
local csv = require "benchrun.core.csv"
local lists = require "benchrun.lists"

local log_text = {}

local BOM = "\xEF\xBB\xBF"

-- Columns of a log without header; those at the end may be absent.
local HEADERLESS = {
  performance = { "dev", "name", "batch_size", "speedup", "abs_latency", "compilation_latency",
    "compression_ratio" },
  accuracy = { "dev", "name", "batch_size", "accuracy" },
}

-- Bytes -------------------------------------------------------------------------------------------

local function count(text, pattern)
  local _, number = text:gsub(pattern, "")
  return number
end

-- A file system that crashed leaves NUL bytes.
local function without_nuls(bytes, notice)
  if not bytes:find("\0", 1, true) then return bytes end
  local rest, number = bytes:gsub("%z+", "")
  notice(("%d runs of NUL bytes are left out"):format(number))
  return rest
end

local MARKS = { "<<<<<<<", "|||||||", "=======", ">>>>>>>" }

-- A log that was committed with both sides of a merge in it.
local function without_conflict_marks(bytes, notice)
  local rest = "\n" .. bytes
  local first = rest:find("\n<<<<<<<", 1, true) or rest:find("\n>>>>>>>", 1, true)
  if not first then return bytes end
  for _, mark in ipairs(MARKS) do rest = rest:gsub("\n" .. mark .. "[^\n]*", "\n") end
  notice(("the marks of an unresolved merge conflict, from line %d on, are left out; of rows on "
    .. "both sides the last counts"):format(count(bytes:sub(1, first - 1), "\n") + 1))
  return (rest:gsub("^\n+", ""))
end

-- A last line without line end, of a program that did not end well.
local function without_cut_line(bytes, notice)
  local cut = bytes:match("\n()[^\n]+$")
  if not cut then return bytes end
  notice("its last line was cut off and is left out")
  return bytes:sub(1, cut - 1)
end

-- The header -------------------------------------------------------------------------------------

-- The fields of the first line that is not blank, in lower case, without quotes.
local function first_fields(bytes)
  local start = bytes:match("^" .. BOM .. "()") or 1
  local line = bytes:match("^%s*([^\r\n]*)", start)
  local fields = {}
  local parted = line:gsub('"[^"]*"', function(quoted) return (quoted:gsub(",", " ")) end)
  for field in (parted .. ","):gmatch("([^,]*),") do
    fields[#fields + 1] = field:match('^%s*"?(.-)"?%s*$'):lower()
  end
  return fields, line
end

local function is_header(fields)
  local set = lists.set(fields)
  return fields[1] == "dev" or (set.dev and set.name) or false
end

-- True if the fields can't be a row of dev, name, batch_size, ….
local function is_no_row(fields)
  if #fields < 3 then return fields[1] ~= "" end
  return fields[3] ~= "" and not tonumber(fields[3]) and not fields[3]:find("^%-?nan?$")
end

local function column_named(fields)
  for _, names in pairs(HEADERLESS) do
    for _, name in ipairs(names) do
      if lists.contains(fields, name) then return name end
    end
  end
end

-- Names for as many columns as the longest line of a log without header has.
local function headerless_names(testing, bytes)
  local names = table.move(HEADERLESS[testing], 1, #HEADERLESS[testing], 1, {})
  for line in bytes:gmatch("[^\n]+") do
    for i = #names + 1, count(line, ",") + 1 do names[i] = "further " .. i end
  end
  return names
end

-- The names of a header that has some twice or none at all for some column (spreadsheets leave such
-- behind), each made different; nil where there is no need.
local function distinct_names(fields)
  local names, seen, has_doubles = {}, {}, false
  for i, field in ipairs(fields) do
    local is_double = seen[field] or field == ""
    names[i] = is_double and ("%s column %d"):format(field, i) or field
    local is_end = field == "" and i == #fields
    has_doubles, seen[field] = has_doubles or (is_double and not is_end), true
  end
  return has_doubles and names or nil
end

-- How csv.parse is to name the columns: nil for the header's own names; or false and a problem.
local function names_for(cell, bytes)
  local fields, line = first_fields(bytes)
  if is_header(fields) then
    return not line:find('"', 1, true) and distinct_names(fields) or nil
  end
  if not is_no_row(fields) then return headerless_names(cell.testing, bytes) end
  local known = column_named(fields)
  if known then return false, ("the header has no column 'dev' beside '%s'"):format(known) end
  return false, "no log: neither a header nor a row of dev, name, batch_size, …"
end

-- name in lower case → name, of a frame's columns; an exact name comes before another case.
local function names_by_lower(frame)
  local found = {}
  for _, name in ipairs(frame:names()) do
    local lower = name:lower()
    if name == lower or not found[lower] then found[lower] = name end
  end
  return found
end

-- Headers among the rows --------------------------------------------------------------------------

local function spellings(word, own)
  local list = { own }
  for _, each in ipairs { word, word:upper(), (word:gsub("^%l", string.upper)) } do
    table.move({ each, BOM .. each }, 1, 2, #list + 1, list)
  end
  return list
end

-- The first column that a header among the rows calls otherwise, or nil.
local function other_name(headers)
  for _, name in ipairs(headers:names()) do
    for row = 1, headers:nrow() do
      local text = (headers:get(row, name) or ""):gsub("^" .. BOM, ""):lower()
      local is_made = name:find("column %d+$") or name:find("^further %d+$")
      if text ~= name:lower() and not is_made then return name, text end
    end
  end
end

-- A log put together from several has their headers among its rows.
local function without_headers(texts, names)
  local is_dev = compute.is_in(texts:col(names.dev), spellings("dev", names.dev))
  local is_name = compute.is_in(texts:col(names.name), spellings("name", names.name))
  local is_header_row = compute.both(is_dev, is_name)
  local name, other = other_name(texts:mask(is_header_row))
  if name then
    return nil, ("a header among its rows has '%s' where the first has '%s': the logs that it was "
      .. "put together from have other columns"):format(other, name)
  end
  return texts:mask(compute.negate(is_header_row))
end

-- All together ------------------------------------------------------------------------------------

--- The rows of a log as texts. cell: its testing and log count; bytes: of the file; is_cut: the
--- program that wrote it did not end well, so that a last line without line end is none; notice: a
--- function that takes a line. Returns a frame and a table, name in lower case → its column; or nil
--- and a problem that begins with the path.
function log_text.parse(cell, bytes, is_cut, notice)
  if bytes:find("^%z+$") then
    return nil, cell.log .. ":1: no log: it holds nothing but NUL bytes"
  end
  bytes = without_conflict_marks(without_nuls(bytes, notice), notice)
  if is_cut then bytes = without_cut_line(bytes, notice) end
  local made, problem = names_for(cell, bytes)
  if made == false then return nil, ("%s:1: %s"):format(cell.log, problem) end
  local texts, why = csv.parse(bytes, { strings = true, ragged = "pad", names = made }, cell.log)
  if not texts then return nil, why end
  local names = names_by_lower(texts)
  for _, key in ipairs { "dev", "name" } do
    if not names[key] then
      return nil, ("%s:1: the header has no column '%s'"):format(cell.log, key)
    end
  end
  local rows, mixed = without_headers(texts, names)
  if not rows then return nil, ("%s: %s"):format(cell.log, mixed) end
  return rows, names
end

return log_text
