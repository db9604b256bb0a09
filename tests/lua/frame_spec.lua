local frame = require "benchrun.frame"
local sandbox = require "sandbox"
local stats = require "benchrun.stats"

local function shop()
  return frame.new {
    { name = "suite", values = { "t", "h", "t", nil, "h" }, n = 5 },
    { name = "n", values = { 1, 2, 3, 4, nil }, n = 5 },
    { name = "s", values = { 0.5, 2.0, 0 / 0, 4.0, nil }, n = 5 },
    { name = "ok", values = { true, false, true, nil, true }, n = 5 },
  }
end

-- What a call raises.
local function problem_of(fn, ...)
  local ok, problem = pcall(fn, ...)
  assert.is_false(ok)
  return problem
end

local function values(f, name) return f:col(name):to_table() end

describe("a frame of Lua values", function()
  it("has the types of its values", function()
    assert.same({ "string", "i64", "f64", "bool" }, shop():types())
    assert.same({ "suite", "n", "s", "ok" }, shop():names())
    assert.equal(5, #shop())
    assert.equal(4, shop():ncol())
    assert.same({ 1, 2.5 }, { frame.from_table { x = { 1, 2.5 } }:get(1, "x"), 2.5 })
    assert.same({ "f64" }, frame.from_table { x = { 1, 2.5 } }:types())
    assert.same({ "f64" }, frame.from_table { x = { n = 2 } }:types())
  end)

  it("takes rows with holes, columns in order of appearance", function()
    local f = frame.from_rows { { b = 1 }, { a = "x", c = true }, {} }
    assert.same({ "b", "a", "c" }, f:names())
    assert.same({ 1, n = 3 }, values(f, "b"))
    assert.same({ nil, "x", n = 3 }, values(f, "a"))
    assert.same({ "a" }, frame.from_rows({ { a = 1, b = 2 } }, { columns = { "a" } }):names())
    assert.same({ "f64" }, frame.from_rows({ { a = 1 } }, { types = { a = "f64" } }):types())
  end)

  it("says at the caller's place which value does not fit", function()
    local line = debug.getinfo(1, "l").currentline
    local function slip() return (frame.from_table { x = { 1, "a" } }) end
    assert.truthy(problem_of(slip):find(
      ("frame_spec.lua:%d: column 'x', row 2: i64 expected, got \"a\""):format(line + 1), 1, true))
    assert.truthy(problem_of(frame.new, { { name = "x", values = { {} } } }):find(
      "column 'x', row 1: a number, text or boolean expected, got a list", 1, true))
    assert.truthy(problem_of(frame.new, { { nam = "x" } }):find(
      "unknown key 'nam'; did you mean 'name'?", 1, true))
    assert.truthy(problem_of(frame.from_table, { x = { 1, 2 }, y = { 1 } }):find("'y'", 1, true))
    assert.truthy(problem_of(frame.new, { { name = "x", values = { 1 } },
      { name = "x", values = { 1 } } }):find("already", 1, true))
  end)

  it("is made of several, matched by name", function()
    local f = frame.concat { shop():select "n", frame.from_table { n = { 0.5 }, z = { "q" } } }
    assert.same({ "n", "z" }, f:names())
    assert.equal(6, #f)
    assert.equal("q", f:get(6, "z"))
    assert.truthy(problem_of(frame.concat, { shop(), 3 }):find("a frame expected, got 3", 1, true))
  end)
end)

describe("looking at a frame", function()
  it("gives cells and rows", function()
    local f = shop()
    assert.equal("h", f:get(2, "suite"))
    assert.is_nil(f:get(4, "suite"))
    assert.same({ suite = "h", n = 2, s = 2.0, ok = false }, f:row(2))
    assert.is_true(f:has "n")
    assert.is_false(f:has "m")
    local seen = {}
    for i, row in f:select("n"):rows() do seen[i] = row.n or "null" end
    assert.same({ 1, 2, 3, 4, "null" }, seen)
  end)

  it("names the nearest of what it does not know", function()
    local f = shop()
    assert.truthy(problem_of(f.get, f, 1, "suit"):find("no column 'suit'; did you mean 'suite'?", 1,
      true))
    assert.truthy(problem_of(function() f:filtr "n > 1" end):find(
      "a frame has no method 'filtr'; did you mean 'filter'?", 1, true))
    assert.truthy(problem_of(function() return f:agg {} end):find("f:group_by(…):agg(…)", 1, true))
    assert.truthy(problem_of(function() return f:median() end):find("f:col(name):median()", 1,
      true))
    assert.truthy(problem_of(function() return f.suite end):find('f:col("suite")', 1, true))
    assert.truthy(problem_of(f.col, f, "a\0b"):find("no column 'a\\x00b'", 1, true))
    assert.truthy(problem_of(f.with, f, "x"):find("column 'x'", 1, true))
    assert.truthy(problem_of(f.fill, f, "n"):find("column 'n'", 1, true))
    assert.truthy(problem_of(f.get, f, 6, "n"):find("row 6: there are 5 rows", 1, true))
    assert.truthy(problem_of(f.get, f, 0, "n"):find("a whole number of at least 1", 1, true))
    assert.truthy(problem_of(f.head, "n"):find("f:method", 1, true))
    assert.truthy(problem_of(function() f.x = 1 end):find("can't be changed", 1, true))
  end)
end)

describe("columns and rows of a frame", function()
  it("are selected, dropped and renamed", function()
    local f = shop()
    assert.same({ "s", "n" }, f:select("s", "n"):names())
    assert.same({ "s", "n" }, f:select({ "s", "n" }):names())
    assert.same({ "s", "ok" }, f:drop("n", "suite"):names())
    assert.same({ "suite", "s", "n", "ok" }, f:rename({ n = "s", s = "n" }):names())
    assert.truthy(problem_of(f.select, f, "n", "n"):find("n", 1, true))
    assert.truthy(problem_of(f.rename, f, { n = "s" }):find("s", 1, true))
    assert.truthy(problem_of(f.select, f, "n", { keep = "last" }):find("name of a column", 1, true))
    assert.truthy(problem_of(f.drop, f, { "n", x = 1 }):find("names: list expected", 1, true))
    assert.truthy(problem_of(f.sort, f, { "n", descending = true }):find("keys: list", 1, true))
    assert.same({ "suite", "n", "s", "ok" }, f:names())
  end)

  it("are cut, taken and drawn", function()
    local f = shop():select "n"
    assert.same({ 1, 2, n = 2 }, values(f:head(2), "n"))
    assert.same({ 4, nil, n = 2 }, values(f:tail(2), "n"))
    assert.same({ 2, 3, n = 2 }, values(f:slice(2, 2), "n"))
    assert.same({ 3, 3, n = 2 }, values(f:take { 3, 3 }, "n"))
    assert.equal(0, #f:head(0))
    assert.equal(5, #f:tail(50))
    assert.same(values(f:sample(3, { seed = 7 }), "n"), values(f:sample(3, { seed = 7 }), "n"))
    assert.equal(9, #f:sample(9, { replace = true }))
    assert.truthy(problem_of(f.sample, f, 6):find("6 rows of 5", 1, true))
    assert.truthy(problem_of(f.take, f, { 6 }):find("6", 1, true))
  end)

  it("are filtered by a value, a mask and a function", function()
    local f = shop()
    assert.same({ 3, 4, n = 2 }, values(f:filter("n", ">=", 3), "n"))
    assert.same({ 4, n = 1 }, values(f:filter("suite", "null"), "n"))
    assert.same({ 1, 3, nil, n = 3 }, values(f:filter(f:col "ok"), "n"))
    assert.same({ 1, n = 1 }, values(f:filter(function(row) return (row.n or 9) < 2 end), "n"))
    assert.truthy(problem_of(f.filter, f, "n", "=", 3):find("'=='", 1, true)
      or problem_of(f.filter, f, "n", "=", 3):find("==", 1, true))
    assert.truthy(problem_of(f.filter, f, "n", "<", nil) ~= nil)
    assert.truthy(problem_of(f.filter, f, function(row) return row.m end):find("no column 'm'", 1,
      true))
  end)

  it("are filtered by a function over more rows than are looked at at a time", function()
    local cells = {}
    for i = 1, 9000 do cells[i] = i end
    local f = frame.from_table { x = cells }
    local kept = f:filter(function(row) return row.x % 4096 == 1 end)
    assert.same({ 1, 4097, 8193, n = 3 }, values(kept, "x"))
    local sum = 0
    for _, row in f:rows() do sum = sum + row.x end
    assert.equal(9000 * 9001 // 2, sum)
  end)
end)

describe("new columns", function()
  it("come of arrays, columns and constants", function()
    local f = shop():with { copy = shop():col "n", list = { 1, nil, 3 }, seven = 7, yes = true }
    assert.same({ "suite", "n", "s", "ok", "copy", "list", "seven", "yes" }, f:names())
    assert.same({ 1, nil, 3, n = 5 }, values(f, "list"))
    assert.equal(7, f:get(5, "seven"))
    assert.same({ 2, 2, 2, 2, 2, n = 5 }, values(f:with("n", 2), "n"))
    assert.truthy(problem_of(f.with, f, "x", frame.column { 1 }):find(
      "column 'x' has 1 rows, the frame 5", 1, true))
  end)

  it("come of a frame without any", function()
    local f = frame.new {}:with("a", { 1, 2 })
    assert.same({ 1, 2, n = 2 }, values(f, "a"))
  end)

  it("are filled and cast", function()
    local f = shop()
    assert.same({ "t", "h", "t", "?", "h", n = 5 }, values(f:fill("suite", "?"), "suite"))
    assert.same({ 0.5, 2, 9, 4, 9, n = 5 }, values(f:fill { s = 9, n = 0 }, "s"))
    assert.same({ "f64" }, f:cast({ n = "f64" }):select("n"):types())
    assert.same({ "1", "2", "3", "4", n = 5 }, values(f:cast("n", "string"), "n"))
    assert.truthy(problem_of(f.cast, f, "suite", "i64"):find("row 1", 1, true))
    assert.equal(5, f:cast("suite", "i64", "null"):col("suite"):null_count())
    assert.truthy(problem_of(f.cast, f, "n", "int"):find("column 'n'", 1, true))
    assert.truthy(problem_of(f.fill, f, "n", "x"):find("string", 1, true))
  end)
end)

describe("expressions", function()
  it("filter and make columns", function()
    local f = shop()
    assert.same({ 2, 4, n = 2 }, values(f:filter "n % 2 == 0", "n"))
    assert.same({ 4, n = 1 }, values(f:filter "suite == nil", "n"))
    local g = f:with { twice = "n * 2", n = "n + 1" }
    assert.same({ 2, 4, 6, 8, n = 5 }, values(g, "twice"))
    assert.same({ 2, 3, 4, 5, n = 5 }, values(g, "n"))
    assert.same({ 1.0, 4.0, n = 2 }, values(f:head(2):with("x", "n ^ 2"), "x"))
    assert.equal("bool", f:eval("n > 1"):type())
    assert.equal(2, #f:filter(f:eval "n > 2"))
  end)

  it("are aggregated", function()
    local f = shop():group_by("suite"):agg { ratio = "mean(n / 2)", p = "quantile(n * 2, 0.5)" }
    assert.same({ 1.0, 1.0, 2.0, n = 3 }, values(f, "ratio"))
    assert.same({ 4.0, 4.0, 8.0, n = 3 }, values(f, "p"))
    f = shop():group_by():agg { "mean(n * 2)", "max(n)", "count()" }
    assert.same({ "mean(n * 2)", "n_max", "count" }, f:names())
    assert.truthy(problem_of(function() shop():group_by("suite"):agg { x = "mean(m / 2)" } end)
      :find("m", 1, true))
  end)
end)

describe("along a column", function()
  local f = frame.from_table { g = { "a", "b", "a", "b" }, s = { 1, 10, 3, 40 } }

  it("groups stand for themselves", function()
    assert.same({ 1, 10, 4, 50, n = 4 }, values(f:cumsum("s", { by = "g" }), "s_cumsum"))
    local differences = f:diff("s", 1, { by = { "g" }, name = "d" })
    assert.same({ nil, nil, 2, 30, n = 4 }, values(differences, "d"))
    assert.same({ nil, nil, 1, 10, n = 4 }, values(f:shift("s", 1, { by = "g" }), "s_shift"))
    assert.same({ nil, nil, 2.0, 25.0, n = 4 },
      values(f:rolling("s", 2, "mean", { by = "g" }), "s_rolling_mean"))
    assert.same({ 2.0, 2.0, 1.0, 1.0, n = 4 },
      values(f:rank("s", { by = "g", descending = true }):cast { s_rank = "f64" }, "s_rank"))
    assert.same({ 1, 10, n = 2 }, values(f:group_by("g"):head(1), "s"))
    assert.equal(9.1, f:rolling("s", 2, "quantile(0.9)"):get(2, "s_rolling_quantile"))
  end)

  it("says what it does not know", function()
    assert.truthy(problem_of(f.rolling, f, "s", 2, "maen"):find("did you mean 'mean'?", 1, true))
    assert.truthy(problem_of(f.rolling, f, "s", 0, "mean"):find("at least 1", 1, true))
    assert.truthy(problem_of(f.rolling, f, "t", 2, "mean"):find("no column 't'", 1, true))
    assert.truthy(problem_of(f.cumsum, f, "s", { bye = "g" }):find("did you mean 'by'?", 1, true))
    assert.truthy(problem_of(f.ewm, f, "s", {}):find("alpha", 1, true))
    assert.truthy(problem_of(f.diff, f, "g"):find("g", 1, true)
      or problem_of(f.diff, f, "g"):find("string", 1, true))
    assert.truthy(problem_of(f.running, f, "s", "total"):find("product", 1, true))
    assert.truthy(problem_of(f.shift, f, "s", 1.5):find("whole number", 1, true))
  end)

  it("is defined for no rows, one and nulls", function()
    for _, each in ipairs { f:head(0), f:head(1), f:with("s", { n = 4 }) } do
      local n = #each
      assert.equal(n, #each:cumsum "s")
      assert.equal(n, #each:diff "s")
      assert.equal(n, #each:shift "s")
      assert.equal(n, #each:pct_change "s")
      assert.equal(n, #each:rank "s")
      assert.equal(n, #each:rolling("s", 3, "median", { by = "g" }))
      assert.equal(n, #each:ewm("s", { alpha = 0.5 }))
      assert.equal(n, #each:interpolate "s")
      assert.is_true(#each:group_by("g"):head(1) <= n)
    end
  end)
end)

describe("timestamps", function()
  it("are cast from texts and numbers, compared and counted", function()
    local f = frame.from_table { t = { "2024-01-01", "2024-01-02T00:00:01", "x" } }
    local g = f:cast({ t = "timestamp" }, "null")
    assert.same({ "timestamp" }, g:types())
    assert.equal(1, g:col("t"):null_count())
    assert.equal(1, #g:filter "t > '2024-01-01T12:00'")
    assert.equal(86401.0, g:with("d", "t - '2024-01-01'"):get(2, "d"))
    assert.equal(1704067200.0, g:cast { t = "f64" }:get(1, "t"))
    assert.equal(3, g:describe():get(1, "unique"))
    assert.truthy(problem_of(f.cast, f, { t = "timestamp" }):find("row 3", 1, true))
    local made = frame.new { { name = "t", type = "timestamp", values = { 0, "1970-01-02" } } }
    assert.truthy(made:get(1, "t"):find "^1970%-01%-01")
  end)
end)

describe("order", function()
  it("is by several columns, nulls last, stable", function()
    assert.same({ 3, 1, 2, nil, 4, n = 5 }, values(shop():sort("-suite", "-n"), "n"))
    assert.same({ 4, 3, 2, 1, nil, n = 5 },
      values(shop():sort { { name = "n", descending = true } }, "n"))
    assert.equal(1, #frame.from_table { ["-a"] = { 1 }, x = { 2 } }:sort("-a"))
    assert.truthy(problem_of(shop().sort, shop(), "-m"):find("no column 'm'", 1, true))
  end)

  it("leaves one row of those that agree", function()
    assert.same({ 1, 2, 4, n = 3 }, values(shop():distinct "suite", "n"))
    assert.same({ 3, 4, nil, n = 3 }, values(shop():distinct("suite", { keep = "last" }), "n"))
    assert.equal(5, #shop():distinct())
    assert.truthy(problem_of(shop().distinct, shop(), "n", { keep = "any" }):find("keep", 1, true))
  end)
end)

describe("groups", function()
  it("are aggregated in every form of asking", function()
    local g = shop():group_by "suite"
    local made = g:agg { sum = "n", worst = "max(n)", p = { "n", "quantile", q = 1 },
      rows = "count()", count = "n", head = "first(ok)" }
    assert.same({ "suite", "count", "head", "p", "rows", "sum", "worst" }, made:names())
    assert.same({ 4.0, 2.0, 4.0, n = 3 }, values(made, "sum"))
    assert.same({ 3.0, 2.0, 4.0, n = 3 }, values(made, "p"))
    assert.same({ 2, 2, 1, n = 3 }, values(made, "rows"))
    assert.same({ 2, 1, 1, n = 3 }, values(made, "count"))
    assert.equal("integer", math.type(made:get(1, "count")))
    assert.same({ "suite", "n_max", "low" },
      g:agg({ "max(n)", { "n", "min", name = "low" } }):names())
  end)

  it("without keys are one", function()
    assert.same({ 10.0, n = 1 }, values(shop():group_by():agg { sum = "n" }, "sum"))
    assert.equal(1, #shop():group_by():first())
    assert.equal("h", shop():group_by():last():get(1, "suite"))
  end)

  it("have counts, quantiles and first and last rows", function()
    local g = shop():group_by "suite"
    assert.same({ 2, 2, 1, n = 3 }, values(g:count(), "count"))
    assert.same({ "suite", "p50", "p99_9" }, g:quantile("n", { 0.5, 0.999 }):names())
    assert.same({ 1, 2, 4, n = 3 }, values(g:first(), "n"))
    assert.same({ 3, 4, nil, n = 3 }, values(g:last(), "n"))
    assert.truthy(problem_of(g.quantile, g, "n", { 95 }):find("a share of 0 to 1", 1, true))
  end)

  it("are gone through, sorted by their keys", function()
    local seen = {}
    for key, rows in shop():group_by("suite"):each() do
      seen[#seen + 1] = (key.suite or "null") .. #rows
    end
    assert.same({ "h2", "t2", "null1" }, seen)
    for _ in shop():head(0):group_by("suite"):each() do error "a group of nothing" end
  end)

  it("say what they don't know", function()
    local g = shop():group_by "suite"
    assert.truthy(problem_of(g.agg, g, { x = "geomeen(n)" }):find(
      "no kernel 'geomeen'; did you mean 'geomean'?", 1, true))
    assert.truthy(problem_of(g.agg, g, { geomean = "m" }):find("no column 'm'", 1, true))
    assert.truthy(problem_of(g.agg, g, { "n" }):find("mean(n)", 1, true))
    assert.truthy(problem_of(g.agg, g, { x = "sum(n) / count(n)" }):find("one call", 1, true))
    assert.truthy(problem_of(g.agg, g, { x = "max()" }):find("the name of a column", 1, true))
    assert.truthy(problem_of(g.agg, g, { x = { "n" } }):find("kernel(column)", 1, true))
    assert.truthy(problem_of(g.agg, g, { x = "quantile(n, 2)" }):find("0 to 1", 1, true))
    assert.truthy(problem_of(g.agg, g, { mean = "suite" }):find("string", 1, true))
    assert.truthy(problem_of(shop().group_by, shop(), "suit"):find("'suite'", 1, true))
    assert.truthy(tostring(g):find("grouping by suite of 5 rows", 1, true))
  end)
end)

describe("joins", function()
  local left = frame.from_table { k = { "a", "b", "c" }, v = { 1, 2, 3 } }
  local right = frame.from_table { k = { "c", "b", "d" }, v = { 30, 20, 40 }, w = { 1, 2, 3 } }

  it("keep what their kind says", function()
    assert.same({ 2, 3, n = 2 }, values(left:join(right, "k"), "v"))
    assert.same({ nil, 20, 30, n = 3 }, values(left:join(right, "k", "left"), "v_right"))
    local f = left:join(right, { "k" }, "inner", { suffix = "2" })
    assert.same({ "k", "v", "v2", "w" }, f:names())
  end)

  it("keep all rows, or those with a match, or those without", function()
    local f = left:join(right, "k", "outer")
    assert.same({ "a", "b", "c", "d", n = 4 }, values(f:sort "k", "k"))
    assert.same({ nil, 20, 30, 40, n = 4 }, values(f:sort "k", "v_right"))
    f = left:join(right, "k", "semi")
    assert.same({ "k", "v" }, f:names())
    assert.same({ "b", "c", n = 2 }, values(f, "k"))
    assert.same({ "a", n = 1 }, values(left:join(right, "k", "anti"), "k"))
  end)

  it("keep the rows of the other", function()
    local f = left:join(right, "k", "right")
    assert.same({ "k", "v", "v_right", "w" }, f:names())
    assert.same({ "c", "b", "d", n = 3 }, values(f, "k"))
    assert.same({ 3, 2, nil, n = 3 }, values(f, "v"))
    assert.same({ 30, 20, 40, n = 3 }, values(f, "v_right"))
  end)

  it("take columns that are called otherwise there", function()
    local other = right:rename { k = "key" }
    for _, kind in ipairs { "inner", "left", "right", "outer", "semi", "anti" } do
      local same = left:join(right, "k", kind)
      local f = left:join(other, { k = "key" }, kind)
      assert.same(same:names(), f:names())
      assert.equal(same:to_csv(), f:to_csv())
    end
    local f = left:join(right, { "k", v = "w" })
    assert.same({ "b", n = 1 }, values(f, "k"))
  end)

  it("say what they can't do", function()
    assert.truthy(problem_of(left.join, left, right, { k = "kk" }):find("no column 'kk' to join", 1,
      true))
    assert.truthy(problem_of(left.join, left, right, { kk = "k" }):find("did you mean 'k'", 1,
      true))
    assert.truthy(problem_of(left.join, left, right, "w"):find("no column 'w'", 1, true))
    assert.truthy(problem_of(right.join, right, left, "w"):find("the other frame has no column 'w'",
      1, true))
    assert.truthy(problem_of(left.join, left, right, "k", "iner"):find("did you mean 'inner'?", 1,
      true))
    assert.truthy(problem_of(left.join, left, right, {}):find("at least one", 1, true))
    local numbers = frame.from_table { k = { 1 } }
    assert.truthy(problem_of(left.join, left, numbers, "k"):find("k", 1, true))
  end)
end)

describe("names that the library does not have", function()
  it("are told with the nearest, and methods with how they are called", function()
    local function get(from, name) return from[name] end
    assert.truthy(problem_of(get, frame, "raed_csv"):find("did you mean 'read_csv'", 1, true))
    assert.truthy(problem_of(get, frame, "filter"):find("f:filter(…)", 1, true))
    assert.truthy(problem_of(get, stats, "geomeen"):find("did you mean 'geomean'", 1, true))
    assert.truthy(problem_of(get, stats, "std"):find("'stddev' here", 1, true))
  end)
end)

describe("shapes", function()
  it("go from long to wide and back", function()
    local f = frame.from_table { name = { "a", "a", "b" }, c = { "x", "y", "x" }, s = { 1, 2, 3 } }
    local wide = f:pivot { index = "name", columns = "c", values = "s" }
    assert.same({ "name", "x", "y" }, wide:names())
    assert.same({ 2.0, nil, n = 2 }, values(wide, "y"))
    local long = wide:melt { id = "name", name = "c", value = "s" }
    assert.same({ 1.0, 3.0, 2.0, nil, n = 4 }, values(long, "s"))
    assert.equal(1.9, f:pivot({ index = {}, columns = "name", values = "s",
      agg = "quantile(0.9)" }):get(1, "a"))
    assert.truthy(problem_of(f.pivot, f, { index = "name", columns = "c" }):find("values", 1, true))
    assert.truthy(problem_of(f.pivot, f, { index = "name", columns = "c", values = "t" }):find(
      "no column 't'", 1, true))
    assert.truthy(problem_of(f.melt, f, { id = "nam" }):find("'name'", 1, true))
  end)
end)

describe("a summary", function()
  it("has a row for each column", function()
    local f = shop():describe()
    assert.same({ "suite", "n", "s", "ok", n = 4 }, values(f, "column"))
    assert.same({ 4, 4, 4, 4, n = 4 }, values(f, "count"))
    assert.equal(3, f:get(1, "unique"))
    assert.equal(2.5, f:get(2, "median"))
    assert.equal(0.75, f:get(4, "mean"))
  end)

  it("says from when to when moments are", function()
    local times = { "2024-01-02", nil, "2023-05-05T10:00:00Z" }
    local f = frame.new {
      { name = "t", type = "timestamp", values = times, n = 3 },
      { name = "none", type = "timestamp", values = {}, n = 3 },
      { name = "x", values = { 1, 2, 3 } },
    }
    local about = f:describe()
    assert.same({ "2023-05-05T10:00:00Z", n = 3 }, values(about, "earliest"))
    assert.same({ "2024-01-02T00:00:00Z", n = 3 }, values(about, "latest"))
    assert.is_false(shop():describe():has "earliest")
    assert.is_nil(f:head(0):describe():get(1, "latest"))
  end)

  it("counts values, the most frequent first", function()
    local f = frame.from_table { x = { "b", "a", "c", "a" } }:value_counts "x"
    assert.same({ "a", "b", "c", n = 3 }, values(f, "x"))
    assert.same({ 2, 1, 1, n = 3 }, values(f, "count"))
  end)

  it("gives quantiles", function()
    assert.equal(2.5, shop():quantile("n", 0.5))
    assert.same({ 1.0, 4.0 }, shop():quantile("n", { 0, 1 }))
    assert.truthy(problem_of(shop().quantile, shop(), "suite", 0.5):find("'suite' is string", 1,
      true))
  end)
end)

describe("a column", function()
  it("has values, a type and nulls", function()
    local c = shop():col "suite"
    assert.equal(5, #c)
    assert.equal("string", c:type())
    assert.equal(1, c:null_count())
    assert.equal("t", c:get(3))
    assert.is_nil(c:get(4))
    assert.same({ "t", "h", nil, n = 3 }, c:unique():to_table())
    assert.truthy(problem_of(c.get, c, 6):find("row 6: there are 5 rows", 1, true))
    assert.truthy(problem_of(c.mean, c):find("'suite' is string", 1, true))
    assert.same({ 4, 2, "t", "h" }, { c:count(), c:nunique(), c:max(), c:min() })
    assert.equal(0, shop():head(0):col("suite"):count())
    assert.truthy(problem_of(function() return c:medain() end):find("'median'", 1, true))
  end)

  it("has every kernel as a method", function()
    local c = shop():col "n"
    for _, kernel in ipairs(stats.list()) do
      assert.equal(stats[kernel.name](c), c[kernel.name](c))
    end
    assert.equal(2.5, c:median())
    assert.equal(4.0, c:quantile { q = 1 })
    assert.equal(2.0, stats.geomean { 1, 4 })
    assert.truthy(problem_of(stats.mean, "x"):find("array of numbers", 1, true))
    assert.truthy(problem_of(c.quantile, c, { p = 1 }):find("unknown key 'p'", 1, true))
    assert.truthy(problem_of(c.quantile, c, { q = 0.5, method = "x" }):find("method", 1, true))
  end)
end)

describe("frames with nothing in them", function()
  local function each_method(f)
    local column = f:names()[1]
    assert.equal(0, #f:head() + #f:tail() + #f:slice(1) + #f:take {} + #f:sample(0))
    assert.equal(0, #f:distinct() + #f:filter(function() return true end))
    assert.equal("string", type(tostring(f)))
    assert.equal("string", type(f:to_csv()))
    assert.equal("string", type(f:to_markdown() .. f:to_html()))
    assert.equal(f:ncol(), #f:describe())
    assert.equal(0, #f:sort(table.unpack(f:names())))
    assert.equal(0, #frame.concat { f, f })
    for _ in f:rows() do error "a row of nothing" end
    if not column then return end
    assert.equal(0, #f:group_by(column):agg { n = "count()" })
    assert.equal(0, #f:group_by(column):first() + #f:value_counts(column))
    assert.equal(0, #f:join(f, column) + #f:join(f, column, "left") + #f:join(f, column, "right"))
    assert.equal(0, #f:pivot { index = column, columns = "suite", values = "s" })
    assert.equal(0, #f:melt { id = "suite", columns = { "n", "s" } })
  end

  it("of 0 rows", function() each_method(shop():head(0)) end)
  it("of 0 columns", function() each_method(frame.new {}) end)

  it("of nulls alone, and of one row", function()
    for _, f in ipairs { shop():take { 5 }, shop():take { 1 }, frame.new { { name = "suite",
      type = "string", values = {}, n = 3 }, { name = "n", type = "i64", values = {}, n = 3 },
      { name = "s", values = {}, n = 3 }, { name = "ok", type = "bool", values = {}, n = 3 } } } do
      local n = #f
      assert.equal(n, #f:sort("suite", "-s"))
      assert.equal(1, #f:distinct "suite")
      assert.equal(1, #f:group_by("suite"):agg { mean = "s", n = "count()" })
      assert.equal(n, f:group_by("suite"):count():get(1, "count"))
      assert.equal(4, #f:describe())
      assert.equal(1, #f:pivot { index = "suite", columns = "ok", values = "n" })
      assert.equal(2 * n, #f:melt { id = "suite", columns = { "n", "s" } })
      assert.equal("string", type(tostring(f) .. f:to_markdown() .. f:to_html() .. f:to_csv()))
    end
  end)
end)

describe("files", function()
  it("are written and read back", function()
    local box <close> = sandbox.new()
    local f = shop()
    assert.is_true(f:to_csv(box:at "a.csv"))
    local g = frame.read_csv(box:at "a.csv")
    assert.same(f:names(), g:names())
    assert.same(f:drop("s"):to_table(), g:drop("s"):to_table())
    assert.equal("suite\tn\n", (f:select("suite", "n"):to_csv { delimiter = "\t" }):match "^.-\n")
    assert.is_true(f:to_html(box:at "a.html"))
    assert.equal(f:to_html(), box:read "a.html")
    assert.is_true(f:to_markdown(box:at "a.md"))
  end)

  it("are tables of a database and JSON too", function()
    local box <close> = sandbox.new()
    local f = shop():drop("s", "ok")
    assert.is_true(f:to_sqlite(box:at "a.db", "runs"))
    local _, message, code = f:to_sqlite(box:at "a.db", "runs")
    assert.equal("exists", code)
    assert.truthy(message:find("runs", 1, true))
    assert.is_true(f:to_sqlite(box:at "a.db", "runs", { mode = "append" }))
    assert.equal(10, #frame.read_sqlite(box:at "a.db", "select * from runs"))
    assert.same(f:to_table(), frame.read_sqlite(box:at "a.db", "select * from runs limit 5")
      :to_table())
    assert.is_nil((frame.read_sqlite(box:at "a.db", "selec")))
    assert.truthy(problem_of(f.to_sqlite, f, box:at "a.db", "runs", { mode = "add" }):find(
      "append", 1, true))
    assert.is_true(f:to_json(box:at "a.json"))
    assert.same(f:to_table(), frame.read(box:at "a.json"):to_table())
    assert.is_true(f:to_json(box:at "a.jsonl", { lines = true }))
    assert.same(f:to_table(), frame.read(box:at "a.jsonl"):to_table())
    assert.equal("[]", (f:head(0):to_json():gsub("%s", "")))
  end)

  it("that fail give nil, a message and a code", function()
    local box <close> = sandbox.new()
    local f, message, code = frame.read_csv(box:at "none.csv")
    assert.is_nil(f)
    assert.truthy(message:find("none.csv", 1, true))
    assert.equal("notfound", code)
    local ok, problem = shop():to_csv(box:at "no/a.csv")
    assert.is_nil(ok)
    assert.truthy(problem:find("no/a.csv", 1, true))
    assert.is_nil((shop():to_html(box:at "no/a.html")))
    f, message = frame.parse_csv "a,b\n1\n"
    assert.is_nil(f)
    assert.truthy(message:find("^csv:2: "))
  end)

  it("that are asked for wrongly are a mistake", function()
    assert.truthy(problem_of(frame.read_csv, "x", { delimeter = ";" }):find(
      "did you mean 'delimiter'?", 1, true))
    assert.truthy(problem_of(frame.read_csv, 3):find("path: string or list expected, got 3", 1,
      true))
    assert.truthy(problem_of(frame.read_csv, "x", { types = { a = "int" } }):find("types.a", 1,
      true))
    assert.truthy(problem_of(frame.parse_csv, "x", { delimiter = "ab" }):find("one character", 1,
      true))
  end)
end)

describe("what is said at once", function()
  it("is what is said one by one", function()
    local f = frame.from_table { x = { 3.5, -1, 0 / 0, 2 }, i = { 4, 1, 9, 9 },
      b = { true, false, true, true } }
    f = frame.concat { f, frame.new { { name = "x", values = { n = 1 } } } }
    for _, name in ipairs(f:names()) do
      local c, row = f:col(name), f:describe(name):row(1)
      for _, kernel in ipairs { "mean", "stddev", "min", "max", "median" } do
        assert.equal(tostring(c[kernel](c)), tostring(row[kernel]), name .. kernel)
      end
      assert.equal(tostring(c:quantile(0.25)), tostring(f:quantile(name, 0.25)))
      assert.equal(tostring(c:quantile(0.75)), tostring(f:quantile(name, { 0, 0.75 })[2]))
    end
    assert.same({}, f:quantile("i", {}))
    for _, q in ipairs { 2, -0.1, 0 / 0, { 0.5, 7 } } do
      assert.truthy(problem_of(f.quantile, f, "i", q):find("between 0 and 1", 1, true))
    end
  end)

  it("is tried again where what nobody holds filled the memory", function()
    local mistake = require "benchrun.frame.mistake"
    local tries = 0
    local function fails_once() tries = tries + 1; return tries > 1 or error("out of memory", 0) end
    assert.is_true(mistake.call(fails_once))
    assert.equal(2, tries)
    local function fails() tries = tries + 1; error("out of memory", 0) end
    assert.truthy(problem_of(mistake.call, fails):find("out of memory", 1, true))
    assert.equal(4, tries)
  end)

  it("is filled in place of nulls and NaN, in every type", function()
    local f = frame.from_rows { { x = 1.5, i = 1, b = true, s = "a", t = "2024-01-01" }, {},
      { x = 0 / 0, i = 3, b = false, s = "c", t = "2024-01-03" } }
    f = f:cast { t = "timestamp" }
    local full = f:fill { x = 7, i = 2, b = true, s = "b" }
    assert.same({ 1.5, 7.0, 7.0, n = 3 }, values(full, "x"))
    assert.same({ 1, 2, 3, n = 3 }, values(full, "i"))
    assert.same({ true, true, false, n = 3 }, values(full, "b"))
    assert.same({ "a", "b", "c", n = 3 }, values(full, "s"))
    assert.same({ 1, 7, 3, n = 3 }, values(f:fill("i", 7.0), "i"))
    assert.equal("2024-01-02T00:00:00Z", f:fill("t", "2024-01-02"):get(2, "t"))
    for value, why in pairs { [0.5] = "0.5 is no whole number", [1e300] = "the column is i64" } do
      assert.truthy(problem_of(f.fill, f, "i", value):find(why, 1, true))
    end
    assert.truthy(problem_of(f.fill, f, "x", (1 << 53) + 1):find("does not hold", 1, true))
    assert.equal(0, full:col("i"):null_count() + full:col("b"):null_count())
    assert.equal(1, f:col("i"):null_count())
    assert.truthy(problem_of(f.fill, f, "t", "x"):find("column 't'", 1, true))
    assert.equal("2024-01-02T00:00:00Z", f:with({ t = "t or '2024-01-02'" }):get(2, "t"))
  end)
end)
