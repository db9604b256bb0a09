-- Blocks as GitHub-flavoured Markdown, for files, comments and step summaries.
--
-- Tables are text tables between ~~~ fences, cells centred, the caption in the line above the
-- fence. Data is shown, never obeyed: in running text what Markdown or GitHub would act on is
-- escaped (GFM spec 0.29, "Backslash escapes"), in HTML its five characters, and within a fence
-- no line of data can end it, since rows begin with "|" and code gets a fence longer than any in
-- it.

local core = require "benchrun.core.text"
local text = require "benchrun.text"

-- Running text -----------------------------------------------------------------------------------

-- An empty entity parts what GitHub would link behind our back: mentions, issue numbers.
local PART = "&#8203;"

-- What would open a block at the start of a line.
local function guard_start(line)
  line = line:gsub("^[#>+=%-]", "\\%0")
  return (line:gsub("^(%d+)([.)])", "%1\\%2"))
end

local function guard_references(line)
  line = line:gsub("#(%d)", "#" .. PART .. "%1"):gsub("([Gg][Hh]%-)(%d)", "%1" .. PART .. "%2")
  line = line:gsub("@", "@" .. PART)
  return (line:gsub("://", "\\://"):gsub("([Ww][Ww][Ww])%.", "%1\\."))
end

-- Underscores within a word mean nothing to Markdown and are left to be read and searched for.
local function guard_underscores(line)
  return (line:gsub("()(_+)()", function(first, run, behind)
    if line:find("^%w", first - 1) and line:find("^%w", behind) and first > 1 then return nil end
    return run:gsub("_", "\\_")
  end))
end

-- One line of running text. fresh: it stands at the start of its line.
local function inline(raw, fresh)
  local line = text.clean(raw):match("^ *(.-) *$")
  line = guard_underscores(line:gsub("[\\`*%[%]<>&~|^]", "\\%0"))
  line = guard_references(line:gsub("%$", "<span>$</span>"))
  return fresh and guard_start(line) or line
end

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
  ["'"] = "&apos;" }

-- Text within HTML, where Markdown is not read.
local function html(raw)
  local line = text.clean(raw):gsub("[&<>\"']", ENTITIES)
  line = line:gsub("#(%d)", "#" .. PART .. "%1"):gsub("@", "@" .. PART)
  return (line:gsub("://", ":" .. PART .. "//"))
end

-- A relative address. Bytes that mean something in an address or in Markdown are given by number.
local function address(path)
  return (path:gsub("[^%w._~/-]", function(byte) return ("%%%02X"):format(byte:byte()) end))
end

-- Blocks -----------------------------------------------------------------------------------------

local draw = {}

local function add(lines, more)
  for _, line in ipairs(more) do lines[#lines + 1] = line end
end

local function fenced(lines, content)
  local longest = 2
  for _, line in ipairs(content) do
    for run in line:gmatch("~+") do longest = math.max(longest, #run) end
  end
  local fence = ("~"):rep(longest + 1)
  lines[#lines + 1] = fence
  add(lines, content)
  lines[#lines + 1] = fence
end

function draw.heading(lines, block)
  lines[#lines + 1] = ("#"):rep(block.level) .. " " .. inline(block.text, true)
end

function draw.paragraph(lines, block)
  for _, line in ipairs(text.lines(block.text)) do lines[#lines + 1] = inline(line, true) end
end

function draw.list(lines, block)
  for _, item in ipairs(block.items) do lines[#lines + 1] = "- " .. inline(item, true) end
end

function draw.notice(lines, block) lines[#lines + 1] = "- ⚠ " .. inline(block.text) end

function draw.table(lines, block)
  if block.caption and block.caption ~= "" then lines[#lines + 1] = inline(block.caption, true) end
  lines[#lines + 1] = "~~~"
  lines[#lines + 1] = core.table_lines(block.columns, block.cells, block.align) .. "~~~"
end

function draw.code(lines, block) fenced(lines, text.lines(block.text, true)) end

-- Charts lie beside the report.
local function beside(block)
  local path = block.files.png or block.files.svg
  return path and address(path:match("[^/]*$"))
end

function draw.chart(lines, block, image)
  lines[#lines + 1] = ("%s : ![%s](%s)"):format(inline(block.name, true),
    inline(block.alt or block.name), image(block))
end

local function draw_blocks(lines, blocks, image)
  for i, block in ipairs(blocks) do
    local follows_notice = block.kind == "notice" and i > 1 and blocks[i - 1].kind == "notice"
    if block.kind ~= "chart" or image(block) then
      if #lines > 0 and not follows_notice then lines[#lines + 1] = "" end
      draw[block.kind](lines, block, image)
    end
  end
end

-- The empty line behind <summary> ends the HTML block, so that what is inside is Markdown again.
function draw.details(lines, block, image)
  add(lines, { "<details>", "<summary>" .. html(block.summary) .. "</summary>" })
  draw_blocks(lines, block.blocks, image)
  add(lines, { "", "</details>" })
end

--- Markdown of blocks. options.image: the address of a chart's picture, (block) → text or nil: the
--- chart is left out; without it the name of the file beside the report.
local function render(blocks, options)
  local lines = {}
  draw_blocks(lines, blocks, options and options.image or beside)
  return #lines > 0 and table.concat(lines, "\n") .. "\n" or ""
end

return {
  help = "Markdown for GitHub: files, comments, step summaries",
  extension = ".md",
  render = render,
}
