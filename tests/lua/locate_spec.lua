local locate = require "benchrun.locate"

local SOURCE = [==[
local rows = { a = { flag = 1 } }           -- 1
--[[ benchrun.config {
  jobs = 1 } ]]
local text = "benchrun.config { jobs = 2 }"
local also = [[
  benchrun.config { jobs = 3 }
]]
return benchrun.config {                    -- 8
  jobs = 4, -- } not the end
  ["mode"] = "run",
  suites = { "a", "}",
    "c" },
  skip = function(cell)
    if cell then return { jobs = 1 }, 2 end
    for i = 1, 2 do repeat local deep = i until true end
  end,
  from_a_call = setmetatable({ x = 1,
    y = 2 }, {}),
  compiler_table = rows,
  suite_table = {
    ['kernels'] = {
      directory = "a\"b",
      benchmarks = {
        { name = "x" },
        { name = "y", build = false },
      };
      harness = "native"
    },
  },
}
]==]

local function line(...) return locate.line(SOURCE, 1, { ... }) end

describe("locate.line", function()
  it("finds the line that wrote a key", function()
    assert.are.equal(9, line("jobs"))
    assert.are.equal(10, line("mode"))
    assert.are.equal(13, line("skip"))
  end)

  it("goes down into constructors", function()
    assert.are.equal(21, line("suite_table", "kernels"))
    assert.are.equal(25, line("suite_table", "kernels", "benchmarks", 2, "build"))
    assert.are.equal(27, line("suite_table", "kernels", "harness"))
    assert.are.equal(12, line("suites", 3))
  end)

  it("stays at the last line known where a value was written elsewhere", function()
    assert.are.equal(19, line("compiler_table", "a", "flag"))
    assert.are.equal(17, line("from_a_call", "y"))
    assert.are.equal(20, line("suite_table", "other", "x"))
    assert.are.equal(8, line("nonesuch"))
    assert.are.equal(8, line())
  end)

  it("takes the first call from a line on", function()
    local source = "benchrun.config { a = 1 }\n\nbenchrun.config(\n{\n a = 2 })\n"
    assert.are.equal(1, locate.line(source, 1, { "a" }))
    assert.are.equal(5, locate.line(source, 2, { "a" }))
    assert.are.equal(5, locate.line(source, 99, { "a" }))
  end)

  it("survives sources that are cut short or no Lua at all", function()
    for cut = 0, #SOURCE, 13 do
      assert.is_number(locate.line(SOURCE:sub(1, cut), 1, { "suite_table", "kernels", "harness" }))
    end
    assert.are.equal(7, locate.line("", 7, { "a" }))
    assert.are.equal(2, locate.line("\0\255[==[ config {", 2, { "a" }))
  end)
end)
