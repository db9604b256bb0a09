-- The numbers of a suite: which benchmarks count, and how the number is written.

local frames = require "benchrun.core.frame"
local summary = require "benchrun.summary"

local PASSRATE = { name = "passrate", kernel = "count", share = true, format = "%d%%, %d/%d" }
local GEOMEAN = { name = "geomean", kernel = "geomean", floor = 1, format = "%.2fx", none = "0.0x" }
local MEAN = { name = "mean", kernel = "mean", format = "%.2f", none = "0.0" }
local JUDGE = { passes = { "pass", "skip" }, leaves_out = { "hopeless" } }

local function numbers(list, kind)
  local names = {}
  for i = 1, #list do names[i] = "n" .. i end
  return frames.new {
    { name = "name", type = "string", values = names },
    { name = "fast", type = kind or "f64", values = list },
  }
end

local function text(spec, list, verdict, include_slowdowns)
  local _, written = summary.number(spec, numbers(list), "fast", verdict, include_slowdowns)
  return written
end

describe("summary.number", function()
  it("counts numbers above 0 as passing", function()
    assert.equal("50%, 3/6", text(PASSRATE, { 1.5, 0.5, math.huge, 0, -1, -math.huge }))
  end)

  it("rounds a share half to even", function()
    local function share(passing, total)
      local list = {}
      for i = 1, total do list[i] = i <= passing and 1.0 or 0.0 end
      return text(PASSRATE, list)
    end
    assert.equal("12%, 1/8", share(1, 8))
    assert.equal("38%, 3/8", share(3, 8))
    assert.equal("62%, 5/8", share(5, 8))
    assert.equal("67%, 2/3", share(2, 3))
    assert.equal("100%, 3/3", share(3, 3))
  end)

  it("says what there is to say of nothing", function()
    assert.equal("0%, 0/0", text(PASSRATE, {}))
    assert.equal("0%, 0/2", text(PASSRATE, { 0, -1 }))
    assert.equal("0.0x", text(GEOMEAN, { 0, -1 }))
    assert.equal("0.0", text(MEAN, {}))
    assert.equal("0 s", text({ kernel = "mean", format = "%d s" }, {}))
  end)

  it("takes slowdowns as 1 unless they are included", function()
    assert.equal("2.00x", text(GEOMEAN, { 4, 0.25, 2.0 }, nil, false))
    assert.equal("1.26x", text(GEOMEAN, { 4, 0.25, 2.0 }, nil, true))
  end)

  it("writes infinity", function()
    assert.equal("infx", text(GEOMEAN, { 1.5, math.huge }))
    assert.equal("inf", text(MEAN, { 1.5, math.huge }))
  end)

  it("gives the number unrounded", function()
    local value = summary.number(MEAN, numbers { 1.0, 1.001 }, "fast")
    assert.equal(1.0005, value)
    assert.equal(12.5, (summary.number(PASSRATE, numbers { 1, 0, 0, 0, 0, 0, 0, 0 }, "fast")))
  end)

  it("works on whole numbers", function()
    local _, written = summary.number(MEAN, numbers({ 1, 2, 0 }, "i64"), "fast")
    assert.equal("1.50", written)
  end)
end)

describe("summary.verdict", function()
  local function accuracy(rows)
    local columns = { { name = "dev", type = "string", values = {} },
      { name = "name", type = "string", values = {} }, { name = "bs", type = "i64", values = {} },
      { name = "base", type = "string", values = {} },
      { name = "fast", type = "string", values = {}, n = #rows } }
    for i, row in ipairs(rows) do
      columns[1].values[i], columns[2].values[i], columns[3].values[i] = "cpu", row[1], 4
      columns[4].values[i], columns[5].values[i] = row[2], row[3]
    end
    return frames.new(columns)
  end

  local function verdict(list, rows)
    return summary.verdict(numbers(list), accuracy(rows), JUDGE, { "base", "fast" })
  end

  it("takes what passes, zeroes what does not", function()
    local list = { 2.0, 3.0, 5.0 }
    local given = verdict(list, { { "n1", "pass", "pass" }, { "n2", "pass", "wrong" },
      { "n3", "wrong", "skip" } })
    assert.equal("67%, 2/3", text(PASSRATE, list, given))
    assert.equal("3.50", text(MEAN, list, given))
  end)

  it("counts a benchmark without accuracy, or without a word, as failing", function()
    local list = { 2.0, 3.0, 5.0 }
    local given = verdict(list, { { "n1", "pass", "pass" }, { "n3", "pass", nil } })
    assert.equal("33%, 1/3", text(PASSRATE, list, given))
  end)

  it("leaves out what could not be tried under any compiler", function()
    local list = { 2.0, 3.0, 5.0 }
    local given = verdict(list, { { "n1", "hopeless", "pass" }, { "n2", "pass", "pass" },
      { "n3", "pass", "pass" } })
    assert.equal("100%, 2/2", text(PASSRATE, list, given))
  end)

  it("takes the first row of a name", function()
    local list = { 2.0 }
    local given = verdict(list, { { "n1", "pass", "pass" }, { "n1", "pass", "wrong" } })
    assert.equal("100%, 1/1", text(PASSRATE, list, given))
  end)
end)
