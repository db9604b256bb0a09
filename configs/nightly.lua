-- A nightly run of PyTorch's dynamo benchmarks, from the root of a PyTorch checkout:
--
--   benchrun configs/nightly.lua                        run, report, compare with the night before
--   benchrun configs/nightly.lua --print-run-commands   only write the script
--   benchrun configs/nightly.lua --training --update-dashboard
--
-- `benchrun help config` explains the keys, `benchrun run configs/nightly.lua --help` the options.

local benchrun = require "benchrun"

return benchrun.config {
  extends = require "dynamo",
  mode = "inference",
  dtypes = { "float32" },
  compilers = { "eager", "aot_eager", "inductor", "inductor_no_cudagraphs" },

  -- Every run is kept there and compared with the newest before.
  archive = { path = "archive" },

  -- A compiler of your own: its row, and its name among the compilers above.
  -- compiler_table = { inference = { mine = "--inference --backend=mine" } },
}
