-- A session: inputs run one after another in one environment; what they give is shown.
--
-- The environment is one of its own over Lua's globals: a name that the user takes ("table") is
-- never one that benchrun itself uses. All output goes through `write` and `warn`, so that a
-- session runs without a terminal too.

local chunk = require "benchrun.repl.chunk"
local edit = require "benchrun.lazy" "benchrun.core.edit"
local fail = require "benchrun.fail"
local globals = require "benchrun.repl.globals"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local session = {}

local Session = {}
Session.__index = Session

--- A session. options: write and warn, functions that take text; size, a function that gives the
--- columns and rows there are; colour; is_interactive; pictures, see plot.lua.
function session.new(options)
  local self = setmetatable({ options = options, inputs = {}, traceback = nil }, Session)
  self.env = globals.new(self)
  return self
end

function Session:write(...) self.options.write(...) end

--- Columns and rows to fill.
function Session:size() return self.options.size() end

function Session:colour(code, plain)
  return self.options.colour and ("\27[%sm%s\27[0m"):format(code, plain) or plain
end

--- Shows a line that is not a result.
function Session:note(message, ...)
  self.options.warn(self:colour("33", text.clean(message:format(...))) .. "\n")
end

-- Errors ------------------------------------------------------------------------------------------

local OURS = "^" .. (paths.modules .. "/"):gsub("%p", "%%%0") .. "[^:]*:%d+: "

-- Where the user's own code stood when an error came up: "input:3: ", or "".
local function users_place()
  local level = 3
  while true do
    local info = debug.getinfo(level, "Sl")
    if not info then return "" end
    local is_file = info.source:sub(1, 1) == "@"
    local is_ours = is_file and info.source:find(paths.modules, 2, true) == 2
    if info.currentline > 0 and not is_ours then
      return ("%s:%d: "):format(info.short_src, info.currentline)
    end
    level = level + 1
  end
end

-- A message handler: the error as one line that begins with a place of the user's, and all of it.
local function describe(err)
  local failure = fail.of(err)
  local line = failure and failure.message or fail.one_line(err)
  if type(err) == "table" and not failure and (getmetatable(err) or {}).__tostring then
    line = tostring(err)
  end
  local rest, found = line:gsub(OURS, "", 1)
  if found > 0 then line = users_place() .. rest end
  return { line = line, traceback = debug.traceback(line, 2), failure = failure }
end

function Session:complain(line)
  self.options.warn(self:colour("31", text.clean(line)) .. "\n")
end

-- Results -----------------------------------------------------------------------------------------

local CODES = require("benchrun.lists").set { "notfound", "io", "parse", "type", "range",
  "library", "exists", "interrupted" }

-- nil, message, code: what a file that can't be read gives, here and in Lua's own io, whose code is
-- a number and whose message is "PATH: why".
local function is_failure(values)
  local _, message, code = table.unpack(values, 1, 3)
  if values.n ~= 3 or values[1] ~= nil or type(message) ~= "string" then return false end
  return CODES[code] or math.type(code) == "integer" and message:find(": ", 1, true) ~= nil
end

-- Keeps a value, if it is one, as _: what an input that begins with ":" goes on with.
function Session:keep(value)
  if value ~= nil then self.env._ = value end
end

--- Shows values as the prompt does, and keeps the first as _. Returns them.
function Session:show(...)
  local values = table.pack(...)
  if is_failure(values) then
    self:complain(values[2])
  elseif values.n > 0 then
    local columns, rows = self:size()
    self:write(require("benchrun.repl.show").values(values,
      { width = columns, height = rows, colour = self.options.colour }))
  end
  self:keep(values[1])
  return ...
end

-- Running -----------------------------------------------------------------------------------------

-- Memory that ran out is told by a text without a place and without a handler's call.
local function as_problem(err)
  return type(err) == "table" and err.line and err or { line = fail.one_line(err) }
end

--- Calls a function of the user's. Returns true, or false and { line =, traceback =, failure = },
--- of which the latter two may be missing.
function Session.protect(_, fn, ...)
  local ok, err = xpcall(fn, describe, ...)
  if ok then return true end
  return false, as_problem(err)
end

local function checked(...)
  local values = table.pack(...)
  if is_failure(values) then error(values[2], 0) end
  return ...
end

-- What failed to give a value is an error here, whether it would be shown or assigned.
local function run_and_show(self, fn, kind)
  if kind == "expression" then
    self:show(checked(fn()))
  elseif kind == "assignment" then
    self:keep((checked(fn())))
  else
    fn()
  end
end

-- Where nobody is at the keys, Ctrl-C ends the program as it does any other.
local function call_at_once(...) return false, xpcall(...) end

-- Runs an input, see chunk.compile, and shows what it gives. True if it ended well.
function Session:call(fn, kind)
  local call = self.options.is_interactive and edit.call or call_at_once
  local interrupted, ok, err = call(run_and_show, describe, self, fn, kind)
  if ok and not interrupted then return true end
  local problem = interrupted and { line = "interrupted" } or as_problem(err)
  collectgarbage()
  self.traceback = problem.traceback or problem.line
  self:complain(problem.line)
  return false
end

-- Shows how long an input took, where that is asked for.
function Session:timed(fn, kind)
  local start = sys.monotonic()
  local ok = self:call(fn, kind)
  if self.shows_time then
    self:write(self:colour("2", ("%.3f s"):format(sys.monotonic() - start)), "\n")
  end
  return ok
end

-- Runs one input, whole on its line, and shows how long it took.
function Session:run_timed(input)
  local before = self.shows_time
  self.shows_time = true
  local ok = self:run(input, true)
  self.shows_time = before
  return ok
end

function Session:record(source, ok, kind)
  self.inputs[#self.inputs + 1] = { text = source, ok = ok, kind = kind }
end

--- Runs an input. Returns true if it ended well, false if not, and nil where more lines are to
--- come; with is_last there are none.
function Session:run(input, is_last)
  local command, argument = input:match("^%s*%.(%a+)%s*(.-)%s*$")
  if command then return self:command(command, argument) end
  if not input:find("%S") then return true end
  local fn, source, kind = chunk.compile(input, self.env)
  if not fn and kind and not is_last then return nil end
  if not fn then
    self:complain(source)
    self:record(input, false)
    return false
  end
  local ok = self:timed(fn, kind)
  self:record(source, ok, kind)
  return ok
end

-- Whether the line goes on with a method of what the input assigns: "x = f", then ":sort()".
local function goes_on(self, input, line)
  if not line or not line:find "^%s*:%s*[%a_]" then return false end
  return select(3, chunk.compile(input, self.env)) == "assignment"
end

--- Runs what was typed or pasted: as one input where it is one, else line by line, as if each had
--- been typed; it ends at the first that fails. Returns as run does, and with nil the lines that
--- are not a whole input yet.
function Session:run_lines(typed)
  if not typed:find "\n" then return self:run(typed), typed end
  local fn, _, kind = chunk.compile(typed, self.env)
  if fn and kind ~= "statements" then return self:run(typed), typed end
  local lines, input, done = {}, "", true
  for line in (typed .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  for i, line in ipairs(lines) do
    input = input == "" and line or input .. "\n" .. line
    if not goes_on(self, input, lines[i + 1]) then
      done = self:run(input)
      if done == false then return false end
      if done then input = "" end
    end
  end
  return done, input
end

--- Loads what a command-line argument stands for. Raises.
function Session:open(path)
  self.env.open(path)
  self:record(("open(%q)"):format(path), true, "statements")
end

-- Commands ----------------------------------------------------------------------------------------

local COMMANDS = {}

local HELP = {
  { ".help", "this list; help(x) tells of a function, a frame or a word" },
  { ".load PATH", "load a CONFIG, RUN, ARCHIVE or FILE, as on the command line" },
  { ".source FILE", "run a file of Lua in this session" },
  { ".save FILE", "write what was typed so far as a script for `benchrun script FILE`" },
  { ".time [INPUT]", "show how long an input takes; without one each, or no longer" },
  { ".traceback", "show where the last error came from" },
  { ".quit", "leave; so does Ctrl-D" },
}

local MANNERS = [[
An input is Lua. The value of an expression is shown and kept as _, what is assigned to one name is
kept so too; an input that begins with ":" goes on with it, as in  :sort "-speedup". What `local`
declares lives as long as the session. Tab completes names, methods, columns and files; Ctrl-R
searches what was typed before; Ctrl-C stops what runs, three times in a row it ends the program.
]]

--- The commands and how inputs are read, as text of at most `width` columns (default 100).
function session.help(width)
  local lines = {}
  for i, row in ipairs(HELP) do lines[i] = ("  %-14s %s\n"):format(row[1], row[2]) end
  local manners = text.wrap(MANNERS:gsub("\n", " "), math.min(width or 100, 100))
  return table.concat(lines) .. "\n" .. table.concat(manners, "\n") .. "\n"
end

function COMMANDS.help(self) self:write(session.help((self:size()))) end

function COMMANDS.quit(self) self.is_over = true end
COMMANDS.exit = COMMANDS.quit

function COMMANDS.time(self, input)
  if input ~= "" then return self:run_timed(input) end
  self.shows_time = not self.shows_time
  self:write(self.shows_time and "times are shown\n" or "times are no longer shown\n")
end

-- What called the input is not the user's.
local OUTSIDE = { "\n%s*%[C%]: in function 'xpcall'\n.*$", "\n%s*[^\n]*/repl/session%.lua:.*$" }

function COMMANDS.traceback(self)
  local trace = self.traceback or "no error so far"
  for _, pattern in ipairs(OUTSIDE) do trace = trace:gsub(pattern, "") end
  local lines = text.lines(trace, true)
  self:write(table.concat(lines, "\n"), "\n")
end

function COMMANDS.source(self, path) return self:run(("dofile(%q)"):format(path)) end
COMMANDS["load"] = function(self, path) return self:run(("open(%q)"):format(path)) end

local function commented(source) return "-- " .. source:gsub("\n", "\n-- ") end

local function script_line(input)
  if not input.ok then return commented(input.text) end
  if input.kind ~= "expression" then return input.text end
  return "show(" .. input.text .. (input.text:find("%-%-") and "\n)" or ")")
end

-- An assignment sets _, which matters where the input behind it names that.
local function result_line(input, next_input)
  local is_used = next_input and next_input.text:find "%f[%w_]_%f[^%w_]"
  if not is_used or not input.ok or input.kind ~= "assignment" then return nil end
  return "_ = " .. input.text:match "^%s*([%a_][%w_.]*)"
end

--- The session so far as a script: what failed is commented out.
function Session:script()
  local lines = { "-- Runs by: benchrun script FILE", "" }
  for i, input in ipairs(self.inputs) do
    lines[#lines + 1] = script_line(input)
    lines[#lines + 1] = result_line(input, self.inputs[i + 1])
  end
  return table.concat(lines, "\n") .. "\n"
end

function COMMANDS.save(self, path)
  fail.check(sys.write_file(path, self:script()))
  self:write(("%d inputs are in %s; run them by: benchrun script %s\n"):format(#self.inputs,
    text.clean(path), text.clean(require("benchrun.words").quote(path))))
end

local NEEDS_PATH = { save = true, source = true, ["load"] = true }

--- Runs a command such as ".save night.lua". True if it ended well.
function Session:command(name, argument)
  local command = COMMANDS[name]
  if not command then
    local known = require("benchrun.lists").sorted_keys(COMMANDS)
    self:complain(("no command .%s%s"):format(name,
      require("benchrun.schema").suggestion(name, known)))
    return false
  end
  if NEEDS_PATH[name] and argument == "" then
    self:complain(("give the name of a file: .%s FILE"):format(name))
    return false
  end
  local ok, result = xpcall(command, describe, self, argument)
  if not ok then self:complain(as_problem(result).line) end
  return ok and result ~= false
end

--- The names of the commands, for completion.
session.commands = require("benchrun.lists").sorted_keys(COMMANDS)

return session
