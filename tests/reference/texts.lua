-- The files whose form is their own: CSV files, report texts, calls of stand-in programs.
--
-- In each function `say` is called with each difference; `what`, the file's path, names it there.

local bag = require "reference.bag"
local files = require "reference.files"
local tables = require "reference.tables"

local texts = {}

--- A text in which run names that the program made up stand as patterns, where `is_generated`.
function texts.patterned(text, is_generated)
  if not is_generated then return text end
  return (text:gsub("day_%d%d%d_%d%d_%d%d_%d%d_performance_([%w_][%w_]-)_%d%d%d%f[^%w_]",
    "day_DDD_performance_%1_RRR"))
end

-- CSV -------------------------------------------------------------------------------------------

-- The field that begins at `at` and where the mark behind it stands.
local function read_field(text, at)
  local field = ""
  if text:sub(at, at) == '"' then
    at = at + 1
    repeat
      local plain, quotes = text:match('^([^"]*)("*)', at)
      field = field .. plain .. quotes:sub(1, #quotes // 2)
      at = at + #plain + #quotes
    until #quotes % 2 == 1 or quotes == ""
  end
  local rest = text:match("^[^,\n]*", at)
  return field .. rest, at + #rest
end

--- The rows of a CSV text, without empty lines.
function texts.rows(text)
  local rows, row, at = {}, {}, 1
  while at <= #text do
    local line_begins = #row == 0
    local field, next_at = read_field(text, at)
    local mark = text:sub(next_at, next_at)
    local is_empty = line_begins and mark ~= "," and next_at == at
    if not is_empty then row[#row + 1] = field end
    if mark == "," and next_at == #text then row[#row + 1] = "" end
    if mark ~= "," and #row > 0 then rows[#rows + 1], row = row, {} end
    at = next_at + 1
  end
  if #row > 0 then rows[#rows + 1] = row end
  return rows
end

-- A row with a made-up name: its name and its first field, the day, are patterns.
local function patterned_row(row, is_generated)
  local is_made_up = false
  for i, field in ipairs(row) do
    row[i] = texts.patterned(field, is_generated)
    is_made_up = is_made_up or row[i] ~= field
  end
  if is_made_up then row[1] = "DDD" end
  return row
end

local function diff_fields(where, wanted, found, say)
  if #wanted ~= #found then
    return say(("%s: %d fields, expected %d"):format(where, #found, #wanted))
  end
  for i, field in ipairs(wanted) do
    if field ~= found[i] then
      say(("%s, field %d: '%s', expected '%s'"):format(where, i, found[i], field))
    end
  end
end

--- Compares two CSV texts cell by cell.
function texts.diff_csv(what, expected, actual, say, is_generated)
  local wanted, found = texts.rows(expected), texts.rows(actual)
  if #wanted ~= #found then say(("%s: %d lines, expected %d"):format(what, #found, #wanted)) end
  for i = 1, math.min(#wanted, #found) do
    diff_fields(("%s: line %d"):format(what, i), patterned_row(wanted[i], is_generated),
      patterned_row(found[i], is_generated), say)
  end
end

-- What of one list the other lacks, as words.
local function listed(list, other) return table.concat(bag.without(list, other), ", ") end

-- Calls -----------------------------------------------------------------------------------------

local function stems(text)
  local list = files.split(text)
  for i, each in ipairs(list) do list[i] = files.stem(each) end
  return list
end

--- Compares the pictures handed to the uploader, in any order and format.
function texts.diff_uploads(what, expected, actual, say)
  local wanted, found = stems(expected), stems(actual)
  if not bag.is_equal(wanted, found) then
    say(("%s: missing: %s; unexpected: %s"):format(what, listed(wanted, found),
      listed(found, wanted)))
  end
end

--- Compares the words that the GitHub command was given.
function texts.diff_calls(what, expected, actual, say)
  if expected == actual then return end
  local wanted, found = files.lines(expected), files.lines(actual)
  for i = 1, math.max(#wanted, #found) do
    if wanted[i] ~= found[i] then
      return say(("%s: line %d: '%s', expected '%s'"):format(what, i, found[i] or "",
        wanted[i] or ""))
    end
  end
end

-- Reports ---------------------------------------------------------------------------------------

-- The image lines of a text: `name : ![](address)`, without suffixes.
local function images(text)
  local list = {}
  local line = "\n(%S+)%s*:%s*!%[[^%]]*%]%(([^)]*)%)"
  for name, address in ("\n" .. text):gmatch(line) do
    list[#list + 1] = files.stem(files.base(name)) .. " : " .. files.stem(address)
  end
  return list
end

local function diff_images(what, expected, actual, say)
  local wanted, found = images(expected), images(actual)
  if not bag.is_equal(wanted, found) then
    say(("%s: images missing: %s; unexpected: %s"):format(what, listed(wanted, found),
      listed(found, wanted)))
  end
end

local function occurrences(text, part)
  local count, at = 0, 1
  while true do
    local first, last = text:find(part, at, true)
    if not first then return count end
    count, at = count + 1, last + 1
  end
end

-- The runs that a text says it compares, each as often as it does.
local function named_runs(text)
  local list = {}
  for _, line in ipairs(files.lines(text)) do
    local path = line:match "report name.-: (%S+)%s*$"
    if path then list[#list + 1] = files.base((path:gsub("/+$", ""))) end
  end
  return bag.of(list)
end

local function diff_runs(what, base, expected, actual, say)
  for run, count in pairs(named_runs(expected)) do
    local wanted = base == "gh_summary_diff.txt" and count or 1
    if occurrences(actual, run) < wanted then
      say(("%s: does not name the run %s (%d times)"):format(what, run, wanted))
    end
  end
end

-- What a file must say besides its tables: { what it is, pattern of it in the expected text }.
local MUST_NAME = {
  ["gh_build_summary.txt"] = {
    { "the run", "### Run name ###\n([^\n]*)\n" },
    { "the commit", "pytorch commit: (%S+)" },
  },
  ["gh_title.txt"] = { { "the precision", "for (%S+) precision" } },
}

local function diff_names(what, base, expected, actual, say)
  for _, each in ipairs(MUST_NAME[base] or {}) do
    local name = expected:match(each[2])
    if name and not actual:find(name, 1, true) then
      say(("%s: does not name %s '%s'"):format(what, each[1], name))
    end
  end
end

--- Compares two report texts: tables, images and the names that must stand in them. Where nothing
-- is expected, anything may stand.
function texts.diff_report(what, expected, actual, say, is_generated)
  if not expected:find "%S" then return end
  tables.diff(what, tables.read(expected), tables.read(actual), say)
  diff_images(what, expected, actual, say)
  local base = files.base(what)
  expected = texts.patterned(expected, is_generated)
  actual = texts.patterned(actual, is_generated)
  diff_runs(what, base, expected, actual, say)
  diff_names(what, base, expected, actual, say)
end

--- Compares standard output: its tables, and the scripts that it names.
function texts.diff_output(expected, actual, say)
  local wanted = tables.read(expected)
  if #wanted > 0 then tables.diff("stdout", wanted, tables.read(actual), say) end
  for script in expected:gmatch "%f[%w_]run_[%w_][%w_.-]*%.sh%f[^%w_]" do
    if not actual:find(script, 1, true) then
      return say("stdout: does not name " .. script)
    end
  end
end

return texts
