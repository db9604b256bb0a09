-- Blocks for a terminal: fitted to its width, coloured only if asked to. Nothing in the data
-- reaches the terminal as a control character.

local grid = require "benchrun.grid"
local text = require "benchrun.text"

local INDENT = 2
local BETWEEN = 4      -- columns between tables side by side
local WIDTH = 80       -- where none is given
local LEAST = 20       -- a narrower terminal is treated as this wide
local READABLE = 100   -- columns that running text takes at most

local COLOURS = {
  title = "1", heading = "1;36", subheading = "1", caption = "1", header = "2", rule = "2",
  notice = "33", best = "1;32", bad = "31", worse = "31", path = "36", muted = "2",
}

local function painter(colour)
  if not colour then return function(_, plain) return plain end end
  return function(style, plain)
    local code = COLOURS[style]
    if not code or plain == "" then return plain end
    local before, inner, after = plain:match("^( *)(.-)( *)$")
    return ("%s\27[%sm%s\27[0m%s"):format(before, code, inner, after)
  end
end

-- What is written so far, and how.
local Page = {}
Page.__index = Page

local function new_page(options)
  local width = math.max(LEAST, options.width or WIDTH)
  return setmetatable({ lines = {}, width = width, room = width - INDENT, rows = options.rows,
    paint = painter(options.colour) }, Page)
end

function Page:put(line, indent)
  self.lines[#self.lines + 1] = ((" "):rep(indent or INDENT) .. line):gsub(" +$", "")
end

function Page:gap()
  if #self.lines > 0 and self.lines[#self.lines] ~= "" then self.lines[#self.lines + 1] = "" end
end

-- Wrapped, with `first` before the first line and blanks of its width before the others.
function Page:put_wrapped(raw, first, style)
  local hang = text.width(first)
  for i, line in ipairs(text.wrap(text.clean(raw), math.min(READABLE, self.room) - hang)) do
    local painted = self.paint(style, (i == 1 and first or "") .. line)
    self:put(painted, INDENT + (i == 1 and 0 or hang))
  end
end

-- Blocks -----------------------------------------------------------------------------------------

local draw = {}

local function draw_title(page, title)
  page:put(page.paint("title", text.elide(title, page.width)), 0)
  page:put(page.paint("rule", ("━"):rep(math.min(page.width, READABLE))), 0)
end

local function draw_section(page, title)
  title = text.elide(title, page.width)
  local rest = math.min(page.width, READABLE) - text.width(title) - 1
  local rule = rest > 0 and " " .. page.paint("rule", ("─"):rep(rest)) or ""
  page:put(page.paint("heading", title) .. rule, 0)
end

function draw.heading(page, block)
  local title = text.clean(block.text)
  if block.level == 1 then return draw_title(page, title) end
  if block.level == 2 then return draw_section(page, title) end
  page:put_wrapped(block.text, "", "subheading")
end

function draw.paragraph(page, block)
  for _, line in ipairs(text.lines(block.text)) do page:put_wrapped(line, "") end
end

function draw.list(page, block)
  for _, item in ipairs(block.items) do page:put_wrapped(item, "• ") end
end

function draw.notice(page, block) page:put_wrapped(block.text, "! ", "notice") end

function draw.code(page, block)
  for _, line in ipairs(text.lines(block.text, true)) do page:put(line, INDENT + 2) end
end

function draw.chart(page, block)
  page:put_wrapped(block.alt or block.name, "")
  for _, format in ipairs { "png", "svg" } do
    local path = block.files[format]
    if path then page:put(page.paint("path", text.clean(path)), INDENT + 2) end
  end
end

-- Tables -----------------------------------------------------------------------------------------

-- Tables whose rows are the same things stand side by side.
local function have_same_rows(a, b)
  if b.kind ~= "table" or a.columns[1] ~= b.columns[1] then return false end
  local of_a, of_b = a.cells[1], b.cells[1]
  if #of_a ~= #of_b or #of_a == 0 then return false end
  for i, cell in ipairs(of_a) do
    if cell ~= of_b[i] then return false end
  end
  return true
end

local function width_of(lines)
  local width = 0
  for _, line in ipairs(lines) do width = math.max(width, line.width) end
  return width
end

-- Appends `right` to the lines of `left` from column `at` on; their last lines meet.
local function put_beside(left, right, at)
  local joined, height = {}, math.max(#left, #right)
  local empty = { text = "", width = 0 }
  for i = 1, height do
    local a, b = left[i - height + #left] or empty, right[i - height + #right] or empty
    joined[i] = { text = a.text .. (" "):rep(at - a.width) .. b.text, width = at + b.width }
  end
  return joined
end

-- How many tables of at most `width` columns stand in a row, the rows of like length.
local function across(count, width, room)
  local most = math.max(1, (room + BETWEEN) // (width + BETWEEN))
  local rows = (count + most - 1) // most
  return (count + rows - 1) // rows
end

local function draw_tables(page, tables)
  local drawn, widest = {}, 0
  for i, block in ipairs(tables) do
    drawn[i] = grid.lines(block, page.room, page.paint, page.rows)
    widest = math.max(widest, width_of(drawn[i]))
  end
  local per_row = across(#tables, widest, page.room)
  for first = 1, #drawn, per_row do
    local lines = drawn[first]
    for i = first + 1, math.min(first + per_row - 1, #drawn) do
      lines = put_beside(lines, drawn[i], (i - first) * (widest + BETWEEN))
    end
    page:gap()
    for _, line in ipairs(lines) do page:put(line.text) end
  end
end

-- Tables that belong side by side, from position i on.
local function run_of_tables(blocks, i)
  local tables = { blocks[i] }
  while blocks[i + #tables] and have_same_rows(blocks[i], blocks[i + #tables]) do
    tables[#tables + 1] = blocks[i + #tables]
  end
  return tables
end

-- Pages ------------------------------------------------------------------------------------------

local TIGHT = { notice = true, chart = true } -- no empty line between two of these

local function draw_block(page, block, before)
  local follows = TIGHT[block.kind] and before and before.kind == block.kind
  page.run = follows and page.run + 1 or 1
  if page.rows and page.run > page.rows then
    if page.run == page.rows + 1 then page:put(page.paint("muted", "… and more")) end
    return
  end
  if not follows then page:gap() end
  draw[block.kind](page, block)
end

local function draw_blocks(page, blocks)
  local i = 1
  while i <= #blocks do
    if blocks[i].kind == "table" then
      local tables = run_of_tables(blocks, i)
      draw_tables(page, tables)
      i = i + #tables
    else
      draw_block(page, blocks[i], blocks[i - 1])
      i = i + 1
    end
  end
end

function draw.details(page, block)
  if block.documents then return end
  page:put_wrapped(block.summary, "", "subheading")
  draw_blocks(page, block.blocks)
end

--- Text of blocks. Options: width (columns, 80), colour (false), rows (the most rows of a table
--- that are shown; without: all).
local function render(blocks, options)
  local page = new_page(options or {})
  draw_blocks(page, blocks)
  while page.lines[#page.lines] == "" do page.lines[#page.lines] = nil end
  return #page.lines > 0 and table.concat(page.lines, "\n") .. "\n" or ""
end

return { help = "text for a terminal or a plain file", extension = ".txt", render = render }
