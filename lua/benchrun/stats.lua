-- Statistics by name, over columns and arrays of numbers: `local stats = require "benchrun.stats"`.
--
-- Each kernel of the core is a function of this module: stats.geomean(column). Nulls don't count.
-- What a quantile is taken at may stand for its options: stats.quantile(column, 0.95).
-- Of texts and timestamps there are the least, the greatest, the most frequent and how many.

local core = require "benchrun.core.stats"
local docs = require "benchrun.docs"
local handle = require "benchrun.frame.handle"
local kernels = require "benchrun.frame.kernels"
local make = require "benchrun.frame.make"
local mistake = require "benchrun.frame.mistake"
local schema = require "benchrun.schema"

local stats = {}

local OPTIONS = { { name = "q", type = "number", min = 0, max = 1 },
  { name = "method", type = "string" } }

local TYPED = { string = true, timestamp = true } -- what is not a number keeps its type

-- A kernel over texts or timestamps, as groups have them: count, min, mode and the like.
local function run_typed(kernel, column, name, options)
  local whole = make.frame { { name = name, values = column } }
  local made = mistake.call(whole.group_by, whole, {}, { { column = name, kernel = kernel,
    q = options.q, method = options.method } })
  if made:nrow() > 0 then return (made:get(1, name)) end
  return core.run(kernel, {})
end

local function run(kernel, what, options)
  local is_column = handle.is_column(what)
  if not is_column and not schema.has_type("list", what) then
    mistake.raise('a column or an array of numbers expected, got %s; write stats.%s(f:col "a") or '
      .. 'stats.%s{ 1, 2 }', mistake.describe(what), kernel, kernel)
  end
  if kernel == "quantile" and type(options) == "number" then options = { q = options } end
  options = mistake.check_options(OPTIONS, options)
  local numbers = is_column and handle.unwrap_column(what) or what
  if is_column and TYPED[numbers:type()] then
    return run_typed(kernel, numbers, handle.column_name(what) or "column", options)
  end
  return mistake.call(core.run, kernel, numbers, options)
end

for _, kernel in ipairs(core.list()) do
  stats[kernel.name] = function(what, options) return run(kernel.name, what, options) end
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

-- A name that is no kernel's.
setmetatable(stats, { __index = function(_, name) kernels.check(name) end })

return stats
