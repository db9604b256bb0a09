local benchrun = require "benchrun"

local row = {}
local names = { "good", "fast", "fails", "hangs", "dies", "silent", "broken", "empty", "garbage" }
for _, name in ipairs(names) do row[name] = name end

return benchrun.config {
  baseline = "good",
  compiler_table = { run = row },
  compilers = names,
  testings = { "performance" },
  suite_table = {
    ends = {
      command = { "sh", "harness.sh", "{compiler}", "{output}" },
      benchmarks = { "one" },
      skip = function(cell) return cell.compiler == "fast" and cell.dtype == "int8" and "int8 is slow" end,
    },
    missing = { command = { "benchrun-no-such-program" } },
  },
  suites = { "ends" },
  dtypes = { "float32", "int8" },
  deadline = 1,
  grace = 0.2,
  charts = { formats = {} },
  report = { renderers = {}, terminal = { "executive_summary", "outcomes" } },
}
