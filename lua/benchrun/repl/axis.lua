-- Round ticks for an axis of numbers or of times.

local axis = {}

local STEPS = { 1, 2, 2.5, 5, 10 } -- times a power of ten

-- The smallest round step with which `range` takes at most `most` steps.
local function round_step(range, most)
  local least = range / most
  local power = 10.0 ^ math.floor(math.log(least, 10))
  for _, step in ipairs(STEPS) do
    if step * power >= least * (1 - 1e-9) then return step * power end
  end
  return 10 * power
end

local function number_text(value, step)
  if math.abs(value) < step / 1e6 then value = 0.0 end
  local text = ("%.10g"):format(value)
  return #text > 9 and ("%.3g"):format(value) or text
end

local MINUTE, HOUR, DAY = 60, 3600, 86400
local TIME_STEPS = { 1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
  30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
  30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY }

local function time_step(range, most)
  for _, step in ipairs(TIME_STEPS) do
    if range / step <= most then return step end
  end
  return 365 * DAY * math.ceil(range / most / (365 * DAY))
end

local function time_text(value, step)
  local form = step < MINUTE and "!%H:%M:%S" or step < DAY and "!%m-%d %H:%M" or "!%Y-%m-%d"
  local ok, text = pcall(os.date, form, math.floor(value))
  return ok and text or number_text(value, step)
end

--- Ticks within lo … hi: list of { at =, text = }, at most `most` and one; the step between them
--- is round. is_time: the numbers are seconds since 1970.
function axis.ticks(lo, hi, most, is_time)
  local text_of = is_time and time_text or number_text
  if hi <= lo then return { { at = lo, text = text_of(lo, 1) } } end
  local step = (is_time and time_step or round_step)(hi - lo, math.max(1, most))
  local ticks, first = {}, math.ceil(lo / step - 1e-9)
  for i = first, first + 2 * math.max(1, most) do
    local at = i * step
    if at > hi + step * 1e-9 then break end
    ticks[#ticks + 1] = { at = at, text = text_of(at, step) }
  end
  return ticks
end

--- lo and hi widened to round numbers, about `most` steps apart; and the ticks between.
function axis.round(lo, hi, most)
  if hi <= lo then
    local around = lo == 0 and 1 or math.abs(lo) * 0.1
    lo, hi = lo - around, hi + around
  end
  local step = round_step(hi - lo, math.max(1, most))
  lo, hi = math.floor(lo / step + 1e-9) * step, math.ceil(hi / step - 1e-9) * step
  return lo, hi, axis.ticks(lo, hi, most + 2)
end

return axis
