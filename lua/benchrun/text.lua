-- Text for people: what is safe to show, how wide it stands, how it is cut and wrapped.
--
-- Data may hold anything: bytes that are no UTF-8, terminal controls, marks that turn the writing
-- direction. text.clean shows all of these as escapes; the other functions take cleaned text.
-- Widths are terminal columns. Both are the core's, see core/base/text.h.

local core = require "benchrun.core.text"

local text = {}

--- The text in valid UTF-8 that shows everything in it: control characters and invalid bytes as
--- \n, \t, \x1b, characters that hide or turn the direction as \u{202e}.
text.clean = core.clean

-- Widths -----------------------------------------------------------------------------------------

--- Columns that a cleaned text takes.
text.width = core.width

--- Columns that the widest of a list of cleaned texts takes; 0 for an empty list.
function text.widest(list)
  local width = 0
  for _, each in ipairs(list) do width = math.max(width, text.width(each)) end
  return width
end

--- The beginning of a cleaned text that takes at most `width` columns, and the rest.
function text.split(clean, width)
  local cut = core.cut(clean, width)
  return clean:sub(1, cut), clean:sub(cut + 1)
end

-- The end of a cleaned text that takes at most `width` columns, fewer than it has.
local function tail(clean, width)
  local too_many = text.width(clean) - width
  local _, rest = text.split(clean, too_many)
  if text.width(rest) > width then _, rest = text.split(clean, too_many + 1) end
  return rest
end

--- A cleaned text cut to `width` columns, "…" in its middle where something is left out: names
--- tend to differ at both ends.
function text.elide(clean, width)
  if text.width(clean) <= width then return clean end
  if width <= 1 then return ("…"):rep(width) end
  local back = (width - 1) * 2 // 5
  return (text.split(clean, width - 1 - back)) .. "…" .. tail(clean, back)
end

-- Blanks before a text that has `blanks` columns to fill.
local function blanks_before(blanks, align)
  if align == "right" then return blanks end
  return align == "center" and blanks // 2 or 0
end

--- A cleaned text with blanks up to `width` columns. align: "left" (default), "right", or
--- "center", where an odd blank goes to the right.
function text.pad(clean, width, align)
  local blanks = width - text.width(clean)
  if blanks <= 0 then return clean end
  local before = blanks_before(blanks, align)
  return (" "):rep(before) .. clean .. (" "):rep(blanks - before)
end

-- Wrapping ---------------------------------------------------------------------------------------

-- Cuts what is too long of a word into lines, at least one character each; returns what is left.
local function break_word(lines, word, width)
  while text.width(word) > width do
    local head, rest = text.split(word, width)
    if head == "" then
      local first = utf8.offset(word, 2)
      head, rest = word:sub(1, first - 1), word:sub(first)
    end
    if rest == "" then break end
    lines[#lines + 1] = head
    word = rest
  end
  return word
end

--- The lines of a cleaned text, broken at blanks so that each takes at most `width` columns; a
--- longer word is cut. No text gives one empty line.
function text.wrap(clean, width)
  local lines, line = {}, nil
  for word in clean:gmatch("[^ ]+") do
    local longer = line and line .. " " .. word or word
    if text.width(longer) <= width then
      line = longer
    else
      lines[#lines + 1] = line
      line = break_word(lines, word, width)
    end
  end
  lines[#lines + 1] = line or (#lines == 0 and "" or nil)
  return lines
end

--- The lines of raw text that may have line ends of its own, each cleaned, none empty at either
--- end. Blanks around a line are dropped unless keep_blanks; a tab counts as four.
function text.lines(raw, keep_blanks)
  local lines = {}
  for line in (raw:gsub("\r\n?", "\n") .. "\n"):gmatch("(.-)\n") do
    line = line:gsub("\t", "    ")
    lines[#lines + 1] = text.clean(keep_blanks and line or line:match("^%s*(.-)%s*$"))
  end
  while lines[1] == "" do table.remove(lines, 1) end
  while lines[#lines] == "" do lines[#lines] = nil end
  return lines
end

return text
