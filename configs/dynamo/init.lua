-- PyTorch's dynamo benchmarks: three suites of models, launched by the scripts in
-- benchmarks/dynamo of a PyTorch checkout, from whose root this is run.
--
--   benchrun dynamo --inference                   run the defaults, report
--   benchrun dynamo --training --print-run-commands
--
-- A config of yours extends it: extends = require "dynamo". Each concern has its file beside this.

local benchrun = require "benchrun"
local dashboard = require "dynamo.dashboard"
local defaults = require "dynamo.defaults"
local report = require "dynamo.report"

local function append(list, more)
  for _, each in ipairs(more or {}) do list[#list + 1] = each end
end

local function append_value(list, flag, value)
  if value ~= nil then append(list, { flag, tostring(value) }) end
end

local function add_launcher(list, config)
  append(list, { "python" })
  if not config.enable_cpu_launcher then return end
  append(list, { "-m", "torch.backends.xeon.run_cpu" })
  append(list, config.cpu_launcher_args)
end

-- As it was given: the log's name is appended to just that.
local function log_of(cell, config)
  return (config.overrides.output_dir or config.output_dir) .. "/" .. cell.id .. ".csv"
end

local function quick_words(cell, config)
  if not cell.quick then return {} end
  return config.quick_filters[cell.suite]
    or error(("quick_filters has none for suite '%s'"):format(cell.suite), 0)
end

local function has_cold_start(cell, config)
  if config.no_cold_start_latency then return false end
  for _, name in ipairs(config.cold_start_compilers) do
    if name == cell.compiler then return true end
  end
  return false
end

local function add_switches(list, cell, config)
  if config.log_operator_inputs then append(list, { "--log-operator-inputs" }) end
  append(list, quick_words(cell, config))
  if has_cold_start(cell, config) then append(list, { "--cold-start-latency" }) end
  append_value(list, "--batch-size", config.batch_size)
  append_value(list, "--threads", config.threads)
  append_value(list, "--total-partitions", config.total_partitions)
  append_value(list, "--partition-id", config.partition_id)
  append_value(list, "--inductor-compile-mode", config.inductor_compile_mode)
end

-- The words that run a cell. values: of the placeholders.
local function command(cell, config, values)
  local list = {}
  add_launcher(list, config)
  append(list, { ("benchmarks/dynamo/%s.py"):format(cell.suite), "--" .. cell.testing,
    "--" .. cell.dtype, "-d" .. cell.device, "--output=" .. log_of(cell, config) })
  append(list, values.args)
  append(list, config.extra_args)
  append(list, { "--no-skip", "--dashboard" })
  for _, name in ipairs(cell.skipped) do append(list, { "-x", name }) end
  add_switches(list, cell, config)
  return list
end

local function skip(cell, config)
  local lists, names, seen = config.skip_lists[cell.suite] or {}, {}, {}
  for _, key in ipairs { "always", cell.mode, cell.device } do
    for _, name in ipairs(lists[key] or {}) do
      if not seen[name] then names[#names + 1] = name end
      seen[name] = true
    end
  end
  return names
end

local function suite(help) return { help = help, command = command, skip = skip } end

return benchrun.config {
  options = require "dynamo.options",
  derive = dashboard.derive,

  baseline = "eager",
  compiler_table = require "dynamo.compilers",
  suite_table = {
    torchbench = suite "models of many fields, from the TorchBench collection",
    huggingface = suite "transformers of the Hugging Face library",
    timm_models = suite "vision models of the timm library",
  },
  suites = defaults.suites,
  devices = defaults.devices,
  dtypes = defaults.dtypes,
  compilers = defaults.compilers,
  flag_compilers = defaults.flag_compilers,
  cold_start_compilers = defaults.cold_start_compilers,
  quick_filters = defaults.quick_filters,
  skip_lists = require "dynamo.skips",

  -- As the runner that this stands for: a run owns its output directory, and its script holds the
  -- bare commands.
  clean = "all",
  script = { plain = true, on_run = true },

  report = report.report,
  build_summary = report.build_summary,
  archive = dashboard.archive,
  publish = dashboard.publish,
}
