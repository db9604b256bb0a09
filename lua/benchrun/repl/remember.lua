-- The history file: what was typed in earlier sessions, and in others that are open. An entry is a
-- line in which a line end is "\n" and a backslash "\\". What can't be kept is a notice, never a
-- failure.

local edit = require "benchrun.lazy" "benchrun.core.edit"
local lfs = require "lfs"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"

local remember = {}

local MOST_BYTES = 1 << 20 -- of the file, before its older half goes
local ENTRY_MOST = 64 << 10 -- bytes of an entry that is kept

--- Lines that the arrow keys reach.
remember.entries = 5000

--- The file's path: within XDG_STATE_HOME, else in ~/.local/state; nil where neither is known.
--- getenv: as os.getenv.
function remember.path(getenv)
  local state, home = getenv "XDG_STATE_HOME", getenv "HOME"
  if not state or state:sub(1, 1) ~= "/" then
    state = home and home:sub(1, 1) == "/" and paths.join(home, ".local/state")
  end
  return state and paths.join(state, "benchrun/history") or nil
end

local ESCAPES = { ["\\"] = "\\\\", ["\n"] = "\\n" }
local PLAIN = { ["\\\\"] = "\\", ["\\n"] = "\n" }

local function encode(entry) return (entry:gsub("[\\\n]", ESCAPES)) end
local function decode(line) return (line:gsub("\\[\\n]", PLAIN)) end

--- The entries that are kept, the newest last; and nil or a notice.
function remember.load(path)
  if not path or not lfs.attributes(path, "mode") then return {} end
  if lfs.attributes(path, "mode") ~= "file" then
    return {}, ("the history %s is no file; nothing is remembered"):format(path)
  end
  local bytes, problem = sys.read_file(path)
  if not bytes then return {}, ("the history can't be read: %s"):format(problem) end
  local entries = {}
  for line in bytes:gmatch("[^\n]+") do
    if not line:find("\0", 1, true) then entries[#entries + 1] = decode(line) end
  end
  local first = math.max(1, #entries - remember.entries + 1)
  return table.move(entries, first, #entries, 1, {})
end

--- Keeps an entry. Returns true, or nil and a notice.
function remember.add(path, entry)
  if not path or #entry > ENTRY_MOST or entry:find("\0", 1, true) then return true end
  local made, problem = sys.make_directory(paths.dirname(path))
  if made then made, problem = edit.record(path, encode(entry) .. "\n", MOST_BYTES) end
  if made then return true end
  return nil, ("the history can't be kept: %s"):format(problem)
end

return remember
