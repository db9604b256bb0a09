-- What the scripts of measures share: commands run side by side, and the table they end in.

local proc = require "benchrun.core.proc"
local stats = require "benchrun.core.stats"

local measures = {}

local HEADER = { "measure", "benchrun", "peer or limit", "ratio", "target", "reached" }
local rows = {}

--- Adds a row. reached: true, false, or nil where there is no target.
function measures.row(what, ours, other, ratio, target, reached)
  local word = reached == nil and "" or reached and "yes" or "NO"
  rows[#rows + 1] = { what, ours, other, ratio, target, word }
end

local function median(values) return stats.run("median", values) end

--- Runs each command of the list `times` times, in turn, so that a machine's moods meet all alike.
--- Returns a list of { wall (ms), peak (MB) }, medians.
function measures.sample(commands, times, cwd)
  local walls, peaks = {}, {}
  for i = 1, #commands do walls[i], peaks[i] = {}, {} end
  for _ = 1, times do
    for i, argv in ipairs(commands) do
      local result = assert(proc.run { argv = argv, cwd = cwd })
      assert(result.exit_code == 0, table.concat(argv, " ") .. " failed")
      table.insert(walls[i], result.wall * 1000)
      table.insert(peaks[i], result.peak_bytes / 1e6)
    end
  end
  local medians = {}
  for i = 1, #commands do
    medians[i] = { wall = median(walls[i]), peak = median(peaks[i]) }
  end
  return medians
end

--- The lines "NAME NUMBER …" that a shell command prints, as { NAME = first number }.
function measures.words_of(command)
  local pipe <close> = assert(io.popen(command))
  local values = {}
  for line in pipe:lines() do
    local name, value = line:match "^(%S+)%s+(%S+)"
    if name then values[name] = tonumber(value) end
  end
  return values
end

local function width(text) return utf8.len(text) or #text end

function measures.print_table()
  table.insert(rows, 1, HEADER)
  local widths = {}
  for _, cells in ipairs(rows) do
    for i, text in ipairs(cells) do widths[i] = math.max(widths[i] or 0, width(text)) end
  end
  for _, cells in ipairs(rows) do
    local parts = {}
    for i, text in ipairs(cells) do parts[i] = text .. (" "):rep(widths[i] - width(text)) end
    print("| " .. table.concat(parts, " | ") .. " |")
  end
end

return measures
