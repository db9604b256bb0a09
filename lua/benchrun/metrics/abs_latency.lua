-- Absolute latency: what one run takes. It depends on the benchmark alone, so nothing is flagged.

return {
  help = "time that one run of a benchmark takes",
  title = "Absolute latency (ms)",
  column = "abs_latency",
  testing = "performance",
  type = "number",
  unit = "ms",
  better = "lower",
  summaries = {},
}
