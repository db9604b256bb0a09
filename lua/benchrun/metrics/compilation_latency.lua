-- Compilation latency: what the first, compiling run takes longer.

return {
  help = "time that compiling a benchmark takes",
  title = "Compilation latency (sec)",
  column = "compilation_latency",
  testing = "performance",
  type = "number",
  unit = "s",
  better = "lower",
  flag = function(value) return value > 120 end,
  flag_help = "compilation latency > 120 s",
  warning_title = "Compilation latency (sec) warnings",
  summaries = {
    { name = "comp_time", title = "Mean compilation time (seconds)", kernel = "mean",
      format = "%.2f", none = "0.0" },
  },
}
