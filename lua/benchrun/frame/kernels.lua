-- What is asked of a kernel, as people write it: "geomean(speedup)", "quantile(latency, 0.95)".

local core = require "benchrun.core.stats"
local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"

local kernels = {}

local NAMES = lists.pluck(core.list(), "name")
NAMES[#NAMES + 1] = "first"
table.sort(NAMES)

--- The names that may stand before "(column)".
kernels.names = NAMES

-- What other libraries call them.
local WORDS = { average = "mean", avg = "mean", sd = "stddev", std = "stddev", variance = "var",
  n_distinct = "nunique", size = "count", len = "count", percentile = "quantile" }

--- Raises unless there is a kernel of that name, naming the nearest.
function kernels.check(name)
  if lists.contains(NAMES, name) then return name end
  if WORDS[name] then mistake.raise("no kernel '%s'; it is '%s' here", name, WORDS[name]) end
  local percent = type(name) == "string" and name:match "^p(%d%d)$"
  if percent then
    mistake.raise("no kernel '%s'; write \"quantile(column, 0.%s)\"", name, percent)
  end
  mistake.raise("no kernel '%s'%s", tostring(name), mistake.suggestion(name, NAMES, true))
end

--- True if there is a kernel of that name.
function kernels.has(name) return lists.contains(NAMES, name) end

local function check_q(q, text)
  if q and q >= 0 and q <= 1 then return q end
  mistake.raise("%s: a share of 0 to 1 expected", text)
end

local OPTIONS = { { name = "q", type = "number", min = 0, max = 1 },
  { name = "method", type = "string" } }

--- "median", "quantile(0.95)" or { "quantile", q = 0.95 } as { kernel =, q =, method = }.
function kernels.parse_kernel(what)
  if type(what) == "table" then
    local name, options = what[1], lists.put_all({}, what)
    options[1] = nil
    mistake.check_options(OPTIONS, options)
    return { kernel = kernels.check(name), q = what.q, method = what.method }
  end
  mistake.check_type("kernel", "string", what)
  local name, q = what:match "^%s*([%a_][%w_]*)%s*%(%s*([^()]*)%)%s*$"
  if not name then return { kernel = kernels.check(what) } end
  return { kernel = kernels.check(name), q = check_q(tonumber(q), what) }
end

-- The last argument of a list of arguments, where it is a number: "x, 0.95" → "x", 0.95.
local function split_q(arguments)
  local before, last = arguments:match "^(.*),%s*([^,()]+)$"
  local q = last and tonumber(last)
  if q then return before, q end
  return arguments
end

--- "geomean(a / b)" or "quantile(x, 0.95)" as { kernel =, argument =, q = }; nil where the text is
--- no call. "count()" has the argument "".
function kernels.parse_call(text)
  local name, inner = text:match "^%s*([%a_][%w_]*)%s*(%b())%s*$"
  if not name then return nil end
  local argument, q = inner:sub(2, -2), nil
  if name == "quantile" then
    argument, q = split_q(argument)
    if q then check_q(q, text) end
  end
  return { kernel = kernels.check(name), argument = argument:match "^%s*(.-)%s*$", q = q }
end

return kernels
