-- How frames look at a prompt.

local frame = require "benchrun.frame"
local text = require "benchrun.text"

local function lines_of(shown)
  local lines = {}
  for line in (shown .. "\n"):gmatch "(.-)\n" do lines[#lines + 1] = line end
  return lines
end

-- No line is wider than it may be, no byte is one that a terminal acts on.
local function check_fits(shown, width)
  for _, line in ipairs(lines_of(shown)) do
    assert.is_true(text.width(line) <= width, line)
    assert.truthy(utf8.len(line))
    assert.is_nil(line:find "%c")
  end
end

local function numbers(n)
  local cells = {}
  for i = 1, n do cells[i] = i end
  return cells
end

-- The same cells again and again, 2^doublings times.
local function long(cells, doublings)
  local f = frame.from_table { n = cells }
  for _ = 1, doublings do f = frame.concat { f, f } end
  return f
end

describe("a frame that is shown", function()
  it("has the first and the last rows", function()
    local f = long(numbers(1000), 11):with { n = 7 }:with { n = "n + 1" }
    assert.same({ "  n", "i64", "───", "  8", "  8", "…", "  8", "2,048,000 rows × 1 column" },
      lines_of(f:show { rows = 3, width = 80 }))
    assert.same({ "1", "2", "…", "1000" }, (function()
      local lines = lines_of(long(numbers(1000), 0):show { rows = 3, width = 80 })
      for i, line in ipairs(lines) do lines[i] = line:match "^%s*(.*)$" end
      return table.move(lines, 4, 7, 1, {})
    end)())
    assert.equal(25, #lines_of(f:show { width = 80 }))
    assert.equal(12, #lines_of(f:show { width = 80, height = 12 }))
  end)

  it("takes no time however long it is", function()
    local function time_of(f)
      local before = os.clock()
      for _ = 1, 20 do f:show { width = 80 } end
      return os.clock() - before
    end
    assert.is_true(time_of(long(numbers(1000), 12)) < 10 * time_of(long(numbers(1000), 0)) + 0.1)
  end)

  it("shows digits that tell numbers apart, point under point", function()
    local function cells(...)
      local f = frame.from_table { x = { ... } }
      local lines = lines_of(f:cast { x = "f64" }:show { width = 80 })
      return table.move(lines, 4, #lines - 1, 1, {})
    end
    assert.same({ " 1.25", "10.00" }, cells(1.25, 10))
    assert.same({ "0.333333", "0.666667" }, cells(1 / 3, 2 / 3))
    assert.same({ "1234.5678", "   0.0012" }, cells(1234.5678, 0.00123))
    assert.same({ "1e+12", "  2.5" }, cells(1e12, 2.5))
    assert.same({ "nan", "inf", "-inf", " 1.0" }, (function()
      local got = cells(0 / 0, math.huge, -math.huge, 1)
      for i, cell in ipairs(got) do got[i] = i < 3 and cell:match "%S+" or cell end
      return got
    end)())
    assert.same({ "0.0" }, { cells(0)[1]:match "%S+" })
  end)

  it("marks nulls", function()
    local f = frame.from_rows({ { a = 1, b = "x" }, {} }, { columns = { "a", "b" } })
    assert.same({ "  1  x", "  ·  ·" }, table.move(lines_of(f:show { width = 80 }), 4, 5, 1, {}))
  end)

  it("is as wide as it may be, columns left out in the middle", function()
    local columns = {}
    for i = 1, 40 do
      columns[i] = { name = ("column_%02d"):format(i), values = { ("word"):rep(i), "b" } }
    end
    local f = frame.new(columns)
    for _, width in ipairs { 1000, 200, 80, 40, 20, 13 } do
      check_fits(f:show { width = width }, math.max(width, 40))
    end
    local shown = f:show { width = 80 }
    assert.truthy(shown:find("column_01", 1, true))
    assert.truthy(shown:find("column_40", 1, true))
    assert.truthy(shown:find("2 rows × 40 columns, %d+ not shown"))
    assert.is_nil(f:show({ width = 2000 }):find "not shown")
  end)

  it("cuts long texts and shows what they hold", function()
    local f = frame.from_table { x = { ("ab"):rep(1000), "a\27[31m\nb", "\xff\xfe", "日本語",
      ("z"):rep(5000000) } }
    local shown = f:show { width = 60 }
    check_fits(shown, 60)
    assert.truthy(shown:find("\\x1b[31m\\n", 1, true))
    assert.truthy(shown:find("\\xff\\xfe", 1, true))
    assert.truthy(shown:find("日本語", 1, true))
    assert.truthy(shown:find("…", 1, true))
    check_fits(frame.from_table { ["a\nb"] = { 1 } }:show { width = 60 }, 60)
  end)

  it("has colours where they are asked for", function()
    local f = frame.from_rows { { a = 1 }, {} }
    local shown = f:show { width = 80, colours = true }
    assert.truthy(shown:find("\27[1m  a\27[0m", 1, true))
    assert.truthy(shown:find("\27[2m  ·\27[0m", 1, true))
    assert.equal(f:show { width = 80 }, (shown:gsub("\27%[%d*m", "")))
  end)

  it("may hold nothing", function()
    assert.equal("0 rows × 0 columns", frame.new {}:show())
    local empty = frame.from_table { a = { 1 } }:head(0)
    assert.same({ "  a", "i64", "───", "0 rows × 1 column" }, lines_of(empty:show { width = 80 }))
  end)

  it("takes the width of COLUMNS or 80 by default", function()
    local f = frame.from_table { a = { ("x"):rep(60) }, b = { ("y"):rep(60) } }
    check_fits(tostring(f), tonumber(os.getenv "COLUMNS") or 80)
    assert.equal(tostring(f), f:show())
    local ok, problem = pcall(f.show, f, { widht = 3 })
    assert.is_false(ok)
    assert.truthy(problem:find("did you mean 'width'?", 1, true))
  end)
end)

describe("a column that is shown", function()
  it("is a frame of it alone", function()
    local c = frame.column({ 1.5, nil, 2 }, { n = 3, name = "x" })
    assert.same({ "  x", "f64", "───", "1.5", "  ·", "2.0", "3 rows" }, lines_of(tostring(c)))
    assert.equal("column", lines_of(tostring(frame.column { 1 }))[1])
  end)
end)

describe("a value that is shown", function()
  it("is a table's items, a text cleaned line by line", function()
    local show = frame.display
    assert.equal('{ 1, "a", ["a b"] = 2, x = { true } }',
      show { 1, "a", x = { true }, ["a b"] = 2 })
    assert.equal("{}", show {})
    assert.equal("a\\tb\nc", show "a\tb\nc")
    assert.equal("nil", show(nil))
    assert.truthy(show(numbers(100)):find("… 50 more", 1, true))
    assert.equal("{ frame (1 row × 1 column), column (i64, 1 row) }",
      show { frame.from_table { a = { 1 } }, frame.column { 1 } })
    local deep = {}
    deep.deep = deep
    assert.equal("string", type(show(deep)))
  end)
end)
