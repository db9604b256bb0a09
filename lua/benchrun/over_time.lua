-- Summaries over time: the numbers of the last runs in an archive, and their charts, a panel a
-- suite, a line a compiler.
--
-- A run that lacks something costs only its own points: they are gaps, never guessed from their
-- neighbours, and the notices say what is missing where. The files are data of other programs too:
-- a cell that holds no number is a gap.

local archive = require "benchrun.archive"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local past_summary = require "benchrun.past_summary"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local over_time = {}

local LABEL_WIDTH = 12 -- so that ten of them fit side by side
local RUNS_SHOWN = 3

-- Tallies -----------------------------------------------------------------------------------------

-- What is missing, and in which runs; one line for each thing.
local Tally = {}
Tally.__index = Tally

local function new_tally(runs)
  return setmetatable({ all = #runs, things = {}, runs = {} }, Tally)
end

function Tally:add(thing, run)
  if not self.runs[thing] then
    self.things[#self.things + 1], self.runs[thing] = thing, {}
  end
  local names = self.runs[thing]
  if names[#names] ~= run.name then names[#names + 1] = run.name end
end

function Tally:lines()
  local lines = {}
  for i, thing in ipairs(self.things) do
    local names = self.runs[thing]
    local shown = table.concat(names, ", ", 1, math.min(#names, RUNS_SHOWN))
    local more = #names > RUNS_SHOWN and (" and %d more"):format(#names - RUNS_SHOWN) or ""
    lines[i] = ("%s in %d of %d runs: %s%s"):format(thing, #names, self.all, shown, more)
  end
  return lines
end

-- Reading -----------------------------------------------------------------------------------------

-- "1.34x", "100%, 14/14", "12.5" as a number; nil for anything else.
local function number_of(cell)
  local word = cell:match("^%s*(%S-)x?%s*$") or ""
  if word == "inf" then return math.huge end
  word = word:match("^[%d.][%d.eE+-]*$") or cell:match("^%s*([%d.]+)%%")
  return word and tonumber(word)
end

-- Notes a summary that is not there or can't be read, and compilers read by another name.
local function read_summary(run, name, config, tally)
  local group = { device = config.devices[1], dtype = config.dtypes[1] }
  local summary, problem = past_summary.read(run, name, group, config)
  if not summary then
    tally:add(problem or name .. ".csv is missing", run)
    return nil
  end
  for _, each in ipairs(summary.read_as) do
    if lists.contains(config.compilers, each.new) then
      tally:add(("%s is read as %s"):format(each.old, each.new), run)
    end
  end
  return summary
end

-- The numbers of a run's summary: (suite, compiler) → number, or false for what is not there.
local function reader(run, name, config, tally)
  local summary = read_summary(run, name, config, tally)
  if not summary then return nil end
  return function(suite, compiler)
    if not summary:has_suite(suite) then tally:add(("suite %s is missing"):format(suite), run)
    elseif not summary:has_compiler(compiler) then
      tally:add(("compiler %s is missing"):format(compiler), run)
    else
      local number = number_of(summary:text(compiler, suite) or "")
      if number then return number end
      tally:add(("suite %s has no number for %s"):format(suite, compiler), run)
    end
    return false
  end
end

-- Collecting --------------------------------------------------------------------------------------

local function new_suites(config)
  local suites = {}
  for s, suite in ipairs(config.suites) do
    suites[s] = { name = suite, series = {} }
    for c, compiler in ipairs(config.compilers) do
      suites[s].series[c] = { compiler = compiler, values = {} }
    end
  end
  return suites
end

-- Puts the numbers of run i into the suites. Returns true if there are any.
local function fill(suites, i, number_at)
  local any = false
  for _, suite in ipairs(suites) do
    for _, series in ipairs(suite.series) do
      series.values[i] = number_at and number_at(suite.name, series.compiler) or false
      any = any or series.values[i] ~= false
    end
  end
  return any
end

-- A share is one of a hundred; a count has no unit.
local function describe(metric, spec, config)
  local captions = config.report.captions or {}
  local unit = spec.share and "%" or spec.kernel ~= "count" and metric.unit or nil
  return { name = spec.name, title = captions[spec.name] or spec.title, unit = unit,
    better = spec.share and "higher" or metric.better, suites = new_suites(config) }
end

local function described(config, registry)
  local metrics = {}
  for _, name in ipairs(config.metrics) do
    local metric = registry:get("metrics", name)
    for _, spec in ipairs(metric.summaries) do
      metrics[#metrics + 1] = describe(metric, spec, config)
    end
  end
  return metrics
end

-- Reads a run into all metrics, as point i. Returns true if it had any number.
local function read_run(metrics, run, i, config, tally)
  local is_there, any = lfs.attributes(run.folder, "mode") == "directory", false
  if not is_there then tally:add("the folder is missing", run) end
  for _, metric in ipairs(metrics) do
    local number_at = is_there and reader(run, metric.name, config, tally) or nil
    if fill(metric.suites, i, number_at) then any, metric.has_numbers = true, true end
  end
  return any
end

local function last_of(runs, n)
  return table.move(runs, math.max(1, #runs - n + 1), #runs, 1, {})
end

local function label_of(run)
  return archive.date_of(run.name) or text.elide(text.clean(run.name), LABEL_WIDTH)
end

local function with_numbers(metrics)
  local kept = {}
  for _, metric in ipairs(metrics) do
    if metric.has_numbers then kept[#kept + 1] = metric end
    metric.has_numbers = nil
  end
  return kept
end

local function few_text(runs, wanted)
  local there = #runs == 1 and "1 run is" or #runs .. " runs are"
  return ("%s known, %d are wanted"):format(there, wanted)
end

--- The summaries of the last config.archive.over_time of the runs (of archive.select), for the
--- config's suites and compilers. registry: for the metrics, which say what summaries there are.
--- Returns { metrics =, labels =, notices = }:
---   metrics  list of { name=, title=, unit=, better=, suites = list of { name=, series = list of
---            { compiler=, values= } } }; values has a number or false for each label. Empty where
---            fewer than two runs have numbers; what no run has is not among them
---   labels   a date, or a name that tells none, for each run
---   notices  what is missing, one line each
function over_time.collect(config, runs, registry)
  local shown, with_any = last_of(runs, config.archive.over_time), 0
  local metrics, tally = described(config, registry), new_tally(shown)
  local collected = { metrics = {}, labels = {}, notices = {} }
  for i, run in ipairs(shown) do
    collected.labels[i] = label_of(run)
    if read_run(metrics, run, i, config, tally) then with_any = with_any + 1 end
  end
  if #shown < config.archive.over_time then
    collected.notices[1] = few_text(shown, config.archive.over_time)
  end
  if #shown > 1 then
    local lines, notices = tally:lines(), collected.notices
    table.move(lines, 1, #lines, #notices + 1, notices)
  end
  if with_any > 1 then
    collected.metrics = with_numbers(metrics)
  else
    table.insert(collected.notices, "nothing to draw over time: two runs with numbers are needed")
  end
  return collected
end

-- Drawing -----------------------------------------------------------------------------------------

local function has_value(metric, value)
  for _, suite in ipairs(metric.suites) do
    for _, series in ipairs(suite.series) do
      if lists.contains(series.values, value) then return true end
    end
  end
  return false
end

-- What stands in brackets at a title's end is told by the subtitle or with the panels.
local function title_of(metric, runs)
  local title = metric.title:gsub("%s*%b()%s*$", ""):match("^%s*(.-)%s*$")
  return ("%s, last %d runs"):format(title, runs)
end

-- Where lower is better, 0 would look best of all.
local function subtitle_of(metric, config)
  local parts = { config.mode .. ", " .. config.dtypes[1], metric.better .. " is better" }
  if metric.unit ~= "%" and has_value(metric, 0) then parts[3] = "at 0 nothing passed" end
  if has_value(metric, false) then parts[#parts + 1] = "a gap is a run without a number" end
  return table.concat(parts, "; ")
end

local function panel_of(suite, unit)
  local series = {}
  for i, each in ipairs(suite.series) do
    series[i] = { name = each.compiler, values = each.values }
  end
  return { title = unit and ("%s (%s)"):format(suite.name, unit) or suite.name, series = series,
    most = unit == "%" and 100 or nil }
end

local function spec_of(metric, collected, config)
  local panels = {}
  for i, suite in ipairs(metric.suites) do panels[i] = panel_of(suite, metric.unit) end
  return { title = title_of(metric, #collected.labels), subtitle = subtitle_of(metric, config),
    labels = collected.labels, panels = panels }
end

local function draw_file(spec, style, path)
  local picture, problem = require("benchrun.core.plot").lines(spec, style)
  if not picture then return nil, problem end
  return sys.write_file(path, picture)
end

-- The chart of a metric, or nil if none of its files could be drawn.
local function draw_chart(metric, collected, config)
  local spec = spec_of(metric, collected, config)
  local chart = { name = metric.name .. "_over_time", title = spec.title, files = {} }
  for _, format in ipairs(config.charts.formats) do
    local path = paths.join(config.output_dir, chart.name .. "." .. format)
    local style = { format = format, theme = config.charts.theme }
    local drawn, problem = draw_file(spec, style, path)
    if drawn then
      chart.files[format] = path
    else
      table.insert(collected.notices, ("chart %s: can't draw %s: %s"):format(chart.name, format,
        problem))
    end
  end
  return next(chart.files) and chart or nil
end

--- Draws what over_time.collect found, in the config's formats and theme, as METRIC_over_time.png
--- and .svg in its output directory, and lists it in collected.charts, items as results.charts. A
--- chart that can't be drawn is a notice.
function over_time.draw(config, collected)
  collected.charts = {}
  for _, metric in ipairs(collected.metrics) do
    collected.charts[#collected.charts + 1] = draw_chart(metric, collected, config)
  end
  return collected.charts
end

return over_time
