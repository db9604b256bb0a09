-- Compression ratio: peak memory of the baseline over that of the compiler.

return {
  help = "how many times less memory than the baseline a benchmark takes at its peak",
  title = "Peak Memory Compression Ratio",
  column = "compression_ratio",
  testing = "performance",
  type = "number",
  unit = "×",
  better = "higher",
  flag = function(value) return value < 0.9 end,
  flag_help = "compression ratio < 0.9",
  warning_title = "Peak Memory Compression Ratio warnings",
  summaries = {
    { name = "memory", title = "Peak memory footprint compression ratio (higher is better)",
      kernel = "mean", format = "%.2fx", none = "0.0x" },
  },
}
