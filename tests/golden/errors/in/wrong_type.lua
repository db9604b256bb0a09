return benchrun.config {
  mode = "run",

  jobs = "two",
}
