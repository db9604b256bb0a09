-- The executor `local`: cells as child processes of this one, `jobs` at a time, each with its
-- deadline and a largest size for its files. Its output goes to files. An interrupt ends what runs
-- and leaves what has ended as it is.

local outcome = require "benchrun.outcome"
local proc = require "benchrun.core.proc"
local sys = require "benchrun.core.sys"

local executor = { help = "runs cells on this machine, several at a time" }

local TICK = 0.25 -- seconds between looks at the clock and at interrupts

-- What is going on: children and their cells side by side; the next cell of the plan.
local Run = {}
Run.__index = Run

function Run:finish(result)
  self.outcomes[result.cell.index] = result
  self.watch.finished(result)
end

function Run:start(cell)
  if cell.skip then return self:finish(outcome.new(cell, "skip", cell.skip)) end
  local before = outcome.before(cell)
  local child, problem = proc.start {
    argv = cell.argv, env = cell.env, stdout = cell.stdout, stderr = cell.stderr,
    deadline = cell.deadline, grace = self.grace, file_limit = outcome.file_max,
  }
  if not child then return self:finish(outcome.new(cell, "fail", problem)) end
  table.insert(self.children, child)
  table.insert(self.started, { cell = cell, before = before })
  self.watch.started(cell)
end

function Run:fill(jobs)
  while #self.children < jobs and self.next <= #self.plan and not self.interrupted do
    local cell = self.plan[self.next]
    self.next = self.next + 1
    self:start(cell)
  end
end

function Run:reap(i)
  local child, begun = table.remove(self.children, i), table.remove(self.started, i)
  local result = child:result()
  child:close()
  self:finish(outcome.judge(begun.cell, result, begun.before))
end

function Run:wait()
  local which = proc.wait(self.children, TICK)
  if which then self:reap(which) end
  self.watch.tick()
  if sys.interrupted() and not self.interrupted then
    self.interrupted = true
    for _, child in ipairs(self.children) do child:kill() end
  end
end

local function abandon_rest(run)
  for index, cell in ipairs(run.plan) do
    if not run.outcomes[index] then
      run:finish(outcome.new(cell, "lost", "not started: the run was interrupted"))
    end
  end
end

--- Runs the plan. options: config (its jobs and grace count). watch: started(cell),
--- finished(outcome), tick(). Returns the outcomes, one a cell in the plan's order.
function executor.run(plan, options, watch)
  local config = options.config
  local run = setmetatable({ plan = plan, next = 1, children = {}, started = {}, outcomes = {},
    grace = config.grace, watch = watch }, Run)
  run:fill(config.jobs)
  while #run.children > 0 do
    run:wait()
    run:fill(config.jobs)
  end
  abandon_rest(run)
  return run.outcomes
end

return executor
