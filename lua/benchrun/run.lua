-- A run from end to end: plan, cells, report. Each part can be had alone: the plan is printed by
-- run.print_plan, finished logs are reported on by action "report".

local config_module = require "benchrun.config"
local fail = require "benchrun.fail"
local lists = require "benchrun.lists"
local plan_module = require "benchrun.plan"
local registry_module = require "benchrun.registry"
local stdout = require "benchrun.stdout"
local text = require "benchrun.text"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local run = {}

local ENTRY_LISTS = { { "metrics", "metrics" }, { "sections", "report", "sections" },
  { "sections", "report", "terminal" }, { "renderers", "report", "renderers" } }

-- Every entry that the config names is there: better known before hours of measuring than after.
local function check_entries(config, registry)
  registry:demand("executors", config.executor, config, { "executor" })
  for _, each in ipairs(ENTRY_LISTS) do
    local kind, key, inner = table.unpack(each)
    for i, name in ipairs(inner and config[key][inner] or config[key]) do
      registry:demand(kind, name, config, { key, inner or i, inner and i })
    end
  end
end

--- The config at path with overrides, its registry and its plan. Raises config and usage errors.
function run.open(path, overrides)
  local config = config_module.resolve(config_module.load(path), overrides)
  local registry = registry_module.new(config.folder)
  check_entries(config, registry)
  local plan = plan_module.make(config, registry)
  return { config = config, registry = registry, plan = plan }
end

--- Prints the cells and their commands, one line each.
function run.print_plan(job, out)
  for _, cell in ipairs(job.plan) do
    local what = cell.skip and ("# skipped: " .. cell.skip:gsub("%c", " "))
      or words.command_line_with(cell.env, cell.argv)
    out:write(("%d\t%s\t%s\n"):format(cell.index, cell.id, what))
  end
  return fail.status.ok
end

-- Names, within the output directory, of all that a run writes before its report.
local function planned_files(plan)
  local names = { "outcomes.csv" }
  for _, cell in ipairs(plan) do
    names[#names + 1] = cell.id .. ".csv"
    names[#names + 1] = "output/" .. cell.id .. ".out"
    names[#names + 1] = "output/" .. cell.id .. ".err"
  end
  return names
end

local function make_folders(config)
  fail.check(sys.make_directory(config.output_dir .. "/output"))
end

-- Writes what may not be written (the disk may be full). That is told when all that is known has
-- been shown: what was measured must not be lost with a file.
local function attempt(job, write, ...)
  local function with_traceback(err) return fail.of(err) or debug.traceback(tostring(err), 2) end
  local ok, result = xpcall(write, with_traceback, ...)
  if ok then return result end
  if not fail.of(result) then error(result, 0) end
  job.failure = job.failure or result
end

local function run_cells(job, output)
  local executor = job.registry:get("executors", job.config.executor)
  local progress = require("benchrun.progress").new(#job.plan, io.stderr, 2)
  output:add(planned_files(job.plan))
  make_folders(job.config)
  local outcomes = executor.run(job.plan, { config = job.config }, progress:watch())
  progress:clear()
  attempt(job, require("benchrun.outcome").write, outcomes, job.config.output_dir)
  return outcomes
end

local function append(list, more) return table.move(more, 1, #more, #list + 1, list) end

-- Names of the report's files but for the charts.
local function report_files(job, results)
  local names = {}
  for _, group in ipairs(results.groups) do append(names, lists.pluck(group.summaries, "file")) end
  for _, name in ipairs(job.config.report.renderers) do
    names[#names + 1] = "report" .. job.registry:get("renderers", name).extension
  end
  return names
end

local function collect(job, outcomes)
  local results = require("benchrun.results").collect(job.config, job.plan, outcomes, job.registry)
  results.facts = require("benchrun.environment").facts(job.config)
  return results
end

-- Draws the charts. Returns their files.
local function draw_charts(job, output, results)
  local files = {}
  require("benchrun.charts").draw(results, job.registry)
  for _, chart in ipairs(results.charts) do
    for _, format in ipairs { "png", "svg" } do files[#files + 1] = chart.files[format] end
  end
  attempt(job, output.add_paths, output, files)
  return files
end

-- Draws and writes all files of the report. Returns those that could be written.
local function write_report(job, output, results)
  attempt(job, output.add, output, report_files(job, results))
  local charts, folder = draw_charts(job, output, results), job.config.output_dir
  local files = attempt(job, require("benchrun.results").write_csvs, results, folder) or {}
  append(files, attempt(job, require("benchrun.report").write, results, job.registry) or {})
  return append(files, charts)
end

-- The files by what they are: the report, then charts, then tables.
local function print_files(files)
  local kinds = { { "report", "md" }, { "chart", "png" }, { "chart", "svg" }, { "table", "csv" } }
  for _, kind in ipairs(kinds) do
    for _, file in ipairs(files) do
      if file:match("%.(%w+)$") == kind[2] then
        stdout:write(("%-8s"):format(kind[1]), text.clean(file), "\n")
      end
    end
  end
end

--- True unless the user's environment asks for no colour. getenv: as os.getenv.
function run.wants_colour(getenv)
  return (getenv "NO_COLOR" or "") == "" and getenv "TERM" ~= "dumb"
end

local function print_report(job, results, files)
  stdout:write(require("benchrun.report").terminal(results, job.registry, {
    width = sys.terminal_columns(1) or 100,
    colour = sys.is_terminal(1) and run.wants_colour(os.getenv),
  }))
  stdout:write("\n")
  print_files(files)
end

-- True if any cell or any benchmark's accuracy or performance failed.
local function has_failures(results)
  for _, each in ipairs(results.outcomes or {}) do
    if each.outcome ~= "ok" and each.outcome ~= "skip" then return true end
  end
  return results.failures > 0
end

local function exit_status(job, results)
  if sys.interrupted() then return fail.status.interrupted end
  if results.measured == 0 then
    io.stderr:write("benchrun: nothing was measured; see the outcomes above\n")
    return fail.status.cannot
  end
  if job.config.fail_on == "failure" and has_failures(results) then return fail.status.failed end
  return fail.status.ok
end

local function report_on(job, output, outcomes)
  local results = collect(job, outcomes)
  print_report(job, results, write_report(job, output, results))
  if job.failure then
    stdout.flush()
    error(job.failure, 0)
  end
  return exit_status(job, results)
end

--- Runs the plan and reports. Returns the exit status.
function run.execute(job)
  if job.config.executor == "script" then return run.print_script(job) end
  local config = job.config
  local output <close> = require("benchrun.output").prepare(config.output_dir,
    config.keep_output_dir)
  sys.trap_interrupts()
  local outcomes = run_cells(job, output)
  return report_on(job, output, outcomes)
end

--- Writes the script that does what run.execute would, and says so.
function run.print_script(job)
  local _, path = job.registry:get("executors", "script").run(job.plan, { config = job.config })
  stdout:write(("Running commands are generated in file %s. Please run (bash %s).\n"):format(
    path, words.quote(path)))
  return fail.status.ok
end

--- Reports on logs that are there, with the outcomes of the run that made them if it left them.
--- Returns the exit status.
function run.report(job)
  local folder = job.config.output_dir
  local output = require("benchrun.output").existing(folder)
  return report_on(job, output, require("benchrun.outcome").read(job.plan, folder))
end

--- Measures the only cell of the plan in this process: what the native harness's commands do.
function run.measure(job)
  if #job.plan ~= 1 then
    fail.usage("measure takes one cell; these options choose %d: give one suite, device, dtype, "
      .. "compiler and testing", #job.plan)
  end
  local cell = job.plan[1]
  local harness = job.registry:get("harnesses", cell.suite_row.harness or job.config.harness)
  if not harness.measure then
    fail.usage("suite '%s' is not of a harness that measures", cell.suite)
  end
  if cell.skip then fail.cannot("%s is skipped: %s", cell.id, cell.skip) end
  harness.measure(cell, job.config)
  return fail.status.ok
end

return run
