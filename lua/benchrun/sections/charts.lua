-- The charts that were drawn.

local function blocks(results)
  if #results.charts == 0 then return {} end
  local list = { { kind = "heading", level = 2, text = "Charts" } }
  for _, chart in ipairs(results.charts) do
    list[#list + 1] = { kind = "chart", name = chart.name, alt = chart.title, files = chart.files }
  end
  return list
end

return { help = "the bar charts of speedups", blocks = blocks }
