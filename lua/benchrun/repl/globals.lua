-- What inputs and scripts find by name, besides Lua's own.

local docs = require "benchrun.docs"
local lists = require "benchrun.lists"
local text = require "benchrun.text"

local globals = {}

-- The environment's names that `help()` lists, with their docstrings: name → { signature, text }.
local DESCRIBED = {
  { "plot", "plot(f, options)", [[
Draws a chart of a frame. Returns the path it was written to, if any; raises for a mistake.

options.x: the column along the axis: numbers, times, dates as text, or labels (default: the row's
number)
options.y: a column of numbers, or an array of such (default: all columns of numbers)
options.by: a column of text; each of its values is a line or bar of its own
options.kind: "line", "bar" or "scatter" (default: "bar" where x is labels, else "line")
options.title: what stands above
options.path: a file to write, .png or .svg; without it the chart is only shown
options.terminal: true shows it though the output is no terminal, false shows nothing]] },
  { "open", "open(path)", [[
Loads a config's last run, the folder of a run, an archive or a file. Says what it loaded, under
which names, and returns the first.]] },
  { "show", "show(...)", [[
Shows values as the prompt does: frames as tables, tables by their items. Returns them.]] },
  { "help", "help(x)", [[
Tells of a function, a frame, a column or a name such as "filter". Without x: what there is.]] },
}

local function method_names(value)
  local frame = require "benchrun.frame"
  local handle = require "benchrun.frame.handle"
  if frame.is_frame(value) then return "f:", handle.Frame end
  if frame.is_column(value) then return "c:", handle.Column end
  if getmetatable(value) == handle.metas.grouping then return "g:", handle.Grouping end
end

-- The first sentence of a docstring, on one line.
local function summary(words)
  local paragraph = words:match("^(.-)\n%s*\n") or words
  paragraph = text.clean((paragraph:gsub("%s*\n%s*", " ")))
  return paragraph:match("^(.-%.)%s") or paragraph
end

local NAME_WIDTH = 24
local WIDEST = 100 -- longer lines are hard to read

-- A name and what it is, wrapped beside it.
local function write_row(write, width, name, words)
  local room = math.max(20, width - NAME_WIDTH - 3)
  for i, line in ipairs(text.wrap(words, room)) do
    local first = i == 1 and text.pad(text.elide(text.clean(name), NAME_WIDTH), NAME_WIDTH)
      or (" "):rep(NAME_WIDTH)
    write((("  %s %s"):format(first, line):gsub(" +$", "")), "\n")
  end
end

-- What is for benchrun's own modules is not for the user.
local OWN = { wrap = true, unwrap = true, wrap_column = true, unwrap_column = true }

local function list_functions(write, width, prefix, functions)
  local listed = false
  for _, name in ipairs(lists.sorted_keys(functions)) do
    local entry = type(functions[name]) == "function" and docs.of(functions[name])
    if entry and not OWN[name] then
      write_row(write, width, prefix .. name, summary(entry.text))
      listed = true
    end
  end
  return listed
end

-- A frame's columns and methods.
local function help_on_value(write, width, value)
  local prefix, methods = method_names(value)
  if prefix == "f:" then
    local types = value:types()
    for i, name in ipairs(value:names()) do
      write_row(write, width, name, types[i])
    end
    write "\n"
  end
  list_functions(write, width, prefix, methods)
end

-- Functions that a word may mean: a global's, a method's, one of frame or stats.
local function find_functions(env, word)
  local handle = require "benchrun.frame.handle"
  local name = word:match("[%w_]+$")
  local found = {}
  local places = { env, env.frame, env.stats, handle.Frame, handle.Column, handle.Grouping }
  for _, place in ipairs(places) do
    local fn = rawget(place, name)
    if type(fn) == "function" and docs.of(fn) then found[#found + 1] = fn end
  end
  return found
end

-- What a word may mean: the entry of a function of expressions, those of other functions.
local function find_entries(env, word)
  local entries = {}
  for _, entry in ipairs(require("benchrun.frame.manual").functions()) do
    if entry.name == word then
      entry.signature = entry.signature .. ", in an expression"
      entries[#entries + 1] = entry
    end
  end
  for _, fn in ipairs(find_functions(env, word)) do entries[#entries + 1] = docs.of(fn) end
  return entries
end

local function help_on_word(env, write, width, word)
  if word:find "^%." then return write(require("benchrun.repl.session").help(width)) end
  local found = find_entries(env, word)
  for _, entry in ipairs(found) do write(docs.text(entry, width), "\n") end
  if #found > 0 then return end
  local handle, names = require "benchrun.frame.handle", {}
  for _, place in ipairs { env, env.frame, env.stats, handle.Frame, handle.Column } do
    for name in pairs(place) do names[#names + 1] = type(name) == "string" and name or nil end
  end
  table.sort(names)
  local near = require("benchrun.core.sys").nearest(word:match("[%w_]*$"), names)
  write(("no help on '%s'%s\n"):format(text.clean(word),
    near and ("; did you mean '%s'?"):format(near) or "; help() lists what there is"))
end

local function help_on_all(env, write, width)
  for _, row in ipairs(DESCRIBED) do write_row(write, width, row[2], summary(row[3])) end
  write "\n"
  list_functions(write, width, "frame.", env.frame)
  write "\n"
  list_functions(write, width, "stats.", env.stats)
  write "\nhelp(f) tells of a frame f and its methods, help \"filter\" of one of them.\n"
end

local function help(env, write, width, n, value)
  if n == 0 then return help_on_all(env, write, width) end
  if type(value) == "string" then return help_on_word(env, write, width, value) end
  if method_names(value) then return help_on_value(write, width, value) end
  if type(value) == "function" then
    local entry = docs.of(value)
    return write(entry and docs.text(entry, width) or "this function has no docstring\n")
  end
  if type(value) == "table" and list_functions(write, width, "", value) then return end
  write(("a %s; help() lists what there is\n"):format(type(value)))
end

-- Lua's functions that compile, with the environment as their default.
local function add_loaders(env)
  function env.load(what, name, mode, ...)
    if select("#", ...) > 0 then return load(what, name, mode, (...)) end
    return load(what, name, mode, env)
  end
  function env.loadfile(path, mode, ...)
    if select("#", ...) > 0 then return loadfile(path, mode, (...)) end
    return loadfile(path, mode, env)
  end
  function env.dofile(path)
    local fn, problem = loadfile(path, "bt", env)
    if not fn then error(problem, 0) end
    return fn()
  end
end

--- The docstrings of the functions that are only here: a list of entries as docs.of gives them.
function globals.entries()
  local entries = {}
  for i, row in ipairs(DESCRIBED) do
    entries[i] = { name = row[1], signature = row[2], text = row[3], examples = {} }
  end
  return entries
end

-- What most scripts use, but not all: loaded when it is first named.
local MODULES = { frame = "benchrun.frame", stats = "benchrun.stats" }

-- A name that the environment does not have yet.
local function find_global(env, name)
  local module = MODULES[name]
  if not module then return _G[name] end
  local value = require(module)
  rawset(env, name, value)
  return value
end

--- The environment of a session (see session.lua): a copy of Lua's globals, so that nothing that is
--- assigned reaches benchrun itself. What modules of the user's add to those is found too.
function globals.new(session)
  local env = setmetatable(lists.put_all({}, _G), { __index = find_global })
  local function write(...) session:write(...) end
  env._G = env
  function env.plot(...) return require("benchrun.repl.plot").plot(session, ...) end
  function env.open(path) return require("benchrun.repl.open").open(session, path) end
  function env.show(...) return session:show(...) end
  function env.help(...)
    return help(env, write, math.min(session:size(), WIDEST), select("#", ...), (...))
  end
  add_loaders(env)
  for _, row in ipairs(DESCRIBED) do docs.describe(env[row[1]], row[2], row[3]) end
  return env
end

--- An environment with all that it gives loaded, so that it can be listed. Returns it.
function globals.with_all(env)
  for name in pairs(MODULES) do
    if rawget(env, name) == nil then find_global(env, name) end
  end
  return env
end

return globals
