-- A lock on a file: at most one process holds it. It goes with the process, so that a kill leaves
-- nothing to clean up; the file stays.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local proc = require "benchrun.core.proc"
local sys = require "benchrun.core.sys"

local lock = {}

local TICK = 0.02 -- seconds between tries

--- Opens the file of a lock, made if need be. What stands there must be a file, not a link or a
--- pipe; it is opened to append, so that nothing of somebody else's is lost. hint: what to do where
--- it can't be opened, for the end of the message. Raises.
function lock.open(path, hint)
  local kind = lfs.symlinkattributes(path, "mode")
  if kind and kind ~= "file" then
    fail.cannot("%s is a %s, not a file of benchrun's; %s", path, kind, hint)
  end
  local file, problem = io.open(path, "a")
  if not file then fail.cannot("can't write to %s; %s", problem, hint) end
  return file
end

--- Takes a lock. seconds: how long to wait for another that holds it (nil: not at all). Returns the
--- open file, which holds it until it is closed, or nil. Raises as lock.open.
function lock.take(path, hint, seconds)
  local file, deadline = lock.open(path, hint), sys.monotonic() + (seconds or 0)
  while not lfs.lock(file, "w") do
    if sys.monotonic() >= deadline then
      file:close()
      return nil
    end
    proc.wait({}, TICK)
  end
  return file
end

return lock
