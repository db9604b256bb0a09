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

local file_fields = {
  { name = "file", type = "string", filled = true, required = true,
    help = "its name in the output directory; {mode} stands for the mode" },
  { name = "sections", type = "list", of = { type = "string" }, required = true,
    help = "what is in it, in this order" },
}

local report_fields = {
  { name = "enabled", type = "boolean", default = true, help = "read the logs and report on them" },
  { name = "title", type = "string", default = "Benchmark report",
    help = "heading of the report; {mode}, {dtypes}, {devices} stand for what was run" },
  list_of_names { name = "sections", help = "in this order",
    default = { "executive_summary", "outcomes", "summary_diff", "regressions", "warnings",
      "over_time", "suites", "charts", "environment" } },
  list_of_names { name = "renderers", default = { "github" }, help = "report files to write" },
  { name = "files", type = "list", of = { type = "table", fields = file_fields }, default = {},
    help = "further files of Markdown, each with some of the sections" },
  { name = "comment", type = "string", filled = true,
    help = "name of a file with all of `files` in their order, short enough for a GitHub comment" },
  { name = "show", type = "string", choices = { "summary", "comment" }, default = "summary",
    help = "what standard output shows at the end: the sections of `terminal`, or the comment" },
  { name = "captions", type = "table", of = { type = "string" }, default = {},
    help = "metric, summary or section → caption or heading instead of its own" },
  list_of_names { name = "terminal",
    default = { "executive_summary", "regressions", "warnings", "outcomes" },
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

local archive_fields = {
  { name = "path", type = "string", filled = true,
    help = "folder of past runs; without: none are kept",
    option = { flags = "--archive-path", metavar = "DIR" } },
  { name = "name", type = "string",
    help = "folder of this run in the archive; without: made from the day and the dtype",
    option = { flags = "--archive-name", metavar = "NAME" } },
  { name = "utc_offset", type = "number", min = -24, max = 24, default = 0,
    help = "hours: by which clock names of runs are made" },
  { name = "update", type = "string", choices = { "run", "always", "never" }, default = "run",
    help = "when this run is put into the archive: when it was run, also when finished logs are "
      .. "reported on, or never",
    option = { flags = "--no-update-archive", sets = { archive = { update = "never" } },
      help = "put nothing into the archive" } },
  { name = "compare", type = "string", choices = { "current", "archived" }, default = "current",
    help = "what is compared with the newest earlier run: this run, or the newest in the archive" },
  { name = "over_time", type = "integer", min = 2, default = 10,
    help = "runs that the charts over time show" },
  { name = "renamed", type = "table", of = { type = "string" }, default = {},
    help = "name of a compiler in older runs → its name now" },
}

local publish_fields = {
  { name = "comment", type = "boolean", default = false, help = "post the report's comment" },
  { name = "upload", type = "boolean", default = false, help = "upload the charts" },
  { name = "over_time", type = "string", choices = { "always", "full" }, default = "always",
    help = "when charts over time are uploaded: always, or once there are archive.over_time runs" },
  { name = "uploader", type = "list", of = words.of,
    help = "words of the command that uploads the file named by its last word, and prints the "
      .. "address" },
  { name = "gh", type = "list", of = words.of, filled = true, default = { "gh" },
    help = "words of GitHub's command-line tool" },
  { name = "repository", type = "string", help = "the repository whose issue gets the comment" },
  { name = "issue", type = "integer|table", of = { type = "integer", min = 1 }, min = 1,
    help = "its number; a table: dtype → number, `default` for the others" },
}

local repository_fields = {
  { name = "name", type = "string", required = true, help = "as the report calls it" },
  { name = "path", type = "string", required = true, help = "folder of the checkout" },
}

local probe_fields = {
  { name = "title", type = "string", required = true, help = "heading of what it prints" },
  { name = "command", type = "list", of = words.of, filled = true, required = true,
    help = "its words; what it prints is shown" },
}

local build_summary_fields = {
  list_of_names { name = "environment", default = {}, help = "variables that the report shows" },
  { name = "repositories", type = "list", of = { type = "table", fields = repository_fields },
    default = {}, help = "checkouts whose commits the report names" },
  { name = "probes", type = "list", of = { type = "table", fields = probe_fields }, default = {},
    help = "commands that are asked for versions and the like" },
}

local script_fields = {
  { name = "plain", type = "boolean", default = false,
    help = "only the commands: nothing about their output or what a run may remove" },
  { name = "on_run", type = "boolean", default = false, help = "write the script at a run too" },
}

local option_fields = {
  { name = "flags", type = "string", filled = true, required = true,
    help = "its names, the first is shown: \"--threads -t\"" },
  { name = "metavar", type = "string", filled = true,
    help = "what stands for its value in the help; without: a flag that sets true" },
  { name = "split", type = "boolean", help = "the value is parted into words as a shell would" },
  { name = "is_command", type = "boolean",
    help = "split, but the path of a program that is there is one word, blanks and all" },
  { name = "sets", type = "table", help = "for a flag: the keys that it sets instead" },
}

local declared_fields = {
  { name = "name", type = "string", filled = true, required = true, help = "the key" },
  { name = "type", type = "string", filled = true, required = true,
    help = "string, number, integer, boolean, list, table, function; \"a|b\": either" },
  { name = "help", type = "string", filled = true, required = true, help = "one line" },
  { name = "default", type = "any", help = "the value if absent" },
  { name = "choices", type = "list", help = "the allowed values" },
  { name = "min", type = "number", help = "the least number allowed" },
  { name = "max", type = "number", help = "the greatest number allowed" },
  { name = "of", type = "table", help = "what each element is: { type = … }" },
  { name = "rows", type = "boolean", help = "its elements replace inherited ones as a whole" },
  { name = "option", type = "table", fields = option_fields, help = "on the command line" },
}

local keys = {
  { name = "options", type = "list", of = { type = "table", fields = declared_fields },
    help = "keys of the config's own, with options: they count in it and in what extends it" },
  { name = "derive", type = "function",
    help = "(config) → keys that follow from the others; called when all are known" },
  { name = "extends", type = "table|string",
    help = "another config: its value, or the name to require; this one's keys go over it" },
  { name = "mode", type = "string", help = "what is exercised: a key of compiler_table",
    option = { flags = "--mode", metavar = "MODE", is_mode = true } },
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
    help = "words that every command gets as {extra}; the option's are parted as a shell would",
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
  { name = "clean", type = "string", choices = { "own", "all" }, default = "own",
    help = "what a run removes from the output directory: what benchrun made, or all there is" },
  { name = "script", type = "table", fields = script_fields, default = {},
    help = "the script of --print-run-commands" },
  list_of_names { name = "metrics", help = "what is read from the logs and shown",
    default = { "speedup", "accuracy", "compilation_latency", "compression_ratio",
      "abs_latency" } },
  { name = "include_slowdowns", type = "boolean", default = false,
    help = "let speedups below 1 pull the geomean down; else they count as 1",
    option = { flags = "--include-slowdowns" } },
  { name = "report", type = "table", fields = report_fields, default = {},
    help = "what the report shows" },
  { name = "charts", type = "table", fields = chart_fields, default = {}, help = "the bar charts",
    option = { flags = "--no-charts", sets = { charts = { formats = {} } },
      help = "draw no charts" } },
  { name = "archive", type = "table", fields = archive_fields, default = {},
    help = "past runs, to compare with" },
  { name = "detect_regressions", type = "boolean", default = true,
    help = "compare with the archive, where there is one",
    option = { flags = "--no-detect-regressions", sets = { detect_regressions = false },
      help = "compare with no earlier run" } },
  { name = "publish", type = "table", fields = publish_fields, default = {},
    help = "charts to an uploader, the comment to a GitHub issue" },
  { name = "base_sha", type = "string", help = "commit of what is tested, as the report names it",
    option = { flags = "--base-sha", metavar = "SHA" } },
  { name = "build_summary", type = "table", fields = build_summary_fields, default = {},
    help = "what the section build_summary shows" },
  { name = "fail_on", type = "string", choices = { "never", "failure", "regression", "any" },
    default = "never",
    help = "end with exit status 1 when a cell or benchmark failed, when something got worse since "
      .. "the run before, or either",
    option = { flags = "--fail-on", metavar = "WHAT" } },
  { name = "junit", type = "string", filled = true, help = "file to write JUnit XML to",
    option = { flags = "--junit", metavar = "FILE" } },
  { name = "json", type = "string", filled = true, help = "file to write the results to as JSON",
    option = { flags = "--json", metavar = "FILE" } },
}

-- quick_settings may hold every key but those that decide whether it counts and which there are.
local NOT_QUICK = { extends = true, quick = true, options = true, derive = true }
local quick_fields = {}
for _, field in ipairs(keys) do
  if not NOT_QUICK[field.name] then
    quick_fields[#quick_fields + 1] = field
  end
end
keys[#keys + 1] = { name = "quick_settings", type = "table", fields = quick_fields, repeats = true,
  help = "config keys that --quick puts over the others" }

return keys
