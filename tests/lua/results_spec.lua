-- From a plan and its logs to tables, summaries, warnings and notices.

local fail = require "benchrun.fail"
local fixture = require "logs_fixture"
local registry = require("benchrun.registry").new(nil)
local lists = require "benchrun.lists"
local results = require "benchrun.results"
local transposed = require "transposed"

describe("results", function()
  local folder

  before_each(function() folder = fixture.folder() end)
  after_each(function() folder:remove() end)

  local function collect(plan, keys, outcomes)
    return results.collect(fixture.config(keys), plan, outcomes, registry)
  end

  local function find(plan, compiler, testing)
    for _, cell in ipairs(plan) do
      if cell.compiler == compiler and cell.testing == testing then return cell end
    end
  end

  -- Logs of every cell: three benchmarks, of which one fails under "fast".
  local function write_logs(plan)
    for _, cell in ipairs(plan) do
      local is_fast = cell.compiler == "fast"
      fixture.log(folder, cell, cell.testing == "accuracy"
        and { { "dot", "pass" }, { "sum", "pass" },
          { "fft", is_fast and "fail_accuracy" or "pass" } }
        or { { "dot", 8, is_fast and "0.90" or "1" }, { "sum", 8, is_fast and "2.0" or "1" },
          { "fft", 8, is_fast and "4.0" or "1" } })
    end
  end

  local function outcomes_of(plan, given)
    local list = {}
    for i, cell in ipairs(plan) do
      local word, reason = table.unpack(given[cell.id] or { "ok", "" })
      list[i] = { cell = cell, outcome = word, reason = reason, wall = 1 }
    end
    return list
  end

  local function texts(frame, names)
    return transposed(results.table_columns(frame, names or frame:names()))
  end

  local function has_notice(collected, ...)
    for _, line in ipairs(collected.notices) do
      local all = true
      for _, part in ipairs { ... } do all = all and line:find(part, 1, true) end
      if all then return true end
    end
    return false
  end

  it("have a table a metric, sorted, with numbers as they were written", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local suite = collect(plan).groups[1].suites[1]
    assert.same({ "dev", "name", "bs", "base", "fast" }, suite.tables.speedup:names())
    assert.same({ { "cpu", "fft", "8", "1", "4.0" }, { "cpu", "sum", "8", "1", "2.0" },
      { "cpu", "dot", "8", "1", "0.9" } }, texts(suite.tables.speedup))
    assert.same({ { "cpu", "dot", "4", "pass", "pass" }, { "cpu", "sum", "4", "pass", "pass" },
      { "cpu", "fft", "4", "pass", "fail_accuracy" } }, texts(suite.tables.accuracy))
    assert.equal(3, suite.rows)
  end)

  it("sort by report.sort_by, then from the last compiler to the first, then by name", function()
    local plan = fixture.plan(folder, { testings = { "performance" } })
    fixture.log(folder, plan[1], { { "b", 1, 2 }, { "c", 1, 1 }, { "a", 1, 1 }, { "d", 1, 3 } })
    fixture.log(folder, plan[2], { { "b", 1, 5 }, { "c", 1, 5 }, { "a", 1, 5 }, { "d", 1, 4 } })
    local function order(sort_by)
      local group = collect(plan, { report = { sort_by = sort_by } }).groups[1]
      local names = {}
      for i, row in ipairs(texts(group.suites[1].tables.speedup)) do names[i] = row[2] end
      return table.concat(names)
    end
    assert.equal("bacd", order(nil))
    assert.equal("dbac", order("base"))
    assert.equal("bacd", order("nobody"))
  end)

  it("summarise what passes, and count what does not", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local collected = collect(plan)
    local by_name = {}
    for _, made in ipairs(collected.groups[1].summaries) do by_name[made.name] = made.cells end
    assert.same({ base = { numeric = "100%, 3/3" }, fast = { numeric = "67%, 2/3" } },
      by_name.passrate)
    assert.equal("1.41x", by_name.geomean.fast.numeric)
    assert.equal("5.25", by_name.comp_time.fast.numeric)
    assert.equal("1.00x", by_name.memory.base.numeric)
    assert.equal(1, collected.failures)
    assert.equal(11, collected.measured) -- of 12 rows; the one that fails accuracy is no measure
  end)

  it("let slowdowns count where the config says so", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local summaries = collect(plan, { include_slowdowns = true }).groups[1].summaries
    assert.equal("1.34x", summaries[2].cells.fast.numeric)
  end)

  it("warn of flagged rows, accuracy first, of the flag compilers only", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local group = collect(plan).groups[1]
    assert.same({ "fast" }, group.flag_compilers)
    assert.equal("accuracy", group.warnings[1].metric.name)
    assert.same({ { "numeric", "fft", "fail_accuracy" } }, texts(group.warnings[1].frame))
    assert.equal("speedup", group.warnings[2].metric.name)
    assert.same({ { "numeric", "dot", "0.9" } }, texts(group.warnings[2].frame))
    assert.equal(2, #group.warnings)
    assert.same({}, collect(plan, { flag_compilers = { "base", "nobody" } }).groups[1].warnings)
  end)

  it("need no accuracy where none was tested", function()
    local plan = fixture.plan(folder, { testings = { "performance" } })
    write_logs(plan)
    local collected = collect(plan)
    assert.equal("100%, 3/3", collected.groups[1].summaries[1].cells.fast.numeric)
    assert.is_nil(collected.groups[1].suites[1].tables.accuracy)
    assert.equal(0, collected.failures)
  end)

  it("count failures of accuracy where nothing else was tested", function()
    local plan = fixture.plan(folder, { testings = { "accuracy" } })
    write_logs(plan)
    local collected = collect(plan)
    assert.same({}, collected.groups[1].summaries)
    assert.equal(1, collected.failures)
  end)

  it("keep devices and dtypes apart", function()
    local plan = fixture.plan(folder, { devices = { "cpu", "gpu" },
      dtypes = { "float32", "bf16" } })
    write_logs(plan)
    local labels, files = {}, {}
    for i, group in ipairs(collect(plan).groups) do
      labels[i], files[i] = group.label, group.summaries[1].file
    end
    assert.same({ "cpu, float32", "cpu, bf16", "gpu, float32", "gpu, bf16" }, labels)
    assert.same({ "passrate_cpu_float32.csv", "passrate_cpu_bf16.csv", "passrate_gpu_float32.csv",
      "passrate_gpu_bf16.csv" }, files)
    plan = fixture.plan(folder, { dtypes = { "float32", "bf16" } })
    local group = collect(plan).groups[2]
    assert.same({ "bf16", "_bf16" }, { group.label, group.suffix })
  end)

  it("show a row that one compiler lacks as failed, and say so", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    fixture.log(folder, find(plan, "fast", "performance"), { { "dot", 8, "2" }, { "sum", 8, "3" } })
    local collected = collect(plan)
    local speedup = collected.groups[1].suites[1].tables.speedup
    assert.same({ { "sum", "8", "1", "3.0" }, { "dot", "8", "1", "2.0" },
      { "fft", "8", "1", "0.0" } }, texts(speedup, { "name", "bs", "base", "fast" }))
    assert.is_true(has_notice(collected, "fast_numeric", "no row for fft"))
  end)

  it("say which values are missing", function()
    local plan = fixture.plan(folder, { testings = { "performance" } })
    for _, cell in ipairs(plan) do
      folder:write(cell.id .. ".csv", { "cpu,dot,8,1.5" })
    end
    local collected = collect(plan)
    assert.is_true(has_notice(collected, "no compression_ratio in the logs of base, fast"))
    assert.equal("0.0x", collected.groups[1].summaries[4].cells.fast.numeric)
    assert.equal("compression_ratio", collected.groups[1].warnings[1].metric.name)
  end)

  it("are made from what is there of finished logs, and name what is not", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    os.remove(plan[1].log)
    assert(io.open(plan[4].log, "w")):close()
    local collected = collect(plan)
    assert.same({ plan[1].log, plan[4].log }, collected.missing)
    assert.is_true(has_notice(collected, plan[1].id))
    assert.is_true(collected.measured > 0)
  end)

  it("name finished logs that can't be read", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local file <close> = assert(io.open(plan[2].log, "w"))
    file:write("Segmentation fault\n")
    file:close()
    assert.same({ plan[2].log }, collect(plan).missing)
  end)

  it("refuse finished logs of which none is there", function()
    local plan = fixture.plan(folder, {})
    local ok, problem = pcall(collect, plan)
    assert.is_false(ok)
    assert.equal(fail.status.cannot, fail.of(problem).status)
    assert.is_truthy(problem.message:find("all 4 logs are missing or empty", 1, true))
    assert.is_truthy(problem.message:find(plan[1].log, 1, true))
  end)

  it("are made from what is there after a run, with the reason for what is not", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local gone = find(plan, "fast", "performance")
    os.remove(gone.log)
    local given = { [gone.id] = { "timeout", "after 5 s" } }
    local collected = collect(plan, nil, outcomes_of(plan, given))
    assert.is_true(has_notice(collected, gone.id, "timeout: after 5 s"))
    local passrate = collected.groups[1].summaries[1].cells
    assert.equal("100%, 3/3", passrate.base.numeric)
    assert.equal("0%, 0/3", passrate.fast.numeric)
    assert.equal(3, collected.failures)
  end)

  it("show planned benchmarks that no log has, after a run", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    for _, cell in ipairs(plan) do
      cell.benchmarks = { { name = "dot" }, { name = "sum" }, { name = "fft" }, { name = "lost" } }
    end
    local run = collect(plan, nil, outcomes_of(plan, {}))
    assert.equal("75%, 3/4", run.groups[1].summaries[1].cells.base.numeric)
    assert.is_true(has_notice(run, "no row for lost"))
    assert.equal("100%, 3/3", collect(plan).groups[1].summaries[1].cells.base.numeric)
  end)

  it("leave out a compiler whose cells were all skipped, with the reason", function()
    local plan = fixture.plan(folder, { compilers = { "base", "fast", "absent" } })
    local given = {}
    for _, cell in ipairs(plan) do
      if cell.compiler == "absent" then
        cell.skip, given[cell.id] = "it is not installed", { "skip", "it is not installed" }
      else
        write_logs { cell }
      end
    end
    for _, outcomes in ipairs { outcomes_of(plan, given), false } do
      local collected = collect(plan, nil, outcomes or nil)
      assert.same({ "base", "fast" }, collected.groups[1].compilers)
      assert.is_true(has_notice(collected, "absent (float32)", "it is not installed"))
    end
  end)

  it("are not stopped by a broken log", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local broken = find(plan, "fast", "performance")
    folder:write(broken.id .. ".csv", { fixture.header, 'cpu,"dot' })
    local collected = collect(plan)
    assert.is_true(has_notice(collected, broken.id .. ".csv:2:"))
    assert.equal("100%, 3/3", collected.groups[1].summaries[1].cells.base.numeric)
  end)

  it("measure nothing in logs without rows", function()
    local plan = fixture.plan(folder, {})
    for _, cell in ipairs(plan) do fixture.log(folder, cell, {}) end
    local collected = collect(plan)
    assert.equal(0, collected.measured)
    assert.equal("0%, 0/0", collected.groups[1].summaries[1].cells.fast.numeric)
    assert.is_true(has_notice(collected, "the log has no rows"))
  end)

  it("refuse logs of different batch sizes", function()
    local plan = fixture.plan(folder, { testings = { "performance" } })
    fixture.log(folder, plan[1], { { "dot", 8, 1 } })
    fixture.log(folder, plan[2], { { "dot", 16, 1 } })
    local ok, problem = pcall(collect, plan)
    assert.is_false(ok)
    assert.is_truthy(fail.of(problem))
  end)

  it("leave out, after a run, what was run with different batch sizes", function()
    local plan = fixture.plan(folder, { testings = { "performance" } })
    fixture.log(folder, plan[1], { { "dot", 8, 1 }, { "sum", 8, 1 }, { "max", 0, 1 } })
    fixture.log(folder, plan[2], { { "dot", 16, 1 }, { "sum", 0, 2 }, { "max", 4, 3 } })
    local collected = collect(plan, nil, outcomes_of(plan, {}))
    assert.is_true(has_notice(collected, "dot was run with batch size 8 in"))
    local frame = collected.groups[1].suites[1].tables.speedup
    local names = frame:col("name"):to_table()
    assert.is_false(lists.contains(names, "dot"))
    assert.is_true(lists.contains(names, "sum") and lists.contains(names, "max"))
  end)

  it("write their summaries as CSV", function()
    local plan = fixture.plan(folder, { suites = { "numeric", "a,b" } })
    write_logs(plan)
    local files = results.write_csvs(collect(plan), folder.path)
    local names = {}
    for i, file in ipairs(files) do names[i] = file:match("[^/]*$") end
    assert.same({ "passrate.csv", "geomean.csv", "comp_time.csv", "memory.csv" }, names)
    assert.equal(',Compiler,numeric,"a,b"\nbase,base,"100%, 3/3","100%, 3/3"\n'
      .. 'fast,fast,"67%, 2/3","67%, 2/3"\n', folder:read "passrate.csv")
    assert.equal(',Compiler,numeric,"a,b"\nbase,base,5.25,5.25\nfast,fast,5.25,5.25\n',
      folder:read "comp_time.csv")
  end)

  it("say that a file can't be written", function()
    local plan = fixture.plan(folder, {})
    write_logs(plan)
    local ok, problem = pcall(results.write_csvs, collect(plan), folder.path .. "/nowhere")
    assert.is_false(ok)
    assert.equal(fail.status.cannot, fail.of(problem).status)
  end)

  it("write a cell in its shortest form", function()
    local frames = require "benchrun.core.frame"
    local frame = frames.new {
      { name = "f", type = "f64", values = { 1.25, 1.0, 1e-5, 1e16, math.huge, nil }, n = 6 },
      { name = "i", type = "i64", values = { 1, 2, 3, 4, 5, nil }, n = 6 },
      { name = "s", type = "string", values = { "a", "", "b", "c", "d", nil }, n = 6 },
    }
    assert.same({ { "1.25", "1.0", "1e-05", "1e+16", "inf", "0.0" },
      { "1", "2", "3", "4", "5", "0.0" }, { "a", "", "b", "c", "d", "" } },
      results.table_columns(frame, { "f", "i", "s" }))
  end)
end)
