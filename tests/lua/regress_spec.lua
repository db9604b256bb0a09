-- Comparisons of archived runs, each a folder of small logs and summaries.

local regress = require "benchrun.regress"
local registry = require("benchrun.registry").new(nil)
local sandbox = require "sandbox"
local transposed = require "transposed"

local HEADER = "dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio\n"

local function config(keys)
  local made = { suites = { "numeric" }, compilers = { "base", "fast", "slow" },
    flag_compilers = { "fast", "slow" }, devices = { "cpu" }, dtypes = { "float32" },
    mode = "inference", testings = { "performance", "accuracy" }, archive = { renamed = {} },
    metrics = { "speedup", "accuracy", "compilation_latency", "compression_ratio",
      "abs_latency" } }
  for key, value in pairs(keys or {}) do made[key] = value end
  return made
end

-- A run in the box. files: name without ".csv" → text.
local function add_run(box, name, files)
  for file, content in pairs(files or {}) do box:write(name .. "/" .. file .. ".csv", content) end
  return { name = name, label = "archive/" .. name, folder = box:at(name), dtype = "float32" }
end

local function log_name(compiler, testing, suite, group)
  return ("%s_%s_%s_%s"):format(compiler, suite or "numeric", group or "float32_inference_cpu",
    testing)
end

-- The two logs of a compiler. rows: list of { name, speedup, accuracy, compilation latency,
-- compression ratio }; what follows the name may be left out.
local function logs_of(compiler, rows, suite, group)
  local performance, accuracy = { HEADER }, { "dev,name,batch_size,accuracy\n" }
  for _, row in ipairs(rows) do
    performance[#performance + 1] = ("cpu,%s,4,%s,10,%s,%s\n"):format(row[1], row[2] or "1.5",
      row[4] or "20.5", row[5] or "1.25")
    accuracy[#accuracy + 1] = ("cpu,%s,4,%s\n"):format(row[1], row[3] or "pass")
  end
  return { [log_name(compiler, "performance", suite, group)] = table.concat(performance),
    [log_name(compiler, "accuracy", suite, group)] = table.concat(accuracy) }
end

local function all_of(...)
  local files = {}
  for _, more in ipairs { ... } do
    for name, content in pairs(more) do files[name] = content end
  end
  return files
end

-- The tables of the regressions: title of the metric → rows.
local function rows_of(suite)
  local found = {}
  for _, each in ipairs(suite.tables) do
    assert.same({ "compiler", "name", "prev_status", "cur_status" }, each.columns)
    found[each.metric.name] = transposed(each.cells)
  end
  return found
end

local function compare(runs, keys) return regress.compare(config(keys), registry, runs) end

-- What two runs of `fast` alone come to.
local function compare_rows(box, before, now, keys)
  local comparison = compare({ add_run(box, "old", logs_of("fast", before)),
    add_run(box, "new", logs_of("fast", now)) }, keys or { flag_compilers = { "fast" } })
  return rows_of(comparison.suites[1]), comparison
end

describe("regressions", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  it("are what is flagged now and was not before, by metric, what is wrong first", function()
    local before = { { "a" }, { "b" }, { "c" }, { "d" }, { "e" } }
    local now = { { "a", "0.8312" }, { "b", nil, "fail_accuracy" }, { "c", nil, nil, "150.25" },
      { "d", nil, nil, nil, "0.8" }, { "e" } }
    local rows, comparison = compare_rows(box, before, now)
    assert.same({ { "fast", "a", "1.5", "0.8312" } }, rows.speedup)
    assert.same({ { "fast", "b", "pass", "fail_accuracy" } }, rows.accuracy)
    assert.same({ { "fast", "c", "20.5", "150.25" } }, rows.compilation_latency)
    assert.same({ { "fast", "d", "1.25", "0.8" } }, rows.compression_ratio)
    assert.equal("accuracy", comparison.suites[1].tables[1].metric.name)
    assert.equal("speedup", comparison.suites[1].tables[2].metric.name)
    assert.equal(4, comparison.count)
    assert.same({}, comparison.notices)
  end)

  it("are not what was flagged before, nor what got slower without a flag", function()
    local rows, comparison = compare_rows(box, { { "a", "0.9" }, { "b", "3.0" } },
      { { "a", "0.1" }, { "b", "1.0" } })
    assert.same({}, rows)
    assert.equal(0, comparison.count)
  end)

  it("show a failed benchmark as 0.0", function()
    local rows = compare_rows(box, { { "a" } }, { { "a", "infra_error" } })
    assert.same({ { "fast", "a", "1.5", "0.0" } }, rows.speedup)
  end)

  it("count a failed run as not slow to compile", function()
    local rows = compare_rows(box, { { "a", "0.0", nil, "" } }, { { "a", "0.0", nil, "130" } })
    assert.same({ { "fast", "a", "0.0", "130" } }, rows.compilation_latency)
  end)

  it("match rows by name: order, batch size and further rows don't matter", function()
    local rows, comparison = compare_rows(box, { { "a" }, { "b" } }, { { "b", "0.5" }, { "new",
      "0.5" }, { "a" } })
    assert.same({ { "fast", "b", "1.5", "0.5" } }, rows.speedup)
    assert.same({}, comparison.notices)
  end)

  it("say which benchmarks have no row any more", function()
    local _, comparison = compare_rows(box, { { "a" }, { "b" } }, { { "a" } })
    assert.equal(0, comparison.count)
    assert.same({ "fast, numeric: archive/old has rows for b, archive/new has none" },
      comparison.notices)
  end)

  it("keep hostile names as they are", function()
    local name = '"a,|~~~<b>\27"'
    local rows = compare_rows(box, { { name } }, { { name, "0.5" } })
    assert.same({ { "fast", "a,|~~~<b>\27", "1.5", "0.5" } }, rows.speedup)
  end)

  it("list the compilers in order, in one table a metric", function()
    local good = all_of(logs_of("fast", { { "a" } }), logs_of("slow", { { "a" } }))
    local bad = all_of(logs_of("fast", { { "a", "0" } }), logs_of("slow", { { "a", "0.25" } }))
    local runs = { add_run(box, "old", good), add_run(box, "new", bad) }
    assert.same({ { "fast", "a", "1.5", "0.0" }, { "slow", "a", "1.5", "0.25" } },
      rows_of(compare(runs).suites[1]).speedup)
  end)

  it("leave out flag compilers that are not run", function()
    local suites = compare({}, { compilers = { "base", "slow" } }).suites
    assert.same({ { compiler = "slow" } }, suites[1].pairs)
  end)

  it("take for each suite and compiler its own two newest runs", function()
    local fast, slow = logs_of("fast", { { "a" } }), logs_of("slow", { { "a" } })
    local sorting = logs_of("fast", { { "a" } }, "sorting")
    local runs = { add_run(box, "r1", all_of(fast, slow, sorting)), add_run(box, "r2", slow),
      add_run(box, "r3", all_of(fast, sorting)), add_run(box, "r4", fast) }
    local suites = compare(runs, { suites = { "numeric", "sorting" } }).suites
    assert.same({ { compiler = "fast", current = "archive/r4", previous = "archive/r3" },
      { compiler = "slow", current = "archive/r2", previous = "archive/r1" } }, suites[1].pairs)
    assert.same({ { compiler = "fast", current = "archive/r3", previous = "archive/r1" },
      { compiler = "slow" } }, suites[2].pairs)
  end)

  it("need both logs of a run", function()
    local half = logs_of("fast", { { "a" } })
    half[log_name("fast", "accuracy")] = nil
    local runs = { add_run(box, "r1", logs_of("fast", { { "a" } })), add_run(box, "r2", half) }
    assert.same({ compiler = "fast", current = "archive/r1" }, compare(runs).suites[1].pairs[1])
  end)

  it("pass over a run whose log can't be read, with a notice", function()
    local broken = logs_of("fast", { { "a", "0.1" } })
    broken[log_name("fast", "accuracy")] = "<<<<<<< HEAD\n"
    local runs = { add_run(box, "r1", logs_of("fast", { { "a" } })), add_run(box, "r2", broken),
      add_run(box, "r3", logs_of("fast", { { "a", "0.5" } })) }
    local comparison = compare(runs, { flag_compilers = { "fast" } })
    assert.equal("archive/r1", comparison.suites[1].pairs[1].previous)
    assert.equal(1, comparison.count)
    assert.equal(1, #comparison.notices)
    assert.is_truthy(comparison.notices[1]:find("archive/r2 is left out of the regressions of fast",
      1, true))
  end)

  it("pass over a run whose log has no rows, with a notice", function()
    local runs = { add_run(box, "r1", logs_of("fast", { { "a" } })),
      add_run(box, "r2", logs_of("fast", {})), add_run(box, "r3", logs_of("fast", { { "a" } })) }
    local comparison = compare(runs, { flag_compilers = { "fast" } })
    assert.equal("archive/r1", comparison.suites[1].pairs[1].previous)
    assert.is_truthy(comparison.notices[1]:find("the log has no rows; archive/r2", 1, true))
  end)

  it("pass over a log that is no file", function()
    local made = logs_of("fast", { { "a" } })
    made[log_name("fast", "accuracy")] = nil
    local run = add_run(box, "r1", made)
    assert(require("lfs").mkdir(run.folder .. "/" .. log_name("fast", "accuracy") .. ".csv"))
    assert.same({ compiler = "fast" }, compare({ run }).suites[1].pairs[1])
  end)

  it("don't compare a column that a log lacks, and say so", function()
    local lacking = logs_of("fast", { { "a" } })
    lacking[log_name("fast", "performance")] = "dev,name,batch_size,speedup\ncpu,a,4,0.5\n"
    local runs = { add_run(box, "old", logs_of("fast", { { "a" } })), add_run(box, "new", lacking) }
    local comparison = compare(runs, { flag_compilers = { "fast" } })
    assert.same({ speedup = { { "fast", "a", "1.5", "0.5" } } }, rows_of(comparison.suites[1]))
    assert.same({ "fast, numeric: no compilation_latency in the log of archive/new; not compared",
      "fast, numeric: no compression_ratio in the log of archive/new; not compared" },
      comparison.notices)
  end)

  it("take the last of several rows with a name", function()
    local rows = compare_rows(box, { { "a", "0.1" }, { "a" } }, { { "a" }, { "a", "0.5" } })
    assert.same({ { "fast", "a", "1.5", "0.5" } }, rows.speedup)
  end)

  it("are told apart by device and dtype", function()
    local function both(amp)
      return all_of(logs_of("fast", { { "a" } }), logs_of("fast", { { "a", amp } }, nil,
        "amp_inference_cpu"))
    end
    local runs = { add_run(box, "old", both "1.5"), add_run(box, "new", both "0.5") }
    local comparison = compare(runs, { dtypes = { "float32", "amp" } })
    assert.same({ "float32", "amp" }, { comparison.suites[1].label, comparison.suites[2].label })
    assert.same({}, comparison.suites[1].tables)
    assert.same({ { "fast", "a", "1.5", "0.5" } }, rows_of(comparison.suites[2]).speedup)
    comparison = compare({}, { devices = { "cpu", "cuda" } })
    assert.equal("cuda, float32", comparison.suites[2].label)
    assert.is_nil(compare({}).suites[1].label)
  end)

  it("take what was tested: without accuracy the performance logs do", function()
    local function half(speedup)
      local files = logs_of("fast", { { "a", speedup } })
      files[log_name("fast", "accuracy")] = nil
      return files
    end
    local runs = { add_run(box, "old", half "1.5"), add_run(box, "new", half "0.5") }
    local comparison = compare(runs, { testings = { "performance" } })
    assert.equal(1, comparison.count)
  end)
end)

describe("the summary diff", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function summaries(passrate, geomean, suffix)
    return { ["passrate" .. (suffix or "")] = passrate, ["geomean" .. (suffix or "")] = geomean }
  end

  local function small(value, suffix)
    return summaries(',Compiler,numeric\nfast,fast,"9%, ' .. value .. '"\n',
      (",Compiler,numeric\nfast,fast,%sx\n"):format(value), suffix)
  end

  it("shows what both of the two newest runs have, by compiler and suite", function()
    local old = summaries(",Compiler,numeric\nbase,base,1\nfast,fast,\"50%, 1/2\"\n",
      ",Compiler,numeric\nfast,fast,1.25x\nslow,slow,\n")
    local new = summaries(",Compiler,numeric,sorting\nfast,fast,\"100%, 2/2\",1\nslow,slow,1,1\n",
      ",Compiler,numeric,sorting\nslow,slow,2.00x,1\nfast,fast,1.50x,1\n")
    local runs = { add_run(box, "old", old), add_run(box, "new", new) }
    local comparison = compare(runs, { suites = { "numeric", "sorting" } })
    local diff = comparison.summary_diff
    assert.equal(comparison.summary_diffs[1], diff)
    assert.same({ "archive/new", "archive/old" }, { diff.current, diff.previous })
    assert.same({ "Passrate", "Geometric mean speedup" }, { diff.tables[1].title,
      diff.tables[2].title })
    assert.same({ "compiler", "suite", "prev_value", "cur_value" }, diff.tables[1].columns)
    assert.same({ { "fast", "numeric", "50%, 1/2", "100%, 2/2" } },
      transposed(diff.tables[1].cells))
    assert.same({ { "fast", "numeric", "1.25x", "1.50x" } }, transposed(diff.tables[2].cells))
    assert.same({}, comparison.notices)
  end)

  it("passes over runs that lack one of the files", function()
    local half = small "2"
    half.geomean = nil
    local runs = { add_run(box, "r1", small "1"), add_run(box, "r2", half),
      add_run(box, "r3", small "3"), add_run(box, "r4") }
    local diff = compare(runs).summary_diff
    assert.same({ "archive/r3", "archive/r1" }, { diff.current, diff.previous })
  end)

  it("passes over runs whose files can't be read, with a notice", function()
    local broken = small "2"
    broken.passrate = ",Compiler,numeric,numeric\n"
    local headless = small "3"
    headless.geomean = "fast,1.00x\n"
    local runs = { add_run(box, "r1", small "1"), add_run(box, "r2", broken),
      add_run(box, "r3", headless), add_run(box, "r4", small "4") }
    local comparison = compare(runs)
    assert.equal("archive/r1", comparison.summary_diff.previous)
    assert.equal(2, #comparison.notices)
    assert.is_truthy(comparison.notices[1]:find("no column 'Compiler'; archive/r3 is left out of "
      .. "the summary diff", 1, true))
    assert.is_truthy(comparison.notices[2]:find("archive/r2", 1, true))
  end)

  it("names no runs where there are no two", function()
    assert.same({ tables = {} }, compare({}).summary_diff)
    assert.same({ tables = {} }, compare({ add_run(box, "r1", small "1") }).summary_diff)
    assert.same({ tables = {} }, compare({ { label = "gone", folder = box:at "gone" } })
      .summary_diff)
  end)

  it("reads the old name of a compiler as its new one, unless both are there", function()
    local old = summaries(",Compiler,numeric\nquick,quick,1\n",
      ",Compiler,numeric\nquick,quick,1.00x\nfast,fast,3.00x\n")
    local runs = { add_run(box, "old", old), add_run(box, "new", small "2") }
    local diff = compare(runs, { archive = { renamed = { quick = "fast" } } }).summary_diff
    assert.same({ { "fast", "numeric", "1", "9%, 2" } }, transposed(diff.tables[1].cells))
    assert.same({ { "fast", "numeric", "3.00x", "2x" } }, transposed(diff.tables[2].cells))
    diff = compare(runs).summary_diff
    assert.same({}, transposed(diff.tables[1].cells))
  end)

  it("finds the files of runs with several dtypes and devices, a group at a time", function()
    local several = all_of(small("10", "_float32"), small("11", "_amp"))
    local runs = { add_run(box, "old", all_of(small("1", "_cpu_float32"),
      small("2", "_cpu_amp"))), add_run(box, "new", several) }
    local diffs = compare(runs, { dtypes = { "float32", "amp" } }).summary_diffs
    assert.equal("amp", diffs[2].label)
    assert.same({ { "fast", "numeric", "1x", "10x" } }, transposed(diffs[1].tables[2].cells))
    assert.same({ { "fast", "numeric", "2x", "11x" } }, transposed(diffs[2].tables[2].cells))
    runs = { add_run(box, "plain", small "5"), runs[2] }
    diffs = compare(runs, { dtypes = { "float32", "amp" } }).summary_diffs
    assert.same({ { "fast", "numeric", "5x", "10x" } }, transposed(diffs[1].tables[2].cells))
    assert.is_nil(diffs[2].previous)
  end)

  it("is of the summaries that the config's metrics make", function()
    local runs = { add_run(box, "old", small "1"), add_run(box, "new", small "2") }
    local diff = compare(runs, { metrics = { "accuracy" } }).summary_diff
    assert.same({ tables = {} }, diff)
  end)
end)
