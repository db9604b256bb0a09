-- How the summaries went over the last runs of the archive: what was missing, then the charts.

local function blocks(results)
  local over_time = results.over_time
  if not over_time then return {} end
  local caption = (results.config.report.captions or {}).over_time or "Metrics over time"
  local list = { { kind = "heading", level = 2, text = caption } }
  for _, notice in ipairs(over_time.notices) do
    list[#list + 1] = { kind = "notice", text = notice }
  end
  for _, chart in ipairs(over_time.charts or {}) do
    list[#list + 1] = { kind = "chart", name = chart.name, alt = chart.title, files = chart.files,
      url = chart.url }
  end
  return #list > 1 and list or {}
end

return { help = "charts of the summaries over the last runs of the archive", blocks = blocks }
