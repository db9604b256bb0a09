-- CSV and tables of SQLite into frames.

local core = require "benchrun.core.csv"
local handle = require "benchrun.frame.handle"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"
local sqlite = require "benchrun.lazy" "benchrun.core.sqlite"

local read = {}

local name = { type = "string", nul = true }

local OPTIONS = {
  { name = "delimiter", type = "string", filled = true, help = "one character" },
  { name = "names", type = "list", of = name, help = "of the columns; there is no header" },
  { name = "types", type = "table", of = { type = "string", choices = make.types },
    help = "name → type, where it is not what the cells look like" },
  { name = "strings", type = "boolean", help = "guess no types, all columns are string" },
  { name = "ragged", type = "string", choices = { "error", "pad" }, help = "short rows" },
  { name = "select", type = "list", of = name, help = "the columns that are wanted" },
  { name = "limit", type = "integer", min = 0, help = "rows to read" },
  { name = "threads", type = "integer", min = 1, help = "by default one a core" },
  { name = "timestamps", type = "boolean", help = "ISO dates and times become timestamps" },
  { name = "file_column", type = "string", filled = true,
    help = "a column that says which file a row comes from" },
}

--- The schema of the options of frame.read_csv.
read.csv_options = OPTIONS

local function checked(options)
  options = mistake.check_options(OPTIONS, options)
  if options.delimiter and #options.delimiter ~= 1 then
    mistake.raise("options: delimiter: one character expected, got %s",
      mistake.describe(options.delimiter))
  end
  return options
end

local function give(ok, result, message, code)
  if not ok then mistake.raise("%s", tostring(result)) end
  if result == nil then return nil, message, code end
  return handle.wrap(result)
end

-- The path or paths of a call, checked.
local function check_paths(what)
  if type(what) == "string" then return mistake.check_path("path", what) end
  for i, each in ipairs(mistake.check_type("path", "string|list", what)) do
    mistake.check_path(("path %d"):format(i), each)
  end
  return what
end

--- Reads a CSV file, or several below each other. Returns the frame, or nil, a message and a code
--- where a file can't be read or is malformed.
---
--- what: a path, an array of paths, or "-" for standard input. Files that are compressed with gzip
--- or zstd are read as they are. Types are those that all cells of a column have: i64, f64, bool,
--- else string; an empty cell is a null, a quoted empty one the empty string. Blanks around a cell
--- that is not quoted don't belong to it. Names in the header occur once. options:
---   select: an array of the columns that are wanted; only those are parsed
---   types: { name = type }, where a column is not to be what its cells look like; a name that no
---     column has is passed over
---   limit: the number of rows to read
---   threads: the number of threads, by default one a core
---   delimiter: one character, default ","
---   names: the names of the columns, of a file without a header
---   ragged: "pad" fills short rows with nulls and cuts empty cells off long ones; by default both
---     are an error
---   strings: true: no types are guessed, all columns are string
---   timestamps: true: columns of ISO dates and times become timestamps, to the microsecond; where
---     a cell has digits below it the column stays text
---   file_column: the name of a column, the last one, that says which file a row comes from
---
--- Example:
---   > path = os.tmpname()
---   > frame.from_table{ a = { 1, 2 }, b = { "x", "y" } }:to_csv(path)
---   true
---   > frame.read_csv(path, { types = { a = "f64" } }):get(2, "a")
---   2.0
---   > os.remove(path)
---   true
---   > (select(3, frame.read_csv "no/such/file.csv"))
---   notfound
function read.read_csv(what, options)
  return give(pcall(core.read, check_paths(what), checked(options)))
end

--- Reads CSV from a text; else as frame.read_csv.
---
--- Example:
---   > frame.parse_csv("a,b\n1,x\n2,\n")
---     a  b
---   i64  string
---   ───  ──────
---     1  x
---     2  ·
---   2 rows × 2 columns
function read.parse_csv(csv_text, options)
  mistake.check_type("text", "string", csv_text)
  return give(pcall(core.parse, csv_text, checked(options)))
end

--- Reads the rows of a SQL statement over a SQLite database. Returns the frame, or nil, a message
--- and a code. See f:to_sqlite for the other way.
---
--- path: of the database, which is only read. query: one SQL statement.
---
--- Example:
---   > (select(3, frame.read_sqlite("no/such.db", "select 1")))
---   notfound
function read.read_sqlite(path, query)
  mistake.check_path("path", path)
  mistake.check_type("query", "string", query)
  return give(pcall(sqlite.read, path, query))
end

return read
