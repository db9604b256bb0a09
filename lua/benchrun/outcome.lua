-- How a cell ended: exactly one word of a closed set, with a reason. Nothing is inferred from an
-- absence: a missing or short log is an outcome too.

local csv = require "benchrun.core.csv"
local fail = require "benchrun.fail"
local frames = require "benchrun.core.frame"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local logs = require "benchrun.logs"
local sys = require "benchrun.core.sys"

local outcome = {}

local TAIL = 4096 -- bytes of standard error that are looked at
local REASON_MAX = 200

--- Bytes that a cell may write to one file: endless output must not fill the disk.
outcome.file_max = 1 << 30

--- The outcomes, best first, with what each means.
outcome.words = { "ok", "fail", "timeout", "signal", "oom", "skip", "lost" }
outcome.help = {
  ok = "ran to its end and wrote a whole log",
  fail = "the command ended with an error, or could not be started",
  timeout = "ended by its deadline",
  signal = "the command died of a signal",
  oom = "ended for want of memory",
  skip = "not run, for the reason given",
  lost = "no whole log, or never run to its end",
}

--- An outcome of a cell. word: one of outcome.words; result: of the process, may be nil.
function outcome.new(cell, word, reason, result)
  result = result or {}
  return { cell = cell, outcome = word, reason = reason or "", wall = result.wall or 0,
    peak_bytes = result.peak_bytes }
end

local function has_log(cell) return lfs.attributes(cell.log, "mode") ~= nil end

-- Number of processes that the kernel has ended for want of memory since it started.
local function oom_kills()
  local text = sys.read_file("/proc/vmstat") or ""
  return tonumber(text:match("\noom_kill (%d+)")) or 0
end

-- The last line that says something, for a reason of one line. Read from the end: it may be large.
local function last_words(path)
  local file <close> = io.open(path, "rb")
  if not file then return "" end
  local size = file:seek("end")
  file:seek("set", math.max(0, size - TAIL))
  local last = (file:read("a") or ""):match("([^\r\n]*%S)%s*$")
  return last and ": " .. last:sub(1, REASON_MAX) or ""
end

-- Outcomes of a command that ended by itself with status 0.
local function judge_log(cell, result)
  if not has_log(cell) then
    return outcome.new(cell, "lost", "it ended well but wrote no log " .. cell.log, result)
  end
  local frame, problem = logs.read(cell)
  if not frame then return outcome.new(cell, "lost", problem, result) end
  local rows, wanted = frame:nrow(), cell.benchmarks and #cell.benchmarks or 1
  if rows < wanted then
    return outcome.new(cell, "lost", ("its log holds %d of %d benchmarks"):format(rows, wanted),
      result)
  end
  return outcome.new(cell, "ok", "", result)
end

local function signal_reason(name)
  if name ~= "SIGXFSZ" then return "died of " .. name end
  return ("it wrote more than %d MB to a file and was ended"):format(outcome.file_max >> 20)
end

local JUDGES = {
  exited = function(cell, result)
    if result.exit_code == 0 then return judge_log(cell, result) end
    return outcome.new(cell, "fail", ("exit status %d%s"):format(result.exit_code,
      last_words(cell.stderr)), result)
  end,
  signaled = function(cell, result, before)
    if result.signal_name == "SIGKILL" and oom_kills() > before.oom_kills then
      return outcome.new(cell, "oom", "the kernel ended it for want of memory", result)
    end
    return outcome.new(cell, "signal", signal_reason(result.signal_name), result)
  end,
  timeout = function(cell, result)
    return outcome.new(cell, "timeout", ("not done after %g s"):format(cell.deadline), result)
  end,
  killed = function(cell, result) return outcome.new(cell, "lost", "interrupted", result) end,
  lost = function(cell, result)
    return outcome.new(cell, "lost", "its supervisor died; nothing is known of it", result)
  end,
}

--- What to remember before a cell starts, for outcome.judge. A log of an earlier run is moved
--- aside, to LOG.old: whatever becomes of the cell, it must not be taken for this run's.
function outcome.before(cell)
  if has_log(cell) then os.rename(cell.log, cell.log .. ".old") end
  return { oom_kills = oom_kills() }
end

--- The outcome of a cell from what its process came to; before: of outcome.before.
function outcome.judge(cell, result, before) return JUDGES[result.outcome](cell, result, before) end

local COLUMNS = { "cell", "outcome", "reason", "wall_s", "peak_bytes" }

--- The path of the outcomes in an output directory.
function outcome.path(folder) return folder .. "/outcomes.csv" end

--- Writes the outcomes of a run: a row a cell, in the plan's order. Returns the path.
function outcome.write(outcomes, folder)
  local values = { {}, {}, {}, {}, {} }
  for i, each in ipairs(outcomes) do
    values[1][i], values[2][i], values[3][i] = each.cell.id, each.outcome, each.reason
    values[4][i], values[5][i] = each.wall, each.peak_bytes
  end
  local types, columns = { "string", "string", "string", "f64", "i64" }, {}
  for c, name in ipairs(COLUMNS) do
    columns[c] = { name = name, type = types[c], values = values[c], n = #outcomes }
  end
  local path = outcome.path(folder)
  fail.check(csv.write(path, frames.new(columns)))
  return path
end

local function by_cell(read)
  local rows, columns = {}, read:to_table()
  for row = 1, read:nrow() do
    local word = columns.outcome[row]
    if lists.contains(outcome.words, word) then
      rows[columns.cell[row]] = { word = word, reason = columns.reason[row],
        wall = columns.wall_s[row], peak_bytes = columns.peak_bytes[row] }
    end
  end
  return rows
end

-- True if the cell's log was written after a run: its command was given again, by hand.
local function is_rerun(cell, written)
  local at = lfs.attributes(cell.log, "modification")
  return at ~= nil and at > written
end

--- The outcomes that a run left in an output directory, for the cells of a plan; nil where there
--- are none, or where they don't tell of every cell. A log that is newer speaks for itself.
function outcome.read(plan, folder)
  local read = csv.read(outcome.path(folder), { types = { cell = "string", outcome = "string",
    reason = "string", wall_s = "f64", peak_bytes = "i64" } })
  for _, name in ipairs(COLUMNS) do
    if not read or not read:has(name) then return nil end
  end
  local outcomes, rows = {}, by_cell(read)
  local written = lfs.attributes(outcome.path(folder), "modification")
  for i, cell in ipairs(plan) do
    local row = rows[cell.id]
    if is_rerun(cell, written) then
      outcomes[i] = judge_log(cell, {})
    elseif row then
      outcomes[i] = outcome.new(cell, row.word, row.reason, row)
    else
      return nil
    end
  end
  return outcomes
end

--- Outcomes counted by word; words without any have no entry.
function outcome.count(outcomes)
  local counts = {}
  for _, each in ipairs(outcomes) do counts[each.outcome] = (counts[each.outcome] or 0) + 1 end
  return counts
end

--- "38 ok, 2 skip": the counts for people.
function outcome.count_text(outcomes)
  local counts, parts = outcome.count(outcomes), {}
  for _, word in ipairs(outcome.words) do
    if counts[word] then parts[#parts + 1] = counts[word] .. " " .. word end
  end
  return table.concat(parts, ", ")
end

return outcome
