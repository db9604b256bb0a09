-- The charts that were drawn.

local report = require "benchrun.report"

local function blocks(results)
  if #results.charts == 0 then return {} end
  local list = { { kind = "heading", level = 2,
    text = report.caption(results, "charts", "Charts") } }
  for _, chart in ipairs(results.charts) do
    list[#list + 1] = report.chart_block(chart)
  end
  return list
end

return { help = "the bar charts of speedups", blocks = blocks }
