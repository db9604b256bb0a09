-- Tables as lines of a given width, for terminals.
--
-- A table that is too wide first wraps its long texts, then elides its leading columns, and at
-- last falls apart into groups of columns below each other, each with the leading columns in
-- front. Numbers stand on their points. A line is { text =, width = }, blanks at its end
-- included, colours not.

local text = require "benchrun.text"
local widths = require "benchrun.widths"

local grid = {}

local GAP, total = widths.gap, widths.total
local TEXT_LEAST = 24  -- what a long text may shrink to
local KEY_LEAST = 16   -- what a leading column may shrink to before the table is cut
local CAPTION_LEAST = 36 -- what a caption may take over a narrower table

-- Columns ----------------------------------------------------------------------------------------

local WORDS = { inf = true, ["-inf"] = true, nan = true, [""] = true, ["-"] = true }

local function is_number_like(cell) return WORDS[cell] or cell:find("^[-+]?%d") ~= nil end

local function all(list, test)
  for _, each in ipairs(list) do
    if not test(each) then return false end
  end
  return #list > 0
end

local function behind_point(cell)
  local whole = cell:match("^[-+]?%d+")
  return whole and #cell - #whole or 0
end

-- Blanks behind numbers, so that right-aligned they stand point under point.
local function line_up(cells)
  if not all(cells, function(cell) return WORDS[cell] or cell:find("^[-+]?%d+[%w.+-]*$") end) then
    return
  end
  local longest = 0
  for _, cell in ipairs(cells) do longest = math.max(longest, behind_point(cell)) end
  for i, cell in ipairs(cells) do cells[i] = cell .. (" "):rep(longest - behind_point(cell)) end
end

-- The first `rows` cells of a column, cleaned.
local function clean_cells(raw, rows)
  local cells = {}
  for row = 1, rows do cells[row] = text.clean(raw[row] or "") end
  return cells
end

local function align_of(block, index, cells)
  if block.align and block.align[index] then return block.align[index] end
  return index > 1 and all(cells, is_number_like) and "right" or "left"
end

local function column_of(block, index, rows)
  local cells = clean_cells(block.cells[index], rows)
  local align = align_of(block, index, cells)
  if align == "right" then line_up(cells) end
  local header, width = text.clean(block.columns[index]), text.widest(cells)
  local is_key = index <= (block.keys or 1)
  return { header = header, cells = cells, align = align, key = is_key,
    prose = not is_key and align == "left" and width > TEXT_LEAST,
    marks = block.marks and block.marks[index] or {},
    width = math.max(width, text.width(header)) }
end

local function columns_of(block, rows)
  local columns = {}
  for i = 1, #block.columns do columns[i] = column_of(block, i, rows) end
  return columns
end

-- Rows of the longest column.
local function count_rows(block)
  local rows = 0
  for _, cells in ipairs(block.cells) do rows = math.max(rows, #cells) end
  return rows
end

-- Fitting ----------------------------------------------------------------------------------------

-- To shrink the columns that have a mark (prose, key), to `least`.
local function marked(mark, least)
  return function(column) return column[mark] and least or nil end
end

local function leading(columns)
  local keys = {}
  for _, column in ipairs(columns) do
    if column.key then keys[#keys + 1] = column end
  end
  return keys
end

local function in_groups(columns, width)
  local keys = leading(columns)
  widths.shrink(keys, width // 2, marked("key", 4))
  local room = math.max(1, width - total(keys) - GAP)
  local groups = {}
  for i = #keys + 1, #columns do
    local column, group = columns[i], groups[#groups]
    column.width = math.min(column.width, room)
    if not group or total(group) + GAP + column.width > width then
      group = table.move(keys, 1, #keys, 1, {})
      groups[#groups + 1] = group
    end
    group[#group + 1] = column
  end
  return groups[1] and groups or { keys }
end

-- How much narrower the leading columns may become.
local function slack(columns)
  local sum = 0
  for _, column in ipairs(columns) do
    if column.key then sum = sum + math.max(0, column.width - KEY_LEAST) end
  end
  return sum
end

local function fit(columns, width)
  widths.shrink(columns, width, marked("prose", TEXT_LEAST))
  if total(columns) - slack(columns) > width then return in_groups(columns, width) end
  widths.shrink(columns, width, marked("key", KEY_LEAST))
  return { columns }
end

-- Drawing ----------------------------------------------------------------------------------------

local function cell_lines(column, cell)
  if text.width(cell) <= column.width then return { cell } end
  if column.prose then return text.wrap(cell, column.width) end
  return { text.elide(cell, column.width) }
end

local function join(parts, width)
  return { text = table.concat(parts, (" "):rep(GAP)), width = width }
end

local function draw_row(lines, group, row, paint)
  local cells, height = {}, 1
  for i, column in ipairs(group) do
    cells[i] = cell_lines(column, column.cells[row])
    height = math.max(height, #cells[i])
  end
  for k = 1, height do
    local parts = {}
    for i, column in ipairs(group) do
      local part = text.pad(cells[i][k] or "", column.width, column.align)
      parts[i] = paint(column.marks[row], part)
    end
    lines[#lines + 1] = join(parts, total(group))
  end
end

local function draw_head(lines, group, paint)
  local headers, rules = {}, {}
  for i, column in ipairs(group) do
    local header = text.pad(text.elide(column.header, column.width), column.width, column.align)
    headers[i] = paint("header", header)
    rules[i] = paint("rule", ("─"):rep(column.width))
  end
  lines[#lines + 1] = join(headers, total(group))
  lines[#lines + 1] = join(rules, total(group))
end

local function draw_group(lines, group, rows, paint)
  draw_head(lines, group, paint)
  for row = 1, rows do draw_row(lines, group, row, paint) end
end

local function add_caption(lines, block, table_width, width, paint)
  if not block.caption or block.caption == "" then return end
  local room = math.min(width, math.max(table_width, CAPTION_LEAST))
  for _, line in ipairs(text.wrap(text.clean(block.caption), room)) do
    lines[#lines + 1] = { text = paint("caption", line), width = text.width(line) }
  end
end

local function widest(groups)
  local width = 0
  for _, group in ipairs(groups) do width = math.max(width, total(group)) end
  return width
end

--- The lines of a table block in at most `width` columns. paint(style, text) colours; most_rows:
--- rows beyond are only counted, unless the block is `whole` (nil: all are shown).
function grid.lines(block, width, paint, most_rows)
  local all_rows = count_rows(block)
  local rows = block.whole and all_rows or math.min(all_rows, most_rows or math.huge)
  local groups = fit(columns_of(block, rows), width)
  local lines = {}
  add_caption(lines, block, widest(groups), width, paint)
  for i, group in ipairs(groups) do
    if i > 1 then lines[#lines + 1] = { text = "", width = 0 } end
    draw_group(lines, group, rows, paint)
  end
  if rows < all_rows then
    local more = ("… %d more rows"):format(all_rows - rows)
    lines[#lines + 1] = { text = paint("rule", more), width = text.width(more) }
  end
  return lines
end

return grid
