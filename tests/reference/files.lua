-- Files and names, as the comparer needs them.
--
-- Texts are read with line feeds only: how a line ends is no difference. Nothing here is written.

local lfs = require "lfs"

local files = {}

--- The text of a file, or nil where there is none.
function files.read(path)
  local file <close> = io.open(path, "rb")
  local text = file and file:read "a"
  return text and (text:gsub("\r\n", "\n"))
end

--- The lines of a text. A line feed at the end begins a last, empty line.
function files.lines(text)
  local lines = {}
  for line in (text .. "\n"):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
  return lines
end

--- The lines of a file that hold anything; none where there is no file.
function files.list(path)
  local list = {}
  for line in (files.read(path) or ""):gmatch "[^\n]+" do list[#list + 1] = line end
  return list
end

--- The words of a text between blanks.
function files.split(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

--- A text without the blanks around it.
function files.trim(text) return text:match "^%s*(.-)%s*$" end

function files.is_there(path) return lfs.attributes(path) ~= nil end

function files.is_file(path) return lfs.attributes(path, "mode") == "file" end

--- Whether a file is there and holds anything.
function files.is_filled(path) return files.is_file(path) and lfs.attributes(path, "size") > 0 end

--- The last part of a path.
function files.base(path) return path:match "[^/]*$" end

--- A path without its last suffix. A name such as ".x" is no suffix.
function files.stem(path)
  local folder, base = path:match "^(.-)([^/]*)$"
  return folder .. (base:match "^(%.*[^.].*)%.[^.]*$" or base)
end

local function add_files(root, folder, list)
  for name in lfs.dir(root .. folder) do
    local path = folder .. "/" .. name
    if name == "." or name == ".." then goto continue end
    if lfs.symlinkattributes(root .. path, "mode") == "directory" then
      add_files(root, path, list)
    elseif lfs.attributes(root .. path, "mode") ~= "directory" then
      list[#list + 1] = path:sub(2)
    end
    ::continue::
  end
end

--- The files below a folder, by their paths from it, sorted. Links to folders are not followed; a
--- folder that is absent holds none.
function files.below(root)
  local list = {}
  if lfs.attributes(root, "mode") == "directory" then add_files(root, "", list) end
  table.sort(list)
  return list
end

return files
