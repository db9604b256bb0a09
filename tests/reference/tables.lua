-- The framed tables of a text, and how those of two texts differ.
--
-- Cells are compared as texts, and so is the caption above a table; other prose is free. Free are
-- also the order of the flag compilers' columns in warnings, and that of rows where none is
-- promised: rows of equal sort key, and all rows of regressions and diffs.

local bag = require "reference.bag"
local files = require "reference.files"

local tables = {}

local MOST_SHOWN = 8

-- Reading ---------------------------------------------------------------------------------------

local function is_border(line)
  local frame = line:match "^%s*(%+[-+]+%+)%s*$"
  return frame ~= nil and not frame:find("++", 1, true)
end

local function characters(text)
  local list = {}
  for each in text:gmatch(utf8.charpattern) do list[#list + 1] = each end
  return list
end

-- A bar within a cell: the cuts are where the border has its crosses.
local function cut_below(line, border)
  local marks, cells, first = characters(line), {}, nil
  for i, mark in ipairs(characters(border)) do
    if mark == "+" then
      if first then cells[#cells + 1] = table.concat(marks, "", first + 1, i - 1) end
      first = i
    end
  end
  return cells
end

local function split_row(line, border)
  line, border = files.trim(line), files.trim(border)
  local cells = {}
  local inner = line:gsub("^|", ""):gsub("|$", "")
  for cell in (inner .. "|"):gmatch "([^|]*)|" do cells[#cells + 1] = cell end
  local _, crosses = border:gsub("%+", "")
  if #cells ~= crosses - 1 and #characters(line) == #border then
    cells = cut_below(line, border)
  end
  for i, cell in ipairs(cells) do cells[i] = files.trim(cell) end
  return cells
end

-- The table whose upper border is line `i`, and the number of the first line below it.
local function read_table(lines, i)
  local border = lines[i]
  local found = { head = lines[i + 1] and split_row(lines[i + 1], border) or {}, rows = {} }
  i = i + 3
  while lines[i] and not is_border(lines[i]) and lines[i]:find("|", 1, true) do
    found.rows[#found.rows + 1] = split_row(lines[i], border)
    i = i + 1
  end
  return found, lines[i] and is_border(lines[i]) and i + 1 or i
end

local function is_caption(line)
  return line ~= "" and not (line:find "^~~~" or line:find "^```" or line:find "^<")
end

--- The tables of a text as they stand: each { section =, caption =, head = cells, rows = rows },
--- section being the heading above it and caption the line above it.
function tables.read(text)
  local list, section, caption = {}, "", ""
  local lines, i = files.lines(text), 1
  while i <= #lines do
    local line = files.trim(lines[i])
    if is_border(line) then
      local found
      found, i = read_table(lines, i)
      found.section, found.caption, caption = section, caption, ""
      list[#list + 1] = found
    else
      if line:find "^#" then section = line:match "^[# ]*(.-)[# ]*$" end
      if is_caption(line) then caption = line end
      i = i + 1
    end
  end
  return list
end

--- What of a caption is compared: its letters and digits.
function tables.caption_key(caption)
  return files.trim((caption:lower():gsub("[^a-z0-9]+", " ")))
end

-- Order of rows ---------------------------------------------------------------------------------

local SUMMARIES = { "passrate", "geometric mean", "mean compilation", "peak memory footprint" }

local function kind_of(caption)
  local key = tables.caption_key(caption)
  local last = key:match " (%l+)$"
  if last == "warnings" or last == "regressions" or last == "diff" then return last end
  for _, title in ipairs(SUMMARIES) do
    if key:sub(1, #title) == title then return "summary" end
  end
  return "models"
end

local function index_of(list, element)
  for i, each in ipairs(list) do
    if each == element then return i end
  end
end

-- Numbers of the columns by which rows stand in order.
local function key_columns(head, kind)
  local columns = {}
  if kind == "warnings" then
    columns = { index_of(head, "suite") }
    columns[#columns + 1] = index_of(head, "inductor")
  elseif kind == "models" and index_of(head, "inductor") then
    columns = { index_of(head, "inductor") }
  elseif kind == "models" then
    for i = #head, 3, -1 do columns[#columns + 1] = i end
  else
    for i = 1, #head do columns[i] = i end
  end
  return columns
end

local function order_keys(head, rows, kind)
  local keys, columns = {}, key_columns(head, kind)
  for _, row in ipairs(rows) do
    local key = {}
    for i, column in ipairs(columns) do key[i] = row[column] or "" end
    keys[#keys + 1] = table.concat(key, "\0")
  end
  return keys
end

local function diff_order(where, expected, rows, kind, say)
  if kind == "regressions" or kind == "diff" then return end
  local wanted = order_keys(expected.head, expected.rows, kind)
  for i, key in ipairs(order_keys(expected.head, rows, kind)) do
    if key ~= wanted[i] then
      return say(("%s: rows are in the wrong order from row %d on"):format(where, i))
    end
  end
end

-- Rows ------------------------------------------------------------------------------------------

local function joined(rows)
  local list = {}
  for i, row in ipairs(rows) do list[i] = table.concat(row, "\0") end
  return list
end

local function shown(row) return (row:gsub("%z", " | ")) end

-- The row of the same model (and suite or compiler, where that comes first), taken from the list.
local function take_like(row, list, depth)
  for i, other in ipairs(list) do
    local a, b = files.lines((row:gsub("%z", "\n"))), files.lines((other:gsub("%z", "\n")))
    if a[1] == b[1] and (depth < 2 or a[2] == b[2]) then
      table.remove(list, i)
      return a, b
    end
  end
end

local function diff_cells(where, head, wanted, found, say)
  for i = 1, math.max(#wanted, #found) do
    if wanted[i] ~= found[i] then
      local row = table.concat(wanted, " | ", 1, math.min(2, #wanted))
      say(("%s: row '%s', column '%s': '%s', expected '%s'"):format(where, row, head[i] or i,
        found[i] or "", wanted[i] or ""))
    end
  end
end

local function diff_rows(where, expected, rows, kind, say)
  local lost = bag.without(joined(expected.rows), joined(rows))
  local more = bag.without(joined(rows), joined(expected.rows))
  if #lost == 0 and #more == 0 then return diff_order(where, expected, rows, kind, say) end
  local lines = {}
  local function note(line) lines[#lines + 1] = line end
  local depth = (kind == "warnings" or kind == "regressions") and 2 or 1
  for _, row in ipairs(lost) do
    local wanted, found = take_like(row, more, depth)
    if wanted then
      diff_cells(where, expected.head, wanted, found, note)
    else
      note(where .. ": row missing: " .. shown(row))
    end
  end
  for _, row in ipairs(more) do note(where .. ": unexpected row: " .. shown(row)) end
  for i = 1, math.min(#lines, MOST_SHOWN) do say(lines[i]) end
  if #lines > MOST_SHOWN then say(("%s: and %d more"):format(where, #lines - MOST_SHOWN)) end
end

-- Tables ----------------------------------------------------------------------------------------

-- The rows with their columns in the order of `head`.
local function arranged(found, head)
  local rows = {}
  for i, row in ipairs(found.rows) do
    local moved = {}
    for j, name in ipairs(head) do moved[j] = row[index_of(found.head, name)] end
    rows[i] = #row == #found.head and moved or row
  end
  return rows
end

local function diff_heading(where, expected, actual, say)
  local suite = expected.section:match "(%S+) suite with"
    or expected.section:match "Regressions for (%S+)"
  if suite and not actual.section:find(suite, 1, true) then
    say(("%s: heading does not name %s: '%s'"):format(where, suite, actual.section))
  end
end

local function diff_one(what, expected, actual, say)
  local where = ("%s: [%s] %s"):format(what, expected.section, expected.caption)
  diff_heading(where, expected, actual, say)
  local kind, rows = kind_of(expected.caption), actual.rows
  local wanted, found = table.concat(expected.head, " | "), table.concat(actual.head, " | ")
  if kind == "warnings" and bag.is_equal(expected.head, actual.head) then
    rows = arranged(actual, expected.head)
  elseif wanted ~= found then
    return say(("%s: columns are %s, expected %s"):format(where, found, wanted))
  end
  diff_rows(where, expected, rows, kind, say)
end

local function captions(list)
  local keys = {}
  for i, each in ipairs(list) do keys[i] = tables.caption_key(each.caption) end
  return keys
end

--- Says how the tables of a text differ from those expected.
-- @param what string    names the text in what is said
-- @param expected table what tables.read returned
-- @param actual table   what tables.read returned
-- @param say function   is called with each difference
function tables.diff(what, expected, actual, say)
  local wanted, found = captions(expected), captions(actual)
  if #wanted ~= #found or table.concat(wanted, "\0") ~= table.concat(found, "\0") then
    return say(("%s: %d tables, expected %d; missing: %s; unexpected: %s; else their order differs")
      :format(what, #found, #wanted, table.concat(bag.without(wanted, found), ", "),
        table.concat(bag.without(found, wanted), ", ")))
  end
  for i, each in ipairs(expected) do diff_one(what, each, actual[i], say) end
end

return tables
