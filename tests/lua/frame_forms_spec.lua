-- The forms in which a first-time user calls the frame library: those that are clear work, those
-- that are not say in one line how it is written.

local frame = require "benchrun.frame"
local stats = require "benchrun.stats"

local function shop()
  return frame.new {
    { name = "k", values = { "x", "y", "x" } }, { name = "a", values = { 3, 1, 2 } },
    { name = "s", values = { 1.5, 2.5, -1 } }, { name = "ok", values = { true, false }, n = 3 },
  }
end

local function values(f, name) return f:col(name):to_table() end

-- What a call raises: one line with this file's place.
local function problem_of(fn)
  local ok, problem = pcall(function()
    local result = fn()
    return result
  end)
  assert.is_false(ok)
  assert.truthy(problem:find "^[^\n]*frame_forms_spec%.lua:%d+: [^\n]+$", problem)
  return problem
end

local function says(part, fn)
  local problem = problem_of(fn)
  assert.truthy(problem:find(part, 1, true), problem)
end

describe("a form that is clear", function()
  it("aggregates a column by a kernel's name, a list of calls, all rows", function()
    local g = shop():group_by "k"
    assert.same({ 2.5, 1.0, n = 2 }, values(g:agg { a = "mean" }, "a"))
    assert.same({ "k", "a_max", "count" }, g:agg("max(a)", "count(*)"):names())
    assert.same({ 2, 1, n = 2 }, values(g:agg { n = "count(*)" }, "n"))
    local f = frame.from_table { mean = { 1, 3 }, max = { 5, 7 } }
    assert.equal(6.0, f:group_by():agg({ mean = "max" }):get(1, "mean"))
  end)

  it("pivots, renames and concatenates by position", function()
    local f = shop()
    assert.same({ "k", "1", "2", "3" },
      f:sort("a"):pivot("k", "a", "s"):select("k", "1", "2", "3"):names())
    assert.equal(1, f:pivot("k", "a", "s", "count"):get(1, "3"))
    assert.same({ "k", "z", "s", "ok" }, f:rename("a", "z"):names())
    assert.equal(6, #frame.concat(f, f))
    assert.same({ "a", n = 1 }, values(f:describe "a", "column"))
  end)

  it("takes the share of a quantile for its options", function()
    assert.equal(2.0, stats.quantile({ 1, 2, 3 }, 0.5))
    assert.equal(1.5, shop():col("a"):quantile(0.25))
  end)

  it("gives rows as tables, and again", function()
    local f = shop()
    local rows = f:to_rows()
    assert.same({ k = "x", a = 2, s = -1.0 }, rows[3])
    local names = f:names()
    assert.equal(f:to_csv(), frame.from_rows(rows, { columns = names }):to_csv())
    local next_row = f:rows()
    assert.equal(1, (next_row()))
    assert.equal(1, select(2, next_row()).a)
  end)
end)

describe("a form that is not", function()
  it("of sort says what a key is", function()
    local f = shop()
    for _, fn in ipairs { function() return f:sort("a", "desc") end,
      function() return f:sort("a", { descending = true }) end,
      function() return f:sort { by = "a" } end,
      function() return f:sort { { "a", "desc" } } end } do
      says('"-a" for descending', fn)
    end
    assert.equal(3, #f:rename("k", "desc"):sort("a", "desc"))
  end)

  it("of agg says what an aggregate is", function()
    local g = shop():group_by "k"
    says('g:agg{ "mean(column)" }', function() return g:mean "a" end)
    says("it is g:count(…) here", function() return g:size() end)
    says("no kernel 'std'; it is 'stddev' here", function() return g:agg { m = "std(a)" } end)
    says('"quantile(column, 0.95)"', function() return g:agg { m = "p95(a)" } end)
    says('{ "column", "kernel" }', function() return g:agg { m = { "mean", "max" } } end)
    says("not a function", function() return g:agg { m = function() end } end)
    says("not a column", function() return g:agg { m = shop():col "a" } end)
    says('g:agg{ name = "mean(column)" }', function() return g:agg() end)
    says("g.method(…) in place of g:method(…)", function() return g.agg { m = "mean(a)" } end)
  end)

  it("of join says which", function()
    local f = shop()
    says('f:join(g, "key", "left")', function() return f:join(f, "k", { kind = "left" }) end)
    says('f:join(g, "key", "left")', function() return f:join(f, { on = "k" }) end)
    says('the other frame: a frame expected, got "k"', function() return f:join("k", f) end)
  end)

  it("of filter and with says what they take", function()
    local f = shop()
    says("joined in one text", function() return f:filter("a > 1", "s > 1") end)
    says("a condition expected, got a table", function() return f:filter { a = 1 } end)
    says("got a frame", function() return f:filter(f) end)
    says("an array or a constant expected, got a frame", function() return f:with { r = f } end)
    says("got a table", function() return f:with { r = { x = 1 } } end)
    says("column 'r' has 4 rows, the frame 3", function()
      return f:with { r = { 1, 2, 3, 4 } }
    end)
    says("f:with{ r =", function() return f:col "a" + 1 end)
    says("f:filter", function() return f:col "a" > 1 end)
  end)

  it("of other libraries names ours", function()
    local f = shop()
    says("it is f:filter(…) here", function() return f:where "a > 1" end)
    says("it is f:group_by(…) here", function() return f:groupby "k" end)
    says("c:get(i)", function() return f:col("a")[1] end)
    says("f:row(i)", function() return f[1] end)
    says("f.method(…) in place of f:method(…)", function() return f.nrow() end)
    says("c.method(…) in place of c:method(…)", function() return f:col("a").mean() end)
    says('stats.mean(f:col "a")', function() return stats.mean(f, "a") end)
    says('stats.mean{ 1, 2 }', function() return stats.mean(1, 2) end)
    says("frame.from_table", function() return frame.new { a = { 1 } } end)
    says("frame.from_table", function() return frame.from_rows { a = { 1 } } end)
  end)

  it("of cast and fill names the column, also where nothing is to be filled", function()
    local f = shop()
    says("column 'k': row 1: 'x' is no i64", function() return f:cast { k = "i64" } end)
    says("column 'a': a value of type string can't", function() return f:fill("a", "x") end)
    says("column 'ok': ", function() return f:fill { ok = 1 } end)
  end)
end)
