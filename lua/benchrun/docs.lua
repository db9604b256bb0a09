-- Docstrings: the comment lines beginning with `---` directly above a public function.
--
-- A docstring says what a function does in its first line or lines, then, behind an empty line,
-- what it takes, returns and raises, and ends with an example:
--
--   --- Example:
--   ---   > f = frame.from_rows{ { a = 1 } }
--   ---   > f:get(1, "a")
--   ---   1
--
-- Lines behind `> ` are code (a line behind `>> ` goes on with the one before); the lines below
-- them are what the REPL would show, up to the next `>`. Every example is run by a test.

local display = require "benchrun.lazy" "benchrun.frame.display"
local fail = require "benchrun.fail"
local lfs = require "lfs"
local text = require "benchrun.text"

local docs = {}

-- What functions without a place of their own in a file are described as: function → entry.
local described = setmetatable({}, { __mode = "k" })

--- Gives a function that is made in a loop its docstring.
function docs.describe(fn, signature, words)
  described[fn] = { name = signature:match "^[^(]*", signature = signature, text = words,
    examples = {} }
end

-- Reading files -----------------------------------------------------------------------------------

-- How the classes and modules of the library are called in the manual.
local SHOWN = { Frame = "f:", Column = "c:", Grouping = "g:", column = "frame.", read = "frame.",
  frame = "frame.", stats = "stats." }

local function signature_of(line)
  local owner, mark, name, parameters = line:match "^function ([%a_]+)([.:])([%w_]+)(%b())"
  if not owner then return nil end
  local prefix = SHOWN[owner] or owner .. mark
  return prefix .. name .. parameters, prefix .. name
end

-- Adds a line of an example to an entry's steps, { code =, expected = }.
local function add_example_line(entry, line)
  local steps = entry.examples
  local last = steps[#steps]
  local more, code = line:match "^%s*>(>?) ?(.*)$"
  if more == "" then
    steps[#steps + 1] = { code = code, expected = {} }
  elseif more then
    last.code = last.code .. "\n" .. code
  elseif last then
    last.expected[#last.expected + 1] = line
  end
end

-- A docstring's lines, without their marks, as an entry.
local function entry_of(lines)
  local entry, words, in_example = { examples = {} }, {}, false
  for _, line in ipairs(lines) do
    if line == "Example:" then in_example = true
    elseif in_example then add_example_line(entry, (line:gsub("^  ", "", 1)))
    else words[#words + 1] = line end
  end
  entry.text = table.concat(words, "\n"):gsub("%s+$", "")
  return entry
end

-- The docstring that ends at line `last` of a file's lines, or nil.
local function docstring_above(lines, last)
  local first = last + 1
  while lines[first - 1] and lines[first - 1]:find "^%-%-%-" do first = first - 1 end
  if first > last then return nil end
  local found = {}
  for i = first, last do found[#found + 1] = lines[i]:gsub("^%-%-%- ?", "", 1) end
  return found
end

local read = {} -- files that were read: path → { lines =, stamp = }

-- The lines of a file; it is read again when it has changed.
local function lines_of(path)
  local at = lfs.attributes(path)
  local stamp = at and at.modification .. " " .. at.size
  if read[path] and read[path].stamp == stamp then return read[path].lines end
  local file <close> = fail.check(io.open(path))
  local lines = {}
  for line in file:lines() do lines[#lines + 1] = line end
  read[path] = { lines = lines, stamp = stamp }
  return lines
end

--- The docstring of a function as { name =, signature =, text =, examples = }, or nil where it has
--- none. It is read from the file that made the function.
function docs.of(fn)
  if described[fn] then return described[fn] end
  local info = debug.getinfo(fn, "S")
  local is_file = info.source:sub(1, 1) == "@"
  if not is_file or not lfs.attributes(info.source:sub(2), "mode") then return nil end
  local lines = lines_of(info.source:sub(2))
  local found = docstring_above(lines, info.linedefined - 1)
  if not found then return nil end
  local entry = entry_of(found)
  entry.signature, entry.name = signature_of(lines[info.linedefined])
  return entry
end

--- The docstrings of a file, in order: an array of entries as docs.of gives them, with the line
--- each function begins at.
function docs.module(path)
  local lines, entries = lines_of(path), {}
  for i, line in ipairs(lines) do
    local signature, name = signature_of(line)
    local found = signature and docstring_above(lines, i - 1)
    if found then
      local entry = entry_of(found)
      entry.signature, entry.name, entry.line = signature, name, i
      entries[#entries + 1] = entry
    end
  end
  return entries
end

-- Running examples --------------------------------------------------------------------------------

local function new_environment()
  local out = {}
  local env = setmetatable({ frame = require "benchrun.frame", stats = (require "benchrun.stats") },
    { __index = _G })
  function env.print(...)
    local parts = {}
    for i = 1, select("#", ...) do parts[i] = tostring((select(i, ...))) end
    out[#out + 1] = table.concat(parts, "  ")
  end
  return env, out
end

local EXAMPLE_WIDTH = 80

local function show_results(out, ok, ...)
  if not ok then
    out[#out + 1] = "error: " .. tostring((...)):gsub("^[^:]*:%d+: ", "")
    return
  end
  local shown = {}
  for i = 1, select("#", ...) do
    shown[i] = display.value((select(i, ...)), { width = EXAMPLE_WIDTH })
  end
  if #shown > 0 then out[#out + 1] = table.concat(shown, "  ") end
end

-- Runs a step and returns what it prints and gives, as lines.
local function run_step(code, env, out)
  local chunk = load("return " .. code, "=example", "t", env)
  local problem
  if not chunk then chunk, problem = load(code, "=example", "t", env) end
  if chunk then show_results(out, pcall(chunk)) else show_results(out, false, problem) end
  local lines = {}
  for _, printed in ipairs(out) do
    for line in (printed .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line:gsub("%s+$", "") end
  end
  return lines
end

--- Runs the steps of an example ({ code =, expected = lines }) in one environment. Returns, for
--- each step, the lines that it gave.
function docs.run(steps)
  local env, out = new_environment()
  local results = {}
  for i, step in ipairs(steps) do
    results[i] = run_step(step.code, env, out)
    for k = #out, 1, -1 do out[k] = nil end
  end
  return results
end

-- Lines behind the last one with something in it don't count.
local function joined(lines) return (table.concat(lines, "\n"):gsub("%s+$", "")) end

--- Runs the steps of an example. Returns a list of differences, each a text.
function docs.differences(name, steps)
  local found = {}
  for i, given in ipairs(docs.run(steps)) do
    local expected, got = joined(steps[i].expected), joined(given)
    if expected ~= got then
      found[#found + 1] = ("%s: > %s\nexpected:\n%s\ngot:\n%s"):format(name, steps[i].code,
        expected, got)
    end
  end
  return found
end

--- Runs all examples of a file. Returns a list of differences, and how many functions have an
--- example.
function docs.check(path)
  local found, count = {}, 0
  for _, entry in ipairs(docs.module(path)) do
    if #entry.examples > 0 then count = count + 1 end
    for _, each in ipairs(docs.differences(entry.name, entry.examples)) do
      found[#found + 1] = ("%s:%d: %s"):format(path, entry.line, each)
    end
  end
  return found, count
end

-- The manual --------------------------------------------------------------------------------------

local function add_example(lines, steps)
  for _, step in ipairs(steps) do
    lines[#lines + 1] = "> " .. step.code:gsub("\n", "\n>> ")
    table.move(step.expected, 1, #step.expected, #lines + 1, lines)
  end
end

-- "name: what it is", an item of a list of parameters or options.
local function is_item(line) return (line .. " "):find "^%s*[%w_.]+: " ~= nil end

-- The paragraphs of a docstring, each { indent =, text =, is_item = }; an empty line is one without
-- text. Lines go on with the one above them where they stand deeper, or are prose as it is.
local function paragraphs_of(words)
  local found = {}
  for line in (words .. "\n"):gmatch "(.-)\n" do
    local indent, rest = line:match "^( *)(.*)$"
    local last, starts_item = found[#found], is_item(line)
    local is_prose = #indent == 0 and last and last.indent == 0
    local goes_on = last and last.text ~= "" and rest ~= "" and not starts_item
      and (#indent > last.indent or is_prose)
    if goes_on then
      last.text = last.text .. " " .. rest
    else
      found[#found + 1] = { indent = #indent, text = rest, is_item = starts_item }
    end
  end
  return found
end

local MARGIN, HANGING = 2, 4
local WIDTH = 100 -- where the terminal does not matter

local function add_filled(lines, words, width)
  for _, paragraph in ipairs(paragraphs_of(words)) do
    local indent = MARGIN + paragraph.indent
    local hanging = indent + (paragraph.is_item and HANGING or 0)
    for i, line in ipairs(text.wrap(paragraph.text, math.max(20, width - hanging))) do
      lines[#lines + 1] = ((" "):rep(i == 1 and indent or hanging) .. line):gsub(" +$", "")
    end
  end
end

--- An entry as text of at most `width` columns (default 100): its signature, what it says, its
--- example as it stands.
function docs.text(entry, width)
  local lines = { entry.signature, "" }
  add_filled(lines, entry.text, width or WIDTH)
  if #entry.examples > 0 then
    local example = {}
    add_example(example, entry.examples)
    lines[#lines + 1] = ""
    for _, line in ipairs(example) do
      lines[#lines + 1] = "    " .. line:gsub("\n", "\n    ")
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

local function add_markdown(lines, entry)
  lines[#lines + 1] = ("### `%s`\n"):format(entry.signature)
  lines[#lines + 1] = entry.text:gsub("[<*_|]", "\\%0") .. "\n"
  if #entry.examples == 0 then return end
  lines[#lines + 1] = "```lua"
  add_example(lines, entry.examples)
  lines[#lines + 1] = "```\n"
end

-- The entries of a part: those of its files that are called as scripts do, then its own.
local function entries_of(part)
  local entries, shown = {}, {}
  for _, prefix in pairs(SHOWN) do shown[prefix] = true end
  for _, path in ipairs(part.paths or {}) do
    for _, entry in ipairs(docs.module(path)) do
      if shown[entry.name:match "^.-[.:]"] then entries[#entries + 1] = entry end
    end
  end
  return table.move(part.entries or {}, 1, #(part.entries or {}), #entries + 1, entries)
end

--- A manual as Markdown. parts: an array of { title =, text =, paths = { file, … }, entries =
--- { entry, … } }, where all but the title may be missing.
function docs.markdown(parts)
  local lines = {}
  for _, part in ipairs(parts) do
    lines[#lines + 1] = ("## %s\n"):format(part.title)
    if part.text then lines[#lines + 1] = part.text .. "\n" end
    for _, entry in ipairs(entries_of(part)) do add_markdown(lines, entry) end
  end
  return table.concat(lines, "\n")
end

--- The same as text for a terminal.
function docs.plain(parts)
  local pieces = {}
  for _, part in ipairs(parts) do
    pieces[#pieces + 1] = ("%s\n%s\n"):format(part.title, ("="):rep(#part.title))
    if part.text then pieces[#pieces + 1] = part.text .. "\n" end
    for _, entry in ipairs(entries_of(part)) do pieces[#pieces + 1] = docs.text(entry) end
  end
  return table.concat(pieces, "\n")
end

--- The steps of a Markdown file: those of all its ```lua blocks that begin with a prompt, to be run
--- one after another.
function docs.steps(path)
  local block, entry = false, { examples = {} }
  for _, line in ipairs(lines_of(path)) do
    if line:find "^```" then block = line == "```lua"
    elseif block then add_example_line(entry, line) end
  end
  return entry.examples
end

return docs
