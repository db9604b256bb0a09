-- Stands for a harness whose logs are there already.
local benchrun = require "benchrun"
local suite = { command = { "false" } }

return benchrun.config {
  mode = "training",
  devices = { "cuda" },
  baseline = "eager",
  compiler_table = {
    training = { eager = "", aot_eager = "", inductor = "", inductor_no_cudagraphs = "" },
  },
  compilers = { "eager", "aot_eager", "inductor", "inductor_no_cudagraphs" },
  flag_compilers = { "inductor", "inductor_no_cudagraphs" },
  suite_table = { torchbench = suite, huggingface = suite, timm_models = suite },
  suites = { "torchbench", "huggingface", "timm_models" },
  report = { sort_by = "inductor", sections = { "executive_summary", "warnings", "suites" } },
}
