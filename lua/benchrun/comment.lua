-- The joined comment: the parts of a report as one text that is short enough to be posted.
--
-- GitHub refuses comments of more than 65,536 characters. What is too long loses its largest tables
-- first, each for a paragraph that says what is missing and where it stands. Tables are measured
-- once, each by itself: what a text loses with one of them follows by subtraction, so that only the
-- final text is rendered again.

local comment = {}

--- The most characters that GitHub takes.
comment.LIMIT = 65536

--- Characters of a text; its bytes where it is no UTF-8.
local function length(text) return utf8.len(text, 1, -1, true) or #text end

--- One text from the texts of the parts: each stripped at its right end, an empty line between.
--- Parts without a text are left out.
function comment.join(texts)
  local kept = {}
  for _, text in ipairs(texts) do
    local stripped = text:match("^(.*%S)") or ""
    if stripped ~= "" then kept[#kept + 1] = stripped end
  end
  return #kept > 0 and table.concat(kept, "\n\n") .. "\n" or ""
end

-- Cutting -----------------------------------------------------------------------------------------

-- The run of marks that a line begins with if it may open or close a fence, and what follows.
local function fence_of(line)
  local run, rest = line:match("^ ? ? ?(~~~+)(.*)")
  if run then return run, rest end
  return line:match("^ ? ? ?(```+)([^`]*)$")
end

-- What of <details> and fences is open behind a line.
local function step(state, line)
  local run, rest = fence_of(line)
  if state.fence then
    local closes = run and run:sub(1, #state.fence) == state.fence and not rest:find("%S")
    if closes then state.fence = nil end
  elseif run then
    state.fence = run
  else
    local _, opened = line:gsub("<details[ >]", "")
    local _, closed = line:gsub("</details>", "")
    state.details = math.max(0, state.details + opened - closed)
  end
end

local function closing_of(state)
  return (state.fence and state.fence .. "\n" or "") .. ("\n</details>\n"):rep(state.details)
end

-- What must follow the text to end it well.
local function ending(state, last) return closing_of(state) .. "\n" .. last .. "\n" end

--- What closes the fence and the <details> that are open at the end of Markdown's whole lines.
function comment.closing(markdown)
  local state = { details = 0 }
  for line in markdown:gmatch("([^\n]*)\n") do step(state, line) end
  return closing_of(state)
end

-- The first `limit` characters.
local function shortened(text, limit)
  local behind = utf8.offset(text, limit + 1)
  return behind and text:sub(1, behind - 1) or text
end

--- A text of at most `limit` characters: whole, or cut at a line's end, with what was open there
--- closed and a last line that says where the whole is.
function comment.cut(text, limit, where)
  if length(text) <= limit then return text end
  local last = ("Cut here, at the limit of a comment; the whole is at `%s`"):format(
    (where:gsub("[`%c]", "?")))
  local state, used, kept, tail = { details = 0 }, 0, 0, ending({ details = 0 }, last)
  for line, behind in text:gmatch("([^\n]*)\n()") do
    step(state, line)
    used = used + length(line) + 1
    if used > limit then break end
    local closing = ending(state, last)
    if used + length(closing) <= limit then kept, tail = behind - 1, closing end
  end
  return shortened(text:sub(1, kept) .. tail, limit)
end

-- Dropping tables ---------------------------------------------------------------------------------

local function rows_text(block)
  local rows = block.cells[1] and #block.cells[1] or 0
  return rows == 1 and "1 row" or rows .. " rows"
end

-- What stands for a table.
local function stand_in(block, file, where)
  local caption = block.caption and block.caption:match("^%s*(.-)%s*$") or ""
  return { kind = "paragraph", text = ("%s (%s) is left out, the comment would be too long; it is "
    .. "whole in %s"):format(caption ~= "" and caption or "A table", rows_text(block),
    file and file .. " at " .. where or where) }
end

-- Adds every table among the blocks, and in what they hold, to the list.
local function list_tables(list, blocks, describe)
  for _, block in ipairs(blocks) do
    if block.kind == "table" then list[#list + 1] = describe(block) end
    if block.blocks then list_tables(list, block.blocks, describe) end
  end
end

-- Every table that takes more than its stand-in, the largest first; of equal ones the last.
local function candidates(parts, render, where)
  local list = {}
  for _, part in ipairs(parts) do
    list_tables(list, part.blocks, function(block)
      local instead, size = stand_in(block, part.file, where), length(render { block })
      return { block = block, instead = instead, size = size, place = #list + 1,
        saving = size - length(render { instead }) }
    end)
  end
  table.sort(list, function(a, b)
    if a.size ~= b.size then return a.size > b.size end
    return a.place > b.place
  end)
  return list
end

-- The blocks with stand-ins for those that are keys of instead; copies where anything differs.
local function replaced(blocks, instead)
  local copy = {}
  for i, block in ipairs(blocks) do
    copy[i] = instead[block] or block
    if copy[i] == block and block.blocks then
      copy[i] = {}
      for key, value in pairs(block) do copy[i][key] = value end
      copy[i].blocks = replaced(block.blocks, instead)
    end
  end
  return copy
end

local function render_all(parts, render, instead)
  local texts = {}
  for i, part in ipairs(parts) do texts[i] = render(replaced(part.blocks, instead)) end
  return comment.join(texts)
end

--- The comment of a report, at most `limit` characters. parts: list of { file =, blocks = }; blocks
--- are left as they are. render: blocks → text. While it is too long it loses its largest table;
--- what is too long without any is cut. where: what people are told of the place of the whole.
--- Returns the text and the number of tables that it lost.
function comment.fit(parts, render, limit, where)
  local text, instead, dropped = render_all(parts, render, {}), {}, 0
  local excess = length(text) - limit
  if excess <= 0 then return text, 0 end
  for _, each in ipairs(candidates(parts, render, where)) do
    if excess <= 0 then
      text = render_all(parts, render, instead)
      excess = length(text) - limit
      if excess <= 0 then return text, dropped end
    end
    if each.saving > 0 and not instead[each.block] then
      instead[each.block], dropped = each.instead, dropped + 1
      excess = excess - each.saving
    end
  end
  return comment.cut(render_all(parts, render, instead), limit, where), dropped
end

return comment
