-- Accuracy: a word of the log that says how a benchmark's results compare with the baseline's. What
-- passes decides which numbers the summaries take.

return {
  help = "whether a benchmark computes what it should",
  title = "Accuracy",
  column = "accuracy",
  testing = "accuracy",
  type = "word",
  better = "pass",
  passes = { "pass", "pass_due_to_skip" },
  leaves_out = { "model_fail_to_load", "eager_fail_to_run" },
  flag = function(value) return not (value and value:find("pass", 1, true)) end,
  flag_help = "accuracy fails",
  warning_title = "Accuracy warnings",
  summaries = {},
}
