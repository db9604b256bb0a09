-- The keys of a config: their types, defaults, help, and the command-line options that set them.
-- `benchrun help config` prints this; the manual's reference is made from it. See schema.lua for
-- what a field may say and options.lua for `option`.

local words = { type = "list", of = { type = "string" } }

local LONGEST = 1000000000 -- seconds: some thirty years, which every clock can still add

local function list_of_names(field)
  field.type, field.of = "list", { type = "string" }
  return field
end

local benchmark_fields = {
  { name = "name", type = "string", required = true, help = "name in logs and reports" },
  { name = "source", type = "string",
    help = "native: file to build, relative to the suite's directory" },
  { name = "build", type = "list|boolean", of = words.of, filled = true,
    help = "native: words of the build command; false: none" },
  { name = "run", type = "list", of = words.of, filled = true,
    help = "native: words of the command" },
  { name = "batch_size", type = "integer", min = 0, default = 1, help = "as written to the log" },
  { name = "tolerance", type = "number|table", of = { type = "number", min = 0 }, min = 0,
    help = "accuracy: largest relative difference of a value; a number, or a table by dtype" },
}

local suite_fields = {
  { name = "help", type = "string", help = "one line on what the suite holds" },
  { name = "harness", type = "string", help = "overrides the config's" },
  { name = "command", type = "list|function", of = words.of,
    help = "command harness: words of the command, or a function of the cell that gives them" },
  { name = "directory", type = "string",
    help = "native: folder of the sources, relative to the config's folder" },
  { name = "build", type = "list|boolean", of = words.of, filled = true,
    help = "native: words of the build command of its benchmarks; false: none" },
  { name = "run", type = "list", of = words.of, filled = true,
    help = "native: words of the command of its benchmarks" },
  { name = "benchmarks", type = "list", help = "what is in it: names or tables",
    of = { type = "string|table", fields = benchmark_fields } },
  { name = "quick", type = "list", of = words.of,
    help = "the benchmarks that --quick runs (without: the first)" },
  { name = "skip", type = "list|function", of = words.of,
    help = "benchmarks to leave out: names, or a function of the cell that gives names; a function "
      .. "that gives true or a reason leaves the whole cell out" },
  { name = "tolerance", type = "number|table", of = { type = "number", min = 0 }, min = 0,
    help = "for benchmarks that give none" },
  { name = "deadline", type = "number", min = 0, max = LONGEST, help = "overrides the config's" },
  { name = "env", type = "table", keyed = "variable", of = { type = "string" },
    help = "environment of its commands" },
}

local native_fields = {
  { name = "warmup", type = "integer", min = 0, default = 1,
    help = "runs of the candidate before any is timed" },
  { name = "min_runs", type = "integer", min = 1, default = 3,
    help = "timed pairs of baseline and candidate, at least" },
  { name = "max_runs", type = "integer", min = 1, default = 30, help = "the same, at most" },
  { name = "budget", type = "number", min = 0, max = LONGEST, default = 10,
    help = "seconds for the timed pairs of one benchmark, once min_runs are done" },
  { name = "precision", type = "number", min = 0, default = 0.01,
    help = "stop when the relative standard error of both medians is below this" },
  { name = "run_deadline", type = "number", min = 0, max = LONGEST, default = 60,
    help = "seconds for one run or build of a benchmark" },
}

local report_fields = {
  { name = "title", type = "string", default = "Benchmark report", help = "heading of the report" },
  list_of_names { name = "sections", help = "in this order",
    default = { "executive_summary", "outcomes", "warnings", "suites", "charts", "environment" } },
  list_of_names { name = "renderers", default = { "github" }, help = "report files to write" },
  list_of_names { name = "terminal",
    default = { "executive_summary", "warnings", "outcomes" },
    help = "the sections that the terminal shows at the end of a run" },
  { name = "sort_by", type = "string",
    help = "compiler whose column orders the tables, falling; without: the last, then the one "
      .. "before" },
  { name = "introduction", type = "string",
    help = "paragraph under the executive summary's heading" },
}

local chart_fields = {
  { name = "formats", type = "list", of = { type = "string", choices = { "png", "svg" } },
    default = { "png", "svg" }, help = "files to draw; an empty list draws none" },
  { name = "theme", type = "string", choices = { "light", "dark" }, default = "light",
    help = "palette" },
}

local keys = {
  { name = "extends", type = "table|string",
    help = "another config: its value, or the name to require; this one's keys go over it" },
  { name = "mode", type = "string", help = "what is exercised: a key of compiler_table",
    option = { flags = "--mode", metavar = "MODE",
      shorthands = {
        ["--inference"] = { mode = "inference" },
        ["--training"] = { mode = "training" },
      } } },
  { name = "compiler_table", type = "table", default = {},
    of = { type = "table", rows = true, of = { type = "string|table|function" } },
    help = "mode → compiler → row for the harness" },
  { name = "suite_table", type = "table", default = {}, rows = true,
    of = { type = "table", fields = suite_fields },
    help = "suite → what is in it and how to launch it" },
  { name = "dtype_table", type = "table", default = {}, rows = true, of = words,
    help = "dtype → words for the command; without: any name, no words" },
  { name = "device_table", type = "table", default = {}, rows = true, of = words,
    help = "device → words for the command; without: any name, no words" },
  { name = "baseline", type = "string", help = "the compiler that speedups are taken against" },
  list_of_names { name = "suites", help = "the suites to run; without: all of suite_table, sorted",
    option = { flags = "--suites --suite", metavar = "SUITE" } },
  list_of_names { name = "devices", default = { "cpu" }, help = "the devices to run on",
    option = { flags = "--devices --device", metavar = "DEVICE" } },
  list_of_names { name = "dtypes", default = { "float32" }, help = "the data types to run in",
    option = { flags = "--dtypes --dtype", metavar = "DTYPE" } },
  list_of_names { name = "compilers",
    help = "the compilers to run; without: all of the mode, baseline first, then sorted",
    option = { flags = "--compilers --compiler", metavar = "COMPILER" } },
  list_of_names { name = "flag_compilers",
    help = "the compilers whose problems the warnings list; without: all but the baseline",
    option = { flags = "--flag-compilers", metavar = "COMPILER" } },
  { name = "testings", type = "list", default = { "performance", "accuracy" },
    of = { type = "string", choices = { "performance", "accuracy" } },
    help = "the passes over every combination",
    option = { flags = "--testings --testing", metavar = "TESTING" } },
  { name = "harness", type = "string", default = "command", help = "how a cell becomes a command" },
  { name = "native", type = "table", fields = native_fields, default = {},
    help = "how the native harness measures" },
  list_of_names { name = "extra_args", default = {},
    help = "words that every command gets as {extra}",
    option = { flags = "--extra-args", metavar = "WORDS", split = true } },
  { name = "quick", type = "boolean", default = false,
    help = "run one benchmark a suite, with quick_settings", option = { flags = "--quick" } },
  { name = "executor", type = "string", default = "local", help = "where cells run" },
  { name = "jobs", type = "integer", min = 1, default = 1, help = "cells that run at a time",
    option = { flags = "--jobs -j", metavar = "N" } },
  { name = "deadline", type = "number", min = 0, max = LONGEST, default = 7200,
    help = "seconds that a cell may take before it is ended; 0: no limit",
    option = { flags = "--deadline", metavar = "SECONDS" } },
  { name = "grace", type = "number", min = 0, max = LONGEST, default = 5,
    help = "seconds between TERM and KILL" },
  { name = "env", type = "table", keyed = "variable", of = { type = "string" }, default = {},
    help = "environment of every command" },
  { name = "output_dir", type = "string", default = "benchmark_logs",
    help = "where logs and reports go", option = { flags = "--output-dir", metavar = "DIR" } },
  { name = "keep_output_dir", type = "boolean", default = false,
    help = "leave what earlier runs put into the output directory",
    option = { flags = "--keep-output-dir" } },
  list_of_names { name = "metrics", help = "what is read from the logs and shown",
    default = { "speedup", "accuracy", "compilation_latency", "compression_ratio",
      "abs_latency" } },
  { name = "include_slowdowns", type = "boolean", default = false,
    help = "let speedups below 1 pull the geomean down; else they count as 1",
    option = { flags = "--include-slowdowns" } },
  { name = "report", type = "table", fields = report_fields, default = {},
    help = "what the report shows" },
  { name = "charts", type = "table", fields = chart_fields, default = {}, help = "the bar charts",
    option = { flags = "--no-graphs", sets = { charts = { formats = {} } },
      help = "draw no charts" } },
  { name = "fail_on", type = "string", choices = { "never", "failure" }, default = "never",
    help = "end with exit status 1 when a cell or benchmark failed",
    option = { flags = "--fail-on", metavar = "WHAT" } },
}

-- quick_settings may hold every key but those that decide whether it counts.
local quick_fields = {}
for _, field in ipairs(keys) do
  if field.name ~= "extends" and field.name ~= "quick" then
    quick_fields[#quick_fields + 1] = field
  end
end
keys[#keys + 1] = { name = "quick_settings", type = "table", fields = quick_fields, repeats = true,
  help = "config keys that --quick puts over the others" }

return keys
