-- CSV files, by their name or by a header that looks like one; tabs in files that are named .tsv.

local csv = require "benchrun.frame.csv"
local lists = require "benchrun.lists"

local NAMES = { "%.csv$", "%.tsv$", "%.csv%.gz$", "%.tsv%.gz$", "%.csv%.zst$", "%.tsv%.zst$" }

local function has_name(path)
  for _, pattern in ipairs(NAMES) do
    if path:lower():find(pattern) then return true end
  end
  return false
end

-- A first line of several cells, in a text.
local function looks_like_csv(head)
  local line = head:match "^[^\r\n]*"
  return line:find "^[^{%[<]" ~= nil and line:find(",", 1, true) ~= nil
    and not line:find "[%z\1-\8]"
end

return {
  help = "CSV, also compressed; options of frame.read_csv",
  options = csv.csv_options,
  generic = true,
  detect = function(path, head)
    return head ~= nil and (has_name(path) or looks_like_csv(head))
  end,
  read = function(path, options)
    if options.delimiter == nil and path:lower():find "%.tsv" then
      options = lists.put_all({ delimiter = "\t" }, options)
    end
    return csv.read_csv(path, options)
  end,
}
