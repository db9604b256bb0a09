-- Files as they should not be: each is a frame or nil, a message and a code, and nothing worse.

local frame = require "benchrun.frame"
local sandbox = require "sandbox"

-- What frame.read_csv says of a text.
local function problem_of(bytes, options)
  local f, message, code = frame.parse_csv(bytes, options)
  assert.is_nil(f)
  assert.is_nil(message:find "\n")
  return message, code
end

describe("a file", function()
  it("of 0 bytes has no columns, one with a header alone no rows", function()
    local box <close> = sandbox.new()
    local f = frame.read_csv(box:write("a.csv", ""))
    assert.same({ 0, 0 }, { f:nrow(), f:ncol() })
    f = frame.read_csv(box:write("a.csv", "a,b\n"))
    assert.same({ 0, 2 }, { f:nrow(), f:ncol() })
    assert.equal(0, #f:filter(function() return true end):sort "a")
  end)

  it("may have one column", function()
    assert.same({ 1, nil, 3, n = 3 }, frame.parse_csv("a\n1\n\n3\n"):col("a"):to_table())
  end)

  it("may have many columns", function()
    local names = {}
    for i = 1, 5000 do names[i] = "c" .. i end
    local text = table.concat(names, ",") .. "\n" .. ("1,"):rep(4999) .. "1\n"
    local f = frame.parse_csv(text)
    assert.equal(5000, f:ncol())
    assert.truthy(f:show({ width = 80 }):find("1 row × 5,000 columns", 1, true))
    assert.truthy(select(2, pcall(f.col, f, "c5001")):find("did you mean 'c500", 1, true))
  end)

  it("may have a cell of many megabytes", function()
    local f = frame.parse_csv("a,b\n" .. ("x"):rep(5000000) .. ",1\n")
    assert.equal(5000000, #f:get(1, "a"))
    assert.is_true(#f:show { width = 80 } < 1000)
  end)

  it("with rows of different length says which", function()
    local message, code = problem_of "a,b\n1,2\n3\n"
    assert.truthy(message:find("^csv:3: 1 field, the header has 2"))
    assert.equal("parse", code)
    assert.same({ 2, nil, n = 2 },
      frame.parse_csv("a,b\n1,2\n3\n", { ragged = "pad" }):col("b"):to_table())
  end)

  it("keeps bytes that are no UTF-8, and shows them escaped", function()
    local f = frame.parse_csv "a\n\xff\xfe\n"
    assert.equal("\xff\xfe", f:get(1, "a"))
    assert.truthy(tostring(f):find("\\xff\\xfe", 1, true))
    assert.truthy(f:to_html():find("\\xff\\xfe", 1, true))
    assert.equal("a\n\xff\xfe\n", f:to_csv())
  end)

  it("that is no file is said to be none", function()
    local box <close> = sandbox.new()
    local f, message = frame.read_csv(box.path)
    assert.is_nil(f)
    assert.truthy(message:find("directory", 1, true))
    assert.equal("notfound", select(3, frame.read_csv(box:at "none.csv")))
  end)

  it("has a name", function()
    local f = frame.from_table { a = { 1 } }
    for _, path in ipairs { "", "a\0b" } do
      for _, call in ipairs { frame.read_csv, frame.read, frame.read_sqlite,
        function(name) return frame.read_csv { "-", name } end,
        function(name) return f:to_csv(name) end, function(name) return f:to_json(name) end,
        function(name) return f:to_sqlite(name, "t") end } do
        local ok, message = pcall(call, path)
        assert.is_false(ok)
        assert.truthy(tostring(message):find("the path of a file expected, got", 1, true))
      end
    end
  end)

  it("may be a pipe", function()
    local box <close> = sandbox.new()
    box:shell "mkfifo pipe; (printf 'a,b\\n1,2\\n' >pipe) &"
    assert.equal(2, frame.read_csv(box:at "pipe"):get(1, "b"))
    local f, _, code = frame.read(box:at "pipe")
    assert.same({ nil, "format" }, { f, code })
  end)

  it("with numbers beyond i64 loses none of them", function()
    local f = frame.parse_csv "a,b\n9223372036854775807,1\n9223372036854775808,2\n"
    assert.equal("9223372036854775808", f:get(2, "a"))
    local message, code = problem_of("a\n9223372036854775808\n", { types = { a = "i64" } })
    assert.truthy(message:find("a", 1, true))
    assert.truthy(code == "parse" or code == "range")
  end)

  it("with dates that are none says so", function()
    problem_of("t\n2024-02-30\n", { types = { t = "timestamp" } })
    problem_of("t\n99999-01-01\n", { types = { t = "timestamp" } })
    local f = frame.parse_csv("t\n2024-02-29\n", { types = { t = "timestamp" } })
    assert.truthy(f:get(1, "t"):find "^2024%-02%-29")
    assert.equal("timestamp", f:col("t"):type())
  end)

  it("with a name twice is refused", function()
    assert.truthy(problem_of("a,a\n1,2\n"):find('"a"', 1, true))
  end)
end)

describe("a mistake", function()
  local f = frame.from_table { suite = { "a" }, speedup = { 1.5 } }

  local function raises(expected, fn)
    local ok, message = pcall(fn)
    assert.is_false(ok)
    assert.truthy(message:find("frame_input_spec.lua:%d+: "), message)
    assert.truthy(message:find(expected, 1, true), message)
    assert.is_nil(message:find "\n")
  end

  it("in a join, a name or an expression is one line with its place", function()
    local numbers = frame.from_table { suite = { 1 } }
    raises("suite", function() f:join(numbers, "suite") end)
    raises("did you mean 'speedup'?", function() f:sort "spedup" end)
    raises("speedup", function() f:filter "spedup > 1" end)
    raises("expression", function() f:filter "speedup >" end)
    raises("expression", function() f:with { x = "suite + 1" } end)
    raises("bool", function() f:filter "speedup + 1" end)
    raises("expression", function() f:eval "9223372036854775807 + 1" end)
    raises("frame", function() f:join(3, "suite") end)
  end)
end)
