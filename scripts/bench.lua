-- Measures benchrun against its peers; see scripts/bench. Every row: what, ours, the peer's or the
-- limit, their ratio, the target and whether it is reached.

local build = arg[1] or "build"
package.path = "lua/?.lua;lua/?/init.lua;tests/bench/?.lua;" .. package.path
package.cpath = build .. "/lua/?.so;" .. package.cpath

local lfs = require "lfs"
local measures = require "measures"
local proc = require "benchrun.core.proc"
local stats = require "benchrun.core.stats"
local sys = require "benchrun.core.sys"

local row, sample, words_of = measures.row, measures.sample, measures.words_of

local program = sys.real_path(build .. "/benchrun")
local work = os.tmpname()
os.remove(work)
sys.make_directory(work)

local function ms(value) return ("%.2f ms"):format(value) end

-- The start of the program ----------------------------------------------------------------------

local function bench_start()
  local found = sample({ { program, "--version" }, { "lua5.4", "-e", "" } }, 60)
  local ratio = found[1].wall / found[2].wall
  row("start: benchrun --version, lua5.4 -e ''", ms(found[1].wall), ms(found[2].wall),
    ("%.1f×"):format(ratio), "≤ 6×", ratio <= 6)
end

-- A report on finished logs ---------------------------------------------------------------------

local SUITES = { torchbench = 80, huggingface = 46, timm_models = 62 }
local PERFORMANCE_HEADER =
  "dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio"
local FOUR = { "eager", "aot_eager", "inductor", "inductor_no_cudagraphs" }
local ELEVEN = { "ts_nnc", "ts_nvfuser", "eager", "aot_eager", "cudagraphs", "aot_nvfuser",
  "nvprims_nvfuser", "inductor", "inductor_no_cudagraphs", "inductor_max_autotune",
  "inductor_max_autotune_no_cudagraphs" }

local function write_logs(folder, compilers)
  sys.make_directory(folder)
  math.randomseed(7)
  for suite, n in pairs(SUITES) do
    for _, compiler in ipairs(compilers) do
      local perf = { PERFORMANCE_HEADER }
      local acc = { "dev,name,batch_size,accuracy" }
      for i = 1, n do
        perf[#perf + 1] = ("cuda,%s_model_%d,%d,%.4f,%.4f,%.4f,%.4f"):format(suite, i, 8,
          0.7 + math.random() * 2, math.random() * 90, math.random() * 60,
          0.6 + math.random() * 0.6)
        acc[#acc + 1] = ("cuda,%s_model_%d,4,%s"):format(suite, i,
          math.random() < 0.95 and "pass" or "fail_accuracy")
      end
      local stem = ("%s/%s_%s_float32_training_cuda_"):format(folder, compiler, suite)
      sys.write_file(stem .. "performance.csv", table.concat(perf, "\n") .. "\n")
      sys.write_file(stem .. "accuracy.csv", table.concat(acc, "\n") .. "\n")
    end
  end
end

local CONFIG = [[
local suite = { command = { "true", "{output}" } }
return benchrun.config {
  mode = "training", devices = { "cuda" }, baseline = "eager",
  compiler_table = { training = { eager = "", aot_eager = "", inductor = "",
    inductor_no_cudagraphs = "" } },
  compilers = { "eager", "aot_eager", "inductor", "inductor_no_cudagraphs" },
  suite_table = { torchbench = suite, huggingface = suite, timm_models = suite },
}
]]

local function bench_report()
  write_logs(work .. "/benchmark_logs", FOUR)
  sys.write_file(work .. "/bench.lua", CONFIG)
  local argv = { program, "report", "bench.lua" }
  local plain = table.move({ "--no-charts" }, 1, 1, #argv + 1, { table.unpack(argv) })
  local found = sample({ plain, argv }, 25, work)
  row("report, 3 suites × 4 compilers, no charts", ms(found[1].wall), "30 ms", "", "< 30 ms",
    found[1].wall < 30)
  row("the same: peak memory", ("%.1f MB"):format(found[1].peak), "40 MB", "", "< 40 MB",
    found[1].peak < 40)
  row("the same with 3 charts, PNG and SVG", ms(found[2].wall), "", "", "", nil)
end

-- The whole report of the dynamo preset, beside what was measured of the runner that it stands for
-- on a machine of this kind (it needs PyTorch; a report there imports it).

local PAST_RUNS = 15

-- A report leaves the summaries that a past run is known by.
local function write_archive(folder, argv)
  local lookup = {}
  assert(proc.run { argv = argv, cwd = work }.exit_code == 0)
  for day = 60, 59 + PAST_RUNS do
    local name = ("day_%03d_01_03_23_performance_float32_%d"):format(day, 100 + day)
    lookup[#lookup + 1] = ("%03d,performance,float32,%s"):format(day, name)
    sys.make_directory(folder .. "/" .. name)
    assert(os.execute(("cp '%s'/logs/*.csv '%s/%s/'"):format(work, folder, name)))
  end
  sys.write_file(folder .. "/lookup.csv", table.concat(lookup, "\n") .. "\n")
end

-- probes: as the preset's, or none, since python takes longer to start than all else.
local DYNAMO = [[
return benchrun.config { extends = require "dynamo", output_dir = "logs",
  build_summary = { probes = {} } }
]]

local function dynamo_row(compilers, what, found, theirs, their_peak)
  local factor = theirs and ("%.0f×"):format(theirs / found.wall) or ""
  row(("dynamo report, 3 suites × %d compilers, %s"):format(#compilers, what), ms(found.wall),
    theirs and ("%.0f ms"):format(theirs) or "", factor, "", nil)
  row("the same: peak memory", ("%.1f MB"):format(found.peak),
    their_peak and their_peak .. " MB" or "", "", "", nil)
end

local function bench_dynamo(compilers, charted, past)
  local argv = { program, "whole.lua", "--training", "--visualize-logs" }
  for _, name in ipairs(compilers) do
    table.move({ "--compilers", name }, 1, 2, #argv + 1, argv)
  end
  local function with(...) return table.move({ ... }, 1, select("#", ...), #argv + 1,
    { table.unpack(argv) }) end
  os.execute(("rm -rf '%s/logs' '%s/archive'"):format(work, work))
  write_logs(work .. "/logs", compilers)
  sys.write_file(work .. "/whole.lua", DYNAMO)
  write_archive(work .. "/archive", with "--no-charts")
  local found = sample({ with "--no-charts", argv, with("--update-dashboard",
    "--update-dashboard-test", "--archive-path", "archive") }, 7, work)
  dynamo_row(compilers, "no charts", found[1])
  dynamo_row(compilers, "3 charts", found[2], table.unpack(charted))
  dynamo_row(compilers, ("7 charts, %d past runs"):format(PAST_RUNS), found[3],
    table.unpack(past or {}))
end

-- The executor ----------------------------------------------------------------------------------

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
local layer = require("benchrun.config").load(work .. "/cells.lua")
local job = run.open(layer, { output_dir = work .. "/cells" })
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

bench_start()
bench_report()
bench_dynamo(FOUR, { 4370, 173 }, { 8600, 192 })
bench_dynamo(ELEVEN, { 7120, 188 })
bench_spawn()
bench_executor()
bench_charts()
measures.print_table()
os.execute("rm -rf '" .. work .. "'")
assert(lfs.attributes(work) == nil)
