-- What the sections on earlier runs, and the title, say of known results.

local fixture = require "report_fixture"
local registry = fixture.registry()
local transposed = require "transposed"

local RUN = "archive/day_061_02_03_23_performance_float32_361"
local EARLIER = "archive/day_060_01_03_23_performance_float32_327"

local function diff(keys)
  local made = { current = RUN, previous = EARLIER, tables = {
    { name = "passrate", title = "Passrate", columns = { "compiler", "suite", "prev_value",
      "cur_value" }, cells = { { "gcc_O2" }, { "numeric" }, { "50%, 1/2" }, { "100%, 2/2" } } },
    { name = "geomean", title = "Geometric mean speedup", columns = { "compiler", "suite",
      "prev_value", "cur_value" }, cells = { {}, {}, {}, {} } } } }
  for key, value in pairs(keys or {}) do made[key] = value end
  return made
end

local function regression_table(rows)
  local cells = { {}, {}, {}, {} }
  for row = 1, rows do
    for c, text in ipairs { "gcc_O2", "bench_" .. row, "1.5", "0.5" } do cells[c][row] = text end
  end
  return { metric = { name = "speedup", title = "Performance speedup" }, cells = cells,
    columns = { "compiler", "name", "prev_status", "cur_status" } }
end

local function suite(keys)
  local made = { name = "numeric", tables = { regression_table(2) }, pairs = {
    { compiler = "gcc_O2", current = RUN, previous = EARLIER },
    { compiler = "clang_O3", current = RUN, previous = EARLIER } } }
  for key, value in pairs(keys or {}) do made[key] = value end
  return made
end

local function results_with(suites, diffs)
  local results = fixture.results()
  results.comparison = { suites = suites or { suite() }, summary_diffs = diffs or { diff() },
    count = 2, notices = { "archive/old: no such log" } }
  return results
end

local function blocks_of(name, results)
  return registry:get("sections", name).blocks(results or results_with(), registry)
end

local function markdown(name, results)
  return registry:get("renderers", "github").render(blocks_of(name, results), {})
end

local function count(text, wanted)
  local found, from = 0, 1
  while true do
    local _, last = text:find(wanted, from, true)
    if not last then return found end
    found, from = found + 1, last + 1
  end
end

describe("summary_diff", function()
  it("names both runs and has a table a summary", function()
    local blocks = blocks_of "summary_diff"
    assert.equal("Summary statistics diff", blocks[1].text)
    assert.same("Current report: " .. RUN .. "\nPrevious report: " .. EARLIER, blocks[2].text)
    local tables = blocks[3].blocks
    assert.equal("Passrate diff", tables[1].caption)
    assert.equal("Geometric mean speedup diff", tables[2].caption)
    assert.same({ { "gcc_O2", "numeric", "50%, 1/2", "100%, 2/2" } }, transposed(tables[1].cells))
  end)

  it("keeps the names of the runs to the letter in Markdown", function()
    local text = markdown "summary_diff"
    assert.equal(1, count(text, RUN))
    assert.equal(1, count(text, EARLIER))
  end)

  it("says so where there are no two runs", function()
    local blocks = blocks_of("summary_diff", results_with(nil, { { tables = {} } }))
    assert.equal(2, #blocks)
    assert.is_truthy(blocks[2].text:find("Could not find most 2 recent reports.", 1, true))
  end)

  it("has a heading a group where there are several", function()
    local results = results_with(nil, { diff { label = "float32" }, { label = "amp",
      tables = {} } })
    local blocks = blocks_of("summary_diff", results)
    assert.same({ "float32", 3, "amp" }, { blocks[2].text, blocks[2].level, blocks[5].text })
    assert.equal("paragraph", blocks[6].kind)
  end)

  it("takes captions of the config", function()
    local results = results_with()
    results.config.report.captions = { summary_diff = "Diff", passrate_diff = "Passing diff" }
    local blocks = blocks_of("summary_diff", results)
    assert.equal("Diff", blocks[1].text)
    assert.equal("Passing diff", blocks[3].blocks[1].caption)
    assert.equal("Geometric mean speedup diff", blocks[3].blocks[2].caption)
  end)

  it("is left out where nothing was compared", function()
    assert.same({}, blocks_of("summary_diff", fixture.empty()))
  end)
end)

describe("regressions", function()
  it("has a heading a suite, the runs and a table a metric", function()
    local blocks = blocks_of "regressions"
    assert.equal("Recent regressions", blocks[1].text)
    assert.equal("archive/old: no such log", blocks[3].text)
    assert.same({ "Regressions for numeric", 3 }, { blocks[4].text, blocks[4].level })
    assert.same(("gcc_O2, clang_O3: current report %s, previous report %s"):format(RUN, EARLIER),
      blocks[5].text)
    assert.equal("Performance speedup regressions", blocks[6].caption)
    assert.same({ "gcc_O2", "bench_2", "1.5", "0.5" }, transposed(blocks[6].cells)[2])
    assert.same({ [4] = { "bad", "bad" } }, blocks[6].marks)
    assert.equal(6, #blocks)
  end)

  it("names runs apart where compilers differ in them, to the letter in Markdown", function()
    local text = markdown("regressions", results_with { suite { pairs = {
      { compiler = "gcc_O2", current = RUN, previous = EARLIER },
      { compiler = "clang_O3", current = RUN },
      { compiler = "tcc" } } } })
    assert.equal(2, count(text, RUN))
    assert.equal(1, count(text, EARLIER))
    assert.is_truthy(text:find("no earlier run of clang_O3 to compare with; current report: "
      .. RUN, 1, true))
    assert.is_truthy(text:find("no run of tcc to compare", 1, true))
  end)

  it("says where there are none", function()
    local blocks = blocks_of("regressions", results_with { suite { tables = {} } })
    assert.equal("No regressions found.", blocks[#blocks].text)
  end)

  it("does not say that there are none where nothing could be compared", function()
    for _, pairs_of_suite in ipairs { {}, { { compiler = "gcc_O2", current = RUN } } } do
      local results = results_with { suite { tables = {}, pairs = pairs_of_suite } }
      local text = markdown("regressions", results)
      assert.is_truthy(text:find("Could not find most 2 recent reports.", 1, true))
      assert.equal(0, count(text, "No regressions found."))
    end
  end)

  it("folds many rows away", function()
    local blocks = blocks_of("regressions", results_with { suite { tables = {
      regression_table(11), regression_table(11) } } })
    assert.equal("22 regressions", blocks[6].summary)
    assert.equal(2, #blocks[6].blocks)
  end)

  it("names the group where there are several, and takes captions of the config", function()
    local results = results_with { suite { label = "cuda, amp" } }
    results.config.report.captions = { regressions = "Worse", speedup_regressions = "Slower" }
    local blocks = blocks_of("regressions", results)
    assert.equal("Worse", blocks[1].text)
    assert.equal("Regressions for numeric (cuda, amp)", blocks[4].text)
    assert.equal("Slower", blocks[6].caption)
  end)

  it("is left out where nothing was compared", function()
    assert.same({}, blocks_of("regressions", fixture.empty()))
  end)
end)

describe("title", function()
  local function title(text, keys)
    local results = fixture.results()
    for key, value in pairs(keys or {}) do results.config[key] = value end
    results.config.report.title = text
    return blocks_of("title", results)[1]
  end

  it("fills in what was run", function()
    local block = title("{mode} in {dtypes} precision on {devices}",
      { mode = "training", dtypes = { "float32", "amp" }, devices = { "cuda" } })
    assert.same({ kind = "heading", level = 1, text = "training in float32, amp precision on cuda"
      }, block)
  end)

  it("leaves other braces, and values with a percent sign, as they are", function()
    assert.equal("{other} {} 100%1", title("{other} {} {mode}", { mode = "100%1" }).text)
    assert.equal("{mode}", title("{mode}").text)
  end)
end)
