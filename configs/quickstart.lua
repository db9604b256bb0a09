-- The compilers of the kernels preset over nine of its kernels, in both floating-point types.
-- Run it with scripts/quickstart, or: benchrun configs/quickstart.lua [--quick]

local benchrun = require "benchrun"

return benchrun.config {
  extends = require "kernels",
  suites = { "numeric", "data" },
  dtypes = { "float32", "float64" },
  compilers = {
    "gcc_O0", "gcc_O1", "gcc_O2", "gcc_O3", "gcc_Ofast", "gcc_O3_native", "gcc_O2_lto",
    "clang_O2", "clang_Ofast",
  },

  -- Two cells at a time and a small budget, so most benchmarks are timed but once after their
  -- warm-up: the whole matrix in a minute and a half on two cores. For numbers to rely on, run with
  -- --jobs 1 and leave `native` at its defaults.
  jobs = 2,
  deadline = 300,
  native = { warmup = 1, min_runs = 1, max_runs = 5, budget = 0.3, run_deadline = 20 },
  include_slowdowns = true,

  -- --quick: one kernel a suite, one type, five compilers.
  quick_settings = {
    dtypes = { "float64" },
    compilers = { "gcc_O0", "gcc_O2", "gcc_O3", "gcc_Ofast", "clang_O2" },
    native = { max_runs = 2, budget = 0 },
  },

  report = {
    title = "benchrun quickstart",
    introduction = "C compilers over kernels of different nature. Speedup is taken against "
      .. "gcc -O0: wall time of the process, medians of alternating runs. A kernel whose output "
      .. "differs from the baseline's beyond its tolerance fails accuracy and counts for nothing "
      .. "else.",
  },
}
