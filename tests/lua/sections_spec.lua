-- What each section says of known results.

local fixture = require "report_fixture"
local registry = fixture.registry()
local transposed = require "transposed"

local function blocks_of(name, results)
  return registry:get("sections", name).blocks(results or fixture.results(), registry)
end

local function of_kind(blocks, kind, found)
  found = found or {}
  for _, block in ipairs(blocks) do
    if block.kind == kind then found[#found + 1] = block end
    if block.kind == "details" then of_kind(block.blocks, kind, found) end
  end
  return found
end

describe("executive_summary", function()
  it("has a table a summary, a row a compiler, a column a suite", function()
    local tables = of_kind(blocks_of "executive_summary", "table")
    assert.equal(4, #tables)
    assert.equal("Passrate", tables[1].caption)
    assert.same({ "Compiler", "numeric", "sorting" }, tables[2].columns)
    assert.same({ { "gcc_O0", "1.00x", "1.00x" }, { "gcc_O2", "3.04x", "3.12x" },
      { "clang_O3", "12.00x", "2.88x" } }, transposed(tables[2].cells))
  end)

  it("marks the best and what is worse than the baseline", function()
    local tables = of_kind(blocks_of "executive_summary", "table")
    assert.same({ [2] = { [3] = "best" }, [3] = { [2] = "best" } }, tables[2].marks)
    assert.equal("worse", tables[1].marks[2][3])
    assert.equal("best", tables[3].marks[2][1])
    assert.is_nil(tables[3].marks[2][3])
  end)

  it("marks nothing where all are equal", function()
    local tables = of_kind(blocks_of "executive_summary", "table")
    assert.same({}, tables[4].marks[3])
  end)

  it("shows the introduction", function()
    local results = fixture.results()
    results.config.report.introduction = "Read me."
    assert.equal("Read me.", blocks_of("executive_summary", results)[2].text)
  end)

  it("has a heading a group where there are several", function()
    local headings = of_kind(blocks_of("executive_summary", fixture.two_groups()), "heading")
    assert.equal("cpu, float32", headings[2].text)
    assert.equal("cuda, float32", headings[3].text)
    assert.equal(1, #of_kind(blocks_of "executive_summary", "heading"))
  end)

  it("shows an empty cell for what no summary knows", function()
    local results = fixture.results()
    results.groups[1].summaries[1].cells.gcc_O2 = nil
    results.groups[1].summaries[1].values.gcc_O2 = nil
    local rows = transposed(blocks_of("executive_summary", results)[2].cells)
    assert.same({ "gcc_O2", "", "" }, rows[2])
  end)
end)

describe("outcomes", function()
  it("counts and names every cell that is not ok", function()
    local blocks = blocks_of "outcomes"
    assert.equal("8 cells: 2 ok, 1 fail, 1 timeout, 1 signal, 1 oom, 1 skip, 1 lost.",
      blocks[2].text)
    local rows = transposed(blocks[3].cells)
    assert.equal(6, #rows)
    assert.same({ "fail", "gcc_O2_numeric_float32_inference_cpu_part3", "why it is fail" },
      rows[1])
  end)

  it("gives the command of each that was run, quoted, for documents", function()
    local details = blocks_of("outcomes")[4]
    assert.is_true(details.documents)
    local code = details.blocks[1].text
    local command = "LANG=C run --only 'a b' gcc_O2_numeric_float32_inference_cpu_part3\n"
    assert.is_truthy(code:find(command, 1, true))
    assert.is_nil(code:find("part5", 1, true))
    assert.is_nil(code:find("part1", 1, true))
  end)

  it("is one line where all is well", function()
    local results = fixture.results()
    results.outcomes = { results.outcomes[1] }
    local blocks = blocks_of("outcomes", results)
    assert.equal(2, #blocks)
    assert.equal("1 cell: 1 ok.", blocks[2].text)
  end)

  it("is left out where nothing was run", function()
    local results = fixture.results()
    results.outcomes = nil
    assert.same({}, blocks_of("outcomes", results))
  end)

  it("has no commands where nothing but skips is not ok", function()
    local results = fixture.results()
    results.outcomes = { results.outcomes[5] }
    assert.equal(3, #blocks_of("outcomes", results))
  end)
end)

describe("warnings", function()
  it("lists notices, when a value is flagged, and a table a metric", function()
    local blocks = blocks_of "warnings"
    local notice = of_kind(blocks, "notice")[1]
    assert.equal("clang_O3 numeric: no row for spmv; shown as 0.0", notice.text)
    assert.is_truthy(of_kind(blocks, "paragraph")[1].text:find("speedup < 0.95", 1, true))
    local tables = of_kind(blocks, "table")
    assert.equal("Performance speedup warnings", tables[1].caption)
    assert.same({ "suite", "name", "gcc_O2", "clang_O3" }, tables[1].columns)
    assert.same({ { "numeric", "spmv", "2.5", "0.0" }, { "numeric", "kahan", "0.58", "0.0" } },
      transposed(tables[1].cells))
  end)

  it("marks the cells that are flagged themselves", function()
    local marks = of_kind(blocks_of "warnings", "table")[1].marks
    assert.same({ [3] = { [2] = "bad" }, [4] = { "bad", "bad" } }, marks)
  end)

  it("folds many rows away", function()
    local results = fixture.results()
    local warnings = results.groups[1].warnings
    for i = 2, 11 do warnings[i] = warnings[1] end
    assert.equal("22 flagged rows", of_kind(blocks_of("warnings", results), "details")[1].summary)
  end)

  it("says so where nothing is flagged", function()
    assert.equal("Nothing is flagged.", blocks_of("warnings", fixture.empty())[2].text)
  end)
end)

describe("suites", function()
  it("has a heading a suite and a table a metric, in the config's order", function()
    local blocks = blocks_of "suites"
    assert.equal("numeric suite with float32 precision", blocks[1].text)
    assert.equal("3 benchmarks", blocks[2].summary)
    assert.equal("1 benchmark", blocks[4].summary)
    local tables = of_kind(blocks, "table")
    assert.equal("Performance speedup", tables[1].caption)
    assert.equal("Accuracy", tables[2].caption)
    assert.same({ "name", "bs", "gcc_O0", "gcc_O2", "clang_O3" }, tables[1].columns)
    assert.same({ "spmv", "1", "1.0", "2.5", "0.0" }, transposed(tables[1].cells)[2])
    assert.same({ "spmv", "1", "pass", "pass", "fail_accuracy" }, transposed(tables[2].cells)[2])
  end)

  it("names the device where there are several", function()
    local headings = of_kind(blocks_of("suites", fixture.two_groups()), "heading")
    assert.equal("numeric suite with float32 precision on cpu", headings[1].text)
    assert.equal("sorting suite with float32 precision on cuda", headings[4].text)
  end)

  it("says so where a suite has no rows", function()
    local results = fixture.results()
    results.groups[1].suites[2] = { name = "sorting", rows = 0, tables = {} }
    assert.equal("No rows were logged.", blocks_of("suites", results)[4].text)
  end)
end)

describe("charts", function()
  it("has a block a chart and is left out without any", function()
    local chart = blocks_of("charts")[2]
    assert.equal("chart", chart.kind)
    assert.equal("numeric_float32", chart.name)
    assert.equal("numeric, float32: speedup over gcc_O0", chart.alt)
    assert.same({}, blocks_of("charts", fixture.empty()))
  end)
end)

describe("environment", function()
  it("shows the facts and is left out without any", function()
    local cells = blocks_of("environment")[2].cells
    assert.same({ { "host", "memory" }, { "bench-1", "7.8 GiB" } }, cells)
    assert.same({}, blocks_of("environment", fixture.empty()))
  end)
end)
