-- plot(): a chart of a frame, as a file and at the terminal.
--
-- The file is drawn by benchrun.core.plot. At a terminal the same picture is shown where the
-- terminal says that it can show pictures, else the chart is made of characters (chart.lua).

local axis = require "benchrun.repl.axis"
local mistake = require "benchrun.frame.mistake"
local series = require "benchrun.repl.series"
local sys = require "benchrun.core.sys"
local term = require "benchrun.lazy" "benchrun.core.term"

local plot = {}

local HEIGHT_MOST = 20   -- rows of a chart of characters
local WIDTH_MOST = 110
local PICTURE_ROWS = 18  -- rows that a picture takes at most
local PICTURE_WIDTH = 1000 -- of its own pixels
local DENSE_HEIGHT = 30  -- pixels of a cell from which on the terminal's are small
local X_TICKS = 8
local ANSWER = 0.25      -- seconds that a terminal has to answer
local CELL_WIDTH, CELL_HEIGHT = 10, 20 -- pixels, where the terminal does not say

-- Pictures ----------------------------------------------------------------------------------------

-- One line or row of bars that the title tells of needs no legend.
local function legend_name(data, one)
  return data.is_single and "" or one.name
end

local function bars_spec(data)
  local list = {}
  for i, one in ipairs(data.series) do
    local values = { n = #data.labels }
    for k = 1, #data.labels do values[k] = false end
    for k, x in ipairs(one.x) do values[x] = one.y[k] end
    list[i] = { name = legend_name(data, one), values = values }
  end
  return { title = data.title, labels = data.labels, series = list }
end

-- All points of all series in the order of x, with the ticks between them: { x =, index =, y =,
-- text = }.
local function points_of(data)
  local points, low, high = {}, math.huge, -math.huge
  for i, one in ipairs(data.series) do
    for k, x in ipairs(one.x) do
      points[#points + 1] = { x = x, index = i, y = one.y[k], order = #points }
      low, high = math.min(low, x), math.max(high, x)
    end
  end
  local ticks = {}
  if data.labels then
    for i, label in ipairs(data.labels) do ticks[i] = { at = i, text = label } end
  elseif low <= high then
    ticks = axis.ticks(low, high, X_TICKS, data.is_time)
  end
  for _, tick in ipairs(ticks) do
    points[#points + 1] = { x = tick.at, text = tick.text, order = #points }
  end
  table.sort(points, function(a, b)
    if a.x ~= b.x then return a.x < b.x end
    return a.order < b.order
  end)
  return points
end

local function lines_spec(data)
  local points, labels, xs, list = points_of(data), {}, {}, {}
  for i, one in ipairs(data.series) do
    list[i] = { name = legend_name(data, one), values = {} }
  end
  for k, point in ipairs(points) do
    labels[k], xs[k] = point.text or "", point.x
    for i = 1, #list do list[i].values[k] = i == point.index and point.y end
  end
  return { title = data.title, labels = labels, x = xs, joined = true,
    points = data.kind == "scatter", panels = { { title = "", series = list } } }
end

-- The picture's bytes, or nil and a message.
local function draw(data, style)
  local core = require "benchrun.core.plot"
  if data.kind == "bar" then return core.bars(bars_spec(data), style) end
  return core.lines(lines_spec(data), style)
end

local function write_file(data, path)
  local format = path:lower():match("%.(%a+)$")
  if format ~= "png" and format ~= "svg" then
    mistake.raise("path: a file that ends in .png or .svg expected, got '%s'", path)
  end
  local picture, problem, code = draw(data, { format = format })
  if not picture then return nil, problem, code end
  local written, why, kind = sys.write_file(path, picture)
  if not written then return nil, why, kind end
  return path
end

-- At the terminal ---------------------------------------------------------------------------------

local NO_SKILLS = { sixel = false, kitty = false }

-- True where it is worth asking: a terminal at both ends that knows sequences.
local function may_ask(getenv)
  local name = getenv "TERM" or ""
  local is_plain = name == "" or name == "dumb" or name == "linux" or name:find("^screen")
  return not is_plain and sys.is_terminal(0) and sys.is_terminal(1)
end

-- What the terminal can do, asked once a session.
local function skills_of(session)
  if not session.skills then
    local skills, typed
    if session.options.is_interactive and may_ask(os.getenv) then
      skills, typed = term.ask(0, 1, ANSWER)
      if skills and typed ~= "" then session.options.feed(typed) end
    end
    session.skills = skills or NO_SKILLS
  end
  return session.skills
end

-- A small picture in the terminal's own format, or nil.
local function picture(session, data, columns, rows)
  local skills = skills_of(session)
  if not skills.kitty and not skills.sixel then return nil end
  local _, _, cell_width, cell_height = term.size(1)
  cell_width = cell_width or skills.cell_width or CELL_WIDTH
  cell_height = cell_height or skills.cell_height or CELL_HEIGHT
  local scale = cell_height >= DENSE_HEIGHT and 2 or 1
  local width = math.max(200, math.min(columns * cell_width // scale, PICTURE_WIDTH))
  local height = math.max(120, math.min(PICTURE_ROWS, rows) * cell_height // scale)
  local png = draw(data, { format = "png", theme = "light", width = width, height = height,
    scale = scale })
  local show = skills.kitty and term.kitty or term.sixel
  return png and show(png)
end

local function show(session, data)
  local columns, rows = session:size()
  local seen = picture(session, data, math.min(columns, WIDTH_MOST), rows)
  session:write(seen and seen .. "\n" or require("benchrun.repl.chart").text(data, {
    width = math.min(columns, WIDTH_MOST), height = math.min(rows, HEIGHT_MOST),
    colour = session.options.colour }))
end

--- plot(f, options), see globals.lua. Returns the path, or nil, a message and a code where it
--- can't be written; nothing where none is asked for.
function plot.plot(session, f, options)
  local data
  data, options = series.collect(f, options)
  local wants = options.terminal
  if wants == nil then wants = sys.is_terminal(1) end
  local written, problem, code
  if options.path then
    written, problem, code = write_file(data, options.path)
    if not written then return nil, problem, code end
  end
  if wants then show(session, data) end
  if written then return written end
end

return plot
