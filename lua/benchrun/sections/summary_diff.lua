-- The summaries of the newest run beside those of the run before it.

local report = require "benchrun.report"

local function table_of(results, diff_table)
  return { kind = "table", columns = diff_table.columns, cells = diff_table.cells, keys = 2,
    caption = report.caption(results, diff_table.name .. "_diff", diff_table.title .. " diff") }
end

local function add_diff(list, results, diff)
  if diff.label then list[#list + 1] = { kind = "heading", level = 3, text = diff.label } end
  if not diff.previous then
    list[#list + 1] = { kind = "paragraph", text = "Could not find most 2 recent reports. It takes "
      .. "two runs in the archive that hold their summaries." }
    return
  end
  -- As code, so that no renderer changes a run's name.
  list[#list + 1] = { kind = "code", text = table.concat({ "Current report: " .. diff.current,
    "Previous report: " .. diff.previous }, "\n") }
  local tables = {}
  for i, each in ipairs(diff.tables) do tables[i] = table_of(results, each) end
  list[#list + 1] = { kind = "details", summary = "what both runs have", blocks = tables }
end

local function blocks(results)
  if not results.comparison then return {} end
  local list = { { kind = "heading", level = 2,
    text = report.caption(results, "summary_diff", "Summary statistics diff") } }
  for _, diff in ipairs(results.comparison.summary_diffs) do add_diff(list, results, diff) end
  return list
end

return { help = "summaries of the newest run and the one before it", blocks = blocks }
