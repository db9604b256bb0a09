-- Bar charts of the speedups: one for each suite, dtype and device, as files in the output
-- directory.

local compute = require "benchrun.core.compute"
local paths = require "benchrun.paths"
local summary = require "benchrun.summary"
local sys = require "benchrun.core.sys"

local charts = {}

local METRIC = "speedup"
local SUBTITLE = "higher is better; × marks a run that failed or whose result is wrong"

-- Zero and null are failed runs: no bar. says_more: any value other than 1, the reference line.
local function values_of(column)
  local values, says_more = column:to_table(), false
  for row = 1, values.n do
    local value = values[row]
    if value == nil or value == 0 then values[row] = false
    elseif value ~= 1 then says_more = true end
  end
  return values, says_more
end

-- What accuracy says of the rows of a frame, or nil where it was not asked.
local function verdict_of(results, registry, suite, group, frame)
  for _, name in ipairs(results.config.metrics) do
    local metric = registry:get("metrics", name)
    if metric.passes and suite.tables[name] then
      return summary.verdict(frame, suite.tables[name], metric, group.compilers)
    end
  end
end

-- A result that is wrong has no speed: what fails accuracy is drawn as a failed run. A baseline
-- that is 1 everywhere is left to the reference line.
local function series_of(group, frame, verdict)
  local series = {}
  for _, compiler in ipairs(group.compilers) do
    local column = frame:col(compiler)
    if verdict then column = compute.where(column, verdict.passes[compiler], 0) end
    local values, says_more = values_of(column)
    if says_more or compiler ~= group.baseline or #group.compilers == 1 then
      series[#series + 1] = { name = compiler, values = values }
    end
  end
  return series
end

local function describe(group, suite)
  local baseline = group.baseline and "speedup over " .. group.baseline or "speedup"
  return { name = suite.name .. "_" .. group.label:gsub(", ", "_"), suite = suite.name,
    group = group, files = {}, title = ("%s, %s: %s"):format(suite.name, group.label, baseline) }
end

local function draw_file(chart, format, settings, spec, folder)
  local picture, problem = require("benchrun.core.plot").bars(spec,
    { format = format, theme = settings.theme })
  if not picture then return nil, problem end
  local path = paths.join(folder, chart.name .. "." .. format)
  local written, why = sys.write_file(path, picture)
  if not written then return nil, why end
  return path
end

local function spec_of(chart, frame, verdict)
  return { title = chart.title, subtitle = SUBTITLE, unit = "×", reference = 1,
    labels = frame:col("name"):to_table(), series = series_of(chart.group, frame, verdict) }
end

-- The chart, if any of its files could be drawn.
local function draw_chart(results, chart, spec)
  for _, format in ipairs(results.config.charts.formats) do
    local path, problem = draw_file(chart, format, results.config.charts, spec,
      results.config.output_dir)
    chart.files[format] = path
    if not path then
      local notice = ("chart %s: can't draw %s: %s"):format(chart.name, format, problem)
      table.insert(results.notices, notice)
    end
  end
  return next(chart.files) and chart
end

--- Draws the speedups of every suite that has rows, in the config's formats and theme, and lists
--- what was drawn in results.charts. A chart that can't be drawn is a notice.
function charts.draw(results, registry)
  results.charts = {}
  if #results.config.charts.formats == 0 then return results.charts end
  for _, group in ipairs(results.groups) do
    for _, suite in ipairs(group.suites) do
      local frame = suite.tables[METRIC]
      if frame and frame:nrow() > 0 then
        local verdict = verdict_of(results, registry, suite, group, frame)
        local chart = describe(group, suite)
        local drawn = draw_chart(results, chart, spec_of(chart, frame, verdict))
        results.charts[#results.charts + 1] = drawn or nil
      end
    end
  end
  return results.charts
end

return charts
