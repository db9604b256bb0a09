-- A step of a CI job: is something wrong that was not wrong in the run before? It takes a quarter
-- of a minute. README has the job for GitHub Actions and GitLab around it.
--
--   benchrun configs/ci.lua
--
-- Exit status: 0 all well, 1 something got worse, 4 the run could not be done or measured nothing.

local benchrun = require "benchrun"

return benchrun.config {
  extends = require "kernels",
  suites = { "numeric", "data" },
  dtypes = { "float64" },
  compilers = { "gcc_O0", "gcc_O2", "gcc_O3" },
  quick = true, -- one kernel a suite

  -- One cell at a time: the machines of CI services are noisy enough. The medians of at least three
  -- pairs of runs count, and what is compared is their ratio to gcc -O0 on the same machine, so
  -- that a slow machine does not look like a slow compiler.
  deadline = 300,
  native = { warmup = 1, min_runs = 3, max_runs = 5, budget = 0.5, run_deadline = 20 },
  include_slowdowns = true,

  -- The CI service keeps this folder between jobs, as a cache. The first job has nothing to compare
  -- with: it says so and ends well. A run in which something got worse is kept too, so it is told
  -- once.
  archive = { path = "archive" },

  -- A regression is what a metric flags now and did not flag before: a speedup below 0.95 (0 is a
  -- benchmark that no longer runs), an accuracy that fails. So choose benchmarks that stand clear
  -- of the limits. "failure" looks at this run alone, "any" at both.
  fail_on = "regression",

  -- For the CI service's list of tests, and for programs of your own.
  junit = "junit.xml",
  json = "results.json",

  charts = { formats = {} },
  report = {
    title = "Compilers over kernels",
    sections = { "executive_summary", "regressions", "outcomes", "warnings", "summary_diff",
      "suites", "environment" },
    terminal = { "executive_summary", "regressions", "warnings", "outcomes" },
  },
}
