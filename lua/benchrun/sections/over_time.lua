-- How the summaries went over the last runs of the archive: what was missing, then the charts.

local report = require "benchrun.report"

local function blocks(results)
  local over_time = results.over_time
  if not over_time then return {} end
  local caption = report.caption(results, "over_time", "Metrics over time")
  local list = { { kind = "heading", level = 2, text = caption } }
  for _, notice in ipairs(over_time.notices) do
    list[#list + 1] = { kind = "notice", text = notice }
  end
  for _, chart in ipairs(over_time.charts or {}) do
    list[#list + 1] = report.chart_block(chart)
  end
  return #list > 1 and list or {}
end

return { help = "charts of the summaries over the last runs of the archive", blocks = blocks }
