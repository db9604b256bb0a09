-- Files of any known format into frames.

local handle = require "benchrun.frame.handle"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"
local registry = require "benchrun.lazy" "benchrun.registry"

local read = {}

local HEAD = 4096 -- bytes of a file by which its format is known

local folders = {} -- of users, where readers/ may be
local known        -- the registry, until a folder is added

local function readers()
  known = known or registry.new(folders)
  return known
end

--- Makes the readers of a folder known to frame.read: each file FOLDER/readers/NAME.lua is the
--- format NAME, and takes the place of ours. `benchrun help readers` tells what is there already;
--- such a file returns { help =, detect = function(path, head), read = function(path, options) }.
---
--- Example:
---   > frame.add_readers("no/such/folder")
---   > table.concat(frame.readers(), " "):find("hyperfine", 1, true) ~= nil
---   true
function read.add_readers(folder)
  mistake.check_type("folder", "string", folder)
  if lists.contains(folders, folder) then return end
  folders[#folders + 1] = folder
  known = nil
end

--- The names of the formats that frame.read knows: an array, sorted.
---
--- Example:
---   > type(frame.readers()[1])
---   string
function read.readers() return readers():names "readers" end

-- The first bytes of a file, nil for a folder; or false, message, code.
local function head_of(path)
  local mode, message, errno = lfs.attributes(path, "mode")
  if not mode then
    return false, ("can't read %s: %s"):format(path, (message:gsub("^.*: ", ""))),
      errno == 2 and "notfound" or "io"
  end
  if mode == "directory" then return nil end
  if mode ~= "file" then
    return false, ("%s is no plain file; say which format it has: { format = … }"):format(path),
      "format"
  end
  local file, problem = io.open(path, "rb")
  if not file then return false, ("can't read %s"):format(problem), "io" end
  local head = file:read(HEAD) or ""
  file:close()
  return head
end

-- The reader that knows a file: of those that know it the first by name, generic ones last.
local function detect(path, head)
  local fallback
  for _, name in ipairs(read.readers()) do
    local reader = readers():get("readers", name)
    if not (reader.generic and fallback) and reader.detect(path, head) then
      if not reader.generic then return reader end
      fallback = reader
    end
  end
  return fallback
end

local function by_name(format)
  mistake.check_type("options: format", "string", format)
  local names = read.readers()
  if lists.contains(names, format) then return readers():get("readers", format) end
  mistake.raise("no reader for the format '%s'%s", format, mistake.suggestion(format, names, true))
end

-- The reader for a file, or nil, message, code.
local function find(path, format)
  if format ~= nil then return by_name(format) end
  local head, message, code = head_of(path)
  if head == false then return nil, message, code end
  local reader = detect(path, head)
  if reader then return reader end
  return nil, ("%s: none of the readers knows this %s (%s); say which format it has: "
    .. "{ format = … }"):format(path, head and "file" or "folder",
    table.concat(read.readers(), ", ")), "format"
end

local function own_options(reader, options)
  local own = lists.put_all({}, options)
  own.format = nil
  return mistake.check_options(reader.options or {}, own)
end

--- Reads a result file of any known format. Returns the frame, or nil, a message and a code where
--- it can't be read or is not of the format.
---
--- options.format: the format's name, one of frame.readers(); by default it is found by the file's
--- name and beginning. The other options are the reader's: `benchrun help readers` lists them.
--- Times are in seconds. Formats: csv, json, jsonl; hyperfine, google_benchmark, pytest_benchmark,
--- criterion (a folder), go_bench, jmh.
---
--- Example:
---   > path = os.tmpname()
---   > file = io.open(path, "w")
---   > file:write("goos: linux\nBenchmarkSort/n=100-8  5000  2000 ns/op\n"):close()
---   true
---   > frame.read(path):select("name", "n", "cpus", "seconds")
---   name          n  cpus  seconds
---   string      i64   i64      f64
---   ──────────  ───  ────  ───────
---   Sort/n=100  100     8    2e-06
---   1 row × 4 columns
---   > os.remove(path)
---   true
function read.read(path, options)
  mistake.check_path("path", path)
  mistake.check_type("options", "table", options or {})
  local reader, message, code = find(path, options and options.format)
  if not reader then return nil, message, code end
  local result
  result, message, code = reader.read(path, own_options(reader, options))
  if handle.is_frame(result) then return result end
  if result == nil and message ~= nil then return nil, tostring(message), code or "parse" end
  mistake.raise("reader '%s' must return a frame, or nil and a message; it returned %s",
    reader.name, mistake.describe(result))
end

return read
