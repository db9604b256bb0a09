-- What the report is about, in one line: the config's title.

local report = require "benchrun.report"

local function blocks(results)
  return { { kind = "heading", level = 1, text = report.title(results.config) } }
end

return { help = "the report's title, with what was run", blocks = blocks }
