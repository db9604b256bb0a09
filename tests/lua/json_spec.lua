-- The JSON writer, and the json renderer: valid by its schema, whatever the data.

local cjson = require "cjson"
local fixture = require "ci_fixture"
local json = require "benchrun.json"
local renderer = fixture.registry:get("renderers", "json")
local sys = require "benchrun.core.sys"

local PERFORMANCE = "fast_numeric_float32_inference_cpu_performance"

describe("json.encode", function()
  local function line(value) return (json.encode(value):gsub("\n$", "")) end

  it("writes scalars", function()
    assert.equal("null", line(nil))
    assert.equal("true", line(true))
    assert.equal("1", line(1))
    assert.equal("-9223372036854775808", line(math.mininteger))
    assert.equal("1.0", line(1.0))
    assert.equal("0.1", line(0.1))
    assert.equal('"a/b"', line("a/b"))
  end)

  it("writes every number so that it reads back", function()
    for _, x in ipairs { 1 / 3, 5e-324, 1.7976931348623157e308, -0.0, 1e16, 123456789.125 } do
      assert.equal(x, cjson.decode("[" .. line(x) .. "]")[1])
    end
  end)

  it("writes null for what is no number", function()
    for _, x in ipairs { math.huge, -math.huge, 0 / 0 } do assert.equal("null", line(x)) end
  end)

  it("writes strings that read back", function()
    for _, raw in ipairs { "", '"\\', "\\/", "a\\\\/b", "/", "\0\1\31\127\n", "é日本𝄞", "\u{2028}",
      "</script>" } do
      assert.equal(raw, cjson.decode("[" .. line(raw) .. "]")[1])
    end
  end)

  it("shows the bytes of what is no UTF-8", function()
    assert.equal([["a\\xffb"]], line("a\xffb"))
    assert.is_truthy(utf8.len(line("\xed\xa0\x80")))
    assert.is_truthy(utf8.len(line("\xf8\x88\x80\x80\x80")))
  end)

  it("sorts the keys of tables", function()
    assert.equal('{ "a": 1, "b": 2, "c": 3 }', line { c = 3, a = 1, b = 2 })
  end)

  it("keeps the order of an object's members and writes all of them", function()
    assert.equal('{ "b": 2, "a": null }', line(json.object({ "b", "a" }, { b = 2, c = 1 })))
  end)

  it("tells empty lists from empty objects", function()
    assert.equal("[]", line(json.list {}))
    assert.equal("{}", line {})
    assert.equal("{}", line(json.object({}, { a = 1 })))
  end)

  it("makes items by a function, false too", function()
    assert.equal("[ 2, 3 ]", line(json.list({ 1, 2 }, function(x) return x + 1 end)))
    assert.equal("[ false ]", line(json.list({ 0 }, function() return false end)))
    assert.equal("[ false ]", line(json.list { false }))
  end)

  it("gives a line to each item of what holds containers", function()
    assert.equal([[
{
  "list": [
    { "a": 1 },
    []
  ],
  "n": 1
}
]], json.encode { n = 1, list = json.list { { a = 1 }, json.list {} } })
  end)

  it("leaves what it is given as it was", function()
    local list = { 1 }
    json.encode(json.list(list))
    assert.is_nil(getmetatable(list))
  end)

  it("raises on what JSON has no form for", function()
    assert.has_error(function() json.encode { f = print } end, "function in JSON")
  end)
end)

describe("the json renderer", function()
  local function render(results)
    return renderer.render({}, { results = results, registry = fixture.registry })
  end

  local function document(results) return cjson.decode(render(results)) end

  local function compared(comparison)
    local results = fixture.results {}
    results.comparison = comparison
    return results
  end

  -- A comparison of runs that are not there, and what the real one gives without any.
  local function nothing_compared()
    return { count = 0, notices = {}, summary_diffs = { { tables = {} } },
      suites = { { name = "numeric", tables = {}, pairs = { { compiler = "fast" } } } } }
  end

  local function really_compared()
    local results = fixture.results { config = { suites = { "numeric" }, devices = { "cpu" },
      compilers = { "base", "fast" }, flag_compilers = { "fast" }, dtypes = { "float32" },
      testings = { "performance", "accuracy" } } }
    results.comparison = require("benchrun.regress").compare(results.config, fixture.registry, {})
    return results
  end

  it("is valid by its schema, whatever has happened", function()
    local all = { fixture.results {}, fixture.results { finished = true },
      fixture.results { outcomes = { [PERFORMANCE] = { "oom", "ended" } } },
      fixture.results { axes = { devices = { "cpu", "gpu" } } },
      fixture.results { rows = { [PERFORMANCE] = { { "dot", 8, "inf" }, { "fft", 8, "nan" } } } },
      fixture.results { axes = { testings = { "accuracy" } } },
      compared(fixture.comparison { { "fast", "dot", "2.0", "0.5" } }),
      compared(fixture.comparison {}), compared(nothing_compared()), really_compared(),
      fixture.hostile_results() }
    local texts = {}
    for i, results in ipairs(all) do texts[i] = render(results) end
    texts[#texts + 1] = renderer.render({}, {})
    for i, said in ipairs(fixture.judge_results(texts)) do assert.equal("valid", said, i) end
  end)

  it("holds what the report is made from", function()
    local made = document(fixture.results {})
    assert.same({ "benchrun-results", 1, require "benchrun.version", "day_001", "inference",
      "ci.lua" }, { made.schema, made.version, made.benchrun, made.run_name, made.mode,
      made.config })
    assert.same({ { title = "host", value = "bench-1" } }, made.facts)
    assert.same({ 11, 1 }, { made.measured, made.failures })
    local suite = made.groups[1].suites[1]
    assert.equal("numeric", suite.name)
    local benchmark = suite.benchmarks[2]
    assert.same({ "fft", "cpu", 8 }, { benchmark.name, benchmark.dev, benchmark.batch_size })
    assert.same({ speedup = 4, accuracy = "fail_accuracy", abs_latency = 10.5,
      compilation_latency = 5.25, compression_ratio = 1 }, benchmark.compilers.fast)
    assert.equal("pass", benchmark.compilers.base.accuracy)
    assert.equal(cjson.null, made.comparison)
  end)

  it("has the summaries as numbers and as the report shows them", function()
    local made = document(fixture.results {})
    local passrate, geomean = made.groups[1].summaries[1], made.groups[1].summaries[2]
    assert.same({ "passrate", "67%, 2/3" }, { passrate.name, passrate.values.fast.numeric.text })
    assert.is_true(math.abs(geomean.values.fast.numeric.number - 3 ^ 0.5) < 1e-9)
  end)

  it("has what is flagged, and under which compilers", function()
    local made = document(fixture.results {})
    assert.same({ { metric = "accuracy", suite = "numeric", name = "fft",
      values = { fast = "fail_accuracy" }, flagged = { "fast" } } }, made.groups[1].warnings)
  end)

  it("has the outcome of every cell with its command", function()
    local made = document(fixture.results { outcomes = { [PERFORMANCE] = { "oom", "ended" } } })
    assert.equal(4, #made.outcomes)
    assert.same({ cell = PERFORMANCE, testing = "performance", suite = "numeric", device = "cpu",
      dtype = "float32", compiler = "fast", outcome = "oom", reason = "ended", wall_s = 1.5,
      peak_bytes = 4096, command = "harness --only 'a b'" }, made.outcomes[2])
    assert.equal(cjson.null, document(fixture.results { finished = true }).outcomes)
  end)

  it("has null for words that are missing and numbers that are none", function()
    local made = document(fixture.results {
      outcomes = { fast_numeric_float32_inference_cpu_accuracy = { "fail", "exit status 1" } },
      rows = { [PERFORMANCE] = { { "dot", 8, "inf" }, { "fft", 8, "2" }, { "sum", 8, "1" } } } })
    local fast = made.groups[1].suites[1].benchmarks[1].compilers.fast
    assert.same({ cjson.null, cjson.null }, { fast.accuracy, fast.speedup })
  end)

  it("has what got worse", function()
    local results = fixture.results {}
    results.comparison = fixture.comparison { { "fast", "dot", "2.0", "0.5" } }
    local comparison = document(results).comparison
    assert.equal(1, comparison.count)
    assert.same({ { metric = "speedup", compiler = "fast", name = "dot", previous = "2.0",
      current = "0.5" } }, comparison.suites[1].regressions)
    assert.same({ { compiler = "fast", suite = "numeric", previous = "100%, 3/3",
      current = "67%, 2/3" } }, comparison.summaries[1].tables[1].rows)
    results.comparison = fixture.comparison {}
    assert.same({}, document(results).comparison.suites[1].regressions)
  end)

  it("has null for runs that are not there", function()
    local made = document(compared(nothing_compared())).comparison
    assert.equal(cjson.null, made.suites[1].pairs[1].previous)
  end)

  it("keeps devices and dtypes apart", function()
    local made = document(fixture.results { axes = { devices = { "cpu", "gpu" } } })
    assert.same({ "cpu, float32", "gpu, float32" }, { made.groups[1].label, made.groups[2].label })
  end)

  it("is valid and true to hostile names", function()
    local text = render(fixture.hostile_results())
    local made = cjson.decode(text)
    assert.is_truthy(utf8.len(text))
    assert.is_nil(text:find("[\1-\9\11-\31\127]"))
    local names = {}
    for _, each in ipairs(made.groups[1].suites[1].benchmarks) do names[each.name] = true end
    for _, name in ipairs(fixture.hostile) do
      assert.is_true(names[utf8.len(name) and name or "\\xff\\xfe"], name)
    end
  end)

  it("is the same every time, but for the date", function()
    local function undated(text) return (text:gsub('"date": "[^"]*"', "")) end
    assert.equal(undated(render(fixture.results { finished = true })),
      undated(render(fixture.results { finished = true })))
  end)

  it("has no groups without results", function()
    assert.same({}, cjson.decode(renderer.render({}, {})).groups)
  end)

  it("is checked by a schema that describes every member and refuses others", function()
    local function described(node, path)
      if type(node) ~= "table" then return end
      for name, member in pairs(node.properties or {}) do
        assert.is_truthy(member.description or member["$ref"], path .. "." .. name)
      end
      for name, member in pairs(node) do described(member, path .. "." .. tostring(name)) end
    end
    local schema = sys.read_file "lua/benchrun/renderers/json.schema.json"
    described(cjson.decode(schema), "")
    local text = render(fixture.results {})
    local texts = { "{}", "[1", "" }
    for _, change in ipairs { { '"version": 1', '"version": 2' }, { '"groups"', '"group"' },
      { '"batch_size": 8', '"batch_size": "8"' }, { '"measured": %d+', '"measured": -1' },
      { '"outcome": "ok"', '"outcome": "okay"' }, { '"failures": 1', '"failures": NaN' } } do
      texts[#texts + 1] = text:gsub(change[1], change[2])
    end
    for i, said in ipairs(fixture.judge_results(texts)) do
      assert.equal("not valid", said:match("^not valid"), texts[i])
    end
  end)

  -- 0.03 s where nothing hinders it, as a collector that never rests does.
  it("takes milliseconds for three suites of 80 benchmarks under 11 compilers", function()
    if os.getenv "BENCHRUN_GC" then return end
    local frames = require "benchrun.core.frame"
    local names, numbers, sizes, devs = {}, {}, {}, {}
    for i = 1, 80 do
      names[i], numbers[i], sizes[i], devs[i] = ("benchmark_%02d"):format(i), i / 7, 1, "cpu"
    end
    local results, compilers = fixture.results {}, {}
    local frame = frames.new { { name = "dev", type = "string", values = devs },
      { name = "name", type = "string", values = names }, { name = "bs", type = "i64",
        values = sizes } }
    for i = 1, 11 do
      compilers[i] = "compiler_" .. i
      frame = frame:with(compilers[i], frames.column { type = "f64", values = numbers })
    end
    local suite = { name = "s", tables = {} }
    for _, metric in ipairs(results.config.metrics) do suite.tables[metric] = frame end
    results.groups[1].compilers, results.groups[1].suites = compilers, { suite, suite, suite }
    local start = os.clock()
    render(results)
    assert.is_true(os.clock() - start < 0.5)
  end)
end)
