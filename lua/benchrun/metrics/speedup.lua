-- Speedup: time of the baseline over time of the compiler, as the log gives it.

return {
  help = "how many times faster than the baseline a benchmark runs",
  title = "Performance speedup",
  column = "speedup",
  testing = "performance",
  type = "number",
  unit = "×",
  better = "higher",
  flag = function(value) return value < 0.95 end,
  flag_help = "speedup < 0.95x (0.0 is most often a benchmark that did not run)",
  warning_title = "Performance speedup warnings",
  summaries = {
    { name = "passrate", title = "Passrate", kernel = "count", share = true,
      format = "%d%%, %d/%d" },
    { name = "geomean", title = "Geometric mean speedup", kernel = "geomean", floor = 1,
      format = "%.2fx", none = "0.0x" },
  },
}
