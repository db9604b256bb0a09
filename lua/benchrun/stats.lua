-- Statistics by name, over columns and arrays of numbers: `local stats = require "benchrun.stats"`.
--
-- Each kernel of the core is a function of this module: stats.geomean(column). Nulls don't count.

local core = require "benchrun.core.stats"
local docs = require "benchrun.docs"
local handle = require "benchrun.frame.handle"
local mistake = require "benchrun.frame.mistake"

local stats = {}

local OPTIONS = { { name = "q", type = "number", min = 0, max = 1 },
  { name = "method", type = "string" } }

-- What a kernel is run over: the core's column, or an array.
local function numbers_of(what)
  if not handle.is_column(what) then
    return mistake.check_type("column or array of numbers", "list", what)
  end
  local column = handle.unwrap_column(what)
  if column:type() ~= "string" then return column end
  mistake.raise("a column of numbers expected, got one of strings%s",
    handle.column_name(what) and (" ('%s')"):format(handle.column_name(what)) or "")
end

for _, kernel in ipairs(core.list()) do
  stats[kernel.name] = function(what, options)
    mistake.check_options(OPTIONS, options)
    return mistake.call(core.run, kernel.name, numbers_of(what), options)
  end
  docs.describe(stats[kernel.name], ("stats.%s(column or array, options)"):format(kernel.name),
    kernel.help)
end

--- The kernels: an array of { name =, help =, source = }, sorted by name. Each is a function of
--- this module, a method of columns and a name for agg and pivot.
---
--- Example:
---   > #stats.list() >= 10
---   true
---   > stats.quantile({ 1, 2, 3, 4 }, { q = 0.25 })
---   1.75
function stats.list() return core.list() end

return stats
