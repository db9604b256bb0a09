return benchrun.config {
  mode = "run",
  compilerz = { "fast" },
}
