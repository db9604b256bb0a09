local schema = require "benchrun.schema"

local FIELDS = {
  { name = "title", type = "string", required = true },
  { name = "count", type = "integer", min = 1, default = 3 },
  { name = "ratio", type = "number", min = 0 },
  { name = "colour", type = "string", choices = { "red", "green" } },
  { name = "words", type = "list", of = { type = "string" } },
  { name = "command", type = "list|function" },
  { name = "inner", type = "table", fields = {
    { name = "depth", type = "integer" }, { name = "list", type = "list" } } },
  { name = "rows", type = "table", rows = true, of = { type = "table", fields = {
    { name = "flag", type = "boolean" }, { name = "note", type = "string" } } } },
  { name = "env", type = "table", keyed = "variable", of = { type = "string" } },
  { name = "seconds", type = "number", min = 0, max = 10 },
  { name = "factor", type = "number" },
  { name = "argv", type = "list", of = { type = "string" }, filled = true },
  { name = "folder", type = "string", filled = true },
  { name = "raw", type = "string", nul = true },
  { name = "tables", type = "table", of = { type = "table", of = { type = "string|list" } } },
}

-- Key path as text and message of the first problem.
local function problem_of(value)
  value.title = value.title or "t"
  local key_path, problem = schema.check(FIELDS, value)
  return key_path and schema.path_text(key_path), problem
end

local function with_title(value)
  value.title = "t"
  return value
end

describe("schema.check", function()
  it("takes what is right", function()
    assert.is_nil(schema.check(FIELDS, with_title { count = 1, ratio = 0, colour = "red",
      words = {}, command = print, inner = { depth = -4 }, rows = { a = { flag = false } } }))
  end)

  local CASES = {
    ["an unknown key, with the nearest"] =
      { { cuont = 1 }, "cuont", "unknown key 'cuont'; did you mean 'count'?" },
    ["an unknown key in a table"] =
      { { inner = { dept = 1 } }, "inner.dept",
        "inner: unknown key 'dept'; did you mean 'depth'?" },
    ["an unknown key in a row, near to none"] =
      { { rows = { a = { xyzzy = 1 } } }, "rows.a.xyzzy",
        "rows.a: unknown key 'xyzzy'; known are flag, note" },
    ["a key that is no text"] =
      { { inner = { [true] = 1 } }, "inner.true",
        "inner: unknown key 'true'; known are depth, list" },
    ["a wrong type"] = { { count = "2" }, "count", 'count: an integer expected, got "2"' },
    ["a number with a fraction"] =
      { { count = 2.5 }, "count", "count: an integer expected, got 2.5" },
    ["neither of two types"] =
      { { command = "x" }, "command", 'command: a list or function expected, got "x"' },
    ["a table that is no list"] =
      { { words = { a = "x" } }, "words", "words: a list expected, got a table" },
    ["a list with a hole"] =
      { { words = { "a", nil, "c", [9] = "x" } }, "words", "words: a list expected, got a table" },
    ["a wrong element"] =
      { { words = { "a", 2 } }, "words[2]", "words[2]: a string expected, got 2" },
    ["a wrong value in a table"] =
      { { env = { A = true } }, "env.A", "env.A: a string expected, got true" },
    ["a value that is not allowed"] = { { colour = "gren" }, "colour",
      'colour: "gren" is not allowed; did you mean \'green\'? Known are red, green' },
    ["too small a number"] = { { count = 0 }, "count", "count: at least 1 expected, got 0" },
    ["NaN"] = { { ratio = 0 / 0 }, "ratio", "ratio: at least 0 expected, got " .. 0 / 0 },
    ["too large a number"] = { { seconds = 11 }, "seconds",
      "seconds: at most 10 expected, got 11" },
    ["infinity, where there is a greatest"] = { { seconds = math.huge }, "seconds",
      "seconds: at most 10 expected, got inf" },
    ["infinity, where there is none"] = { { factor = -math.huge }, "factor",
      "factor: a finite number expected, got -inf" },
    ["NaN, where there is no least"] = { { factor = 0 / 0 }, "factor",
      "factor: a finite number expected, got " .. 0 / 0 },
    ["a NUL byte"] = { { folder = "a\0b" }, "folder",
      'folder: a text without a NUL byte expected, got "a\\0b"' },
    ["a NUL byte in a word"] = { { argv = { "a", "\0" } }, "argv[2]",
      'argv[2]: a text without a NUL byte expected, got "\\0"' },
    ["an empty list, where it may not be"] = { { argv = {} }, "argv",
      "argv: a list that is not empty expected, got a list" },
    ["an empty text, where it may not be"] = { { folder = "" }, "folder",
      'folder: a text that is not empty expected, got ""' },
    ["a variable without a name"] = { { env = { [""] = "x" } }, "env.",
      'env: the name of a variable as key expected, got ""' },
    ["a variable with a ="] = { { env = { ["A=B"] = "x" } }, "env.A=B",
      'env: the name of a variable as key expected, got "A=B"' },
    ["a variable with a NUL byte"] = { { env = { ["A\0"] = "x" } }, "env.A\0",
      'env: the name of a variable as key expected, got "A\\0"' },
    ["a list of variables"] = { { env = { "x" } }, "env[1]",
      "env: the name of a variable as key expected, got 1" },
    ["a table by number"] = { { tables = { {} } }, "tables[1]",
      "tables: a name as key expected, got 1" },
    ["a table by number in a table"] = { { tables = { a = { "x" } } }, "tables.a[1]",
      "tables.a: a name as key expected, got 1" },
    ["a table by boolean"] = { { rows = { [true] = {} } }, "rows.true",
      "rows: a name as key expected, got true" },
    ["a function for a table"] =
      { { inner = print }, "inner", "inner: a table expected, got a function" },
    ["text with line ends"] = { { count = "a\nb\27" }, "count",
      'count: an integer expected, got "a\\nb\\27"' },
  }
  for name, case in pairs(CASES) do
    it("refuses " .. name, function()
      local where, problem = problem_of(case[1])
      assert.are.equal(case[2], where)
      assert.are.equal(case[3], problem)
    end)
  end

  it("takes a NUL byte where the field says so", function()
    assert.is_nil(schema.check(FIELDS, with_title { raw = "a\0b" }))
  end)

  it("misses a required key", function()
    local key_path, problem = schema.check(FIELDS, {})
    assert.are.same({}, key_path)
    assert.are.equal("key 'title' is missing", problem)
    key_path, problem = schema.check({ { name = "row", type = "table", fields = FIELDS } },
      { row = {} })
    assert.are.same({ "row" }, key_path)
    assert.are.equal("row: key 'title' is missing", problem)
  end)

  it("finds the same problem first each time, whatever the order of keys", function()
    for _ = 1, 20 do
      assert.are.equal("inner[3]", (problem_of { inner = { z = 1, a = 2, [3] = 1 }, zz = 1 }))
    end
  end)
end)

describe("schema.describe", function()
  it("keeps a message short and on one line", function()
    assert.are.equal('"' .. ("x"):rep(80) .. '"', schema.describe(("x"):rep(5000)))
    assert.are.equal("a list", schema.describe {})
    assert.are.equal("a nil", schema.describe(nil))
  end)
end)

describe("schema.suggestion", function()
  it("names the nearest, the known ones, or both", function()
    assert.are.equal("; did you mean 'gcc_O2'?", schema.suggestion("gcc_o2", { "gcc_O2", "clang" }))
    assert.are.equal("; known are a, b", schema.suggestion("something", { "a", "b" }))
    assert.are.equal("; did you mean 'alpha'? Known are alpha, beta",
      schema.suggestion("alpa", { "alpha", "beta" }, true))
    assert.are.equal("", schema.suggestion("x", {}))
  end)

  it("lists twelve names and counts the others", function()
    local names = {}
    for i = 1, 12 do names[i] = ("name%d"):format(i) end
    local twelve = table.concat(names, ", ")
    assert.are.equal("; known are " .. twelve, schema.suggestion("qqqqqq", names))
    for i = 13, 3000 do names[i] = ("name%d"):format(i) end
    assert.are.equal("; known are " .. twelve .. ", … (2988 more)",
      schema.suggestion("qqqqqq", names))
  end)
end)

describe("schema.merge", function()
  it("replaces lists and rows, merges tables, changes neither side", function()
    local old = with_title { words = { "a", "b" }, inner = { depth = 1, list = { 1 } },
      rows = { x = { flag = true, note = "n" }, y = { flag = true } }, env = { A = "1", B = "2" } }
    local new = { words = { "c" }, inner = { list = {} }, rows = { x = { flag = false } },
      env = { B = "3" } }
    local merged = schema.merge(FIELDS, old, new)
    assert.are.same(with_title { words = { "c" }, inner = { depth = 1, list = {} },
      rows = { x = { flag = false }, y = { flag = true } }, env = { A = "1", B = "3" } }, merged)
    assert.are.same({ "a", "b" }, old.words)
    assert.are.same({ depth = 1, list = { 1 } }, old.inner)
    assert.are.same({ list = {} }, new.inner)
    assert.is_nil(new.title)
  end)

  it("replaces a list by an empty one, and a false is a value", function()
    local fields = { { name = "list", type = "list" }, { name = "is", type = "boolean" } }
    assert.are.same({ list = {}, is = false },
      schema.merge(fields, { list = { 1 }, is = true }, { list = {}, is = false }))
  end)
end)

describe("schema.defaults", function()
  it("gives the default of every field that has one", function()
    assert.are.same({ count = 3 }, schema.defaults(FIELDS))
  end)
end)
