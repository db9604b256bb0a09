-- Whether the output of a benchmark agrees with the baseline's. Lines `value NAME NUMBER` must
-- agree within a relative tolerance, all other lines to the letter, in the same order.

local text = require "benchrun.text"

local compare = {}

-- What printf writes for numbers that tonumber does not read.
local SPECIAL = { nan = 0 / 0, ["-nan"] = 0 / 0, inf = math.huge, ["-inf"] = -math.huge }

-- The name and number of a value line; nil for any other line.
local function parse_value(line)
  local name, word = line:match("^value%s+(%S+)%s+(%S+)%s*$")
  if not name then return nil end
  return name, tonumber(word) or SPECIAL[word:lower()]
end

local function shown(line) return text.clean(line:sub(1, 80)) end

--- |a - b| over the larger of |a| and |b|; 0 for equal values (two NaN too), infinity where one is
--- not finite.
function compare.relative_difference(a, b)
  if a == b or (a ~= a and b ~= b) then return 0 end
  local difference = math.abs(a - b) / math.max(math.abs(a), math.abs(b))
  return difference == difference and difference or math.huge
end

local function compare_lines(wanted, got, tolerance)
  local name, a = parse_value(wanted)
  local other_name, b = parse_value(got)
  if not a or not b or name ~= other_name then
    if wanted == got then return nil end
    return ("it printed '%s', the baseline '%s'"):format(shown(got), shown(wanted))
  end
  local difference = compare.relative_difference(a, b)
  if difference <= tolerance then return nil end
  return ("%s is %.17g, the baseline's %.17g: they differ by %.2g, allowed is %.2g"):format(
    shown(name), b, a, difference, tolerance)
end

local function lines_of(output)
  local lines = {}
  for line in output:gmatch("[^\n]+") do lines[#lines + 1] = line end
  return lines
end

--- Compares two outputs. Returns nil when they agree, else what differs first.
function compare.outputs(wanted, got, tolerance)
  local a, b = lines_of(wanted), lines_of(got)
  if #b == 0 then return "it printed nothing" end
  for i = 1, math.min(#a, #b) do
    local problem = compare_lines(a[i], b[i], tolerance)
    if problem then return problem end
  end
  if #a ~= #b then return ("it printed %d lines, the baseline %d"):format(#b, #a) end
end

return compare
