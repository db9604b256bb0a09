-- The readers of result files, over small files in the shape that each tool documents.

local frame = require "benchrun.frame"
local lfs = require "lfs"
local sandbox = require "sandbox"

local READERS = frame.readers() -- before a test adds its own

local function values(f, name) return f:col(name):to_table() end

-- Numbers that agree but for the last digits of a conversion.
local function near(expected, got) assert.truthy(math.abs(expected - got) <= 1e-12 * expected) end

local function refuses(expected, f, message, code)
  assert.is_nil(f)
  assert.truthy(message:find(expected, 1, true), message)
  assert.is_nil(message:find "\n")
  assert.equal("parse", code)
end

local HYPERFINE = [[
{
  "results": [
    { "command": "sort --parallel=1 data", "mean": 1.5, "stddev": 0.25, "median": 1.5, "user": 1.25,
      "system": 0.125, "min": 1.25, "max": 1.75, "times": [1.25, 1.75], "exit_codes": [0, 0],
      "parameters": { "threads": "1", "mean": "x" } },
    { "command": "sort --parallel=2 data", "mean": 1.0, "stddev": null, "median": 1.0, "user": 1.5,
      "system": 0.25, "min": 1.0, "max": 1.0, "times": [1.0], "exit_codes": [1],
      "parameters": { "threads": "2", "mean": "y" } }
  ]
}]]

local HYPERFINE_2 = [[
{ "schema_version": 2, "metadata": { "hyperfine_version": "2.0.0" },
  "primary_metric": "time_wall_clock",
  "results": [ { "command": "sleep 1", "name": "one second",
    "measurements": [
      { "time_wall_clock": { "value": 1.0, "unit": "second" }, "exit_code": 0 },
      { "time_wall_clock": { "value": 2.0, "unit": "second" }, "exit_code": 0 } ],
    "summary": {
      "time_wall_clock": { "unit": "second", "count": 2, "mean": 1.5, "stddev": 0.5, "median": 1.5,
        "min": 1.0, "max": 2.0 },
      "time_user": { "mean": 0.25 }, "time_system": { "mean": 0.125 } } } ] }]]

describe("hyperfine", function()
  it("gives a row a command, parameters as columns", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("h.json", HYPERFINE))
    assert.same({ "command", "name", "parameter_mean", "threads", "mean", "stddev", "median",
      "user", "system", "min", "max", "runs", "failed" }, f:names())
    assert.same({ 1, 2, n = 2 }, values(f, "threads"))
    assert.same({ "x", "y", n = 2 }, values(f, "parameter_mean"))
    assert.same({ 0.25, nil, n = 2 }, values(f, "stddev"))
    assert.same({ 2, 1, n = 2 }, values(f, "runs"))
    assert.same({ 0, 1, n = 2 }, values(f, "failed"))
  end)

  it("gives a row a run", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("h.json", HYPERFINE), { times = true })
    assert.same({ 1.25, 1.75, 1.0, n = 3 }, values(f, "seconds"))
    assert.same({ 1, 2, 1, n = 3 }, values(f, "run"))
    assert.same({ 0, 0, 1, n = 3 }, values(f, "exit_code"))
  end)

  it("reads what version 2 writes", function()
    local box <close> = sandbox.new()
    local path = box:write("h.json", HYPERFINE_2)
    local row = frame.read(path):row(1)
    assert.same({ command = "sleep 1", name = "one second", mean = 1.5, stddev = 0.5, median = 1.5,
      user = 0.25, system = 0.125, min = 1.0, max = 2.0, runs = 2, failed = 0 }, row)
    assert.same({ 1.0, 2.0, n = 2 }, values(frame.read(path, { times = true }), "seconds"))
  end)

  it("says what is wrong with a file", function()
    local box <close> = sandbox.new()
    local options = { format = "hyperfine" }
    refuses("--export-json", frame.read(box:write("a.json", "{"), options))
    refuses("--export-json", frame.read(box:write("a.json", "[1]"), options))
    refuses("--export-json", frame.read(box:write("a.json", "3"), options))
    refuses("result 1 has no command", frame.read(box:write("a.json", '{"results":[{}]}'), options))
    refuses("--export-json", frame.read(box:write("a.json", ""), options))
    assert.equal(0, #frame.read(box:write("a.json", '{"results":[]}'), options))
  end)
end)

local GOOGLE = [[
{
  "context": { "date": "2024-05-01T10:00:00+00:00", "num_cpus": 8, "caches": [] },
  "benchmarks": [
    { "name": "BM_Copy/64", "family_index": 0, "run_name": "BM_Copy/64", "run_type": "iteration",
      "repetitions": 2, "repetition_index": 0, "threads": 1, "iterations": 1000, "real_time": 250.0,
      "cpu_time": 500.0, "time_unit": "us", "bytes_per_second": 4096.0, "label": "warm",
      "misses": 12.5 },
    { "name": "BM_Copy/64", "run_name": "BM_Copy/64", "run_type": "iteration", "repetitions": 2,
      "repetition_index": 1, "threads": 1, "iterations": 1000, "real_time": 750.0,
      "cpu_time": 500.0, "time_unit": "us" },
    { "name": "BM_Copy/64_mean", "run_name": "BM_Copy/64", "run_type": "aggregate",
      "aggregate_name": "mean", "aggregate_unit": "time", "threads": 1, "iterations": 2,
      "real_time": 500.0, "cpu_time": 500.0, "time_unit": "us" },
    { "name": "BM_Copy/64_cv", "run_name": "BM_Copy/64", "run_type": "aggregate",
      "aggregate_name": "cv", "aggregate_unit": "percentage", "threads": 1, "iterations": 2,
      "real_time": 0.5, "cpu_time": 0.0, "time_unit": "us" },
    { "name": "BM_Fail", "run_name": "BM_Fail", "run_type": "iteration", "error_occurred": true,
      "error_message": "no file", "iterations": 0, "real_time": 0.0, "cpu_time": 0.0,
      "time_unit": "ns" }
  ]
}]]

local GOOGLE_CSV = "name,iterations,real_time,cpu_time,time_unit,bytes_per_second,"
  .. "items_per_second,label,error_occurred,error_message\n" .. [[
"BM_Copy/64",1000,250,500,us,4096,,"warm",,
"BM_Copy/64",1000,750,500,us,,,,,
"BM_Copy/64_mean",2,500,500,us,,,,,
"BM_Copy/64_median",2,500,500,us,,,,,
"BM_Copy/64_stddev",2,353.5,0,us,,,,,
"BM_Fail",,,,,,,,true,"no file"
]]

describe("google_benchmark", function()
  it("gives a row a repetition, in seconds", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("g.json", GOOGLE))
    assert.equal(3, #f)
    near(250e-6, f:get(1, "real_time"))
    assert.same({ "BM_Copy", "BM_Copy", "BM_Fail", n = 3 }, values(f, "family"))
    assert.same({ 0, 1, nil, n = 3 }, values(f, "repetition"))
    assert.same({ 12.5, n = 3 }, values(f, "misses"))
    assert.equal("no file", f:get(3, "error"))
    assert.same({ 250e-6, 750e-6, nil, n = 3 }, values(f, "real_time"))
    assert.same({ 500e-6, 500e-6, nil, n = 3 }, values(f, "cpu_time"))
    assert.equal(4096.0, f:get(1, "bytes_per_second"))
  end)

  it("gives aggregates and errors where there is nothing else", function()
    local box <close> = sandbox.new()
    local aggregates_only = GOOGLE:gsub('"run_type": "iteration"',
      '"run_type": "aggregate", "aggregate_name": "median"', 2)
    local f = frame.read(box:write("g.json", aggregates_only))
    assert.same({ "no file", nil, nil, nil, nil, n = 5 }, values(f, "error"))
    f = frame.read(box:write("g.json", aggregates_only), { aggregates = true })
    assert.equal(4, #f)
  end)

  it("gives aggregates where they are asked for", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("g.json", GOOGLE), { aggregates = true })
    assert.same({ "mean", "cv", n = 2 }, values(f, "aggregate"))
    near(500e-6, f:get(1, "real_time"))
    assert.equal(0.5, f:get(2, "real_time"))
    assert.same({ "BM_Copy/64", "BM_Copy/64", n = 2 }, values(f, "name"))
  end)

  it("reads the CSV, also behind other output", function()
    local box <close> = sandbox.new()
    for _, before in ipairs { "", "Running ./bench\nRun on (8 X 4000 MHz CPUs)\n" } do
      local path = box:write("g.csv", before .. GOOGLE_CSV)
      local f = frame.read(path)
      assert.equal(3, #f)
      near(750e-6, f:get(2, "real_time"))
      assert.equal("warm", f:get(1, "label"))
      assert.equal("no file", f:get(3, "error"))
      local sums = frame.read(path, { aggregates = true })
      assert.same({ "mean", "median", "stddev", n = 3 }, values(sums, "aggregate"))
    end
  end)

  it("says what is wrong with a file", function()
    local box <close> = sandbox.new()
    local options = { format = "google_benchmark" }
    refuses("--benchmark_out", frame.read(box:write("a.json", "{}"), options))
    refuses("--benchmark_out", frame.read(box:write("a.txt", "hello"), options))
    refuses("benchmark 1 has no name", frame.read(box:write("a.json", '{"benchmarks":[7]}'),
      options))
  end)
end)

local PYTEST = [[
{
  "machine_info": { "node": "box", "python_version": "3.11.2" },
  "commit_info": { "id": "abc123", "dirty": false },
  "benchmarks": [
    { "group": null, "name": "test_sort[100]", "fullname": "tests/test_sort.py::test_sort[100]",
      "params": { "n": 100 }, "param": "100",
      "extra_info": { "note": "warm", "n": 7, "deep": [1] }, "options": { "min_rounds": 5 },
      "stats": { "min": 0.25, "max": 0.75, "mean": 0.5, "stddev": 0.25, "rounds": 3, "median": 0.5,
        "iqr": 0.125, "q1": 0.25, "q3": 0.75, "iqr_outliers": 0, "stddev_outliers": 1,
        "outliers": "1;0", "ld15iqr": 0.25, "hd15iqr": 0.75, "ops": 2.0, "total": 1.5,
        "iterations": 1, "data": [0.25, 0.5, 0.75] } },
    { "group": "io", "name": "test_read", "fullname": "tests/test_io.py::test_read", "params": null,
      "param": null, "stats": { "min": 1.0, "max": 1.0, "mean": 1.0, "stddev": 0, "rounds": 1,
        "median": 1.0, "iqr": 0.0, "q1": 1.0, "q3": 1.0, "ops": 1.0, "iterations": 1,
        "data": [1.0] } }
  ],
  "datetime": "2024-05-01T10:00:00.123456", "version": "4.0.0"
}]]

describe("pytest_benchmark", function()
  it("gives a row a benchmark, parameters as columns", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("p.json", PYTEST))
    assert.same({ 100, nil, n = 2 }, values(f, "n"))
    assert.same({ "warm", nil, n = 2 }, values(f, "note"))
    assert.is_false(f:has "deep")
    assert.same({ nil, "io", n = 2 }, values(f, "group"))
    assert.same({ 0.5, 1.0, n = 2 }, values(f, "mean"))
    assert.same({ 3, 1, n = 2 }, values(f, "rounds"))
    assert.equal("abc123", f:get(2, "commit"))
    assert.equal("2024-05-01T10:00:00.123456", f:get(1, "datetime"))
  end)

  it("gives a row a round, where they were saved", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("p.json", PYTEST), { times = true })
    assert.same({ 0.25, 0.5, 0.75, 1.0, n = 4 }, values(f, "seconds"))
    local without = PYTEST:gsub(',%s*"data": %b[]', "")
    refuses("--benchmark-save-data", frame.read(box:write("p.json", without), { times = true }))
  end)

  it("says what is wrong with a file", function()
    local box <close> = sandbox.new()
    local options = { format = "pytest_benchmark" }
    refuses("--benchmark-json", frame.read(box:write("a.json", "{}"), options))
    refuses("benchmark 1 has no stats", frame.read(box:write("a.json", '{"benchmarks":[{}]}'),
      options))
  end)
end)

local ESTIMATE = '{"confidence_interval":{"confidence_level":0.95,"lower_bound":%d.0,'
  .. '"upper_bound":%d.0},"point_estimate":%d.0,"standard_error":1.0}'

local function estimates(middle, slope)
  local one = ESTIMATE:format(middle - 10, middle + 10, middle)
  return ('{"mean":%s,"median":%s,"median_abs_dev":%s,"slope":%s,"std_dev":%s}'):format(one, one,
    one, slope and one or "null", one)
end

local function write_criterion(box)
  box:write("c/report/index.html", "<html>")
  box:write("c/sort/quick/100/new/estimates.json", estimates(2000, true))
  box:write("c/sort/quick/100/new/benchmark.json", '{"group_id":"sort","function_id":"quick",'
    .. '"value_str":"100","throughput":{"Elements":100},"full_id":"sort/quick/100"}')
  box:write("c/sort/quick/100/new/sample.json",
    '{"sampling_mode":"Linear","iters":[10.0,20.0],"times":[20000.0,50000.0]}')
  box:write("c/sort/quick/100/base/estimates.json", estimates(9999, true))
  box:write("c/sort/quick/100/change/estimates.json", estimates(1, true))
  box:write("c/alone/new/estimates.json", estimates(500, false))
  return box:at "c"
end

describe("criterion", function()
  it("passes over folders that can't be read", function()
    local box <close> = sandbox.new()
    local folder = write_criterion(box)
    local real = lfs.dir
    lfs.dir = function(path)
      if path:find "sort" then error("cannot open " .. path) end
      return real(path)
    end
    local ok, f = pcall(frame.read, folder)
    lfs.dir = real
    assert.is_true(ok)
    assert.same({ "c/alone", n = 1 }, values(f, "name"))
  end)

  it("gives a row a benchmark of a folder, in seconds", function()
    local box <close> = sandbox.new()
    local f = frame.read(write_criterion(box))
    assert.same({ "c/alone", "sort/quick/100", n = 2 }, values(f, "name"))
    assert.same({ nil, "quick", n = 2 }, values(f, "function"))
    assert.same({ nil, "100", n = 2 }, values(f, "value"))
    near(500e-9, f:get(1, "mean"))
    near(2010e-9, f:get(2, "mean_high"))
    near(1990e-9, f:get(2, "median_low"))
    assert.is_nil(f:get(1, "slope"))
    assert.equal(100.0, f:get(2, "elements"))
  end)

  it("gives a row a sample, and reads one benchmark", function()
    local box <close> = sandbox.new()
    local folder = write_criterion(box) .. "/sort"
    local f = frame.read(folder, { times = true })
    assert.same({ 10, 20, n = 2 }, values(f, "iterations"))
    near(2.5e-6, f:get(2, "seconds"))
    assert.equal(1, #frame.read(folder .. "/quick/100/new/estimates.json"))
    assert.equal(1, #frame.read(folder .. "/quick/100/new", { format = "criterion" }))
  end)

  it("tells what an iteration goes through", function()
    local box <close> = sandbox.new()
    local folder = write_criterion(box)
    for _, case in ipairs { { '{"Bytes":8}', 8 }, { '{"BytesDecimal":8}', 8 }, { "null" },
      { '{"ElementsAndBytes":{"elements":2,"bytes":8}}', 8, 2 } } do
      box:write("c/alone/new/benchmark.json", ('{"throughput":%s}'):format(case[1]))
      local f = frame.read(folder)
      assert.equal(case[2], f:get(1, "bytes"))
      assert.equal(case[3], f:get(1, "elements"))
    end
  end)

  it("says what is wrong", function()
    local box <close> = sandbox.new()
    local options = { format = "criterion" }
    refuses("new/estimates.json", frame.read(box.path, options))
    refuses("new/estimates.json", frame.read(box:write("a.json", "{}"), options))
    box:write("c/x/new/estimates.json", "{}")
    refuses("c/x/new/estimates.json", frame.read(box:at "c", options))
    local _, message, code = frame.read(box:at "none", options)
    assert.equal("notfound", code)
    assert.equal(("can't read %s: No such file or directory"):format(box:at "none"), message)
    lfs.link(box.path, box:at "c/loop", true)
    box:write("c/x/new/estimates.json", estimates(5, true))
    assert.equal(1, #frame.read(box:at "c"))
  end)
end)

local GO = [[
goos: linux
goarch: amd64
pkg: example.org/sort
cpu: AMD EPYC
BenchmarkSort/n=100/kind=random-8  	 5000	  2000 ns/op	  50.00 MB/s	 128 B/op	   2 allocs/op
BenchmarkSort/n=100/kind=random-8  	 5000	  2500 ns/op	  40.00 MB/s	 128 B/op	   2 allocs/op
--- BENCH: BenchmarkSort/n=100/kind=random-8
    sort_test.go:8: warm
BenchmarkGC-8   	     100	  10.5 ns/op	 119041368 peak-RSS-bytes	 7 user+sys-ns/GC
BenchmarkSolo 	 20	 1e3 ns/op
BenchmarkNothing
BenchmarkBroken-8	 12 abc ns/op
PASS
ok  	example.org/sort	3.210s
pkg: example.org/other
BenchmarkSolo 	 20	 4 ns/op
]]

describe("go_bench", function()
  it("gives a row a line, in seconds and bytes", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("bench.txt", GO))
    assert.equal(5, #f)
    assert.same({ "Sort/n=100/kind=random", "Sort/n=100/kind=random", "GC", "Solo", "Solo", n = 5 },
      values(f, "name"))
    assert.same({ 8, 8, 8, nil, nil, n = 5 }, values(f, "cpus"))
    assert.same({ 1, 2, 1, 1, 1, n = 5 }, values(f, "run"))
    assert.same({ 100, 100, n = 5 }, values(f, "n"))
    assert.same({ "random", "random", n = 5 }, values(f, "kind"))
    near(2e-6, f:get(1, "seconds"))
    assert.equal(50e6, f:get(1, "bytes_per_second"))
    assert.equal(2.0, f:get(2, "allocs_per_op"))
    assert.equal(119041368, f:get(3, "peak_RSS_bytes"))
    assert.equal(7, f:get(3, "user_sys_ns_per_GC"))
    assert.same({ "example.org/sort", "example.org/other" }, { f:get(1, "pkg"), f:get(5, "pkg") })
    assert.equal("linux", f:get(5, "goos"))
  end)

  it("reads events of -json", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("bench.json", [[
{"Action":"start","Package":"example.org/sort"}
{"Action":"output","Output":"goos: linux\n"}
{"Action":"output","Output":"BenchmarkSort-8   \t"}
{"Action":"output","Output":"    5000\t      2000 ns/op\n"}
]]))
    assert.same({ "Sort", n = 1 }, values(f, "name"))
  end)

  it("says what is wrong with a file", function()
    local box <close> = sandbox.new()
    refuses("go test -bench", frame.read(box:write("a.txt", "PASS\n"), { format = "go_bench" }))
  end)
end)

local JMH = [[
[
  { "jmhVersion": "1.36", "benchmark": "org.example.Sort.quick", "mode": "avgt", "threads": 1,
    "forks": 2, "warmupIterations": 1, "measurementIterations": 2, "params": { "n": "100" },
    "primaryMetric": { "score": 250.0, "scoreError": "NaN", "scoreConfidence": [200.0, 300.0],
      "scorePercentiles": { "0.0": 200.0 }, "scoreUnit": "us/op",
      "rawData": [ [200.0, 250.0], [300.0, 250.0] ] },
    "secondaryMetrics": {
      "gc.alloc.rate": { "score": 64.0, "scoreError": 1.0, "scoreConfidence": [63.0, 65.0],
        "scoreUnit": "MB/sec", "rawData": [ [64.0, 64.0] ] } } },
  { "benchmark": "org.example.Sort.heap", "mode": "thrpt", "threads": 4, "forks": 1,
    "primaryMetric": { "score": 5.0, "scoreError": 1.0, "scoreConfidence": [4.0, 6.0],
      "scoreUnit": "ops/ms", "rawData": [ [5.0] ] }, "secondaryMetrics": {} }
] ]]

describe("jmh", function()
  it("gives a row a benchmark, in seconds or a second", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("j.json", JMH))
    assert.same({ "s/op", "ops/s", n = 2 }, values(f, "unit"))
    near(250e-6, f:get(1, "score"))
    near(5000, f:get(2, "score"))
    near(300e-6, f:get(1, "high"))
    assert.truthy(f:get(1, "error") ~= f:get(1, "error"))
    assert.same({ 100, nil, n = 2 }, values(f, "n"))
    assert.same({ 1, 4, n = 2 }, values(f, "threads"))
  end)

  it("gives secondary metrics and iterations", function()
    local box <close> = sandbox.new()
    local path = box:write("j.json", JMH)
    local f = frame.read(path, { secondary = true })
    assert.same({ "primary", "gc.alloc.rate", "primary", n = 3 }, values(f, "metric"))
    assert.equal("MB/sec", f:get(2, "unit"))
    local times = frame.read(path, { times = true })
    assert.same({ 1, 1, 2, 2, 1, n = 5 }, values(times, "fork"))
    assert.same({ 1, 2, 1, 2, 1, n = 5 }, values(times, "iteration"))
    near(300e-6, times:get(3, "score"))
  end)

  it("says what is wrong with a file", function()
    local box <close> = sandbox.new()
    local options = { format = "jmh" }
    refuses("-rf json", frame.read(box:write("a.json", '{"a":1}'), options))
    refuses("item 1 has no primaryMetric", frame.read(box:write("a.json", "[{}]"), options))
    assert.equal(0, #frame.read(box:write("a.json", "[]"), options))
  end)
end)

describe("json and jsonl", function()
  it("give a row an object", function()
    local box <close> = sandbox.new()
    local f = frame.read(box:write("a.json", '[{"a":1,"b":{"c":"x"}},{"a":2.5,"b":null}]'))
    assert.same({ "a", "b.c" }, table.move(f:names(), 1, 2, 1, {}))
    assert.same({ 1.0, 2.5, n = 2 }, values(f, "a"))
    f = frame.read(box:write("b.json", '{"a":[1,2],"b":["x","y"]}'))
    assert.same({ "x", "y", n = 2 }, values(f, "b"))
    for _, name in ipairs { "c.jsonl", "c.ndjson", "c.txt" } do
      f = frame.read(box:write(name, '{"a":1}\n{"a":2}\n'))
      assert.same({ 1, 2, n = 2 }, values(f, "a"))
    end
  end)

  it("say what is wrong with a file", function()
    local box <close> = sandbox.new()
    local path = box:write("a.json", '[{"a":1},')
    refuses(path, frame.read(path))
    refuses("line 2", frame.read(box:write("a.jsonl", '{"a":1}\n{"a":\n')))
    assert.equal("notfound", select(3, frame.read(box:at "none", { format = "json" })))
  end)
end)

local SAMPLES = { hyperfine = HYPERFINE, google_benchmark = GOOGLE, pytest_benchmark = PYTEST,
  go_bench = GO, jmh = JMH, json = '[{"a":1}]', jsonl = '{"a":1}\n{"a":2}\n', csv = "a,b\n1,2\n",
  criterion = estimates(5, true) }

-- What a damaged file may hold in place of a value.
local ODD = { "null", "{}", "[]", "-1", "1e400", '"x"', "true", "", ",", "\0", "[[1]]" }

-- With a collector that never rests a few must do.
local TURNS = os.getenv "BENCHRUN_GC" and 5 or 50

describe("every reader", function()
  -- A frame, or nil, one line and a code; never an error.
  local function check(path, options)
    local f, message, code = frame.read(path, options)
    if f then return assert.is_true(frame.is_frame(f)) end
    assert.equal("string", type(code))
    assert.is_nil(message:find "\n")
  end

  -- As box:write, without a sync for each of hundreds of files.
  local function put(path, bytes)
    local file <close> = assert(io.open(path, "wb"))
    assert(file:write(bytes))
    return path
  end

  for _, name in ipairs(READERS) do
    local options = { format = name }

    it(name .. " says what is wrong with what is no file of its", function()
      local box <close> = sandbox.new()
      for _, bytes in ipairs { "", "\0", "{", "[", "[]", "{}", "[[]]", "null", "x", "\xff\xfe" } do
        check(put(box:at "x", bytes), options)
        check(put(box:at "estimates.json", bytes), options)
      end
      check(box:at "none", options)
      check(box.path, options)
      assert.is_nil((frame.read(box:at "none", options)))
    end)

    it(name .. " takes damage", function()
      local box <close> = sandbox.new()
      local sample = assert(SAMPLES[name], "a sample of the format is missing in this test")
      local file = name == "criterion" and "estimates.json" or "x"
      check(put(box:at(file), sample), options)
      for cut = 0, #sample, math.max(1, #sample // TURNS) do
        check(put(box:at(file), sample:sub(1, cut)), options)
      end
      local words = {}
      for first, last in sample:gmatch "()[%w.+-]+()" do words[#words + 1] = { first, last } end
      for i = 1, #words, math.max(1, #words // TURNS) do
        local first, last = table.unpack(words[i])
        local bytes = sample:sub(1, first - 1) .. ODD[i % #ODD + 1] .. sample:sub(last)
        check(put(box:at(file), bytes), options)
      end
    end)
  end
end)

describe("frame.read", function()
  it("knows CSV by its name and its look", function()
    local box <close> = sandbox.new()
    assert.same({ "a", "b" }, frame.read(box:write("x.csv", "a,b\n1,2\n")):names())
    assert.same({ "a" }, frame.read(box:write("y.csv", "a\n1\n")):names())
    assert.same({ "a", "b" }, frame.read(box:write("x.tsv", "a\tb\n1\t2\n")):names())
    assert.same({ "a", "b" }, frame.read(box:write("noname", "a,b\n1,2\n")):names())
    assert.same({ "f64", "i64" }, frame.read(box:write("x.csv", "a,b\n1,2\n"),
      { types = { a = "f64" } }):types())
  end)

  it("says what it tried", function()
    local box <close> = sandbox.new()
    local f, message, code = frame.read(box:write("x.bin", "\0\1\2"))
    assert.is_nil(f)
    assert.truthy(message:find("none of the readers knows this file (criterion, csv, go_bench, ", 1,
      true))
    assert.equal("format", code)
    f, message = frame.read(box.path)
    assert.is_nil(f)
    assert.truthy(message:find("this folder", 1, true))
    assert.equal("notfound", select(3, frame.read(box:at "none")))
    assert.is_nil((frame.read "/dev/null"))
  end)

  it("raises for what it is asked wrongly", function()
    local box <close> = sandbox.new()
    local path = box:write("h.json", HYPERFINE)
    local _, problem = pcall(frame.read, path, { format = "hyprfine" })
    assert.truthy(problem:find("did you mean 'hyperfine'?", 1, true))
    _, problem = pcall(frame.read, path, { time = true })
    assert.truthy(problem:find("unknown key 'time'; did you mean 'times'?", 1, true))
  end)

  it("takes readers of a user's folder", function()
    local box <close> = sandbox.new()
    box:write("readers/upper.lua", [[
      return { help = "shouts", detect = function(path) return path:find "%.up$" ~= nil end,
        read = function(path)
          if path:find "bad" then return nil, "it is bad" end
          if path:find "odd" then return 3 end
          return require("benchrun.frame").from_rows { { path = path:upper() } }
        end }]])
    frame.add_readers(box.path)
    local path = box:write("x.up", "")
    assert.equal(path:upper(), frame.read(path):get(1, "path"))
    assert.same({ n = 3, nil, "it is bad", "parse" },
      table.pack(frame.read(box:write("bad.up", ""))))
    assert.truthy(select(2, pcall(frame.read, box:write("odd.up", ""))):find(
      "reader 'upper' must return a frame", 1, true))
  end)
end)
