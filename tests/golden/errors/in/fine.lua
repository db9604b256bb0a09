return benchrun.config {
  compiler_table = { run = { faster = "-f", fast = "" } },
  suite_table = { test = { command = { "true" } } },
  dtype_table = { float32 = {}, float16 = {} },
  device_table = { cpu = {}, cuda = {} },
}
