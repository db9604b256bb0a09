-- What a CI job sees: exit status, annotations, step summary.

local ci = require "benchrun.ci"
local fail = require "benchrun.fail"
local fixture = require "ci_fixture"
local sandbox = require "sandbox"

local PERFORMANCE = "fast_numeric_float32_inference_cpu_performance"
local FULL = 1024 * 1024

local function getenv_of(values) return function(name) return values[name] end end

local GITHUB = getenv_of { GITHUB_ACTIONS = "true" }

-- Something to write to that keeps its text.
local function sink()
  local out = { text = "" }
  function out:write(...) self.text = self.text .. table.concat { ... } end
  return out
end

local function annotations(results, getenv)
  local out = sink()
  ci.annotate(results, getenv or GITHUB, out)
  return out.text
end

local function count(text, pattern) return select(2, text:gsub(pattern, "")) end

describe("the exit status", function()
  local clean, failing, worse, both

  setup(function()
    local well = { fast_numeric_float32_inference_cpu_accuracy = { { "dot", "pass" },
      { "fft", "pass" }, { "sum", "pass" } } }
    clean, worse = fixture.results { rows = well }, fixture.results { rows = well }
    failing, both = fixture.results {}, fixture.results {}
    worse.comparison = fixture.comparison { { "fast", "dot", "2.0", "0.5" } }
    both.comparison, failing.comparison = worse.comparison, fixture.comparison {}
  end)

  it("is what fail_on asks for", function()
    local expected = { never = { 0, 0, 0, 0 }, failure = { 0, 1, 0, 1 },
      regression = { 0, 0, 1, 1 }, any = { 0, 1, 1, 1 } }
    for fail_on, statuses in pairs(expected) do
      for i, results in ipairs { clean, failing, worse, both } do
        assert.equal(statuses[i], ci.status({ fail_on = fail_on }, results), fail_on .. i)
      end
    end
  end)

  it("counts a cell that failed although its benchmarks pass", function()
    for _, word in ipairs { "fail", "timeout", "signal", "oom", "lost" } do
      local outcomes = { { outcome = "ok" }, { outcome = word } }
      assert.is_true(ci.has_failures { outcomes = outcomes, failures = 0 })
    end
  end)

  it("counts no skipped cell as failed", function()
    assert.is_false(ci.has_failures { outcomes = { { outcome = "skip" } }, failures = 0 })
    assert.is_true(ci.has_failures { failures = 1 })
    assert.is_false(ci.has_failures { failures = 0 })
  end)
end)

describe("a config that fails on regressions", function()
  local function problem_of(keys)
    local config = { archive = {}, detect_regressions = true }
    for key, value in pairs(keys) do config[key] = value end
    function config.fail(key_path, problem)
      assert.same({ "fail_on" }, key_path)
      fail.config("%s", problem)
    end
    local ok, problem = pcall(ci.check, config)
    return not ok and assert(fail.of(problem)).message or nil
  end

  it("needs an archive", function()
    for _, word in ipairs { "regression", "any" } do
      assert.is_truthy(problem_of { fail_on = word }:find("set archive.path", 1, true))
      assert.is_nil(problem_of { fail_on = word, archive = { path = "archive" } })
    end
  end)

  it("needs the comparison", function()
    assert.is_truthy(problem_of { fail_on = "any", archive = { path = "a" },
      detect_regressions = false }:find("detect_regressions", 1, true))
  end)

  it("is the only one that needs them", function()
    for _, word in ipairs { "never", "failure" } do
      assert.is_nil(problem_of { fail_on = word, detect_regressions = false })
    end
  end)

  it("is told where there is nothing to compare with", function()
    local config, results = { fail_on = "regression" }, fixture.results {}
    ci.note(config, results)
    assert.is_truthy(results.notices[1]:find("no earlier run to compare with", 1, true))
    assert.equal(fail.status.ok, ci.status(config, results))
    results = fixture.results {}
    results.comparison = fixture.comparison {}
    results.comparison.suites[1].pairs[1].previous = nil
    ci.note(config, results)
    assert.equal(1, #results.notices)
    results = fixture.results {}
    results.comparison = fixture.comparison {}
    ci.note(config, results)
    assert.same({}, results.notices)
    ci.note({ fail_on = "failure" }, fixture.results {})
    assert.same({}, results.notices)
  end)
end)

describe("annotations", function()
  it("are nothing outside GitHub Actions", function()
    local results = fixture.hostile_results()
    for _, values in ipairs { {}, { GITHUB_ACTIONS = "false" }, { GITHUB_ACTIONS = "" } } do
      assert.equal("", annotations(results, getenv_of(values)))
    end
  end)

  it("are errors for failed cells, with the command", function()
    local results = fixture.results { outcomes = { [PERFORMANCE] = { "oom", "100% used" } } }
    assert.is_truthy(annotations(results):find("::error title=oom%3A " .. PERFORMANCE
      .. "::100%25 used%0Aharness --only 'a b'\n", 1, true))
    assert.equal(1, count(annotations(results), "::error "))
  end)

  it("are nothing for cells that were skipped", function()
    local results = fixture.results { outcomes = { [PERFORMANCE] = { "skip", "not here" } } }
    assert.equal(0, count(annotations(results), "::error "))
  end)

  it("are warnings for what got worse, then for what is flagged, each once", function()
    local results = fixture.results { rows = { [PERFORMANCE] = { { "dot", 8, "0.5" },
      { "fft", 8, "4.0" }, { "sum", 8, "0.25" } } } }
    results.comparison = fixture.comparison { { "fast", "dot", "2.0", "0.5" } }
    assert.equal([[
::warning title=regression%3A dot [fast]::numeric: speedup was 2.0, is 0.5
::warning title=flagged%3A fft [fast]::numeric: accuracy is fail_accuracy
::warning title=flagged%3A sum [fast]::numeric: speedup is 0.25
::notice title=benchrun::a: no such log
]], annotations(results))
  end)

  it("say which group they are of, where there are several", function()
    local results = fixture.results { axes = { dtypes = { "float32", "bf16" } } }
    results.comparison = fixture.comparison({ { "fast", "dot", "2.0", "0.5" } }, "bf16")
    local text = annotations(results)
    assert.is_truthy(text:find("::numeric, bf16: speedup was 2.0, is 0.5\n", 1, true))
    assert.is_truthy(text:find("::numeric, float32: accuracy is fail_accuracy\n", 1, true))
  end)

  it("are at most ten of a kind, and a line counts the rest", function()
    local results, rows = fixture.results {}, {}
    for i = 1, 13 do
      rows[i] = { "fast", "b" .. i, "2.0", "0.5" }
      results.notices[i] = "notice " .. i
      results.outcomes[i] = { outcome = "lost", reason = "r",
        cell = { id = "cell " .. i, argv = { "x" } } }
    end
    results.comparison = fixture.comparison(rows)
    local text = annotations(results)
    for _, kind in ipairs { "error", "warning", "notice" } do
      assert.equal(10, count(text, "%f[^\n\0]::" .. kind .. " "))
    end
    for _, line in ipairs { "3 more failed cells", "4 more regressions and flagged benchmarks",
      "4 more notices" } do
      assert.is_truthy(text:find("\nbenchrun: " .. line .. "; the report has them all\n", 1, true))
    end
  end)

  it("have ten of ten", function()
    local results = fixture.results {}
    for i = 1, 10 do results.notices[i] = "n" end
    assert.equal(10, count(annotations(results), "::notice "))
    assert.equal(0, count(annotations(results), "more notices"))
  end)

  it("escape what is data", function()
    local results = fixture.hostile_results()
    results.comparison = fixture.comparison {}
    local rows = {}
    for i, name in ipairs(fixture.hostile) do rows[i] = { "fast", name, name, name } end
    for first = 1, #rows, 6 do
      results.comparison = fixture.comparison(table.move(rows, first, first + 5, 1, {}))
      local text = annotations(results)
      assert.is_truthy(utf8.len(text))
      assert.is_nil(text:find("[\1-\9\11-\31\127]"))
      for line in text:gmatch("[^\n]+") do
        assert.is_truthy(line:find("^::%l+ title=[^,:]+::.") or line:find("^benchrun: %d"), line)
        assert.is_nil(line:gsub("%%25", ""):gsub("%%0A", ""):gsub("%%3A", "")
          :gsub("%%2C", ""):find("%", 1, true), line)
      end
    end
    assert.is_truthy(annotations(results):find("regression%3A %250A%2C%3A [fast]", 1, true))
  end)
end)

describe("the shield", function()
  local function lines_of(getenv, print)
    local out = sink()
    local ok, problem = pcall(ci.shield, getenv, out, function() return print(out) end)
    return out.text, ok, problem
  end

  it("stops commands while a report is printed, by a word that nobody knows before", function()
    local text = lines_of(GITHUB, function(out) out:write("::error::x\n") end)
    local token = text:match("^::stop%-commands::(benchrun%-%x+)\n")
    assert.equal(("::stop-commands::%s\n::error::x\n::%s::\n"):format(token, token), text)
    assert.are_not.equal(text, (lines_of(GITHUB, function(out) out:write("::error::x\n") end)))
  end)

  it("lets them in again after an error, which passes", function()
    local text, ok, problem = lines_of(GITHUB, function() error("boom", 0) end)
    assert.is_truthy(text:find("\n::benchrun%-%x+::\n$"))
    assert.same({ false, "boom" }, { ok, problem })
  end)

  it("is nothing outside GitHub Actions", function()
    assert.equal("x", (lines_of(getenv_of {}, function(out) out:write("x") end)))
  end)
end)

describe("the step summary", function()
  local function in_box(before, markdown)
    local box <close> = sandbox.new()
    if before then box:write("summary.md", before) end
    local problem = ci.summary(markdown,
      getenv_of { GITHUB_ACTIONS = "true", GITHUB_STEP_SUMMARY = box:at "summary.md" })
    return box:read "summary.md", problem
  end

  it("gets the report behind what is there", function()
    assert.same({ "# a\n", nil }, { in_box(nil, "# a\n") })
    assert.same({ "x\n# a\n", nil }, { in_box("x\n", "# a\n") })
  end)

  it("is left alone outside GitHub Actions, and where there is none", function()
    local box <close> = sandbox.new()
    assert.is_nil(ci.summary("x", getenv_of { GITHUB_STEP_SUMMARY = box:at "s" }))
    assert.is_nil(box:read "s")
    assert.is_nil(ci.summary("x", GITHUB))
    assert.is_nil(ci.summary("x", getenv_of { GITHUB_ACTIONS = "true", GITHUB_STEP_SUMMARY = "" }))
  end)

  it("takes what just fits as it is", function()
    local markdown = ("x"):rep(FULL - 5) .. "\n"
    assert.equal("abc\n" .. markdown, (in_box("abc\n", markdown)))
    local text, problem = in_box("abcd\n", "y\n" .. markdown)
    assert.is_nil(problem)
    assert.is_true(#text <= FULL)
  end)

  it("is cut at the end of a line, with a note", function()
    local markdown = ("| " .. ("a line of a report "):rep(50) .. "|\n"):rep(1200)
    local text, problem = in_box("before\n", markdown)
    assert.is_nil(problem)
    assert.is_true(#text <= FULL and #text > FULL - 2048)
    local kept, rest = text:match("^before\n(.*\n)\n(… cut here[^\n]*\n)$")
    assert.is_truthy(rest)
    assert.equal(kept, markdown:sub(1, #kept))
  end)

  it("ends what is open where it is cut", function()
    local start = "<details>\n<summary>s</summary>\n\n<details>\n<summary>t</summary>\n\n~~~~\n"
    local rows = ("| <details> |\n~~~\n" .. ("x"):rep(1000) .. "\n"):rep(1100)
    local text = in_box(nil, start .. rows .. "~~~~\n\n</details>\n")
    assert.is_truthy(text:find("\n~~~~\n\n</details>\n\n</details>\n\n… cut", 1, true))
    text = in_box(nil, "~~~\nx\n~~~\n" .. (("text"):rep(250) .. "\n"):rep(1200))
    assert.is_truthy(text:find("text\n\n… cut", 1, true))
  end)

  it("says when it has no room, and changes nothing", function()
    local before = ("x"):rep(FULL - 100)
    local text, problem = in_box(before, ("y\n"):rep(100))
    assert.equal(before, text)
    assert.is_truthy(problem:find("full", 1, true))
  end)

  it("that can't be written is a line to tell and not the end", function()
    for _, path in ipairs { "/nonesuch/summary.md", "/dev/full", "/" } do
      local problem = ci.summary("x\n",
        getenv_of { GITHUB_ACTIONS = "true", GITHUB_STEP_SUMMARY = path })
      assert.is_truthy(problem:find("can't be written", 1, true), path)
    end
  end)
end)

describe("configs/ci.lua", function()
  it("plans a run that fails on regressions", function()
    local config_module, run = require "benchrun.config", require "benchrun.run"
    local job = run.open(config_module.load "configs/ci.lua")
    config_module.reset()
    assert.same({ "regression", "archive", "junit.xml", "results.json" }, { job.config.fail_on,
      job.config.archive.path, job.config.junit, job.config.json })
    assert.equal(12, #job.plan)
    ci.check(job.config)
  end)
end)
