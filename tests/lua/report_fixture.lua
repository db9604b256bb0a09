-- Results by hand, for the specs of the report: two suites, a baseline and two compilers.

local frame = require "benchrun.core.frame"

local fixture = {}

local function column(name, kind, values, n)
  return { name = name, type = kind, values = values, n = n or #values }
end

--- A per-metric table. values: compiler → list, nil is a null.
function fixture.metric_table(names, compilers, values, kind)
  local columns = { column("dev", "string", {}), column("name", "string", names),
    column("bs", "i64", {}) }
  for i = 1, #names do columns[1].values[i], columns[3].values[i] = "cpu", 1 end
  columns[1].n, columns[3].n = #names, #names
  for _, compiler in ipairs(compilers) do
    columns[#columns + 1] = column(compiler, kind or "f64", values[compiler], #names)
  end
  return frame.new(columns)
end

local COMPILERS = { "gcc_O0", "gcc_O2", "clang_O3" }

local function numeric_suite()
  local names = { "matmul", "spmv", "kahan" }
  local speedups = { gcc_O0 = { 1.0, 1.0, 1.0 }, gcc_O2 = { 11.25, 2.5, 0.58 },
    clang_O3 = { 12.0, nil, 0.0 } }
  local words = { gcc_O0 = { "pass", "pass", "pass" }, gcc_O2 = { "pass", "pass", "pass" },
    clang_O3 = { "pass", "fail_accuracy", "pass" } }
  return { name = "numeric", rows = 3, tables = {
    speedup = fixture.metric_table(names, COMPILERS, speedups),
    accuracy = fixture.metric_table(names, COMPILERS, words, "string"),
  } }
end

local function sorting_suite()
  local speedups = { gcc_O0 = { 1.0 }, gcc_O2 = { 3.125 }, clang_O3 = { 2.875 } }
  return { name = "sorting", rows = 1, tables = {
    speedup = fixture.metric_table({ "quicksort" }, COMPILERS, speedups) } }
end

local function by_compiler(numeric, sorting)
  local cells = {}
  for i, compiler in ipairs(COMPILERS) do
    cells[compiler] = { numeric = numeric[i], sorting = sorting[i] }
  end
  return cells
end

local function summaries()
  return {
    { name = "passrate", title = "Passrate", file = "passrate.csv",
      cells = by_compiler({ "100%, 3/3", "100%, 3/3", "33%, 1/3" },
        { "100%, 1/1", "100%, 1/1", "100%, 1/1" }),
      values = by_compiler({ 1, 1, 1 / 3 }, { 1, 1, 1 }) },
    { name = "geomean", title = "Geometric mean speedup", file = "geomean.csv",
      cells = by_compiler({ "1.00x", "3.04x", "12.00x" }, { "1.00x", "3.12x", "2.88x" }),
      values = by_compiler({ 1, 3.04, 12 }, { 1, 3.125, 2.875 }) },
    { name = "comp_time", title = "Mean compilation time (seconds)", file = "comp_time.csv",
      cells = by_compiler({ "0.11", "0.31", "0.52" }, { "0.10", "0.28", "0.49" }),
      values = by_compiler({ 0.11, 0.31, 0.52 }, { 0.10, 0.28, 0.49 }) },
    { name = "memory", title = "Peak memory footprint compression ratio (higher is better)",
      file = "memory.csv",
      cells = by_compiler({ "1.00x", "1.01x", "0.97x" }, { "1.00x", "1.00x", "1.00x" }),
      values = by_compiler({ 1, 1.01, 0.97 }, { 1, 1, 1 }) },
  }
end

local function speedup_warning()
  local metric = { name = "speedup", title = "Performance speedup",
    warning_title = "Performance speedup warnings",
    flag_help = "speedup < 0.95", flag = function(value) return value < 0.95 end }
  return { metric = metric, frame = frame.new {
    column("suite", "string", { "numeric", "numeric" }),
    column("name", "string", { "spmv", "kahan" }),
    column("gcc_O2", "f64", { 2.5, 0.58 }), column("clang_O3", "f64", { 0.0, 0.0 }) } }
end

local function group()
  return { device = "cpu", dtype = "float32", label = "float32", suffix = "", compilers = COMPILERS,
    flag_compilers = { "gcc_O2", "clang_O3" }, baseline = "gcc_O0",
    suites = { numeric_suite(), sorting_suite() }, summaries = summaries(),
    warnings = { speedup_warning() } }
end

local function cell(id)
  return { id = id, argv = { "run", "--only", "a b", id }, env = { LANG = "C" } }
end

local function outcomes()
  local list = {}
  for i, word in ipairs { "ok", "ok", "fail", "timeout", "skip", "signal", "oom", "lost" } do
    list[i] = { outcome = word, cell = cell("gcc_O2_numeric_float32_inference_cpu_part" .. i),
      reason = word == "ok" and "" or "why it is " .. word, wall = i }
  end
  return list
end

local function config(folder)
  return { output_dir = folder or "logs", folder = ".", file = "./quick.lua",
    metrics = { "speedup", "accuracy" }, charts = { formats = { "png", "svg" }, theme = "light" },
    report = { title = "Benchmark report", renderers = { "github", "terminal" },
      sections = { "executive_summary", "outcomes", "warnings", "suites", "charts", "environment" },
      terminal = { "executive_summary", "warnings", "outcomes", "charts" } } }
end

local RUNS = { "archive/day_060", "archive/day_061" }

local function comparison()
  local diff = { previous = RUNS[1], current = RUNS[2], tables = { { name = "passrate",
    title = "Passrate", columns = { "compiler", "suite", "prev_value", "cur_value" },
    cells = { { "gcc_O2" }, { "numeric" }, { "100%, 3/3" }, { "67%, 2/3" } } } } }
  local worse = { metric = { name = "speedup", title = "Performance speedup" },
    columns = { "compiler", "name", "prev_status", "cur_status" },
    cells = { { "gcc_O2" }, { "kahan" }, { "1.02" }, { "0.58" } } }
  return { summary_diff = diff, summary_diffs = { diff }, count = 1, notices = {}, suites = {
    { name = "numeric", pairs = { { compiler = "gcc_O2", previous = RUNS[1], current = RUNS[2] } },
      tables = { worse } } } }
end

local function over_time()
  return { metrics = {}, labels = { "2023-03-01", "2023-03-02" }, notices = { "2 runs of 10" },
    charts = { { name = "geomean_over_time", title = "Geometric mean speedup",
      files = { svg = "logs/geomean_over_time.svg" } } } }
end

--- Full results. folder: the output directory.
function fixture.results(folder)
  return { config = config(folder), plan = {}, outcomes = outcomes(), groups = { group() },
    notices = { "clang_O3 numeric: no row for spmv; shown as 0.0" },
    charts = { { name = "numeric_float32", title = "numeric, float32: speedup over gcc_O0",
      files = { png = "logs/numeric_float32.png", svg = "logs/numeric_float32.svg" } } },
    facts = { { title = "host", value = "bench-1" }, { title = "memory", value = "7.8 GiB" } },
    comparison = comparison(), over_time = over_time(), run_name = "day_061", missing = {},
    measured = 8, failures = 2 }
end

--- Two devices: the same numbers twice.
function fixture.two_groups(folder)
  local results = fixture.results(folder)
  results.groups[2] = group()
  results.groups[2].device = "cuda"
  for i, device in ipairs { "cpu", "cuda" } do
    results.groups[i].label = device .. ", float32"
    results.groups[i].suffix = "_" .. device .. "_float32"
  end
  return results
end

--- Results of a run without any cell.
function fixture.empty(folder)
  return { config = config(folder), plan = {}, outcomes = {}, groups = {}, notices = {},
    charts = {}, facts = {}, run_name = "day_061", missing = {}, measured = 0, failures = 0 }
end

--- A registry of stand-ins for the metrics of the fixture, the real one for all else.
function fixture.registry()
  local real = require("benchrun.registry").new(nil)
  local titles = { speedup = "Performance speedup", accuracy = "Accuracy" }
  return { get = function(_, kind, name)
    if kind == "metrics" then return { name = name, title = titles[name] } end
    return real:get(kind, name)
  end }
end

--- Strings that try to get out of wherever they are put.
fixture.hostile = {
  "<script>alert(1)</script>", "</details></summary>", "~~~", "~~~~~~~~", "```", "a|b|c",
  "# heading", "- item", "> quote", "1. one", "| a |\n|---|", "x\n~~~\n# out", "x\r\n\r\n<b>",
  "\27[31mred\27[0m",
  "\27]0;title\7", "a\0b", "@everyone", "#1", "o/r#12", "GH-7", "![x](http://e.example/x.png)",
  "[x](javascript:0)", "https://e.example", "www.e.example", "&lt;b&gt;", "*bold* _it_ ~~no~~",
  "$`x`$", "\\*", "\u{202e}txt", "\u{9b}31m", "\xff\xfe", "日本語", "e\u{301}", "", " ", "    code",
}

return fixture
