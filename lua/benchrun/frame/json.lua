-- JSON into frames.

local core = require "benchrun.lazy" "benchrun.core.json"
local handle = require "benchrun.frame.handle"
local mistake = require "benchrun.frame.mistake"
local sys = require "benchrun.core.sys"

local json = {}

--- The frame of a file of JSON, or JSON lines; or nil, message, code.
function json.read(path, lines)
  local bytes, message, code = sys.read_file(path)
  if not bytes then return nil, message, code end
  local made
  made, message, code = core.parse(bytes, { lines = lines })
  if not made then return nil, ("%s: %s"):format(path, message), code end
  return handle.wrap(made)
end

local read = {}

local OPTIONS = { { name = "lines", type = "boolean" } }

--- Reads JSON from a text. Returns the frame, or nil, a message and a code where it is malformed.
---
--- An array of objects is rows, an object of arrays columns, one object a row. Objects within
--- objects become columns "outer.inner", arrays within them stay text. Objects without any key give
--- no rows where none has one. options.lines: an object a line.
---
--- Example:
---   > frame.parse_json('[ { "a": 1, "b": { "c": "x" } }, { "a": 2 } ]')
---     a  b.c
---   i64  string
---   ───  ──────
---     1  x
---     2  ·
---   2 rows × 2 columns
function read.parse_json(json_text, options)
  mistake.check_type("text", "string", json_text)
  options = mistake.check_options(OPTIONS, options)
  local made, message, code = core.parse(json_text, { lines = options.lines or false })
  if not made then return nil, message, code end
  return handle.wrap(made)
end

json.public = read

return json
