-- Round ticks for an axis of numbers or of times.

local mistake = require "benchrun.frame.mistake"

local axis = {}

local TICKS_MOST = 1000 -- whatever is asked for
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
  30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY }
local MONTH = 30.4 * DAY -- about
local MONTH_STEPS = { 1, 2, 3, 6, 12, 24, 60, 120 }

local function time_step(range, most)
  for _, step in ipairs(TIME_STEPS) do
    if range / step <= most then return step end
  end
end

-- The first day of a month, counted from year 0, in seconds since 1970; by H. Hinnant's
-- days_from_civil, whose years begin in March.
local function month_start(month)
  local shifted = month - 2
  local year, in_year = shifted // 12, shifted % 12
  local days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * in_year + 2) // 5
  return (days - 719468) * DAY
end

-- Ticks at the first of months, or nil where the calendar ends.
local function month_ticks(lo, hi, most)
  local step = MONTH_STEPS[#MONTH_STEPS]
  for i = #MONTH_STEPS, 1, -1 do
    if (hi - lo) / (MONTH_STEPS[i] * MONTH) <= most then step = MONTH_STEPS[i] end
  end
  local ok, date = pcall(os.date, "!*t", math.floor(lo))
  if not ok then return nil end
  local ticks, month = {}, (date.year * 12 + date.month - 1) // step * step
  while month_start(month) <= hi and #ticks < TICKS_MOST do
    local at = month_start(month)
    if at >= lo then ticks[#ticks + 1] = { at = at, text = os.date("!%Y-%m-%d", at) } end
    month = month + step
  end
  return ticks
end

local function time_text(value, step)
  local form = step < MINUTE and "!%H:%M:%S" or step < DAY and "!%m-%d %H:%M" or "!%Y-%m-%d"
  local ok, text = pcall(os.date, form, math.floor(value))
  return ok and text or number_text(value, step)
end

-- A time by itself.
local function moment(value)
  local form = value % DAY == 0 and "!%Y-%m-%d" or "!%Y-%m-%d %H:%M:%S"
  local ok, text = pcall(os.date, form, math.floor(value))
  return { at = value, text = ok and text or number_text(value, 1) }
end

local function ticks_at(step, lo, hi, text_of)
  local ticks, first = {}, math.ceil(lo / step - 1e-9)
  for i = first, first + TICKS_MOST do
    local at = i * step
    if at > hi + step * 1e-9 then break end
    ticks[#ticks + 1] = { at = at, text = text_of(at, step) }
  end
  return ticks
end

local MOST = 1e300 -- numbers beyond it have no room between them for ticks

local function check_size(lo, hi)
  if math.max(-lo, hi) > MOST then
    mistake.raise("numbers as large as %g can't be drawn; divide them before", math.max(-lo, hi))
  end
end

--- Ticks within lo … hi: list of { at =, text = }, at most `most` and one; the step between them
--- is round. is_time: the numbers are seconds since 1970.
function axis.ticks(lo, hi, most, is_time)
  most = math.max(1, most)
  check_size(lo, hi)
  if not is_time then
    if hi <= lo then return { { at = lo, text = number_text(lo, 1) } } end
    return ticks_at(round_step(hi - lo, most), lo, hi, number_text)
  end
  if hi <= lo then return { moment(lo) } end
  local step = time_step(hi - lo, most)
  if step then return ticks_at(step, lo, hi, time_text) end
  return month_ticks(lo, hi, most) or ticks_at(round_step(hi - lo, most), lo, hi, number_text)
end

--- lo and hi widened to round numbers, about `most` steps apart; and the ticks between.
function axis.round(lo, hi, most)
  check_size(lo, hi)
  if hi <= lo then
    local around = lo == 0 and 1 or math.abs(lo) * 0.1
    lo, hi = lo - around, hi + around
  end
  local step = round_step(hi - lo, math.max(1, most))
  lo, hi = math.floor(lo / step + 1e-9) * step, math.ceil(hi / step - 1e-9) * step
  return lo, hi, axis.ticks(lo, hi, most + 2)
end

return axis
