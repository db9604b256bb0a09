-- Standard output, with nothing lost in silence: what can't be written (a full disk) is a failure.

local fail = require "benchrun.fail"

local stdout = {}

local function check(ok, problem)
  if not ok then fail.cannot("can't write to standard output: %s", problem) end
end

--- Writes texts, as a file's write does.
function stdout:write(...)
  check(io.stdout:write(...))
  return self
end

--- Hands on what is still in the buffer. To be called before the program ends.
function stdout.flush() check(io.stdout:flush()) end

--- True unless the user's environment asks for no colour. getenv: as os.getenv.
function stdout.wants_colour(getenv)
  return (getenv "NO_COLOR" or "") == "" and getenv "TERM" ~= "dumb"
end

return stdout
