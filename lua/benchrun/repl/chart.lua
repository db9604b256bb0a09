-- Charts in characters: bars of blocks, lines and points of braille dots, eight to a character.
-- Several lines are told apart by colour; without colours each is drawn in a letter of its own.

local axis = require "benchrun.repl.axis"
local text = require "benchrun.text"

local chart = {}

local COLOURS = { "34", "33", "32", "31", "35", "36", "94", "93", "92", "91", "95", "96" }
local ROWS_MOST = 60   -- of bars
local LABEL_SHARE = 3  -- a label takes at most this part of the width
local EIGHTHS = { "▏", "▎", "▍", "▌", "▋", "▊", "▉" }

local function paint(options, index, plain)
  if not options.colour or plain == "" then return plain end
  return ("\27[%sm%s\27[0m"):format(COLOURS[(index - 1) % #COLOURS + 1], plain)
end

local function muted(options, plain)
  return options.colour and "\27[2m" .. plain .. "\27[0m" or plain
end

local function number_text(value)
  local short = ("%.4g"):format(value)
  return tonumber(short) == value and short or ("%.3g"):format(value)
end

local function title_line(data, options)
  local title = text.elide(text.clean(data.title), options.width)
  return options.colour and "\27[1m" .. title .. "\27[0m" or title
end

local function letter(index) return string.char(97 + (index - 1) % 26) end

-- The names of the series, as many on a line as fit.
local function add_legend(lines, data, options, mark)
  if #data.series < 2 then return end
  local line, width = "", 0
  for i, one in ipairs(data.series) do
    local name = text.elide(text.clean(one.name), options.width - 4)
    local needed = text.width(name) + 4
    if width > 0 and width + needed > options.width then
      lines[#lines + 1], line, width = line:gsub(" +$", ""), "", 0
    end
    line = line .. paint(options, i, mark(i)) .. " " .. name .. "  "
    width = width + needed
  end
  lines[#lines + 1] = line:gsub(" +$", "")
end

-- Bars --------------------------------------------------------------------------------------------

-- A bar from zero to a value, as blanks and blocks. scale: columns a unit; zero: the column of
-- zero.
local function bar_text(value, zero, scale)
  local length = math.abs(value) * scale
  local whole = math.floor(length)
  if value < 0 then
    local cells = math.min(math.floor(length + 0.5), zero)
    return (" "):rep(zero - cells) .. ("█"):rep(cells)
  end
  local rest = math.floor((length - whole) * 8)
  local bar = ("█"):rep(whole) .. (EIGHTHS[rest] or "")
  return (" "):rep(zero) .. (bar == "" and "▏" or bar)
end

local function extent(data)
  local low, high = 0, 0
  for _, one in ipairs(data.series) do
    for _, y in ipairs(one.y) do low, high = math.min(low, y), math.max(high, y) end
  end
  return low, high
end

local function by_label(one)
  local values = {}
  for i, x in ipairs(one.x) do values[x] = one.y[i] end
  return values
end

local function bar_layout(data, options)
  local low, high = extent(data)
  local labels = {}
  for i, label in ipairs(data.labels) do labels[i] = text.clean(label) end
  local names = math.min(text.widest(labels), options.width // LABEL_SHARE)
  local room = math.max(10, options.width - names - 2 - 10)
  local scale = high > low and room / (high - low) or 0
  return { labels = labels, names = names, scale = scale, zero = math.floor(-low * scale + 0.5) }
end

local function add_bars(lines, data, options, layout)
  local values = {}
  for i, one in ipairs(data.series) do values[i] = by_label(one) end
  for at, label in ipairs(layout.labels) do
    if #lines > ROWS_MOST then
      lines[#lines + 1] = ("… %d more"):format(#layout.labels - at + 1)
      return
    end
    local name = text.pad(text.elide(label, layout.names), layout.names)
    for i = 1, #data.series do
      local value = values[i][at]
      local mark = #data.series > 1 and not options.colour and (" %s "):format(letter(i)) or "  "
      local bar = value and paint(options, i, bar_text(value, layout.zero, layout.scale)) .. " "
        .. number_text(value) or muted(options, "·")
      lines[#lines + 1] = name .. mark .. bar
      name = (" "):rep(layout.names)
    end
  end
end

local function draw_bars(data, options)
  local lines = { title_line(data, options) }
  add_bars(lines, data, options, bar_layout(data, options))
  add_legend(lines, data, options, options.colour and function() return "█" end or letter)
  return lines
end

-- Lines and points --------------------------------------------------------------------------------

-- Bits of a braille character by row and column of the dot.
local DOTS = { [0] = { [0] = 0x01, [1] = 0x08 }, { [0] = 0x02, [1] = 0x10 },
  { [0] = 0x04, [1] = 0x20 }, { [0] = 0x40, [1] = 0x80 } }

local function new_canvas(columns, rows)
  local canvas = { columns = columns, rows = rows, bits = {}, owner = {} }
  for row = 0, rows - 1 do canvas.bits[row], canvas.owner[row] = {}, {} end
  return canvas
end

-- Sets a dot; x to the right, y downwards, from 0.
local function set_dot(canvas, x, y, index)
  local row, column = y // 4, x // 2
  local line = canvas.bits[row]
  if not line or column < 0 or column >= canvas.columns then return end
  line[column] = (line[column] or 0) | DOTS[y % 4][x % 2]
  canvas.owner[row][column] = index
end

-- A straight line of dots (Bresenham's way, by the longer side).
local function draw_segment(canvas, x1, y1, x2, y2, index)
  local steps = math.max(math.abs(x2 - x1), math.abs(y2 - y1), 1)
  for i = 0, steps do
    set_dot(canvas, x1 + (x2 - x1) * i // steps, y1 + (y2 - y1) * i // steps, index)
  end
end

local function x_extent(data)
  local low, high = math.huge, -math.huge
  for _, one in ipairs(data.series) do
    if #one.x > 0 then low, high = math.min(low, one.x[1]), math.max(high, one.x[#one.x]) end
  end
  for _, one in ipairs(data.series) do
    for _, x in ipairs(one.x) do low, high = math.min(low, x), math.max(high, x) end
  end
  return low, high
end

local function y_extent(data)
  local low, high = math.huge, -math.huge
  for _, one in ipairs(data.series) do
    for _, y in ipairs(one.y) do low, high = math.min(low, y), math.max(high, y) end
  end
  return low, high
end

-- Where dots stand.
local function new_scale(data, columns, rows)
  local x_low, x_high = x_extent(data)
  local least, greatest = y_extent(data)
  local y_low, y_high, ticks = axis.round(least, greatest, math.max(2, rows // 4))
  local scale = { ticks = ticks, x_low = x_low, x_high = x_high }
  function scale.x(value)
    if x_high <= x_low then return columns end
    return math.floor((value - x_low) / (x_high - x_low) * (2 * columns - 1) + 0.5)
  end
  function scale.y(value)
    return math.floor((y_high - value) / (y_high - y_low) * (4 * rows - 1) + 0.5)
  end
  return scale
end

local function draw_series(canvas, scale, one, index, joined)
  local x_before, y_before
  for i = 1, #one.x do
    local x, y = scale.x(one.x[i]), scale.y(one.y[i])
    if joined and x_before then draw_segment(canvas, x_before, y_before, x, y, index) end
    set_dot(canvas, x, y, index)
    x_before, y_before = x, y
  end
end

local function cell_text(canvas, row, column, data, options)
  local bits = canvas.bits[row][column]
  if not bits then return " " end
  local index = canvas.owner[row][column]
  if #data.series > 1 and not options.colour then return letter(index) end
  return paint(options, index, utf8.char(0x2800 + bits))
end

-- Row of characters → text of the tick there.
local function tick_rows(scale)
  local rows, width = {}, 0
  for _, tick in ipairs(scale.ticks) do
    rows[scale.y(tick.at) // 4] = tick.text
    width = math.max(width, #tick.text)
  end
  return rows, width
end

local function x_ticks(data, scale, columns)
  if not data.labels then
    return axis.ticks(scale.x_low, scale.x_high, math.max(2, columns // 12),
      data.is_time)
  end
  local ticks = {}
  for i, label in ipairs(data.labels) do
    ticks[i] = { at = i, text = text.elide(text.clean(label), 20) }
  end
  return ticks
end

-- The axis below the plot: a line with its ticks, and their texts as far as they keep apart.
local function x_axis(data, options, scale, columns, left)
  local marks, line, taken = {}, "", 0
  for _, tick in ipairs(x_ticks(data, scale, columns)) do
    local column = scale.x(tick.at) // 2
    local width = text.width(tick.text)
    local start = math.max(0, math.min(column - width // 2, columns - width))
    if column >= 0 and column < columns and (start > taken or taken == 0) then
      line = line .. (" "):rep(start - text.width(line)) .. tick.text
      taken, marks[column] = start + width, true
    end
  end
  local rule = {}
  for column = 0, columns - 1 do rule[column + 1] = marks[column] and "┴" or "─" end
  local blanks = (" "):rep(left)
  return muted(options, blanks .. "└" .. table.concat(rule)), blanks .. " " .. line
end

local function add_plot(lines, data, options, canvas, scale)
  local ticks, width = tick_rows(scale)
  for row = 0, canvas.rows - 1 do
    local cells = {}
    for column = 0, canvas.columns - 1 do
      cells[column + 1] = cell_text(canvas, row, column, data, options)
    end
    local label = text.pad(ticks[row] or "", width, "right") .. (ticks[row] and "┤" or "│")
    lines[#lines + 1] = (muted(options, label) .. table.concat(cells)):gsub(" +$", "")
  end
  lines[#lines + 1], lines[#lines + 2] = x_axis(data, options, scale, canvas.columns, width)
end

local function draw_lines(data, options)
  local lines = { title_line(data, options) }
  if y_extent(data) == math.huge then
    lines[2] = "no data"
    return lines
  end
  local rows = math.max(4, options.height - 4)
  local _, width = tick_rows(new_scale(data, 10, rows))
  local columns = math.max(10, options.width - width - 2)
  local canvas, scale = new_canvas(columns, rows), new_scale(data, columns, rows)
  for i, one in ipairs(data.series) do draw_series(canvas, scale, one, i, data.kind == "line") end
  add_plot(lines, data, options, canvas, scale)
  add_legend(lines, data, options, options.colour and function() return "━" end or letter)
  return lines
end

--- A chart (see series.lua) as text. options: width, height (characters), colour.
function chart.text(data, options)
  local lines = (data.kind == "bar" and draw_bars or draw_lines)(data, options)
  return table.concat(lines, "\n") .. "\n"
end

return chart
