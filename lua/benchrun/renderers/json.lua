-- Results as JSON, for other programs: all that a report is made from, in one document.
--
-- json.schema.json beside this file describes every member. A change that takes one away, or that
-- gives one another meaning, raises VERSION; new members don't.

local cases = require "benchrun.cases"
local json = require "benchrun.json"
local version = require "benchrun.version"
local words = require "benchrun.words"

local VERSION = 1

-- Makes objects of known members: values, a table, becomes one with `names` in their order.
local function maker(names)
  return function(values) return json.object(names, values) end
end

-- Columns of texts as rows: objects with the given names.
local function rows_of(cells, names)
  local rows = {}
  for row = 1, #(cells[1] or {}) do
    local values = {}
    for c, name in ipairs(names) do values[name] = cells[c][row] end
    rows[row] = json.object(names, values)
  end
  return json.list(rows)
end

-- Cells -------------------------------------------------------------------------------------------

local outcome_object = maker { "cell", "testing", "suite", "device", "dtype", "compiler", "outcome",
  "reason", "wall_s", "peak_bytes", "command" }

local function outcome_of(each)
  local cell = each.cell
  return outcome_object { cell = cell.id, testing = cell.testing, suite = cell.suite,
    device = cell.device, dtype = cell.dtype, compiler = cell.compiler, outcome = each.outcome,
    reason = each.reason or "", wall_s = each.wall, peak_bytes = each.peak_bytes,
    command = cell.argv and words.command_line_with(cell.env or {}, cell.argv) }
end

-- Groups ------------------------------------------------------------------------------------------

local benchmark_object = maker { "name", "dev", "batch_size", "compilers" }
local suite_object = maker { "name", "metrics", "benchmarks" }
local summary_object = maker { "name", "title", "values" }
local value_object = maker { "number", "text" }
local warning_object = maker { "metric", "suite", "name", "values", "flagged" }

local function suite_of(suite, group, metrics)
  local there = {}
  for _, name in ipairs(metrics) do there[#there + 1] = suite.tables[name] and name end
  local measured = maker(there)
  return suite_object { name = suite.name, metrics = json.list(there),
    benchmarks = json.list(cases.benchmarks(suite, group.compilers, there), function(benchmark)
      local compilers = {}
      for _, name in ipairs(group.compilers) do
        compilers[name] = measured(benchmark.values[name] or {})
      end
      return benchmark_object { name = benchmark.name, dev = benchmark.dev,
        batch_size = benchmark.batch_size, compilers = json.object(group.compilers, compilers) }
    end) }
end

local function summary_of(summary)
  local values = {}
  for compiler, by_suite in pairs(summary.values) do
    values[compiler] = {}
    for suite, number in pairs(by_suite) do
      values[compiler][suite] = value_object { number = number,
        text = summary.cells[compiler][suite] }
    end
  end
  return summary_object { name = summary.name, title = summary.title, values = values }
end

local function flagged_in(metric, columns, row, compilers)
  local flagged = {}
  for _, compiler in ipairs(compilers) do
    if metric.flag(columns[compiler][row]) then flagged[#flagged + 1] = compiler end
  end
  return json.list(flagged)
end

local function add_warnings(list, warning, compilers)
  local columns, metric = warning.frame:to_table(), warning.metric
  for row = 1, warning.frame:nrow() do
    local values = {}
    for _, compiler in ipairs(compilers) do values[compiler] = columns[compiler][row] end
    list[#list + 1] = warning_object { metric = metric.name, suite = columns.suite[row],
      name = columns.name[row], values = json.object(compilers, values),
      flagged = flagged_in(metric, columns, row, compilers) }
  end
end

local group_object = maker { "device", "dtype", "label", "compilers", "baseline", "suites",
  "summaries", "warnings" }

local function group_of(group, metrics)
  local warnings = {}
  for _, warning in ipairs(group.warnings) do
    add_warnings(warnings, warning, group.flag_compilers)
  end
  return group_object { device = group.device, dtype = group.dtype, label = group.label,
    compilers = json.list(group.compilers), baseline = group.baseline,
    suites = json.list(group.suites, function(suite) return suite_of(suite, group, metrics) end),
    summaries = json.list(group.summaries, summary_of), warnings = json.list(warnings) }
end

-- Comparison --------------------------------------------------------------------------------------

local diff_object = maker { "label", "current", "previous", "tables" }
local diff_table_object = maker { "name", "title", "rows" }
local compared_object = maker { "name", "label", "pairs", "regressions" }
local pair_object = maker { "compiler", "current", "previous" }
local regression_names = { "metric", "compiler", "name", "previous", "current" }
local comparison_object = maker { "count", "summaries", "suites", "notices" }

local function diff_of(diff)
  return diff_object { label = diff.label, current = diff.current, previous = diff.previous,
    tables = json.list(diff.tables, function(each)
      return diff_table_object { name = each.name, title = each.title,
        rows = rows_of(each.cells, { "compiler", "suite", "previous", "current" }) }
    end) }
end

local function compared_of(suite)
  local list = {}
  for _, each in ipairs(suite.tables) do
    local compilers, names, old, new = table.unpack(each.cells)
    for row, name in ipairs(names) do
      list[#list + 1] = json.object(regression_names, { metric = each.metric.name,
        compiler = compilers[row], name = name, previous = old[row], current = new[row] })
    end
  end
  return compared_object { name = suite.name, label = suite.label,
    pairs = json.list(suite.pairs, pair_object), regressions = json.list(list) }
end

local function comparison_of(comparison)
  if not comparison then return nil end
  return comparison_object { count = comparison.count,
    summaries = json.list(comparison.summary_diffs, diff_of),
    suites = json.list(comparison.suites, compared_of), notices = json.list(comparison.notices) }
end

-- Document ----------------------------------------------------------------------------------------

local fact_object = maker { "title", "value" }
local metric_object = maker { "name", "title", "column", "testing", "type", "unit", "better" }
local document_object = maker { "schema", "version", "benchrun", "run_name", "mode", "date",
  "config", "facts", "metrics", "outcomes", "groups", "comparison", "notices", "measured",
  "failures" }

local function document_of(results, registry)
  local config = results.config
  return document_object { schema = "benchrun-results", version = VERSION, benchrun = version,
    run_name = results.run_name, mode = config.mode, date = os.date "!%Y-%m-%dT%H:%M:%SZ",
    config = config.file, facts = json.list(results.facts, fact_object),
    metrics = json.list(config.metrics, function(name)
      return metric_object(registry:get("metrics", name))
    end),
    outcomes = results.outcomes and json.list(results.outcomes, outcome_of),
    groups = json.list(results.groups, function(group) return group_of(group, config.metrics) end),
    comparison = comparison_of(results.comparison), notices = json.list(results.notices),
    measured = results.measured or 0, failures = results.failures or 0 }
end

local NONE = { config = { metrics = {} }, groups = {}, facts = {}, notices = {} }

--- The JSON document of options.results, with the metrics of options.registry. Without results: one
--- of no groups. The blocks are for readers and count for nothing here.
local function render(_, options)
  return json.encode(document_of(options.results or NONE, options.registry))
end

return { help = "JSON for other programs; json.schema.json beside it describes it",
  extension = ".json", render = render }
