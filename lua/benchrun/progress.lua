-- What a run says while it goes on, on standard error: on a terminal one line that is rewritten
-- (counts, the running cells, what is left), else a plain line for every cell that ends.

local outcome = require "benchrun.outcome"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local progress = {}

local Progress = {}
Progress.__index = Progress

--- A watch for an executor over `total` cells. out: a file handle, fd its number.
function progress.new(total, out, fd)
  return setmetatable({ total = total, out = out, fd = fd, outcomes = {}, running = {},
    begun = sys.monotonic(), is_terminal = sys.is_terminal(fd) }, Progress)
end

--- "1:05", "2:03:10": a duration in seconds for people.
function progress.duration(seconds)
  local whole = math.floor(seconds + 0.5)
  local minutes = whole // 60
  if minutes < 60 then return ("%d:%02d"):format(minutes, whole % 60) end
  return ("%d:%02d:%02d"):format(minutes // 60, minutes % 60, whole % 60)
end

-- Seconds that the rest will take if it takes as long as what is done; nil before anything is.
function Progress:estimate()
  local done, ran = #self.outcomes, 0
  for _, each in ipairs(self.outcomes) do
    if each.outcome ~= "skip" then ran = ran + 1 end
  end
  if ran == 0 then return nil end
  return (sys.monotonic() - self.begun) / ran * (self.total - done)
end

-- What is running, in at most `room` columns: of a long id the middle is left out.
local function running_text(running, room)
  local more = #running > 1 and (" and %d more"):format(#running - 1) or ""
  local id_room = room - #"running " - #more
  if id_room < 1 then return nil end
  return "running " .. text.elide(text.clean(running[1].id), id_room) .. more
end

--- The rewritten line in at most `columns` columns. What has no room at its end is left out.
function Progress:status_line(columns)
  local left = self:estimate()
  local parts = { ("[%d/%d]"):format(#self.outcomes, self.total) }
  if #self.outcomes > 0 then parts[#parts + 1] = outcome.count_text(self.outcomes) end
  if left then parts[#parts + 1] = "about " .. progress.duration(left) .. " left" end
  if self.running[1] then
    local taken = text.width(table.concat(parts, " · ")) + text.width " · "
    parts[#parts + 1] = running_text(self.running, columns - taken)
  end
  return (text.split(table.concat(parts, " · "), columns))
end

function Progress:draw()
  if not self.is_terminal then return end
  local columns = sys.terminal_columns(self.fd) or 80
  self.out:write("\r", self:status_line(columns - 1), "\27[K")
  self.out:flush()
end

--- Removes the rewritten line.
function Progress:clear()
  if self.is_terminal then self.out:write("\r\27[K") end
end

function Progress:started(cell)
  self.running[#self.running + 1] = cell
  self:draw()
end

local function outcome_line(self, result)
  local number = ("%" .. #tostring(self.total) .. "d"):format(#self.outcomes)
  local line = ("[%s/%d] %-7s %s %s"):format(number, self.total, result.outcome, result.cell.id,
    progress.duration(result.wall))
  return result.reason == "" and line or line .. ": " .. result.reason
end

function Progress:finished(result)
  for i, cell in ipairs(self.running) do
    if cell == result.cell then table.remove(self.running, i) end
  end
  self.outcomes[#self.outcomes + 1] = result
  local is_good = result.outcome == "ok" or result.outcome == "skip"
  if not self.is_terminal or not is_good then
    self:clear()
    self.out:write(text.clean(outcome_line(self, result)), "\n")
  end
  self:draw()
end

function Progress:tick() self:draw() end

--- The functions that an executor calls.
function Progress:watch()
  return {
    started = function(cell) self:started(cell) end,
    finished = function(result) self:finished(result) end,
    tick = function() self:tick() end,
  }
end

return progress
