-- `benchrun script FILE arguments`: a file of Lua with the names of the prompt, without the prompt.

local fail = require "benchrun.fail"
local session_module = require "benchrun.repl.session"
local stdout = require "benchrun.stdout"
local sys = require "benchrun.core.sys"
local term = require "benchrun.lazy" "benchrun.core.term"
local text = require "benchrun.text"

local script = {}

-- Reading a pipe or a device as a file is right; a folder is a mistake that Lua says badly.
local function read_source(path)
  if path == "-" then return io.read "a" end
  return fail.check(sys.read_file(path))
end

-- The first line may be for the kernel ("#!").
local function compile(path, env)
  local source = read_source(path):gsub("^\xEF\xBB\xBF", ""):gsub("^#[^\n]*", "")
  local name = path == "-" and "=stdin" or "@" .. path
  local fn, problem = load(source, name, "t", env)
  if not fn then fail.cannot("%s", fail.one_line(problem)) end
  return fn
end

-- As os.exit of Lua, with all output written.
local function exit(code, close)
  stdout.flush()
  os.exit(code, close)
end

local function new_session()
  local is_terminal = sys.is_terminal(1)
  return session_module.new { write = function(...) stdout:write(...) end,
    warn = function(...) io.stderr:write(...) end,
    size = function()
      local columns, rows
      if is_terminal then columns, rows = term.size(1) end
      return columns or 100, rows or 24
    end,
    colour = is_terminal and stdout.wants_colour(os.getenv) }
end

--- Runs a script. path: of the file, "-" is standard input; arguments: a list of texts. Returns
--- the exit status; an error of the script's raises a failure of one line that begins with its
--- place.
function script.run(path, arguments)
  local session = new_session()
  local env = session.env
  env.arg = table.move(arguments, 1, #arguments, 1, { [0] = path })
  env.os = setmetatable({ exit = exit }, { __index = os })
  local fn = compile(path, env)
  local ok, problem = session:protect(fn, table.unpack(arguments))
  stdout.flush()
  if ok then return fail.status.ok end
  if problem.failure then error(problem.failure, 0) end
  io.stderr:write("benchrun: ", text.clean(problem.line), "\n")
  return fail.status.cannot
end

return script
