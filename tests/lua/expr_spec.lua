-- Expressions over columns against Lua itself: random ones are evaluated row by row by load, and
-- must give the same. Where the two differ by design (see core/expr/expr.h) a case is left out: i64
-- that overflow (an error here, wrapped in Lua), // and % by the integer 0 (null here, an error in
-- Lua), floats written by .. (shortest here).

local frame = require "benchrun.core.frame"

local ROWS = 12

local function pick(list) return list[math.random(#list)] end

local function random_columns()
  local columns = {
    { name = "i", type = "i64", values = {} }, { name = "j", type = "i64", values = {} },
    { name = "x", type = "f64", values = {} }, { name = "y", type = "f64", values = {} },
    { name = "s", type = "string", values = {} }, { name = "r", type = "string", values = {} },
    { name = "p", type = "bool", values = {} }, { name = "q", type = "bool", values = {} },
  }
  local makers = {
    i64 = function()
      return pick { 0, 1, -1, 2, 7, -13, 1000, math.maxinteger, math.mininteger, 1 << 53 }
    end,
    f64 = function()
      return pick {
        0.0, -0.0, 1.5, -2.25, 1e300, -1e-300, 0 / 0, 1 / 0, -1 / 0, 2.0 ^ 53, 2.0 ^ 63,
      }
    end,
    string = function() return pick { "", "a", "ab", "b", "A", "\0", "\xff", "10" } end,
    bool = function() return math.random(2) == 1 end,
  }
  for _, column in ipairs(columns) do
    for row = 1, ROWS do column.values[row] = makers[column.type]() end
  end
  return columns
end

local make

local leaves = {
  number = { "i", "j", "x", "y", "0", "1", "3", "(-2)", "0.5", "1e300", "7 // 2", "0x10" },
  string = { "s", "r", "'a'", '"ab"', "''", "[[b]]" },
  bool = { "p", "q", "true", "false" },
}

-- Forms of each type; %n, %s, %b are filled with numbers, strings, conditions.
local forms = {
  number = { "%n + %n", "%n - %n", "%n * %n", "%n / %n", "%n // %n", "%n %% %n", "%n ^ %n", "- %n",
    "#%s", "(%n)" },
  string = { "%s .. %s", "(%s)", "%s .. #%s" },
  bool = { "%n < %n", "%n <= %n", "%n > %n", "%n >= %n", "%n == %n", "%n ~= %n", "%s == %s",
    "%s < %s", "%s >= %s", "%s ~= %s", "%b and %b", "%b or %b", "not %b", "(%b)", "%b == %b" },
}
local kinds = { n = "number", s = "string", b = "bool" }

function make(kind, depth, closed)
  if depth == 0 or math.random(5) == 1 then return pick(leaves[kind]) end
  local text = pick(forms[kind]):gsub("%%(.)", function(letter)
    return letter == "%" and "%" or make(kinds[letter], depth - 1, closed)
  end)
  return closed and "(" .. text .. ")" or text
end

local function same(a, b)
  if a ~= a then return b ~= b end
  return a == b and math.type(a) == math.type(b)
end

-- "fine" where every row agrees, else the code and message of the failure.
local function check(text, columns, f)
  local column, message, code = f:eval(text)
  if not column then return code, message end
  for row = 1, ROWS do
    local env = {}
    for _, each in ipairs(columns) do env[each.name] = each.values[row] end
    local ok, expected = pcall(assert(load("return " .. text, "=expression", "t", env)))
    local found = column:get(row)
    if ok then
      if not same(found, expected) then
        error(("%s\nrow %d: %s, in Lua %s"):format(text, row, found, expected))
      end
    end
  end
  return "fine"
end

describe("an expression", function()
  local function run(kind, closed, wanted)
    local fine, tried = 0, 0
    math.randomseed(20260131)
    while fine < wanted and tried < 40 * wanted do
      local columns = random_columns()
      local f = frame.new(columns)
      for _ = 1, 20 do
        tried = tried + 1
        local text
        repeat text = make(kind, 4, closed) until closed or not text:find("..", 1, true)
        local code, message = check(text, columns, f)
        if code == "fine" then
          fine = fine + 1
        elseif closed then
          assert(code == "range", text .. ": " .. tostring(message))
        else
          assert(code == "range" or code == "type", text .. ": " .. tostring(message))
        end
      end
      f:close()
    end
    assert.is_true(fine >= wanted, ("only %d of %d could be compared"):format(fine, tried))
  end

  it("gives numbers as Lua does", function() run("number", true, 400) end)
  it("gives strings as Lua does", function() run("string", true, 400) end)
  it("gives conditions as Lua does", function() run("bool", true, 400) end)
  it("binds operators as Lua does", function()
    run("number", false, 400)
    run("bool", false, 400)
  end)
end)
