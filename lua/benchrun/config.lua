-- Configs: scripts that return `benchrun.config { … }`, and what they come to once `extends`, the
-- defaults, --quick and the command line are put together.
--
-- Every config table is checked when it is written, by the call of benchrun.config itself, so that
-- an error can name the line. The folder of the main config is on the search path of its requires,
-- then our configs/. Config files run with `benchrun` at hand and may not set globals.

local fail = require "benchrun.fail"
local keys = require "benchrun.keys"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local locate = require "benchrun.locate"
local paths = require "benchrun.paths"
local schema = require "benchrun.schema"
local sys = require "benchrun.core.sys"

local config = {}

-- A checked table with the place it was written at.
local Layer = {}
Layer.__index = Layer

--- Message for a problem at key_path of a layer: "file:line: problem".
function Layer:message(key_path, problem)
  local source = sys.read_file(self.file)
  local line = source and locate.line(source, self.line, key_path) or self.line
  return ("%s:%d: %s"):format(self.file, line, problem)
end

-- Files whose loading has begun and not ended, outermost first: { file =, identity = }.
local loading = {}

-- Where benchrun.config was called from. `return benchrun.config { … }` is a tail call, which
-- leaves no trace of the config's own frame: then line 1 stands for "the first call in the file".
local function caller()
  local file = loading[#loading] and loading[#loading].file
  local level = 3
  local info = debug.getinfo(level, "Sl")
  while info do
    local source = info.source:match("^@(.*)")
    if source and (source == file or not file) then return source, info.currentline end
    level = level + 1
    info = debug.getinfo(level, "Sl")
  end
  return file or "?", 1
end

local function parent_of(layer, extends)
  local value = extends
  if type(value) == "string" then
    if not config.find(value) then
      fail.config(layer:message({ "extends" }, "extends: " .. config.not_found(value)))
    end
    value = config.require(value)
  end
  if value ~= nil and getmetatable(value) ~= Layer then
    fail.config(layer:message({ "extends" },
      "extends: a config expected, as benchrun.config returns it"))
  end
  return value
end

-- What is wrong with the keys that a layer declares, as key path and message, or nil.
local function check_declared(declared, fields)
  for i, field in ipairs(declared) do
    local problem
    if schema.find(fields, field.name) then problem = "'" .. field.name .. "' is a key already" end
    local of = field.of and tostring(field.of.type) or field.type
    for _, name in ipairs { field.type, of } do
      if not schema.is_type(name) then problem = ("no type '%s'"):format(name) end
    end
    if not problem and field.default ~= nil then
      local _, wrong = schema.check_value(field, field.default, { "default" })
      problem = wrong
    end
    if problem then return { "options", i }, ("options[%d]: %s"):format(i, problem) end
  end
end

-- The keys that count in a layer: ours, those that its parents declare, its own.
local function fields_of(layer)
  local inherited = layer.parent and layer.parent.fields or keys
  local declared = type(layer.values.options) == "table" and layer.values.options or {}
  if #declared == 0 then return inherited end
  local key_path, problem = schema.check_value(schema.find(keys, "options"), declared,
    { "options" })
  if not key_path then key_path, problem = check_declared(declared, inherited) end
  if key_path then fail.config(layer:message(key_path, problem)) end
  local fields = table.move(inherited, 1, #inherited, 1, {})
  for _, field in ipairs(declared) do
    fields[#fields + 1] = lists.put_all({ is_declared = true }, field)
  end
  return fields
end

--- What benchrun.config does: checks a table and keeps where it was written.
function config.layer(values)
  local file, line = caller()
  local layer = setmetatable({ file = file, line = line, values = values }, Layer)
  if type(values) ~= "table" then
    fail.config("%s:%d: benchrun.config: a table expected, got %s", file, line, type(values))
  end
  layer.parent = parent_of(layer, values.extends)
  layer.fields = fields_of(layer)
  local key_path, problem = schema.check(layer.fields, values)
  if key_path then fail.config(layer:message(key_path, problem)) end
  return layer
end

-- Loading -----------------------------------------------------------------------------------------

local function refuse_global(_, name)
  local info = debug.getinfo(2, "Sl")
  fail.config("%s:%d: global '%s' is set; write 'local %s'", info.source:gsub("^@", ""),
    info.currentline, tostring(name), tostring(name))
end

local environment -- of config files: the globals, read-only, and benchrun

local function config_environment()
  environment = environment or setmetatable({ benchrun = require "benchrun",
    require = config.require }, { __index = _G, __newindex = refuse_global })
  return environment
end

local loaded = {} -- values by the real path of files
local search_folders = { paths.configs }

local function has_place(message) return message:find("^[^\n]-:%d+: ") ~= nil end

-- Calls a function of the user's. Returns true and its results, or false and the failure or line.
local function call_users(fn, ...)
  return xpcall(fn, function(err) return fail.of(err) or fail.one_line(err) end, ...)
end

local function run_file(file)
  local chunk, problem = loadfile(file, "t", config_environment())
  if not chunk then return false, fail.one_line(problem) end
  return call_users(chunk, file)
end

local function check_cycle(file, identity)
  for i, open in ipairs(loading) do
    if open.identity == identity then
      local names = lists.pluck(table.move(loading, i, #loading, 1, {}), "file")
      names[#names + 1] = file
      local last = { file = loading[#loading].file, line = 1 }
      fail.config(Layer.message(last, { "extends" },
        "configs extend each other in a cycle: " .. table.concat(names, " → ")))
    end
  end
end

local function load_once(file)
  local identity = sys.real_path(file) or file
  check_cycle(file, identity)
  if loaded[identity] == nil then
    loading[#loading + 1] = { file = file, identity = identity }
    local ok, value = run_file(file)
    loading[#loading] = nil
    if not ok and fail.of(value) then error(value, 0) end
    if not ok then fail.config("%s%s", has_place(value) and "" or file .. ": ", value) end
    loaded[identity] = value == nil or value
  end
  return loaded[identity]
end

--- The file that a name stands for when a config requires it, or nil.
function config.find(name)
  local path = name:gsub("%.", "/")
  for _, folder in ipairs(search_folders) do
    for _, ending in ipairs { ".lua", "/init.lua" } do
      local file = paths.join(folder, path .. ending)
      if sys.real_path(file) then return file end
    end
  end
end

--- What to say when config.find finds nothing.
function config.not_found(name)
  return ("no '%s'; looked for %s.lua in %s"):format(name, name:gsub("%.", "/"),
    table.concat(search_folders, " and "))
end

local function is_known_to_lua(name)
  return package.loaded[name] or package.preload[name] or package.searchpath(name, package.path)
    or package.searchpath(name, package.cpath)
end

--- `require` as configs see it: their own folder first, then the preset configs, then Lua's own
--- way.
function config.require(name)
  name = tostring(name)
  local file = config.find(name)
  if file then return load_once(file) end
  if name:find("^benchrun%.core") then
    error(("'%s' is not for configs; require 'benchrun' has what they need"):format(name), 2)
  end
  if not is_known_to_lua(name) then error("require: " .. config.not_found(name), 2) end
  return require(name)
end

--- The file that a word of the command line stands for: the preset of that name, or else itself. A
--- path has a "/" or a "." in it, so that no file of the same name is in a preset's way.
function config.locate(word)
  if word:find("[./]") then return word end
  search_folders = { paths.configs }
  return config.find(word) or word
end

--- The names of the presets, sorted.
function config.presets()
  local names = {}
  for file in lfs.dir(paths.configs) do
    local name = file:match("^(%w+)%.lua$")
      or lfs.attributes(paths.join(paths.configs, file .. "/init.lua"), "mode") and file
    if name and name ~= "." and name ~= ".." then names[name] = true end
  end
  return lists.sorted_keys(names)
end

--- Runs a config file. Returns its layer.
function config.load(path)
  local kind = lfs.attributes(path, "mode")
  if not kind then fail.config("%s: no such config", path) end
  if kind == "directory" then fail.config("%s: is a directory, a config is a Lua file", path) end
  search_folders = { paths.dirname(path), paths.configs }
  local value = load_once(path)
  if getmetatable(value) ~= Layer then
    fail.config("%s:1: the config must return benchrun.config { … }, it returned %s", path,
      value == true and "nothing" or "a " .. type(value))
  end
  return value
end

--- Forgets what was loaded, for tests.
function config.reset() loading, loaded, search_folders = {}, {}, { paths.configs } end

-- Putting together --------------------------------------------------------------------------------

local function layers_of(layer)
  local list = {}
  while layer do
    table.insert(list, 1, layer)
    layer = layer.parent
  end
  return list
end

--- The names of all modes of a layer and what it extends, sorted.
function config.modes(layer)
  local modes = {}
  for _, each in ipairs(layers_of(layer)) do
    lists.put_all(modes, each.values.compiler_table)
  end
  return lists.sorted_keys(modes)
end

-- Tables of the schema that have fields of their own get those fields' defaults.
local function defaults(fields)
  local values = schema.defaults(fields)
  for _, field in ipairs(fields) do
    if field.fields and values[field.name] then
      values[field.name] = schema.defaults(field.fields)
    end
  end
  return values
end

-- How many keys of the path lead somewhere in the values.
local function depth_of(values, key_path)
  for i, key in ipairs(key_path) do
    if type(values) ~= "table" or values[key] == nil then return i - 1 end
    values = values[key]
  end
  return #key_path
end

-- The message at the place that wrote key_path: the last of the layers that follow it deepest, the
-- quick_settings over all when they count.
local function place_message(layers, is_quick, key_path, problem)
  local best, best_path, most = layers[#layers], key_path, 0
  local function look(layer, prefix, values)
    local depth = depth_of(values or {}, key_path)
    if depth > 0 and depth >= most then
      best, best_path = layer, table.move(key_path, 1, #key_path, #prefix + 1, prefix)
      most = depth
    end
  end
  for _, layer in ipairs(layers) do look(layer, {}, layer.values) end
  for _, layer in ipairs(is_quick and layers or {}) do
    look(layer, { "quick_settings" }, layer.values.quick_settings)
  end
  return best:message(best_path, problem)
end

-- values with what the layers' derive functions make of them over it.
local function derived(layers, fields, values)
  for _, layer in ipairs(layers) do
    local derive = layer.values.derive
    if derive then
      local more = values.call({ "derive" }, derive, values) or {}
      local _, problem = schema.check_value({ type = "table", fields = fields }, more, {})
      if problem then fail.config(layer:message({ "derive" }, "derive: " .. problem)) end
      for name, value in pairs(schema.merge(fields, values, more)) do values[name] = value end
    end
  end
  return values
end

-- The folders of the layers' files, each once, the main config's last.
local function folders_of(layers)
  local folders = {}
  for _, layer in ipairs(layers) do
    local folder = paths.dirname(layer.file)
    if not lists.contains(folders, folder) then folders[#folders + 1] = folder end
  end
  return folders
end

--- The config that a layer and overrides (from the command line, may be nil) come to: a table with
--- a value for every key that has one, and:
---   file       path of the main config
---   folder     its folder
---   folders    the folders of all files that it came from, its own last
---   overrides  the keys that the command line set
---   fail(key_path, problem) raises problem as an error at the line of the layer that wrote the key
---   call(key_path, fn, …) the result of a function that the config holds at key_path; an error in
---     it is the config's
function config.resolve(layer, overrides)
  overrides = overrides or {}
  local fields, layers = layer.fields, layers_of(layer)
  local key_path, problem = schema.check(fields, overrides)
  if key_path then fail.usage("%s", problem) end
  local values = defaults(fields)
  for _, each in ipairs(layers) do values = schema.merge(fields, values, each.values) end
  local is_quick = overrides.quick or values.quick
  if is_quick then values = schema.merge(fields, values, values.quick_settings or {}) end
  values = schema.merge(fields, values, overrides)
  values.extends = nil
  values.file, values.folder, values.overrides = layer.file, paths.dirname(layer.file), overrides
  values.folders = folders_of(layers)

  function values.fail(where, what)
    if overrides[where[1]] ~= nil then fail.usage("%s", what) end
    fail.config("%s", place_message(layers, is_quick, where, what))
  end

  function values.call(where, fn, ...)
    local ok, value = call_users(fn, ...)
    if ok then return value end
    if fail.of(value) then error(value, 0) end
    local text = schema.path_text(where)
    if has_place(value) then fail.config("%s (in %s)", value, text) end
    values.fail(where, ("%s: its function failed: %s"):format(text, value))
  end
  return derived(layers, fields, values)
end

return config
