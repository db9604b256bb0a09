-- What was built and run: the run's name, commits, versions, environment variables, the machine.
-- All of it is code, to be copied as it stands.

local build_summary = require "benchrun.build_summary"
local report = require "benchrun.report"

local function blocks(results)
  local caption = report.caption(results, "build_summary", "Build summary")
  local inner = {}
  for _, group in ipairs(build_summary.of(results)) do
    inner[#inner + 1] = { kind = "heading", level = 3, text = group.title }
    inner[#inner + 1] = { kind = "code", text = table.concat(group.lines, "\n") }
  end
  return { { kind = "heading", level = 2, text = caption },
    { kind = "details", summary = "run, commits, versions, machine", blocks = inner } }
end

return { help = "the run's name, commits, versions and machine", blocks = blocks }
