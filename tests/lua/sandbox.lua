-- A temporary folder for a spec, and the real program run in it.
--
-- `local box <close> = sandbox.new()` goes with its block, files and all.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local sandbox = {}

--- Path of the program under test.
sandbox.program = os.getenv "BENCHRUN" or assert(sys.real_path "build/benchrun")

local Sandbox = {}
Sandbox.__index = Sandbox

--- A new, empty folder; box.path is its path.
function sandbox.new()
  local name = os.tmpname()
  os.remove(name)
  assert(lfs.mkdir(name))
  return setmetatable({ path = assert(sys.real_path(name)) }, Sandbox)
end

local function remove(path)
  if lfs.symlinkattributes(path, "mode") ~= "directory" then return os.remove(path) end
  for name in lfs.dir(path) do
    if name ~= "." and name ~= ".." then remove(path .. "/" .. name) end
  end
  lfs.rmdir(path)
end

function Sandbox:__close() remove(self.path) end
Sandbox.remove = Sandbox.__close

--- The absolute path of a file in it.
function Sandbox:at(name) return self.path .. "/" .. name end

--- Writes a file, its folders too. Returns its path.
function Sandbox:write(name, text)
  local path = self:at(name)
  assert(sys.make_directory(path:match "^(.*)/"))
  assert(sys.write_file(path, text))
  return path
end

--- The bytes of a file, or nil.
function Sandbox:read(name) return (sys.read_file(self:at(name))) end

--- What kind of thing a name is ("file", "directory", "link"), or nil.
function Sandbox:kind(name) return lfs.symlinkattributes(self:at(name), "mode") end

--- What a call fails with, as a user's failure: status and message, the folder's path as BOX.
function Sandbox:failure_of(fn, ...)
  local ok, err = pcall(fn, ...)
  if ok then error("it did not fail", 2) end
  local failure = fail.of(err) or error(err, 0)
  return failure.status, (failure.message:gsub(self.path:gsub("%p", "%%%0"), "BOX"))
end

--- Runs a shell command in the folder, without the sanitizer's library where the specs run under
--- it. Returns its exit status, standard output and standard error.
function Sandbox:shell(command)
  local out, err = os.tmpname(), os.tmpname()
  local _, _, status = os.execute(("unset LD_PRELOAD; cd %s && ( %s\n) >%s 2>%s </dev/null"):format(
    words.quote(self.path), command, out, err))
  local out_text, err_text = sys.read_file(out), sys.read_file(err)
  os.remove(out)
  os.remove(err)
  return status, out_text, err_text
end

--- Runs benchrun with arguments in the folder. Returns as shell does.
function Sandbox:run(...)
  return self:shell(words.command_line { sandbox.program, ... })
end

return sandbox
