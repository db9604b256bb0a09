return benchrun.config {
  mode = "run",
  suite_table = {
    tests = {
      comand = { "true" },
    },
  },
}
