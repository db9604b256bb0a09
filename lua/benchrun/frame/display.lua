-- Frames, columns and plain values as text that fits a terminal.
--
-- Only the cells that are shown are looked at, so a frame of any size is shown at once. Data is
-- cleaned (see text.lua): nothing in it reaches the terminal but characters that can be seen.

local handle = require "benchrun.frame.handle"
local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"
local widths = require "benchrun.widths"

local Frame, Column = handle.Frame, handle.Column

local display = {}

local GAP = widths.gap
local NULL = "·"
local MORE = "…"
local ROWS = 20          -- that are shown unless more are asked for
local CELL_MOST = 40     -- what a text may take where there is room
local CELL_LEAST = 12    -- what it may shrink to before columns are left out
local RAW_MOST = 4000    -- bytes of a text that are looked at, at either end
local AROUND = 4         -- lines of a table that are not rows: header, types, rule, footer

-- Numbers -----------------------------------------------------------------------------------------

local DIGITS = 6         -- that a number is shown with where it has so many
local FIXED_MOST, FIXED_LEAST = 1e12, 1e-4 -- beyond which numbers are shown with an exponent

local function is_finite(x) return x - x == 0 end

local function magnitude(x) return math.floor(math.log(x, 10)) end

-- The decimals with which the numbers of a column show DIGITS digits of the largest and two of the
-- smallest; nil: they need an exponent.
local function decimals_for(numbers)
  local most, least = 0, math.huge
  for _, x in ipairs(numbers) do
    local size = math.abs(x)
    most = math.max(most, size)
    if size > 0 then least = math.min(least, size) end
  end
  if most == 0 then return 1 end
  if most >= FIXED_MOST or least < FIXED_LEAST then return nil end
  return math.max(1, DIGITS - 1 - magnitude(most), math.min(DIGITS, 1 - magnitude(least)))
end

-- Drops the zeros that all texts end with, but one behind the point.
local function trim_zeros(texts)
  while true do
    for _, each in ipairs(texts) do
      if not each:find "%.%d+0$" then return end
    end
    for i, each in ipairs(texts) do texts[i] = each:sub(1, -2) end
  end
end

-- Texts of the finite numbers of a list, all with as many decimals.
local function number_texts(numbers)
  local decimals, texts = decimals_for(numbers), {}
  for i, x in ipairs(numbers) do
    texts[i] = decimals and ("%.*f"):gsub("%*", tostring(decimals)):format(x) or ("%.6g"):format(x)
  end
  if decimals and #texts > 0 then trim_zeros(texts) end
  return texts
end

-- Cells of floats as texts.
local function float_cells(values, n)
  local numbers, cells, used = {}, {}, 0
  for i = 1, n do
    local value = values[i]
    if value and is_finite(value) then numbers[#numbers + 1] = value end
  end
  local texts = number_texts(numbers)
  for i = 1, n do
    local value = values[i]
    if value == nil then cells[i] = NULL
    elseif is_finite(value) then
      used = used + 1
      cells[i] = texts[used]
    else cells[i] = value ~= value and "nan" or value > 0 and "inf" or "-inf" end
  end
  return cells
end

-- Texts -------------------------------------------------------------------------------------------

-- A text as it may be shown: of a long one only the ends, the middle is left out anyway.
local function clean(raw)
  if #raw > 2 * RAW_MOST then raw = raw:sub(1, RAW_MOST) .. raw:sub(-RAW_MOST) end
  return text.clean(raw)
end

local function other_cells(values, n)
  local cells = {}
  for i = 1, n do
    local value = values[i]
    cells[i] = value == nil and NULL or type(value) == "string" and clean(value) or tostring(value)
  end
  return cells
end

-- Columns -----------------------------------------------------------------------------------------

-- The cells of some rows of a column, ready to be laid out.
local function column_of(name, core, rows)
  local values, n, kind = {}, #rows, core:type()
  for i, row in ipairs(rows) do values[i] = core:get(row) end
  local cells = (kind == "f64" and float_cells or other_cells)(values, n)
  local header, is_number = clean(name), kind == "f64" or kind == "i64"
  local width = text.widest(cells)
  return { header = header, type = kind, cells = cells, nulls = values,
    align = is_number and "right" or "left", number = is_number,
    least = math.max(#kind, is_number and width or math.min(width, CELL_LEAST),
      math.min(text.width(header), CELL_LEAST)),
    width = math.max(#kind, is_number and width or math.min(width, CELL_MOST),
      math.min(text.width(header), CELL_MOST)) }
end

-- Which columns of `ncol` fit into `width`, from both ends inwards, by their least widths. get(i):
-- the column. Returns the columns left and right of those that are left out.
local function both_ends(get, ncol, width)
  local left, right, first, last = {}, {}, 0, ncol + 1
  local room = width - (text.width(MORE) + GAP)
  while first + 1 < last do
    local from_left = #left <= #right
    local column = get(from_left and first + 1 or last - 1)
    if #left > 0 and column.least + GAP > room then break end
    room = room - column.least - GAP
    if from_left then first, left[#left + 1] = first + 1, column
    else last = last - 1; table.insert(right, 1, column) end
  end
  return left, right
end

local function dots(rows)
  local cells = {}
  for i = 1, #rows do cells[i] = MORE end
  return { header = MORE, type = "", cells = cells, nulls = {}, align = "left", width = 1,
    least = 1, dots = true }
end

-- The columns that are shown, and how many are left out.
local function fit(names, core, rows, width)
  local made = {}
  local function get(i)
    made[i] = made[i] or column_of(names[i], core:col(names[i]), rows)
    return made[i]
  end
  local left, right = both_ends(get, #names, width)
  local hidden = #names - #left - #right
  if hidden > 0 then left[#left + 1] = dots(rows) end
  table.move(right, 1, #right, #left + 1, left)
  widths.shrink(left, width, function(column) return column.least end)
  return left, hidden
end

-- Drawing -----------------------------------------------------------------------------------------

local COLOURS = { header = "\27[1m", type = "\27[2m", rule = "\27[2m", null = "\27[2m" }

local function painter(colours)
  return function(style, part)
    local colour = colours and style and COLOURS[style]
    return colour and colour .. part .. "\27[0m" or part
  end
end

local function add_line(lines, columns, part_of, colours)
  local parts = {}
  for i, column in ipairs(columns) do parts[i] = part_of(column) end
  local line = table.concat(parts, (" "):rep(GAP))
  lines[#lines + 1] = colours and line or line:gsub("%s+$", "")
end

-- A text in a column's width and alignment.
local function place(column, cell)
  return text.pad(text.elide(cell, column.width), column.width, column.align)
end

local function add_head(lines, columns, paint, colours)
  add_line(lines, columns, function(column)
    return paint("header", place(column, column.header))
  end, colours)
  add_line(lines, columns, function(column)
    return paint("type", place(column, column.type))
  end, colours)
  add_line(lines, columns, function(column)
    return paint("rule", ("─"):rep(column.width))
  end, colours)
end

local function add_row(lines, columns, i, paint, colours)
  add_line(lines, columns, function(column)
    local is_null = column.nulls[i] == nil
    return paint(is_null and "null", place(column, column.cells[i]))
  end, colours)
end

-- A whole number with commas.
local function with_commas(n)
  local digits = ("%d"):format(n)
  return (digits:reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", ""))
end

local function plural(n, word) return with_commas(n) .. " " .. word .. (n == 1 and "" or "s") end

-- The numbers of the rows that are shown, and how many of them stand before the gap.
local function shown_rows(nrow, most)
  local rows = {}
  if nrow <= most then
    for i = 1, nrow do rows[i] = i end
    return rows, nrow
  end
  local before = (most + 1) // 2
  for i = 1, before do rows[i] = i end
  for i = nrow - (most - before) + 1, nrow do rows[#rows + 1] = i end
  return rows, before
end

local function footer_of(nrow, ncol, hidden)
  local line = plural(nrow, "row") .. " × " .. plural(ncol, "column")
  return hidden > 0 and ("%s, %s not shown"):format(line, with_commas(hidden)) or line
end

-- The width of the terminal, as the shell says it or as it says itself.
local function terminal_width()
  return math.tointeger(tonumber(os.getenv "COLUMNS")) or sys.terminal_columns(1) or 80
end

local function most_rows(options)
  if options.rows then return options.rows end
  return options.height and math.max(2, options.height - AROUND - 1) or ROWS
end

-- The lines of a table of some columns of a core frame.
local function table_lines(core, names, options)
  local nrow = core:nrow()
  local rows, before = shown_rows(nrow, most_rows(options))
  local columns, hidden = fit(names, core, rows, math.max(options.width or terminal_width(), 1))
  local paint, lines = painter(options.colours), {}
  if #columns > 0 then add_head(lines, columns, paint, options.colours) end
  for i = 1, #rows do
    if i == before + 1 then lines[#lines + 1] = paint("rule", MORE) end
    add_row(lines, columns, i, paint, options.colours)
  end
  return lines, hidden, paint
end

local OPTIONS = {
  { name = "width", type = "integer", min = 1 },
  { name = "height", type = "integer", min = 1 },
  { name = "rows", type = "integer", min = 1 },
  { name = "colours", type = "boolean" },
}

--- A frame as text, see Frame:show.
function display.frame(core, options)
  options = mistake.check_options(OPTIONS, options)
  local lines, hidden, paint = table_lines(core, core:names(), options)
  lines[#lines + 1] = paint("rule", footer_of(core:nrow(), core:ncol(), hidden))
  return table.concat(lines, "\n")
end

--- A column as text: as a frame of it alone.
function display.column(core, name, options)
  options = mistake.check_options(OPTIONS, options)
  name = name or "column"
  local one = { nrow = function() return core:len() end, col = function() return core end }
  local lines, _, paint = table_lines(one, { name }, options)
  lines[#lines + 1] = paint("rule", plural(core:len(), "row"))
  return table.concat(lines, "\n")
end

-- Plain values ------------------------------------------------------------------------------------

local ITEMS = 50 -- of a table that are shown
local DEPTH = 3  -- tables within tables

local function key_text(key)
  if type(key) == "string" and key:find "^[%a_][%w_]*$" then return key end
  return "[" .. (type(key) == "string" and ('"%s"'):format(clean(key)) or tostring(key)) .. "]"
end

local item_text

-- The items of a table as texts: those of the array part, then the others by their keys.
local function items_of(value, depth)
  local items, n = {}, #value
  for i = 1, math.min(n, ITEMS) do items[i] = item_text(value[i], depth + 1) end
  for _, key in ipairs(lists.sorted_keys(value)) do
    if #items >= ITEMS then break end
    local is_item = math.type(key) == "integer" and key >= 1 and key <= n
    if not is_item then
      items[#items + 1] = key_text(key) .. " = " .. item_text(value[key], depth + 1)
    end
  end
  if n > ITEMS then items[#items + 1] = ("… %s more"):format(with_commas(n - ITEMS)) end
  return items
end

local function table_text(value, depth)
  if depth > DEPTH then return "{ … }" end
  local items = items_of(value, depth)
  return #items == 0 and "{}" or "{ " .. table.concat(items, ", ") .. " }"
end

function item_text(value, depth)
  if type(value) == "string" then return '"' .. clean(value):gsub('"', '\\"') .. '"' end
  local is_plain = type(value) == "table" and not getmetatable(value)
  if is_plain then return table_text(value, depth) end
  if handle.is_frame(value) then
    return ("frame (%s)"):format(footer_of(value:nrow(), value:ncol(), 0))
  end
  if handle.is_column(value) then
    return ("column (%s, %s)"):format(value:type(), plural(value:len(), "row"))
  end
  return clean(tostring(value))
end

--- Any value as a prompt shows it: frames and columns as tables, tables by their items, texts as
--- they are, cleaned line by line. options as for Frame:show.
function display.value(value, options)
  if handle.is_frame(value) then return display.frame(handle.unwrap(value), options) end
  if handle.is_column(value) then
    return display.column(handle.unwrap_column(value), handle.column_name(value), options)
  end
  if type(value) == "table" and not getmetatable(value) then return table_text(value, 1) end
  local raw = value ~= value and "nan" or tostring(value)
  if not raw:find "\n" then return text.clean(raw) end
  return (raw:gsub("[^\n]+", text.clean))
end

--- The frame as text that fits a terminal; print(f) and tostring(f) give the same with the
--- defaults.
---
--- The first and the last rows are shown with "…" between them, and columns from both ends where
--- not all fit. Nulls are "·". options.width: columns of the terminal (default: what COLUMNS or
--- the terminal says, else 80); options.rows: rows that are shown at most (default 20), or
--- options.height: lines of the terminal; options.colours: true for a terminal that shows them.
---
--- Example:
---   > f = frame.from_table{ name = { "bert", "resnet", "vgg" }, speedup = { 1.25, 0.9, 10 } }
---   > f:show{ rows = 2 }
---   name    speedup
---   string      f64
---   ──────  ───────
---   bert       1.25
---   …
---   vgg       10.00
---   3 rows × 2 columns
function Frame:show(options) return display.frame(handle.unwrap(self), options) end

--- The column as text that fits a terminal, see f:show.
---
--- Example:
---   > frame.column({ 1.5, 2 }, { name = "x" }):show()
---     x
---   f64
---   ───
---   1.5
---   2.0
---   2 rows
function Column:show(options)
  return display.column(handle.unwrap_column(self), handle.column_name(self), options)
end

handle.metas.frame.__tostring = function(self) return self:show() end
handle.metas.column.__tostring = function(self) return self:show() end

return display
