-- From results to documents: sections make blocks, renderers draw them.

local fail = require "benchrun.fail"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"

local report = {}

local OPEN_ROWS = 20 -- more of them in a group of tables are folded away
local TERMINAL_ROWS = 15 -- of a table that may be long; the files have them all

--- The config's caption or heading for an id (metric, summary, section), or else the default.
function report.caption(results, id, default)
  return (results.config.report.captions or {})[id] or default
end

--- The block of a drawn chart, an item of results.charts.
function report.chart_block(chart)
  return { kind = "chart", name = chart.name, alt = chart.title, files = chart.files,
    url = chart.url }
end

--- Appends blocks of tables to the list, folded away where they have many rows. rows: how many;
--- what: of what, for the fold's summary.
function report.add_tables(list, tables, rows, what)
  if rows > OPEN_ROWS then
    list[#list + 1] = { kind = "details", summary = ("%d %s"):format(rows, what), blocks = tables }
  else
    table.move(tables, 1, #tables, #list + 1, list)
  end
end

--- The config's title, with what was run in the place of {mode}, {dtypes} and {devices}.
function report.title(config)
  local values = { mode = config.mode, dtypes = table.concat(config.dtypes or {}, ", "),
    devices = table.concat(config.devices or {}, ", ") }
  return (config.report.title:gsub("{(%w+)}", values))
end

-- Appends the blocks of the named sections to the list.
local function add_sections(blocks, results, section_names, registry)
  for _, name in ipairs(section_names) do
    local section = registry:get("sections", name)
    for _, block in ipairs(section.blocks(results, registry)) do blocks[#blocks + 1] = block end
  end
  return blocks
end

--- The blocks of the named sections, in that order, under the report's title. Raises on an unknown
--- section.
function report.blocks(results, section_names, registry)
  local title = { kind = "heading", level = 1, text = report.title(results.config) }
  return add_sections({ title }, results, section_names, registry)
end

--- Writes the report into the output directory, once for each of the config's renderers. Returns
--- the paths of the files. Raises where one can't be written.
function report.write(results, registry)
  local settings, files = results.config.report, {}
  if #settings.renderers == 0 then return files end
  local blocks = report.blocks(results, settings.sections, registry)
  for i, name in ipairs(settings.renderers) do
    local renderer = registry:get("renderers", name)
    files[i] = paths.join(results.config.output_dir, "report" .. renderer.extension)
    fail.check(sys.write_file(files[i], renderer.render(blocks, { title = settings.title,
      results = results, registry = registry })))
  end
  return files
end

--- The whole report as Markdown, its charts by their uploaded addresses only.
function report.markdown(results, registry)
  local blocks = report.blocks(results, results.config.report.sections, registry)
  return registry:get("renderers", "github").render(blocks,
    { image = function(block) return block.url end })
end

-- Files with some of the sections -----------------------------------------------------------------

--- The name of a file of the config's report.files.
function report.file_name(config, file) return (file.file:gsub("{mode}", config.mode)) end

--- The config's report.files that have something to say: a list of { file =, blocks = }.
function report.parts(results, registry)
  local parts = {}
  for _, each in ipairs(results.config.report.files) do
    local blocks = add_sections({}, results, each.sections, registry)
    if #blocks > 0 then
      parts[#parts + 1] = { file = report.file_name(results.config, each), blocks = blocks }
    end
  end
  return parts
end

--- What the terminal shows at the end of a run. options: width (columns), colour, rows (the most
--- rows of a table).
function report.terminal(results, registry, options)
  local blocks = report.blocks(results, results.config.report.terminal, registry)
  return registry:get("renderers", "terminal").render(blocks, {
    width = options.width, colour = options.colour, rows = options.rows or TERMINAL_ROWS,
  })
end

return report
