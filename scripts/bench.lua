-- Measures benchrun against its peers; see scripts/bench. Every row: what, ours, the peer's or the
-- limit, their ratio, the target and whether it is reached.

local build = arg[1] or "build"
package.path = "lua/?.lua;lua/?/init.lua;" .. package.path
package.cpath = build .. "/lua/?.so;" .. package.cpath

local lfs = require "lfs"
local proc = require "benchrun.core.proc"
local stats = require "benchrun.core.stats"
local sys = require "benchrun.core.sys"

local program = sys.real_path(build .. "/benchrun")
local work = os.tmpname()
os.remove(work)
sys.make_directory(work)

local rows = {}

local function row(what, ours, other, ratio, target, is_reached)
  rows[#rows + 1] = { what, ours, other, ratio, target, is_reached and "yes" or "NO" }
end

-- Results of `times` runs of each command, in turn, so that the machine's moods meet all alike.
local function sample(commands, times, cwd)
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
    medians[i] = { wall = stats.run("median", walls[i]), peak = stats.run("median", peaks[i]) }
  end
  return medians
end

local function ms(value) return ("%.2f ms"):format(value) end

-- The start of the program ----------------------------------------------------------------------

local function bench_start()
  local found = sample({ { program, "--version" }, { "lua5.4", "-e", "" } }, 60)
  local ratio = found[1].wall / found[2].wall
  row("start: benchrun --version, lua5.4 -e ''", ms(found[1].wall), ms(found[2].wall),
    ("%.1f×"):format(ratio), "≤ 6×", ratio <= 6)
end

-- A report on finished logs ---------------------------------------------------------------------

local SUITES = { torchlike = 80, facelike = 46, visionlike = 62 }
local PERFORMANCE_HEADER =
  "dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio"
local COMPILERS = { "eager", "aot", "fused", "fused_plain" }

local function write_logs(folder)
  sys.make_directory(folder)
  math.randomseed(7)
  for suite, n in pairs(SUITES) do
    for _, compiler in ipairs(COMPILERS) do
      local perf = { PERFORMANCE_HEADER }
      local acc = { "dev,name,batch_size,accuracy" }
      for i = 1, n do
        perf[#perf + 1] = ("cuda,%s_model_%d,%d,%.4f,%.4f,%.4f,%.4f"):format(suite, i, 8,
          0.7 + math.random() * 2, math.random() * 90, math.random() * 60,
          0.6 + math.random() * 0.6)
        acc[#acc + 1] = ("cuda,%s_model_%d,4,%s"):format(suite, i,
          math.random() < 0.95 and "pass" or "fail_accuracy")
      end
      local stem = ("%s/%s_%s_float32_inference_cuda_"):format(folder, compiler, suite)
      sys.write_file(stem .. "performance.csv", table.concat(perf, "\n") .. "\n")
      sys.write_file(stem .. "accuracy.csv", table.concat(acc, "\n") .. "\n")
    end
  end
end

local CONFIG = [[
local suite = { command = { "true", "{output}" } }
return benchrun.config {
  mode = "inference", devices = { "cuda" }, baseline = "eager",
  compiler_table = { inference = { eager = "", aot = "", fused = "", fused_plain = "" } },
  compilers = { "eager", "aot", "fused", "fused_plain" },
  suite_table = { torchlike = suite, facelike = suite, visionlike = suite },
}
]]

local function bench_report()
  write_logs(work .. "/benchmark_logs")
  sys.write_file(work .. "/bench.lua", CONFIG)
  local argv = { program, "report", "bench.lua" }
  local plain = table.move({ "--no-charts" }, 1, 1, #argv + 1, { table.unpack(argv) })
  local found = sample({ plain, argv }, 25, work)
  row("report, 3 suites × 4 compilers, no charts", ms(found[1].wall), "30 ms", "", "< 30 ms",
    found[1].wall < 30)
  row("the same: peak memory", ("%.1f MB"):format(found[1].peak), "40 MB", "", "< 40 MB",
    found[1].peak < 40)
  row("the same with 3 charts, PNG and SVG", ms(found[2].wall), "", "", "", true)
end

-- The executor ----------------------------------------------------------------------------------

local function words_of(command)
  local pipe <close> = assert(io.popen(command))
  local values = {}
  for line in pipe:lines() do
    local name, value = line:match("^(%S+) (%S+)$")
    values[name] = tonumber(value)
  end
  return values
end

local function bench_spawn()
  local found = words_of(build .. "/tests/bench_proc " .. build .. "/benchrun-spawn")
  local ratio = found.helped_ms / found.bare_ms
  row("spawn and wait /bin/true, bare posix_spawn", ms(found.helped_ms), ms(found.bare_ms),
    ("%.2f×"):format(ratio), "≤ 2×", ratio <= 2)
  local peak = found.true_peak_bytes / 1e6
  row("peak memory of /bin/true, parent holds 300 MB", ("%.2f MB"):format(peak), "4 MB", "",
    "< 4 MB", peak < 4)
end

-- Many trivial cells through the whole of the local executor.
local CELLS = [==[
local compilers, names = {}, {}
for i = 1, 200 do names[i] = ("c%03d"):format(i); compilers[names[i]] = "" end
return benchrun.config {
  mode = "run", testings = { "performance" }, compiler_table = { run = compilers },
  compilers = names,
  suite_table = { trivial = { command = { "/bin/true" } } }, output_dir = "cells",
}
]==]

local function bench_executor()
  sys.write_file(work .. "/cells.lua", CELLS)
  local probe = [==[
package.path = "lua/?.lua;lua/?/init.lua;" .. package.path
package.cpath = "]==] .. build .. [==[/lua/?.so;" .. package.cpath
local sys = require "benchrun.core.sys"
local run = require "benchrun.run"
local work = "]==] .. work .. [==["
local job = run.open(work .. "/cells.lua", { output_dir = work .. "/cells" })
sys.make_directory(job.config.output_dir .. "/output")
local nothing = function() end
local begun = sys.monotonic()
job.registry:get("executors", "local").run(job.plan, { config = job.config },
  { started = nothing, finished = nothing, tick = nothing })
print("seconds", (sys.monotonic() - begun) / #job.plan)
]==]
  sys.write_file(work .. "/probe.lua", probe)
  local cells, bares = {}, {}
  for i = 1, 5 do
    cells[i] = words_of("lua5.4 " .. work .. "/probe.lua | tr '\\t' ' '").seconds * 1000
    bares[i] = words_of(build .. "/tests/bench_proc " .. build .. "/benchrun-spawn").bare_ms
  end
  local cell, bare = stats.run("median", cells), stats.run("median", bares)
  row("local executor a trivial cell, bare posix_spawn", ms(cell), ms(bare),
    ("%.2f×"):format(cell / bare), "≤ 2×", cell / bare <= 2)
end

-- Charts ----------------------------------------------------------------------------------------

local function bench_charts()
  local found = words_of(build .. "/tests/bench_plot")
  row("bar chart 79 × 4, PNG", ms(found.bars_png_ms), "120 ms", "", "< 120 ms",
    found.bars_png_ms < 120)
  row("bar chart 79 × 4, SVG", ms(found.bars_svg_ms), "15 ms", "", "< 15 ms",
    found.bars_svg_ms < 15)
end

-- The table -------------------------------------------------------------------------------------

local function width(text) return utf8.len(text) or #text end

local function print_table()
  local header = { "measure", "benchrun", "peer or limit", "ratio", "target", "reached" }
  table.insert(rows, 1, header)
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

bench_start()
bench_report()
bench_spawn()
bench_executor()
bench_charts()
print_table()
os.execute("rm -rf '" .. work .. "'")
assert(lfs.attributes(work) == nil)
