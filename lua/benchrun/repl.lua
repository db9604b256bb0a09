-- `benchrun repl`: the prompt.
--
-- At a terminal lines are edited, remembered and completed; from a pipe they are read as they
-- come, and the first error is the end, as in a script. Ctrl-C at the prompt drops the input,
-- while something runs it stops that; Ctrl-D leaves.

local edit = require "benchrun.lazy" "benchrun.core.edit"
local fail = require "benchrun.fail"
local globals = require "benchrun.repl.globals"
local remember = require "benchrun.lazy" "benchrun.repl.remember"
local session_module = require "benchrun.repl.session"
local stdout = require "benchrun.stdout"
local sys = require "benchrun.core.sys"
local term = require "benchrun.lazy" "benchrun.core.term"

local repl = {}

local COLUMNS, ROWS = 80, 24 -- where the terminal does not say
local PROMPT_ROWS = 2        -- that a table leaves free

local function is_interactive() return sys.is_terminal(0) and sys.is_terminal(1) end

local function can_escape(getenv)
  local name = getenv "TERM" or ""
  return name ~= "" and name ~= "dumb"
end

local function new_session(interactive)
  local has_terminal = sys.is_terminal(1)
  return session_module.new {
    write = function(...) stdout:write(...) end,
    warn = function(...)
      stdout.flush()
      io.stderr:write(...)
    end,
    size = function()
      local columns, rows
      if has_terminal then columns, rows = term.size(1) end
      return columns or COLUMNS, (rows or ROWS) - PROMPT_ROWS
    end,
    colour = has_terminal and stdout.wants_colour(os.getenv),
    is_interactive = interactive,
  }
end

-- At a terminal -----------------------------------------------------------------------------------

local Prompt = {}
Prompt.__index = Prompt

local function open_prompt(session)
  local home = os.getenv "HOME"
  local keys = os.getenv "EDITRC" or (home and home .. "/.editrc")
  local is_file = keys and require("lfs").attributes(keys, "mode") == "file"
  local self = setmetatable({ session = session, path = remember.path(os.getenv) }, Prompt)
  self.editor = fail.check(edit.open { paste = can_escape(os.getenv),
    keys = is_file and keys or nil, history = remember.entries })
  session.options.feed = function(bytes) self.editor:feed(bytes) end
  local entries, notice = remember.load(self.path)
  for _, entry in ipairs(entries) do self.editor:remember(entry) end
  if notice then session:note("%s", notice) end
  return self
end

function Prompt:keep(input)
  if not input:find("%S") then return end
  self.editor:remember(input)
  local kept, notice = remember.add(self.path, input)
  if not kept then
    self.path = nil
    self.session:note("%s", notice)
  end
end

-- The prompt with its colour between the marks that the editor knows.
function Prompt:text(is_first)
  local sign = is_first and ">" or ">>"
  if not self.session.options.colour then return sign .. " " end
  return ("\1\27[1;36m\1%s\1\27[0m\1 "):format(sign)
end

-- A line, or nil and "eof" or "interrupted". before: the lines of the input so far.
function Prompt:read(before)
  stdout.flush()
  local session = self.session
  return self.editor:read(self:text(before == ""), function(line, cursor)
    local env = globals.with_all(session.env)
    return require("benchrun.repl.complete").key(line, cursor, env, { before = before,
      commands = session_module.commands, width = (session:size()) })
  end)
end

-- Reads lines until they are a whole input, and runs it. Returns false at the end.
function Prompt:step()
  local input, typed, done = "", ""
  repeat
    local line, why, code = self:read(input)
    if not line then
      if code then fail.cannot("%s", why) end
      return why == "interrupted" or input ~= ""
    end
    typed = typed == "" and line or typed .. "\n" .. line
    done, input = self.session:run_lines(input == "" and line or input .. "\n" .. line)
  until done ~= nil
  self:keep(typed)
  return not self.session.is_over
end

local GREETING = "benchrun %s: help() lists what there is, .help the commands; Ctrl-D leaves\n"

local function watched_coroutine(fn)
  local made = coroutine.create(fn)
  edit.watch(made)
  return made
end

-- What the session knows as `coroutine`: those it makes end at an interrupt too.
local function watched_coroutines()
  local library = require("benchrun.lists").put_all({}, coroutine)
  local function pass_on(ok, ...)
    if ok then return ... end
    error((...), 0)
  end
  library.create = watched_coroutine
  function library.wrap(fn)
    local made = watched_coroutine(fn)
    return function(...) return pass_on(coroutine.resume(made, ...)) end
  end
  return library
end

local function interact(session)
  local prompt = open_prompt(session)
  edit.trap_interrupts()
  session.env.coroutine = watched_coroutines()
  local ok, err = xpcall(function()
    while prompt:step() do end
  end, function(err) return fail.of(err) or debug.traceback(tostring(err), 2) end)
  edit.release_interrupts()
  prompt.editor:close()
  if not ok then error(err, 0) end
  return fail.status.ok
end

-- From a pipe -------------------------------------------------------------------------------------

-- The next line of standard input, nil at its end.
local function next_line()
  local line, problem = io.read "L"
  if problem then fail.cannot("can't read standard input: %s", problem) end
  return line and line:gsub("\n$", "")
end

local function read_all(session)
  local input = ""
  for line in next_line do
    input = input == "" and line or input .. "\n" .. line
    local done = session:run(input)
    if done == false then return fail.status.cannot end
    if done then input = "" end
    if session.is_over then return fail.status.ok end
  end
  if input ~= "" and session:run(input, true) == false then return fail.status.cannot end
  return fail.status.ok
end

--- Runs the prompt. arguments: what to load first. Returns the exit status: 0, or 4 where the
--- input is a pipe and something in it failed.
function repl.run(arguments)
  local interactive = is_interactive()
  local session = new_session(interactive)
  if interactive then stdout:write(GREETING:format(require "benchrun.version")) end
  for _, path in ipairs(arguments) do session:open(path) end
  local status = (interactive and interact or read_all)(session)
  stdout.flush()
  return status
end

return repl
