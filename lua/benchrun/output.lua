-- The output directory: what benchrun made there, and nothing else, may be deleted.
--
-- A manifest, .benchrun, lists the files that benchrun made or is about to make. A new run removes
-- those that the last one listed. A directory that holds things and no manifest is not touched,
-- unless the config says that a run owns all of it (clean = "all").
-- While a run uses a directory it holds a lock, so that two runs at once can't mix their logs.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local lock_module = require "benchrun.lock"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"

local output = {}

local MANIFEST = ".benchrun"
local LOCK = ".benchrun.lock"
local HEADER = "# Files that benchrun made here; the next run removes them.\n"
local WORK = ".benchrun.work" -- a folder of ours as a whole: what the native harness built

-- Names in a manifest are data: only plain ones, at most one folder deep, are believed.
local function is_safe(name)
  local folder, file = name:match("^([^/]+)/([^/]+)$")
  if folder then return paths.is_plain_name(folder) and paths.is_plain_name(file) end
  return paths.is_plain_name(name)
end

local function kind_of(path) return lfs.symlinkattributes(path, "mode") end

-- What stands where benchrun wants a file or folder of its own must be one, not a link or a pipe.
local function check_kind(folder, name, wanted)
  local kind = kind_of(folder .. "/" .. name)
  if kind and kind ~= wanted then
    fail.cannot("%s/%s is a %s, not a %s of benchrun's; choose another --output-dir", folder, name,
      kind, wanted)
  end
end

local function read_manifest(folder)
  check_kind(folder, MANIFEST, "file")
  local text = sys.read_file(folder .. "/" .. MANIFEST)
  if not text then return nil end
  local names = {}
  for name in text:gmatch("[^\n]+") do
    if name:sub(1, 1) ~= "#" and is_safe(name) then names[#names + 1] = name end
  end
  return names
end

-- A folder that is really one: what a link leads to is not ours.
local function remove_file(folder, name)
  local parent = name:match("^([^/]+)/")
  if parent and kind_of(folder .. "/" .. parent) ~= "directory" then return end
  os.remove(folder .. "/" .. name)
end

local function remove_tree(folder)
  if kind_of(folder) ~= "directory" then return end
  for name in lfs.dir(folder) do
    if name ~= "." and name ~= ".." then
      local path = folder .. "/" .. name
      if kind_of(path) == "directory" then remove_tree(path) else os.remove(path) end
    end
  end
  lfs.rmdir(folder)
end

local OURS = { ["."] = true, [".."] = true, [MANIFEST] = true, [LOCK] = true, [WORK] = true }

-- What a write that was killed leaves behind, see core/base/file.c.
local function is_temporary(name) return name:find("^%.benchrun%.%d+%.%d+%.tmp$") ~= nil end

local function refuse_foreign(folder)
  if read_manifest(folder) then return end
  for name in lfs.dir(folder) do
    if not OURS[name] and not is_temporary(name) then
      fail.cannot("%s holds files that benchrun did not make (%s); choose another --output-dir, or "
        .. "--keep-output-dir to add to it", folder, name)
    end
  end
end

local function remove_old(folder)
  for _, name in ipairs(read_manifest(folder) or {}) do remove_file(folder, name) end
  for name in lfs.dir(folder) do
    if is_temporary(name) then os.remove(folder .. "/" .. name) end
  end
  remove_tree(folder .. "/" .. WORK)
  lfs.rmdir(folder .. "/output")
end

-- True if `inner` is `folder` or lies in it; both are real paths.
local function lies_in(inner, folder)
  return inner == folder or folder == "/" or inner:sub(1, #folder + 1) == folder .. "/"
end

--- Raises if emptying a directory as a whole would remove what no run can have made: what a link
--- leads to, the working directory or one around it, the home directory, a checkout.
function output.check_removable(folder)
  local plain = folder:gsub("(.)/[/.]*/?%.?$", function(before) return before end)
  if kind_of(plain) == "link" then
    fail.cannot("%s is a link and what it leads to is not emptied; choose another --output-dir, or "
      .. "--keep-output-dir to add to it", folder)
  end
  local path = sys.real_path(folder)
  if not path and ("/" .. folder .. "/"):find("/%.%./") then
    fail.cannot("%s is not there yet and leads upward; name the --output-dir without '..'", folder)
  end
  if not path then return end
  local home = sys.real_path(os.getenv("HOME") or "")
  local what
  if lies_in(sys.real_path(".") or "/", path) then what = "holds the working directory"
  elseif home and lies_in(home, path) then what = "holds your home directory"
  elseif kind_of(path .. "/.git") then what = "is a checkout" end
  if not what then return end
  fail.cannot("%s %s and is not emptied; choose another --output-dir, or --keep-output-dir to add "
    .. "to it", folder, what)
end

-- Removes all that is in the folder, but for the lock that is held.
local function remove_all(folder)
  for name in lfs.dir(folder) do
    local path = folder .. "/" .. name
    if name ~= "." and name ~= ".." and name ~= LOCK then
      if kind_of(path) == "directory" then remove_tree(path) else os.remove(path) end
    end
  end
end

local function make(folder)
  local kind = lfs.attributes(folder, "mode")
  if kind and kind ~= "directory" then
    fail.cannot("%s is a %s, not a directory; choose another --output-dir", folder, kind)
  end
  local made, problem = sys.make_directory(folder)
  if not made then fail.cannot("%s; choose another --output-dir", problem) end
end

local function lock(folder)
  local file = lock_module.take(folder .. "/" .. LOCK, "choose another --output-dir")
  if file then return file end
  fail.cannot("%s is in use by another benchrun; wait for it, or choose another --output-dir",
    folder)
end

local Output = {}
Output.__index = Output

local function check_kinds(folder)
  check_kind(folder, "output", "directory")
  check_kind(folder, WORK, "directory")
end

--- Makes the directory ready for a run: made, locked, emptied of what benchrun made before. what:
--- "keep" leaves that there, "all" removes all there is. Returns an output with :add(names) and
--- :close(). Raises where it can't or must not be used.
function output.prepare(folder, what)
  make(folder)
  if what == "all" then output.check_removable(folder) else check_kinds(folder) end
  if not what or what == "own" then refuse_foreign(folder) end
  local self = setmetatable({ folder = folder, names = {}, listed = {} }, Output)
  self.lock = lock(folder)
  if what == "keep" then self:note(read_manifest(folder) or {})
  elseif what == "all" then remove_all(folder)
  else remove_old(folder) end
  return self
end

function Output:note(names)
  for _, name in ipairs(names) do
    if not self.listed[name] then
      self.listed[name] = true
      self.names[#self.names + 1] = name
    end
  end
end

--- A directory of finished logs to report on. Where there is no manifest none is made: the
--- directory is somebody else's, and stays so.
function output.existing(folder)
  local kind = lfs.attributes(folder, "mode")
  if not kind then
    fail.cannot("%s: no such directory; name the one with the logs with --output-dir", folder)
  end
  if kind ~= "directory" then fail.cannot("%s is a %s, not a directory of logs", folder, kind) end
  local names = read_manifest(folder)
  local self = { folder = folder, names = {}, listed = {}, is_foreign = not names,
    run = output.run_name(folder) }
  setmetatable(self, Output)
  self:note(names or {})
  return self
end

-- "# run NAME" in a manifest.
local RUN = "# run "

--- The name of the run that left its files in a directory, or nil.
function output.run_name(folder)
  if kind_of(folder .. "/" .. MANIFEST) ~= "file" then return nil end
  local text = sys.read_file(folder .. "/" .. MANIFEST) or ""
  return ("\n" .. text):match("\n" .. RUN .. "([^\n]+)")
end

--- Notes the name of the run in the manifest.
function Output:name_run(name)
  self.run = name
  self:add {}
end

--- As add, for paths of files in the directory.
function Output:add_paths(files)
  local names = {}
  for i, file in ipairs(files) do names[i] = paths.relative(self.folder, file) end
  self:add(names)
end

--- Puts names (relative to the directory) on the manifest. Best before the files are made.
function Output:add(names)
  if self.is_foreign then return end
  self:note(names)
  self:write()
end

-- Writes the manifest unless it says all of that already.
function Output:write()
  local run = self.run and RUN .. self.run .. "\n" or ""
  local text = HEADER .. run .. table.concat(self.names, "\n") .. "\n"
  if text == self.written then return end
  fail.check(sys.write_file(self.folder .. "/" .. MANIFEST, text))
  self.written = text
end

--- Gives the lock back. Repeatable.
function Output:close()
  if self.lock then self.lock:close() end
  self.lock = nil
end
Output.__close = Output.close

--- The manifest's name in an output directory, and the line it begins with: for a script that makes
--- a directory of ours.
output.manifest, output.header = MANIFEST, HEADER

--- Folder, within the output directory, of what the native harness builds.
function output.work_folder(folder) return paths.join(folder, WORK) end

return output
