-- The junit renderer: what becomes of every kind of case, and that it is valid whatever the names.

local fixture = require "ci_fixture"
local renderer = fixture.registry:get("renderers", "junit")

local PERFORMANCE = "fast_numeric_float32_inference_cpu_performance"
local ACCURACY = "fast_numeric_float32_inference_cpu_accuracy"

local function render(results)
  return renderer.render({}, { results = results, registry = fixture.registry })
end

local function valid(results)
  local xml = render(results)
  local ok, problem = fixture.is_junit(xml)
  assert.is_true(ok, problem)
  return xml
end

-- The part of the XML about one case, and its verdict, type and message.
local function case_of(xml, name)
  local opening = '<testcase name="' .. name .. '"'
  local start = assert(xml:find(opening, 1, true), name)
  local line = xml:sub(start):match("^[^\n]*")
  if line:find("/>$") then return line end
  local part = xml:sub(start, xml:find("</testcase>", start, true))
  return part, part:match('<(%l+) type="([^"]*)" message="([^"]*)">')
end

local function verdict_of(xml, name)
  local _, verdict, kind, message = case_of(xml, name)
  return verdict and ("%s %s: %s"):format(verdict, kind, message) or "pass"
end

local function counts_of(xml)
  return xml:match('<testsuite name="[^"]*" (tests.-) time')
end

describe("the junit renderer", function()
  it("has a case a benchmark and compiler", function()
    local xml = valid(fixture.results {})
    assert.equal('tests="6" failures="1" errors="0" skipped="0"', counts_of(xml))
    assert.equal('<testcase name="dot [base]" classname="numeric.base" time="0.010500"/>',
      (case_of(xml, "dot [base]")))
    assert.equal("failure accuracy: accuracy: fail_accuracy", verdict_of(xml, "fft [fast]"))
    assert.equal("day_001", fixture.xpath(xml, "string(/testsuites/@name)"))
    assert.equal("6", fixture.xpath(xml, "string(/testsuites/@tests)"))
    assert.equal("6.000000", fixture.xpath(xml, "string(//testsuite/@time)")) -- four cells of 1.5
  end)

  it("counts as many as there are", function()
    local xml = valid(fixture.results { outcomes = { [PERFORMANCE] = { "oom", "ended" } } })
    for _, verdict in ipairs { "failure", "error", "skipped" } do
      local attribute = verdict == "skipped" and verdict or verdict .. "s"
      assert.equal(fixture.xpath(xml, ("count(//%s)"):format(verdict)),
        fixture.xpath(xml, ("string(//testsuite/@%s)"):format(attribute)))
    end
    assert.equal(fixture.xpath(xml, "count(//testcase)"),
      fixture.xpath(xml, "string(//testsuite/@tests)"))
  end)

  it("fails what was measured as nothing although it is accurate", function()
    local xml = valid(fixture.results { rows = {
      [PERFORMANCE] = { { "dot", 8, "0.0" }, { "fft", 8, "2" }, { "sum", 8, "infra_error" } } } })
    assert.equal("failure speedup: speedup: 0.0", verdict_of(xml, "dot [fast]"))
    assert.equal("failure speedup: speedup: 0.0", verdict_of(xml, "sum [fast]"))
    assert.equal("pass", verdict_of(xml, "dot [base]"))
  end)

  it("tells of the cell that should have measured a case, and how to run it", function()
    for _, word in ipairs { "fail", "timeout", "signal", "oom", "lost" } do
      local xml = valid(fixture.results { outcomes = { [PERFORMANCE] = { word, "why" } } })
      assert.equal(("error %s: why"):format(word), verdict_of(xml, "dot [fast]"))
      assert.equal(("error %s: why"):format(word), verdict_of(xml, "fft [fast]"))
      assert.is_truthy(case_of(xml, "dot [fast]"):find("harness --only &apos;a b&apos;", 1, true))
      assert.equal("pass", verdict_of(xml, "dot [base]"))
      assert.equal('tests="6" failures="0" errors="3" skipped="0"', counts_of(xml))
    end
  end)

  it("tells of the accuracy cell too", function()
    local xml = valid(fixture.results { outcomes = { [ACCURACY] = { "signal", "SIGSEGV" } } })
    assert.equal("error signal: SIGSEGV", verdict_of(xml, "sum [fast]"))
  end)

  it("has a case for a failed cell whose log is whole", function()
    local xml = valid(fixture.results { outcomes = { [PERFORMANCE] = { "fail", "exit status 3" } },
      writes = { [PERFORMANCE] = true } })
    assert.equal("pass", verdict_of(xml, "dot [fast]"))
    assert.equal("error fail: exit status 3", verdict_of(xml, PERFORMANCE .. " [fast]"))
    assert.equal('tests="7" failures="1" errors="1" skipped="0"', counts_of(xml))
  end)

  it("has a case for a failed cell of which not one benchmark is known", function()
    local results = fixture.results { outcomes = { [PERFORMANCE] = { "lost", "no log" } },
      axes = { compilers = { "fast" }, testings = { "performance" } } }
    results.groups[1].suites[1].tables = {}
    local xml = valid(results)
    assert.equal('tests="1" failures="0" errors="1" skipped="0"', counts_of(xml))
    assert.equal("error lost: no log", verdict_of(xml, PERFORMANCE .. " [fast]"))
  end)

  it("shows what was skipped as skipped, also of a compiler that is left out", function()
    local skip = { "skip", "it is not installed" }
    local xml = valid(fixture.results {
      outcomes = { [PERFORMANCE] = skip, [ACCURACY] = skip } })
    assert.equal("skipped skip: it is not installed", verdict_of(xml, "dot [fast]"))
    assert.equal('tests="6" failures="0" errors="0" skipped="3"', counts_of(xml))
    assert.is_nil(xml:find("harness", 1, true))
  end)

  it("fails regressions, with what was and is", function()
    local results = fixture.results {}
    results.comparison = fixture.comparison { { "fast", "dot", "2.0", "0.5" },
      { "fast", "fft", "2.0", "0.0" }, { "fast", "gone", "1.0", "0.9" } }
    local xml = valid(results)
    assert.equal("failure regression: speedup: was 2.0, is 0.5", verdict_of(xml, "dot [fast]"))
    assert.equal("failure regression: accuracy: fail_accuracy; speedup: was 2.0, is 0.0",
      verdict_of(xml, "fft [fast]"))
    assert.equal("failure regression: speedup: was 1.0, is 0.9", verdict_of(xml, "gone [fast]"))
    assert.equal('tests="7" failures="3" errors="0" skipped="0"', counts_of(xml))
  end)

  it("keeps an error that is a regression too", function()
    local results = fixture.results { outcomes = { [PERFORMANCE] = { "oom", "ended" } } }
    results.comparison = fixture.comparison { { "fast", "dot", "2.0", "0.0" } }
    assert.equal("error oom: ended; speedup: was 2.0, is 0.0",
      verdict_of(valid(results), "dot [fast]"))
  end)

  it("keeps devices and dtypes apart", function()
    local results = fixture.results { axes = { dtypes = { "float32", "bf16" } } }
    results.comparison = fixture.comparison({ { "base", "dot", "2.0", "0.5" } }, "bf16")
    local xml = valid(results)
    for _, part in ipairs { '<testsuite name="numeric (float32)" tests="6" failures="1"',
      '<testsuite name="numeric (bf16)" tests="6" failures="2"',
      'classname="numeric (bf16).base"', '<testsuites name="day_001" tests="12" failures="3"' } do
      assert.is_truthy(xml:find(part, 1, true), part)
    end
  end)

  it("reports on finished logs without outcomes", function()
    local xml = valid(fixture.results { finished = true })
    assert.equal("failure accuracy: accuracy: fail_accuracy", verdict_of(xml, "fft [fast]"))
    assert.is_nil(xml:find("<testsuite [^>]*time="))
  end)

  it("tells benchmarks of one name on several devices apart", function()
    local results = fixture.results {}
    local suite = results.groups[1].suites[1]
    local frames = require "benchrun.core.frame"
    local function doubled(kind, values)
      return frames.new { { name = "dev", type = "string", values = { "a", "b" } },
        { name = "name", type = "string", values = { "x", "x" } },
        { name = "bs", type = "i64", values = { 1, 1 } },
        { name = "base", type = kind, values = values },
        { name = "fast", type = kind, values = values } }
    end
    suite.tables = { speedup = doubled("f64", { 1.0, 1.0 }),
      accuracy = doubled("string", { "pass", "fail_accuracy" }) }
    assert.equal('tests="4" failures="2" errors="0" skipped="0"', counts_of(valid(results)))
  end)

  it("is valid with hostile names, and shows them", function()
    local xml = valid(fixture.hostile_results())
    assert.is_truthy(utf8.len(xml))
    assert.is_truthy(xml:find('<testcase name="&lt;&amp;&quot;&gt;&apos; [base]"', 1, true))
    assert.equal("1", fixture.xpath(xml, "count(//testcase[@name='a\\nb [base]'])"))
    for _, shown in ipairs { "]]&gt; [fast]", "\\xff\\xfe [base]", "\\x01\\x1b[31m [fast]",
      "\\u{fffe}\\u{ffff} [fast]", "\\u{202e}txt [base]" } do
      assert.is_truthy(xml:find('"' .. shown .. '"', 1, true), shown)
    end
  end)

  it("writes no time that is no number", function()
    local results = fixture.results { rows = { [PERFORMANCE] = { { "dot", 8, "2", "inf" },
      { "fft", 8, "2", "nan" }, { "sum", 8, "2", "1e300" } } } }
    local xml = valid(results)
    assert.is_nil(case_of(xml, "dot [fast]"):find("time=", 1, true))
  end)

  it("is an empty document without results", function()
    local xml = renderer.render({}, {})
    assert.is_true(fixture.is_junit(xml))
    assert.equal("0", fixture.xpath(xml, "count(//testsuite)"))
  end)

  it("is checked by a schema that refuses what is wrong", function()
    local xml = render(fixture.results {})
    for _, change in ipairs { { "testcase", "testcse" }, { ' classname="[^"]*"', "" },
      { 'time="0', 'time="x' }, { 'tests="6"', 'tests="six"' }, { "</testsuites>", "" } } do
      assert.is_false((fixture.is_junit((xml:gsub(change[1], change[2])))), change[1])
    end
  end)
end)
