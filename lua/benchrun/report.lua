-- From results to documents: sections make blocks, renderers draw them.

local fail = require "benchrun.fail"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"

local report = {}

local TERMINAL_ROWS = 15 -- of a table that may be long; the files have them all

--- The blocks of the named sections, in that order, under the report's title. Raises on an unknown
--- section.
function report.blocks(results, section_names, registry)
  local blocks = { { kind = "heading", level = 1, text = results.config.report.title } }
  for _, name in ipairs(section_names) do
    local section = registry:get("sections", name)
    for _, block in ipairs(section.blocks(results, registry)) do blocks[#blocks + 1] = block end
  end
  return blocks
end

--- Writes the report into the output directory, once for each of the config's renderers. Returns
--- the paths of the files. Raises where one can't be written.
function report.write(results, registry)
  local settings, files = results.config.report, {}
  local blocks = report.blocks(results, settings.sections, registry)
  for i, name in ipairs(settings.renderers) do
    local renderer = registry:get("renderers", name)
    files[i] = paths.join(results.config.output_dir, "report" .. renderer.extension)
    fail.check(sys.write_file(files[i], renderer.render(blocks, { title = settings.title })))
  end
  return files
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
