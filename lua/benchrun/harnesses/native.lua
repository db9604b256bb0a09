-- The harness `native`: benchrun builds, runs and measures by itself. The command of a cell is
-- `benchrun measure`, which comes back here, in a process of its own.
--
-- Performance: the candidate is built (the time of that is compilation_latency) and warmed up; then
-- baseline and candidate run in turn, in alternating order, so that slow drift of the machine meets
-- both. Runs go on until the relative standard error of both medians is small or the budget is
-- spent. Wall time of the process counts. speedup = median of the baseline / median of the
-- candidate; compression_ratio = median peak memory of the baseline / of the candidate.
-- Accuracy: the output is compared with the baseline's, see compare.lua.
-- The log is the one that the harness `command` expects; a status word stands where there is no
-- number.
--
-- Standard error of a median: 1.2533 σ / √n for normal data, σ estimated by 1.4826 × MAD (Rousseeuw
-- and Croux, 1993, "Alternatives to the median absolute deviation").

local compare = require "benchrun.compare"
local csv = require "benchrun.core.csv"
local fail = require "benchrun.fail"
local frame = require "benchrun.core.frame"
local lfs = require "lfs"
local paths = require "benchrun.paths"
local programs = require "benchrun.programs"
local schema = require "benchrun.schema"
local stats = require "benchrun.core.stats"
local subject = require "benchrun.subject"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local native = {
  help = "benchrun builds, runs and measures the benchmarks by itself",
  row = {
    { name = "cc", type = "string", default = "cc", help = "program that builds, {cc}" },
    { name = "flags", type = "list", of = { type = "string" }, default = {},
      help = "words for {flags}" },
    { name = "env", type = "table", keyed = "variable", of = { type = "string" },
      help = "environment of build and run" },
    { name = "help", type = "string", help = "one line on the row" },
  },
}

local OUTPUT_MAX = 16 << 20 -- bytes of output that are still compared
local COLUMNS = {
  performance = { "dev", "name", "batch_size", "speedup", "abs_latency", "compilation_latency",
    "compression_ratio" },
  accuracy = { "dev", "name", "batch_size", "accuracy" },
}

-- Checks and the command of a cell ----------------------------------------------------------------

-- Every benchmark has something to run, under a name that can be part of a file's.
local function check_benchmark(row, benchmark, where)
  local name = benchmark.name or benchmark
  if not paths.is_plain_name(name) then
    return ("%s: %s can't be part of a file name"):format(where, schema.describe(name))
  end
  local builds = benchmark.source or benchmark.build or row.build
  if not builds and not benchmark.run and not row.run then
    return ("%s: '%s' has nothing to run; give it a source or a run"):format(where, name)
  end
end

local function check_suite(config, suite)
  local row, key_path = config.suite_table[suite], { "suite_table", suite }
  local text = schema.path_text(key_path)
  if not row.benchmarks or #row.benchmarks == 0 then
    return key_path, text .. ": key 'benchmarks' is missing"
  end
  for i, each in ipairs(row.benchmarks) do
    local benchmark = type(each) == "string" and { name = each } or each
    local problem = check_benchmark(row, benchmark, text .. ".benchmarks")
    if problem then return { "suite_table", suite, "benchmarks", i }, problem end
  end
  local directory = subject.directory(config, row)
  if lfs.attributes(directory, "mode") ~= "directory" then
    return { "suite_table", suite, "directory" },
      ("%s.directory: there is no folder %s"):format(text, directory)
  end
end

local function check_rows(config)
  if not config.baseline then
    return { "compiler_table" },
      "key 'baseline' is missing: the compiler that speedups are taken against"
  end
  local field, rows = { type = "table", fields = native.row }, config.compiler_table[config.mode]
  for _, name in ipairs { config.baseline, table.unpack(config.compilers) } do
    local key_path, problem =
      schema.check_value(field, rows[name], { "compiler_table", config.mode, name })
    if key_path then return key_path, problem end
  end
end

--- A suite of this harness needs benchmarks that can be run, and rows that are tables of cc, flags,
--- env. Returns nil, or the key path of the first problem and its message.
function native.check(config, suite)
  local key_path, problem = check_suite(config, suite)
  if key_path then return key_path, problem end
  return check_rows(config)
end

local function missing_cc(row)
  local cc = row.cc or "cc"
  return not programs.find(cc) and cc
end

--- Why a cell can't be run here, or nil.
function native.unavailable(cell, config)
  local builds = false
  for _, benchmark in ipairs(cell.benchmarks) do builds = builds or benchmark.source ~= nil end
  if not builds then return nil end
  local own = missing_cc(cell.row)
  if own then return own .. " is not installed" end
  local other = missing_cc(config.compiler_table[cell.mode][config.baseline])
  return other and other .. " of the baseline is not installed" or nil
end

--- The command of a cell: this program, measuring that one cell.
function native.command(cell, config)
  for _, benchmark in ipairs(cell.benchmarks) do subject.check(cell, config, benchmark) end
  local list = { fail.check(sys.executable()), "measure", config.file, "--mode", cell.mode,
    "--suites", cell.suite, "--devices", cell.device, "--dtypes", cell.dtype,
    "--compilers", cell.compiler, "--testings", cell.testing, "--output-dir", config.output_dir }
  if config.quick then list[#list + 1] = "--quick" end
  if config.overrides.extra_args then
    list[#list + 1] = "--extra-args=" .. words.command_line(config.overrides.extra_args)
  end
  return list
end

-- Performance -------------------------------------------------------------------------------------

local function is_stable(walls, precision)
  if #walls < 2 then return false end
  local median, mad = stats.run("median", walls), stats.run("mad", walls)
  return 1.2533 * 1.4826 * mad / math.sqrt(#walls) <= precision * median
end

local function add_sample(samples, result)
  samples.wall[#samples.wall + 1] = result.wall
  samples.peak[#samples.peak + 1] = result.peak_bytes
end

-- Runs both once; the order alternates. Returns a status word when one fails.
local function run_pair(candidate, baseline, samples, is_even)
  local order = is_even and { "baseline", "candidate" } or { "candidate", "baseline" }
  for _, who in ipairs(order) do
    local result, status = (who == "baseline" and baseline or candidate):run()
    if not result then return who == "baseline" and "eager_fail_to_run" or status end
    add_sample(samples[who], result)
  end
end

local function is_done(samples, settings, begun)
  local pairs_done = #samples.candidate.wall
  if pairs_done < settings.min_runs then return false end
  if pairs_done >= settings.max_runs then return true end
  if sys.monotonic() - begun >= settings.budget then return true end
  return is_stable(samples.candidate.wall, settings.precision)
    and is_stable(samples.baseline.wall, settings.precision)
end

local function sample_pairs(candidate, baseline, settings)
  local samples = { candidate = { wall = {}, peak = {} }, baseline = { wall = {}, peak = {} } }
  local begun = sys.monotonic()
  repeat
    local status = run_pair(candidate, baseline, samples, #samples.candidate.wall % 2 == 0)
    if status then return nil, status end
  until is_done(samples, settings, begun)
  return samples
end

local function warm_up(candidate, times)
  for _ = 1, times do
    local result, status = candidate:run()
    if not result then return status end
  end
end

local function ratio(samples, what)
  return stats.run("median", samples.baseline[what]) / stats.run("median", samples.candidate[what])
end

-- Builds both. Returns the seconds that building the candidate took (false: nothing was built).
local function prepare(candidate, baseline, may_reuse)
  local seconds, status = candidate:build(may_reuse)
  if status then return nil, status end
  local _, baseline_status = baseline:build(true)
  if baseline_status then return nil, "eager_fail_to_run" end
  return seconds or false
end

-- The texts of speedup, abs_latency, compilation_latency, compression_ratio.
local function performance(candidate, baseline, settings)
  local seconds, status = prepare(candidate, baseline, false)
  status = status or warm_up(candidate, settings.warmup)
  if status then return { status } end
  local samples
  samples, status = sample_pairs(candidate, baseline, settings)
  if not samples then return { status } end
  return { ("%.4f"):format(ratio(samples, "wall")),
    ("%.4f"):format(stats.run("median", samples.candidate.wall) * 1000),
    seconds and ("%.4f"):format(seconds) or nil,
    ("%.4f"):format(ratio(samples, "peak")) }
end

-- Accuracy ----------------------------------------------------------------------------------------

local function tolerance_of(cell, benchmark)
  local tolerance = benchmark.tolerance or cell.suite_row.tolerance or 0
  if type(tolerance) == "table" then return tolerance[cell.dtype] or 0 end
  return tolerance
end

local function output_of(each)
  local file = each:own_path "output"
  local result, status = each:run(file)
  if not result then return nil, status end
  local size = lfs.attributes(file, "size")
  if size > OUTPUT_MAX then
    os.remove(file)
    return nil, each:complain("fail_accuracy",
      ("it printed %d bytes, more than %d are not compared"):format(size, OUTPUT_MAX), "run")
  end
  return fail.check(sys.read_file(file))
end

-- The baseline's output, kept beside its binary: all cells of a suite and dtype need the same. A
-- new build removes it. Where nothing is built nobody can tell whether it still holds: then it is
-- run.
local function baseline_output(baseline)
  local kept = baseline:is_kept_output() and sys.read_file(baseline.output)
  if kept then return kept end
  local text, status = output_of(baseline)
  if text then fail.check(os.rename(baseline:own_path "output", baseline.output)) end
  return text, status
end

local function is_empty(text) return not text:find("%S") end

local function accuracy(candidate, baseline)
  local _, status = prepare(candidate, baseline, true)
  if status then return { status } end
  local wanted = baseline_output(baseline)
  if not wanted or is_empty(wanted) then
    if wanted then baseline:complain("eager_fail_to_run", "it printed nothing", "run") end
    return { "eager_fail_to_run" }
  end
  local got
  got, status = output_of(candidate)
  if not got then return { status } end
  local problem = compare.outputs(wanted, got, tolerance_of(candidate.cell, candidate.benchmark))
  return { problem and candidate:complain("fail_accuracy", problem, "run") or "pass" }
end

-- The log -----------------------------------------------------------------------------------------

local function write_log(cell, rows)
  local columns = {}
  for i, name in ipairs(COLUMNS[cell.testing]) do
    local values = {}
    for k, row in ipairs(rows) do values[k] = row[i] end
    columns[i] = { name = name, type = "string", values = values, n = #rows }
  end
  fail.check(csv.write(cell.log, frame.new(columns)))
end

--- Measures a cell and writes its log, anew after every benchmark, so that what is known survives
--- an end.
function native.measure(cell, config)
  local rows = {}
  for _, benchmark in ipairs(cell.benchmarks) do
    local candidate = subject.new(cell, config, benchmark, cell.compiler)
    local baseline = subject.new(cell, config, benchmark, config.baseline)
    local values = cell.testing == "performance" and performance(candidate, baseline, config.native)
      or accuracy(candidate, baseline)
    local row = { cell.device, benchmark.name, tostring(benchmark.batch_size or 1) }
    for i = 1, 4 do row[3 + i] = values[i] end
    rows[#rows + 1] = row
    write_log(cell, rows)
  end
end

return native
