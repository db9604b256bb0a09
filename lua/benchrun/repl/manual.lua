-- The text of `benchrun help repl`.

local docs = require "benchrun.docs"
local globals = require "benchrun.repl.globals"
local session = require "benchrun.repl.session"

local manual = {}

local START = [[
benchrun repl [CONFIG|RUN|ARCHIVE|FILE …] opens a prompt for Lua with frames, statistics and
charts. What is named on the command line is loaded, and said in one line each:

  CONFIG   config, results (tables by suite and metric), summaries and logs of its last run
  RUN      a folder of logs: logs (all of them as one frame), outcomes, summaries
  ARCHIVE  a folder with a lookup.csv: runs (its index) and logs (of all runs)
  FILE     a frame named after the file; the first file is f, too

From a pipe the prompt reads inputs without editing; the first error ends it with exit status 4.
benchrun script FILE.lua ARGS … runs a file with the same names, its arguments in arg and "...";
- is standard input. An error is one line with its place, exit status 4.

]]

local END = [[

The history is in XDG_STATE_HOME/benchrun/history (~/.local/state/benchrun/history), shared by all
sessions. Keys can be set in ~/.editrc. Frames and statistics: benchrun help frame, help stats.
]]

--- The text.
function manual.text()
  local parts = { START, session.help(), "\nFunctions of the prompt and of scripts:\n\n" }
  for _, entry in ipairs(globals.entries()) do
    parts[#parts + 1] = docs.text(entry) .. "\n"
  end
  return table.concat(parts):gsub("\n+$", "\n") .. END
end

return manual
