-- Errors that are a user's to mend: one line and the exit status that goes with it.
--
-- They are raised as tables, pass through every level untouched, and end in cli.main, which prints
-- "benchrun: " and the message. Anything else that reaches cli.main is a defect of benchrun's.

local fail = {}

--- Exit statuses of the program (README, "Exit status").
fail.status = { ok = 0, failed = 1, usage = 2, config = 3, cannot = 4, interrupted = 130 }

local Failure = { __tostring = function(self) return self.message end }

local function raise(status, message, ...)
  if select("#", ...) > 0 then message = message:format(...) end
  error(setmetatable({ status = status, message = message }, Failure), 0)
end

--- The command line is wrong. message: a string.format pattern with its arguments.
function fail.usage(message, ...) raise(fail.status.usage, message, ...) end

--- The config is wrong. The message begins with "file:line: " where that is known.
function fail.config(message, ...) raise(fail.status.config, message, ...) end

--- The run could not be done.
function fail.cannot(message, ...) raise(fail.status.cannot, message, ...) end

--- The failure, if err is one, else nil.
function fail.of(err) return getmetatable(err) == Failure and err or nil end

--- What Lua says of an error, "file:line: message", as one line.
function fail.one_line(err)
  if type(err) ~= "string" then return "an error that is no text (" .. type(err) .. ")" end
  return (err:gsub("( not found):\n.*", "%1"):gsub("%s*\n%s*", "; "))
end

--- Passes results on; turns `nil, message` of a library into fail.cannot.
function fail.check(result, message, ...)
  if result == nil or result == false then raise(fail.status.cannot, tostring(message)) end
  return result, message, ...
end

return fail
