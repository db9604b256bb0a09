-- Finding programs as execvp does.

local lfs = require "lfs"

local programs = {}

local function is_executable(path)
  local at = lfs.attributes(path)
  return at ~= nil and at.mode == "file" and at.permissions:find("x", 1, true) ~= nil
end

--- The path that a command's first word stands for, or nil: itself where it has a slash, else the
--- first executable file of that name in PATH.
function programs.find(name)
  if name:find("/", 1, true) then return is_executable(name) and name or nil end
  for folder in (os.getenv("PATH") or "/usr/bin:/bin"):gmatch("[^:]+") do
    local path = folder .. "/" .. name
    if is_executable(path) then return path end
  end
end

return programs
