-- Frames as files and texts for other programs and people.
--
-- A function with a path writes that file atomically and returns true, or nil, a message and a
-- code; without one it returns the text.

local compute = require "benchrun.core.compute"
local csv = require "benchrun.core.csv"
local handle = require "benchrun.frame.handle"
local lazy = require "benchrun.lazy"
local mistake = require "benchrun.frame.mistake"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local json, sqlite = lazy "benchrun.core.json", lazy "benchrun.core.sqlite"
local Frame = handle.Frame
local unwrap = handle.unwrap

-- (path, options) of a call, either of which may be missing.
local function split_arguments(fields, path, options)
  if type(path) == "table" and options == nil then path, options = nil, path end
  if path ~= nil then mistake.check_path("path", path) end
  return path, mistake.check_options(fields, options)
end

local function give(path, written)
  if not path then return written end
  return sys.write_file(path, written)
end

-- What a caller gets of a call of the core that writes a file: what it raises is a mistake, what it
-- returns is its own.
local function pass(ok, ...)
  if not ok then mistake.raise("%s", tostring((...))) end
  return ...
end

local CSV = { { name = "delimiter", type = "string", filled = true } }

--- The frame as CSV: to a file, f:to_csv(path), or as a text, f:to_csv(). Returns true or the text;
--- nil, a message and a code where the file can't be written.
---
--- A null is an empty cell, an empty text is "". Numbers are written so that they read back as they
--- are. options.delimiter: one character, default ",".
---
--- Example:
---   > f = frame.from_table{ a = { 1, 2 }, b = { "x", 'say "y"' } }
---   > f:to_csv()
---   a,b
---   1,x
---   2,"say ""y"""
function Frame:to_csv(path, options)
  local core = unwrap(self)
  path, options = split_arguments(CSV, path, options)
  if options.delimiter and #options.delimiter ~= 1 then
    mistake.raise("options: delimiter: one character expected, got %s",
      mistake.describe(options.delimiter))
  end
  if path then return pass(pcall(csv.write, path, core, options.delimiter)) end
  return mistake.call(csv.format, core, options.delimiter)
end

local JSON = { { name = "lines", type = "boolean" },
  { name = "orient", type = "string", choices = { "records", "columns", "lines" } } }

--- The frame as JSON: to a file, f:to_json(path), or as a text, f:to_json(). Returns true or the
--- text; nil, a message and a code where the file can't be written.
---
--- An array of objects, a null is null; NaN and infinity, which JSON has no words for, are null
--- too; bytes that are no UTF-8 become U+FFFD, in the name of a column they are refused.
--- options.lines: an object a line (JSON lines). options.orient: "records" (default),
--- "lines", or "columns" for an object of arrays.
---
--- Example:
---   > f = frame.from_table{ a = { 1, 2 }, b = { "x", "y" } }
---   > f:to_json()
---   [{"a":1,"b":"x"},
---   {"a":2,"b":"y"}]
---   > f:to_json{ lines = true }
---   {"a":1,"b":"x"}
---   {"a":2,"b":"y"}
function Frame:to_json(path, options)
  local core = unwrap(self)
  path, options = split_arguments(JSON, path, options)
  local orient = options.orient or options.lines and "lines" or "records"
  return give(path, mistake.call(json.format, core, { orient = orient }))
end

local SQLITE = { { name = "mode", type = "string", choices = { "create", "append", "replace" } } }

--- The frame as a table of a SQLite database, which other programs read. Returns true, or nil, a
--- message and a code where it can't be written.
---
--- path: of the database; it is made where there is none. name: the table's. options.mode: what to
--- do where there is such a table: "create" (default: fail with the code "exists"), "append" or
--- "replace". The table is written whole or not at all. SQLite has fewer types: a bool is written
--- as 0 or 1, a timestamp as ISO text, NaN as NULL.
---
--- Example:
---   > path = os.tmpname()
---   > frame.from_table{ a = { 1, 2 }, b = { "x", "y" } }:to_sqlite(path, "runs")
---   true
---   > frame.read_sqlite(path, "select b from runs where a > 1"):get(1, "b")
---   y
---   > os.remove(path)
---   true
function Frame:to_sqlite(path, name, options)
  local core = unwrap(self)
  mistake.check_path("path", path)
  mistake.check_type("name of the table", "string", name)
  if name == "" or name:find("\0", 1, true) then
    mistake.raise("the name of a table expected, got %s", mistake.describe(name))
  end
  return pass(pcall(sqlite.write, path, name, core, mistake.check_options(SQLITE, options)))
end

-- Tables ------------------------------------------------------------------------------------------

local NUMBERS = { f64 = true, i64 = true }

-- The cells of a column as cleaned texts; digits: significant ones of an f64, nil: all it has.
local function cells_of(column, digits)
  local cells = compute.texts(column, "")
  if digits and column:type() == "f64" then
    local values, form = column:to_table(), "%." .. digits .. "g"
    for i = 1, values.n do cells[i] = values[i] and form:format(values[i]) or "" end
  end
  for i, cell in ipairs(cells) do cells[i] = text.clean(cell) end
  return cells
end

-- Columns ready to be written: { name =, cells =, number = }.
local function columns_of(core, digits)
  local columns = {}
  for i, name in ipairs(core:names()) do
    local column = core:col(name)
    columns[i] = { name = text.clean(name), cells = cells_of(column, digits),
      number = NUMBERS[column:type()] or false }
  end
  return columns
end

-- Puts a line for each row behind `lines`: what `part_of` makes of every cell, joined by `between`,
-- within `before` and `behind`.
local function add_rows(lines, columns, nrow, part_of, before, between, behind)
  for row = 1, nrow do
    local parts = {}
    for i, column in ipairs(columns) do parts[i] = part_of(column, column.cells[row]) end
    lines[#lines + 1] = before .. table.concat(parts, between) .. behind
  end
end

local function markdown_cell(raw) return (raw:gsub("[\\`*_%[%]<>&~|]", "\\%0")) end

local TABLE = { { name = "digits", type = "integer", min = 1, max = 17 } }

--- The frame as a table in GitHub's Markdown: as a text, or to a file, f:to_markdown(path).
---
--- Numbers are aligned to the right, nulls are empty; what Markdown would act on is escaped.
--- options.digits: the number of significant digits of an f64 (default: all it has).
---
--- Example:
---   > f = frame.from_table{ name = { "a|b", "c" }, speedup = { 1.25, 2 / 3 } }
---   > f:to_markdown{ digits = 3 }
---   | name | speedup |
---   | --- | ---: |
---   | a\|b | 1.25 |
---   | c | 0.667 |
function Frame:to_markdown(path, options)
  local core = unwrap(self)
  path, options = split_arguments(TABLE, path, options)
  local columns, head, rule, lines = columns_of(core, options.digits), {}, {}, {}
  for i, column in ipairs(columns) do
    head[i], rule[i] = markdown_cell(column.name), column.number and "---:" or "---"
  end
  if #columns > 0 then
    lines = { "| " .. table.concat(head, " | ") .. " |", "| " .. table.concat(rule, " | ") .. " |" }
  end
  add_rows(lines, columns, core:nrow(), function(_, cell) return markdown_cell(cell) end,
    "| ", " | ", " |")
  return give(path, #lines > 0 and table.concat(lines, "\n") .. "\n" or "")
end

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
  ["'"] = "&#39;" }

local function html_element(tag, column, raw)
  local style = column.number and ' style="text-align:right"' or ""
  return ("<%s%s>%s</%s>"):format(tag, style, raw:gsub("[&<>\"']", ENTITIES), tag)
end

--- The frame as an HTML table element: as a text, or to a file, f:to_html(path).
---
--- Numbers are aligned to the right, nulls are empty, everything is escaped. options.digits: the
--- number of significant digits of an f64 (default: all it has).
---
--- Example:
---   > frame.from_table{ name = { "<b>" }, n = { 3 } }:to_html()
---   <table>
---   <thead><tr><th style="text-align:right">n</th><th>name</th></tr></thead>
---   <tbody>
---   <tr><td style="text-align:right">3</td><td>&lt;b&gt;</td></tr>
---   </tbody>
---   </table>
function Frame:to_html(path, options)
  local core = unwrap(self)
  path, options = split_arguments(TABLE, path, options)
  local columns, head = columns_of(core, options.digits), {}
  for i, column in ipairs(columns) do head[i] = html_element("th", column, column.name) end
  local lines = { "<table>", "<thead><tr>" .. table.concat(head) .. "</tr></thead>", "<tbody>" }
  add_rows(lines, columns, core:nrow(), function(column, cell)
    return html_element("td", column, cell)
  end, "<tr>", "", "</tr>")
  table.move({ "</tbody>", "</table>", "" }, 1, 3, #lines + 1, lines)
  return give(path, table.concat(lines, "\n"))
end

return handle
