-- Bar charts of the speedups, drawn for real and, to see what is drawn, by a stand-in.

local fixture = require "report_fixture"
local lfs = require "lfs"
local registry = require "benchrun.registry"
local sys = require "benchrun.core.sys"

describe("charts.draw", function()
  local folder, plot, real_bars, charts

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(lfs.mkdir(folder))
    plot, charts = require "benchrun.core.plot", require "benchrun.charts"
    real_bars = plot.bars
  end)

  after_each(function()
    plot.bars = real_bars
    for name in lfs.dir(folder) do os.remove(folder .. "/" .. name) end
    assert(lfs.rmdir(folder))
  end)

  local function drawn_with(bars, results)
    local seen = {}
    plot.bars = function(chart, style)
      seen[#seen + 1] = { chart = chart, style = style }
      return bars(chart, style)
    end
    charts.draw(results, registry.new(nil))
    return seen
  end

  local function picture() return "picture" end

  it("writes a picture of each suite in each format", function()
    local results = fixture.results(folder)
    charts.draw(results, registry.new(nil))
    assert.equal(2, #results.charts)
    local chart = results.charts[1]
    assert.equal("numeric_float32", chart.name)
    assert.equal("numeric", chart.suite)
    assert.equal("numeric, float32: speedup over gcc_O0", chart.title)
    assert.equal(folder .. "/numeric_float32.png", chart.files.png)
    assert.equal("\x89PNG", assert(sys.read_file(chart.files.png)):sub(1, 4))
    assert.is_truthy(assert(sys.read_file(chart.files.svg)):find("<svg", 1, true))
    assert.equal(1, #results.notices)
  end)

  it("draws failures as no value and leaves a baseline of ones to the reference line", function()
    local results = fixture.results(folder)
    results.config.charts = { formats = { "svg" }, theme = "dark" }
    local seen = drawn_with(picture, results)
    assert.equal(2, #seen)
    assert.same({ format = "svg", theme = "dark" }, seen[1].style)
    local chart = seen[1].chart
    assert.equal(1, chart.reference)
    assert.equal("×", chart.unit)
    assert.equal("gcc_O2", chart.series[1].name)
    assert.equal(2, #chart.series)
    assert.same({ 12.0, false, false, n = 3 }, chart.series[2].values)
  end)

  it("draws a baseline that says more", function()
    local results = fixture.results(folder)
    local suite = results.groups[1].suites[2]
    suite.tables.speedup = fixture.metric_table({ "q" }, results.groups[1].compilers,
      { gcc_O0 = { 0.98 }, gcc_O2 = { 1 }, clang_O3 = { 2 } })
    results.groups[1].suites = { suite }
    assert.equal(3, #drawn_with(picture, results)[1].chart.series)
  end)

  it("names the device where there are several", function()
    local results = fixture.two_groups(folder)
    drawn_with(picture, results)
    assert.equal(4, #results.charts)
    assert.equal("numeric_cpu_float32", results.charts[1].name)
    assert.equal("numeric_cuda_float32", results.charts[3].name)
  end)

  it("makes a failure to draw or to write a notice", function()
    local results = fixture.results(folder)
    drawn_with(function() return nil, "no driver" end, results)
    assert.same({}, results.charts)
    assert.equal("chart numeric_float32: can't draw png: no driver", results.notices[2])
    results = fixture.results(folder .. "/none")
    drawn_with(picture, results)
    assert.same({}, results.charts)
    assert.equal(5, #results.notices)
  end)

  it("draws nothing without rows, formats, groups or the metric", function()
    local results = fixture.results(folder)
    results.config.charts.formats = {}
    results.charts = { "old" }
    assert.equal(0, #drawn_with(picture, results))
    assert.same({}, results.charts)
    results = fixture.results(folder)
    results.groups[1].suites[1].tables = {}
    results.groups[1].suites[2].tables.speedup = fixture.metric_table({},
      results.groups[1].compilers, { gcc_O0 = {}, gcc_O2 = {}, clang_O3 = {} })
    assert.equal(0, #drawn_with(picture, results))
    assert.equal(0, #drawn_with(picture, fixture.empty(folder)))
  end)
end)
