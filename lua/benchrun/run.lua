-- A run from end to end: plan, cells, report. Each part can be had alone: the plan is printed by
-- run.print_plan, finished logs are reported on by run.report.

local ci = require "benchrun.ci"
local config_module = require "benchrun.config"
local fail = require "benchrun.fail"
local history = require "benchrun.history"
local paths = require "benchrun.paths"
local plan_module = require "benchrun.plan"
local registry_module = require "benchrun.registry"
local reporting = require "benchrun.reporting"
local stdout = require "benchrun.stdout"
local text = require "benchrun.text"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local run = {}

local ENTRY_LISTS = { { "metrics", "metrics" }, { "sections", "report", "sections" },
  { "sections", "report", "terminal" }, { "renderers", "report", "renderers" } }

local function check_file_sections(config, registry)
  for i, file in ipairs(config.report.files) do
    if not paths.is_plain_name(file.file) then
      config.fail({ "report", "files", i },
        ("report.files[%d].file: %q is no name of a file"):format(i, file.file))
    end
    for k, name in ipairs(file.sections) do
      registry:demand("sections", name, config, { "report", "files", i, "sections", k })
    end
  end
end

-- Every entry that the config names is there: better known before hours of measuring than after.
local function check_entries(config, registry)
  registry:demand("executors", config.executor, config, { "executor" })
  for _, each in ipairs(ENTRY_LISTS) do
    local kind, key, inner = table.unpack(each)
    for i, name in ipairs(inner and config[key][inner] or config[key]) do
      registry:demand(kind, name, config, { key, inner or i, inner and i })
    end
  end
  check_file_sections(config, registry)
end

--- The config of a layer with overrides, its registry and its plan. reading: finished logs are
--- read, also those of compilers and suites that the config does not know. Raises config and usage
--- errors.
function run.open(layer, overrides, reading)
  local config = config_module.resolve(layer, overrides)
  local registry = registry_module.new(config.folders)
  check_entries(config, registry)
  ci.check(config)
  local publish = config.publish
  if publish.comment or publish.upload then require("benchrun.publish").check(config) end
  local plan = plan_module.make(config, registry, reading)
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
local function planned_files(plan, config)
  local names = { "outcomes.csv" }
  for _, cell in ipairs(plan) do
    names[#names + 1] = cell.id .. ".csv"
    if config.keep_output_dir then names[#names + 1] = cell.id .. ".csv.old" end
    names[#names + 1] = "output/" .. cell.id .. ".out"
    names[#names + 1] = "output/" .. cell.id .. ".err"
  end
  return names
end

local function make_folders(config)
  fail.check(sys.make_directory(config.output_dir .. "/output"))
end

local function run_cells(job, output)
  local executor = job.registry:get("executors", job.config.executor)
  local progress = require("benchrun.progress").new(#job.plan, io.stderr, 2)
  output:add(planned_files(job.plan, job.config))
  make_folders(job.config)
  local outcomes = executor.run(job.plan, { config = job.config }, progress:watch())
  progress:clear()
  reporting.attempt(job, require("benchrun.outcome").write, outcomes, job.config.output_dir)
  return outcomes
end

local function write_script(job)
  local _, path = job.registry:get("executors", "script").run(job.plan, { config = job.config })
  return path
end

-- What a run removes from its output directory, as output.prepare takes it.
local function removal(config) return config.keep_output_dir and "keep" or config.clean end

-- The report of a run that is to have none.
local function without_report(job)
  stdout:write(("ran %d cells; no report is asked for, the logs are in %s\n"):format(#job.plan,
    text.clean(job.config.output_dir)))
  if job.failure then error(job.failure, 0) end
  return sys.interrupted() and fail.status.interrupted or fail.status.ok
end

local function warn_of_programs(config)
  if not config.publish.comment and not config.publish.upload then return end
  for _, line in ipairs(require("benchrun.publish").missing_programs(config)) do
    io.stderr:write("benchrun: ", text.clean(line), "\n")
  end
end

--- Runs the plan and reports. Returns the exit status.
function run.execute(job)
  local config = job.config
  if config.executor == "script" then return run.print_script(job) end
  local output_module = require "benchrun.output"
  warn_of_programs(config)
  if removal(config) == "all" then output_module.check_removable(config.output_dir) end
  history.open(job)
  local output <close> = output_module.prepare(config.output_dir, removal(config))
  if config.script.on_run then reporting.attempt(job, write_script, job) end
  sys.trap_interrupts()
  local outcomes = run_cells(job, output)
  if not config.report.enabled then
    return without_report(job)
  end
  return reporting.report_on(job, output, outcomes)
end

--- Writes the script that does what run.execute would, and says so.
function run.print_script(job)
  local path = write_script(job)
  stdout:write(("Running commands are generated in file %s. Please run (bash %s).\n"):format(
    path, words.quote(path)))
  return fail.status.ok
end

--- Reports on logs that are there, with the outcomes of the run that made them if it left them.
--- Returns the exit status.
function run.report(job)
  local folder = job.config.output_dir
  local output = require("benchrun.output").existing(folder)
  history.open(job, true)
  return reporting.report_on(job, output, require("benchrun.outcome").read(job.plan, folder))
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
