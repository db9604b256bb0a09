-- Every number: for each suite a table a metric, a row a benchmark, a column a compiler.

local report = require "benchrun.report"
local results_module = require "benchrun.results"

-- The device where there are several: then the group's label names it too.
local function heading_of(group, suite)
  local device = group.label ~= group.dtype and " on " .. group.device or ""
  return ("%s suite with %s precision%s"):format(suite.name, group.dtype, device)
end

local function columns_of(group)
  local names = { "name", "bs" }
  return table.move(group.compilers, 1, #group.compilers, 3, names)
end

local function tables_of(results, group, suite, registry)
  local list, columns = {}, columns_of(group)
  for _, name in ipairs(results.config.metrics) do
    local frame = suite.tables[name]
    if frame then
      local title = registry:get("metrics", name).title
      list[#list + 1] = { kind = "table", caption = report.caption(results, name, title),
        columns = columns, keys = 2, cells = results_module.table_columns(frame, columns) }
    end
  end
  return list
end

local function count_of(suite)
  return suite.rows == 1 and "1 benchmark" or suite.rows .. " benchmarks"
end

local function blocks(results, registry)
  local list = {}
  for _, group in ipairs(results.groups) do
    for _, suite in ipairs(group.suites) do
      list[#list + 1] = { kind = "heading", level = 2, text = heading_of(group, suite) }
      local tables = suite.rows > 0 and tables_of(results, group, suite, registry) or {}
      if #tables == 0 then list[#list + 1] = { kind = "paragraph", text = "No rows were logged." }
      else list[#list + 1] = { kind = "details", summary = count_of(suite), blocks = tables } end
    end
  end
  return list
end

return { help = "every metric of every benchmark", blocks = blocks }
