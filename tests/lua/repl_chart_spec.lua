local axis = require "benchrun.repl.axis"
local chart = require "benchrun.repl.chart"
local frame = require "benchrun.frame"
local sandbox = require "sandbox"
local series = require "benchrun.repl.series"
local session_module = require "benchrun.repl.session"
local text = require "benchrun.text"

local function problem_of(...)
  local ok, message = pcall(...)
  assert.is_false(ok)
  return message:gsub("^[^ ]*: ", "")
end

local small = frame.from_rows { { name = "bert", speedup = 1.5, eager = 1 },
  { name = "vgg", speedup = -0.5, eager = 1 }, { name = "t5", eager = 1 } }

local function lines_of(data, options)
  local lines = {}
  for line in chart.text(data, options):gmatch "([^\n]*)\n" do lines[#lines + 1] = line end
  return lines
end

describe("ticks", function()
  local function texts(ticks)
    local list = {}
    for i, tick in ipairs(ticks) do list[i] = tick.text end
    return table.concat(list, " ")
  end

  it("are round", function()
    assert.are.equal("0 2 4 6 8 10", texts(axis.ticks(0, 10, 5)))
    assert.are.equal("-0.2 0 0.2 0.4", texts(axis.ticks(-0.3, 0.5, 4)))
    assert.are.equal("1e+09 1.5e+09 2e+09", texts(axis.ticks(1e9, 2e9, 3)))
    assert.are.equal("5", texts(axis.ticks(5, 5, 3)))
    assert.has_error(function() axis.round(-1.7e308, 1.7e308, 5) end,
      "numbers as large as 1.7e+308 can't be drawn; divide them before")
  end)

  it("are days and hours of times", function()
    assert.are.equal("1970-01-01 1970-01-02 1970-01-03",
      texts(axis.ticks(0, 2 * 86400, 3, true)))
    assert.are.equal("01-01 00:00 01-01 01:00", texts(axis.ticks(0, 3600, 1, true)))
  end)

  it("are the first of months over longer times, and a date for one", function()
    local day = 86400
    assert.are.equal("2023-01-01 2023-07-01 2024-01-01 2024-07-01 2025-01-01 2025-07-01",
      texts(axis.ticks(19358 * day, 20452 * day, 8, true)))
    assert.are.equal("2024-02-01 2024-03-01 2024-04-01",
      texts(axis.ticks(19740 * day, 19815 * day, 4, true)))
    assert.are.equal("1960-01-01 1970-01-01 1980-01-01 1990-01-01 2000-01-01",
      texts(axis.ticks(-3653 * day, 10957 * day, 2, true)))
    assert.are.equal("2024-01-01", texts(axis.ticks(19723 * day, 19723 * day, 4, true)))
    assert.are.equal("2024-01-01 00:00:01", texts(axis.ticks(19723 * day + 1, 0, 4, true)))
    assert.is_true(#axis.ticks(-1e300, 1e300, 4, true) > 0)
  end)

  it("cover the values", function()
    for _, range in ipairs { { 0.93, 1.07 }, { -3, 1e6 }, { 7, 7 }, { 0, 0 }, { 1e-9, 3e-9 } } do
      local low, high, ticks = axis.round(range[1], range[2], 5)
      assert.is_true(low <= range[1] and high >= range[2] and low < high)
      assert.is_true(#ticks >= 2 and #ticks <= 12)
    end
  end)
end)

describe("bars", function()
  it("stand on zero, with what has no value as a dot", function()
    local data = series.collect(small, { x = "name", y = "speedup" })
    assert.are.same({ "speedup by name",
      "bert          ████████████████████████ 1.5",
      "vgg   ████████ -0.5",
      "t5    ·" }, lines_of(data, { width = 48, height = 20 }))
  end)

  it("have letters or colours where there are several", function()
    local data = series.collect(small, { x = "name" })
    local plain = lines_of(data, { width = 60, height = 20 })
    assert.are.equal("a eager  b speedup", plain[#plain])
    local painted = chart.text(data, { width = 60, height = 20, colour = true })
    assert.is_truthy(painted:find "\27%[34m█")
    assert.is_nil(painted:find "a eager")
  end)

  it("are for single rows", function()
    local twice = frame.from_rows { { name = "a", x = 1 }, { name = "a", x = 2 } }
    assert.is_truthy(problem_of(series.collect, twice, { x = "name" }):find "more than one row")
    local data = series.collect(twice, { x = "name", kind = "scatter" })
    assert.are.same({ 1, 1 }, data.series[1].x)
  end)
end)

describe("lines", function()
  it("are drawn in braille within axes", function()
    local f = frame.from_table { x = { 0, 1, 2, 3 }, y = { 0, 1, 0, 1 } }
    local lines = lines_of(series.collect(f, { x = "x", y = "y" }), { width = 24, height = 8 })
    assert.are.equal("y by x", lines[1])
    assert.are.equal(7, #lines)
    assert.is_truthy(lines[2]:find " 1┤" and lines[5]:find " 0┤")
    assert.is_truthy(lines[6]:find "└" and lines[7]:find "0 .*2")
    for _, line in ipairs(lines) do assert.is_true(text.width(line) <= 24, line) end
  end)

  it("are one for each value of by", function()
    local f = frame.from_table { x = { 1, 2, 1, 2 }, y = { 1, 2, 3, 4 },
      k = { "a", "a", "b", "b" } }
    local data = series.collect(f, { x = "x", y = "y", by = "k" })
    assert.are.same({ { name = "a", x = { 1, 2 }, y = { 1.0, 2.0 } },
      { name = "b", x = { 1, 2 }, y = { 3.0, 4.0 } } }, data.series)
  end)

  it("stand on times where all texts are dates", function()
    local f = frame.from_table { date = { "2024-01-02", "2024-01-01" }, y = { 2, 1 } }
    local data = series.collect(f, { x = "date" })
    assert.are.same({ "line", true, { 1, 2 } }, { data.kind, data.is_time, data.series[1].y })
    assert.are.equal(86400.0, data.series[1].x[2] - data.series[1].x[1])
    assert.are.equal("bar", (series.collect(f, { x = "date", kind = "bar" }).kind))
    local mixed = frame.from_table { date = { "2024-01-02", "none" }, y = { 2, 1 } }
    assert.are.same({ "2024-01-02", "none" }, series.collect(mixed, { x = "date" }).labels)
  end)

  it("need no legend where there is one", function()
    local f = frame.from_table { y = { 2, 1 }, c = { "a", "a" } }
    assert.is_true(series.collect(f, { y = "y" }).is_single)
    assert.is_false(series.collect(f, { y = "y", by = "c" }).is_single)
    for _, kind in ipairs { "line", "bar" } do
      local path = sandbox.new():at(kind .. ".svg")
      session_module.new({ write = print }).env.plot(f, { y = "y", kind = kind, path = path,
        title = "T" })
      local file <close> = io.open(path)
      assert.is_nil(file:read("a"):find(">y</text>", 1, true))
    end
  end)

  it("of a large frame are thinned before they are looked at", function()
    local n, values = 150000, {}
    for i = 1, n do values[i] = i % 1000 end
    values[70000], values[70001] = 5000, -5000
    local f = frame.from_table { y = values }
    for _, kind in ipairs { "line", "scatter" } do
      local data = series.collect(f, { y = "y", kind = kind })
      local ys, xs = data.series[1].y, data.series[1].x
      assert.is_true(#ys > 1000 and #ys <= 20000)
      assert.are.same({ 5000.0, -5000.0 }, { math.max(table.unpack(ys)),
        math.min(table.unpack(ys)) })
      assert.is_true(xs[1] < 100 and xs[#xs] > n - 100)
      for i = 2, #xs do assert.is_true(xs[i] >= xs[i - 1]) end
    end
    assert.are.equal(2, #series.collect(f:with { g = "y > 500" }, { y = "y", by = "g" }).series)
  end)

  it("are thinned without losing their peaks", function()
    local x, y = {}, {}
    for i = 1, 50000 do x[i], y[i] = i, i == 31234 and 1e6 or i % 7 end
    for _, kind in ipairs { "line", "scatter" } do
      local data = series.collect(frame.from_table { x = x, y = y },
        { x = "x", y = "y", kind = kind })
      local one = data.series[1]
      assert.is_true(#one.x < 6000)
      assert.are.equal(1e6, math.max(table.unpack(one.y)))
    end
  end)

  it("stand also where there is nothing to draw", function()
    for _, values in ipairs { {}, { 5 }, { 0 / 0 }, { n = 3 } } do
      local f = frame.new { { name = "y", type = "f64", values = values } }
      for _, kind in ipairs { "line", "scatter", "bar" } do
        local lines = lines_of(series.collect(f, { y = "y", kind = kind }),
          { width = 40, height = 10 })
        assert.are.equal("y", lines[1])
      end
    end
  end)
end)

describe("plot", function()
  local out
  local session = session_module.new { write = function(...) out = out .. table.concat { ... } end,
    warn = error, size = function() return 60, 20 end }
  local plot = session.env.plot
  before_each(function() out = "" end)

  it("writes pictures and shows them when asked to", function()
    local box <close> = sandbox.new()
    for _, format in ipairs { "png", "svg" } do
      for _, kind in ipairs { "bar", "line", "scatter" } do
        local path = box:at(kind .. "." .. format)
        assert.are.equal(path, plot(small, { x = "name", kind = kind, path = path }))
        local bytes = box:read(kind .. "." .. format)
        assert.is_truthy(bytes:find(format == "png" and "^\x89PNG" or "<svg"))
      end
    end
    assert.are.equal("", out)
    plot(small, { x = "name", terminal = true })
    assert.is_truthy(out:find "█")
  end)

  it("draws numbers where they stand", function()
    local box <close> = sandbox.new()
    local f = frame.from_table { x = { 0, 1, 10 }, y = { 1, 2, 3 } }
    local path = plot(f, { x = "x", y = "y", path = box:at "x.svg" })
    assert.is_truthy(box:read "x.svg":find ">10<")
    assert.are.equal(box:at "x.svg", path)
  end)

  it("tells mistakes", function()
    for _, case in ipairs {
      { "a frame expected", 5 }, { "no column 'nam'; did you mean 'name'", small, { x = "nam" } },
      { "a column of numbers expected, 'name' is string", small, { y = "name" } },
      { "unknown key 'colour'", small, { colour = 1 } }, { "kind", small, { kind = "pie" } },
      { "no column 'b'", small, { by = "b" } },
      { "ends in .png or .svg", small, { x = "name", path = "x.gif" } },
      { "no column of numbers", frame.from_table { a = { "x" } } } } do
      local message = problem_of(plot, case[2], case[3])
      assert.is_truthy(message:find(case[1], 1, true), message)
    end
  end)

  it("returns what the world refuses", function()
    local done, message, code = plot(small, { x = "name", path = "/no/such/x.png" })
    assert.is_nil(done)
    assert.is_truthy(message:find "/no/such/x.png")
    assert.are.equal("notfound", code)
  end)
end)
