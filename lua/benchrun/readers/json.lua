-- JSON: an array of objects is rows, an object of arrays columns, one object a row.

local json = require "benchrun.frame.json"

return {
  help = "JSON: an array of objects, an object of arrays or one object",
  options = {},
  generic = true,
  detect = function(path, head)
    return head ~= nil and (head:find "^%s*%[%s*[{%]]" ~= nil
      or path:lower():find "%.json$" ~= nil and head:find "^%s*{" ~= nil)
  end,
  read = function(path) return json.read(path, false) end,
}
