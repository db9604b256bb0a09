-- Where things are: the library and the preset configs stand side by side, in the source tree
-- (ROOT/lua, ROOT/configs) as when installed (PREFIX/share/benchrun/lua, …/configs).

local paths = {}

local source = debug.getinfo(1, "S").source:gsub("^@", "")

--- The folder that holds lua/ and configs/.
paths.root = source:match("^(.*)/lua/benchrun/paths%.lua$") or "."

--- The folder of the library's own modules.
paths.modules = paths.root .. "/lua/benchrun"

--- The folder of the preset configs.
paths.configs = paths.root .. "/configs"

--- The folder part of a path, "." where there is none.
function paths.dirname(path)
  return path:match("^(.*[^/])/+[^/]*$") or path:match("^/") or "."
end

--- folder and name as one path; an absolute name stands for itself.
function paths.join(folder, name)
  if name:sub(1, 1) == "/" then return name end
  if folder == "" or folder == "." then return name end
  return folder:gsub("/$", "") .. "/" .. name
end

--- The name of a file within a folder: what paths.join(folder, name) was made from.
function paths.relative(folder, path)
  local prefix = paths.join(folder, "x"):sub(1, -2)
  assert(path:sub(1, #prefix) == prefix, path)
  return path:sub(#prefix + 1)
end

--- True for a single name that can't leave the folder it is put in, break a line, or be taken for
--- an option.
function paths.is_plain_name(name)
  return name ~= "" and not name:find("^[.-]") and not name:find("[/%c]")
end

return paths
