-- Compiles the Lua library ahead; run by `benchrun script`, see core/bind/bind_bytecode.c.
--
--   benchrun script compile-lua.lua TARGET LIBRARY [SHOWN]
--
-- TARGET: the folder of the compiled modules. LIBRARY: that of the sources. SHOWN: where LIBRARY
-- will stand when they are used, if that is elsewhere.

local bytecode = require "benchrun.core.bytecode"
local lfs = require "lfs"
local sys = require "benchrun.core.sys"

local target, library, shown = table.unpack(arg)
library = assert(sys.real_path(library))
shown = shown or library

local function compile(module, source, shown_as)
  local file <close> = assert(io.open(("%s/%s.luac"):format(target, module), "wb"))
  assert(file:write(assert(bytecode.compile(source, shown_as))))
end

local function compile_folder(folder)
  for name in lfs.dir(library .. folder) do
    local path = folder .. "/" .. name
    if name:find "%.lua$" then
      local module = path:sub(2):gsub("%.lua$", ""):gsub("/init$", ""):gsub("/", ".")
      compile(module, library .. path, shown .. path)
    elseif not name:find "^%." and lfs.attributes(library .. path, "mode") == "directory" then
      compile_folder(path)
    end
  end
end

assert(sys.make_directory(target))
compile_folder ""
local argparse = package.searchpath("argparse", package.path)
if argparse then compile("argparse", argparse) end
