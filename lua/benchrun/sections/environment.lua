-- Where and with what the results came about.

local lists = require "benchrun.lists"

local function blocks(results)
  if #results.facts == 0 then return {} end
  local cells = { lists.pluck(results.facts, "title"), lists.pluck(results.facts, "value") }
  return { { kind = "heading", level = 2, text = "Environment" },
    { kind = "table", columns = { "Fact", "Value" }, cells = cells, align = { "left", "left" } } }
end

return { help = "machine, versions and commit", blocks = blocks }
