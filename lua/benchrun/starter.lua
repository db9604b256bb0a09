-- `benchrun init`: a config of the user's own that works at once, every line explained.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local starter = {}

local TEXT = [=[
-- A benchmark matrix of your own. Run it from the folder above:
--
--     benchrun config/nightly.lua                 run everything, then report
--     benchrun config/nightly.lua --quick         one benchmark a suite, a quick look
--     benchrun plan config/nightly.lua            the cells and their commands
--     benchrun help config                        every key that may stand here

local benchrun = require "benchrun"

return benchrun.config {
  -- benchrun starts the commands below itself and measures them: wall time, peak memory, output.
  -- (A suite with `harness = "command"` instead starts your own runner, which writes the CSV log.)
  harness = "native",

  -- What is compared, per mode (you may have several modes; --mode chooses). Each row is one
  -- compiler, here: one way to call sort. `flags` are the words that {flags} stands for in the
  -- commands below; `env` is added to the environment. To add a compiler, add a row; nothing is to
  -- be recompiled.
  compiler_table = {
    sorting = {
      plain = { flags = {} },
      small_buffer = { flags = { "--buffer-size=1M" } },
      c_locale = { flags = {}, env = { LC_ALL = "C" } },
      -- my_sort = { flags = { "--parallel=8" } },
    },
  },

  -- The row that speedups are taken against, and whose output is the right one.
  baseline = "plain",

  -- The benchmarks, in suites. `run` is a command as a list of words; no shell sees it unless you
  -- name one. Known in braces: {flags} {compiler} {dtype} {device} {mode} {suite} {name}
  -- {directory} {extra}. A benchmark passes accuracy when it prints what the baseline prints; lines
  -- like `value NAME 1.25` may differ by `tolerance` (relative).
  suite_table = {
    text = {
      help = "sorting of lines of text",
      benchmarks = {
        { name = "numbers",
          run = { "sh", "-c", 'seq 200000 | sort -n -r "$@" | cksum', "sh", "{flags}" } },
        { name = "words",
          run = { "sh", "-c", 'seq -f "w%.0f" 100000 | sort "$@" | cksum', "sh", "{flags}" } },
      },
      -- quick = { "words" },             -- what --quick runs; without: the first
      -- skip = { "numbers" },            -- left out; or a function of the cell that gives names
    },
  },

  -- The other axes of the matrix. Every combination is one cell: one command, one log.
  devices = { "cpu" },
  dtypes = { "none" },

  -- Cells at a time. More than one is faster; alone a cell is measured best.
  jobs = 1,
  -- Seconds that a cell may take; then it is ended, with all its children.
  deadline = 600,
  -- How long to measure: pairs of baseline and candidate until their medians are steady.
  native = { min_runs = 3, max_runs = 10, budget = 2 },
  -- What --quick puts over the keys above.
  quick_settings = { native = { min_runs = 1, max_runs = 2, budget = 0 } },

  -- Logs, report.md, tables and charts go here; what an earlier run put there is replaced.
  output_dir = "benchmark_logs",
  -- Show losses as they are in the geometric mean (without: a speedup below 1 counts as 1).
  include_slowdowns = true,
  -- In CI: end with exit status 1 when a benchmark failed.
  -- fail_on = "failure",

  report = { title = "Nightly" },
}
]=]

--- Writes FOLDER/config/nightly.lua. One that is there already is left alone and refused. Returns
--- the exit status.
function starter.write(folder, out)
  local path = paths.join(folder, "config/nightly.lua")
  if lfs.symlinkattributes(path) then
    fail.cannot("%s is there already; it is left as it is", path)
  end
  fail.check(sys.make_directory(paths.dirname(path)))
  fail.check(sys.write_file(path, TEXT))
  out:write(("wrote %s; run it with: benchrun %s\n"):format(path, words.quote(path)))
  return fail.status.ok
end

return starter
