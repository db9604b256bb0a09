-- The frame library's measures, for scripts/bench; run by `benchrun script`.
--
--   benchrun script frames.lua THREADS read FILE
--   benchrun script frames.lua THREADS many FOLDER
--   benchrun script frames.lua THREADS ops FILE LEFT RIGHT
--
-- Prints lines "MEASURE WALL_S CPU_S" and "peak_mb N", as the peers beside it do.

local frame = require "benchrun.frame"
local lfs = require "lfs"
local sys = require "benchrun.core.sys"

local function timed(name, work)
  collectgarbage()
  local begun, used = sys.monotonic(), os.clock()
  local value = assert(work())
  print(name, sys.monotonic() - begun, os.clock() - used)
  return value
end

local function peak_mb()
  for line in io.lines "/proc/self/status" do
    local kb = line:match "^VmHWM:%s*(%d+) kB"
    if kb then return kb / 1024 end
  end
end

local function files_of(folder)
  local files = {}
  for name in lfs.dir(folder) do
    if name:find "%.csv$" then files[#files + 1] = folder .. "/" .. name end
  end
  table.sort(files)
  return files
end

local measures = {}

function measures.read(path)
  timed("read", function() return frame.read_csv(path) end)
end

function measures.many(folder)
  timed("many", function() return frame.read_csv(files_of(folder), { file_column = "file" }) end)
end

local function join(left, right)
  local a, b = frame.read_csv(left), frame.read_csv(right)
  timed("join", function() return a:join(b, { "k1", "k2", "k3" }) end)
end

function measures.ops(path, left, right)
  do
    local d = assert(frame.read_csv(path))
    timed("group_geomean", function() return d:group_by("name"):agg { g = "geomean(speedup)" } end)
    timed("pivot_mean", function()
      return d:pivot { index = "name", columns = "batch_size", values = "speedup", agg = "mean" }
    end)
    timed("p95", function() return d:group_by("name"):agg { q = "quantile(speedup, 0.95)" } end)
    timed("sort_frame", function() return d:sort "abs_latency" end)
  end
  collectgarbage()
  join(left, right)
end

local threads, what = arg[1], arg[2]
sys.threads(math.tointeger(threads))
measures[what](table.unpack(arg, 3))
print("peak_mb", peak_mb())
