-- JSON lines: an object a line is a row.

local json = require "benchrun.frame.json"

return {
  help = "JSON lines: an object a line",
  options = {},
  generic = true,
  detect = function(path, head)
    local by_name = path:lower():find "%.jsonl$" or path:lower():find "%.ndjson$"
    return head ~= nil and (by_name ~= nil or head:find "^{[^\n]*}\r?\n{" ~= nil)
  end,
  read = function(path) return json.read(path, true) end,
}
