-- A user's entries that raise or return the wrong thing, in the whole program: one line, exit
-- status 3, no traceback.

local sandbox = require "sandbox"

local CONFIG = [[
return benchrun.config {
  compiler_table = { run = { a = "" } }, baseline = "a", charts = { formats = {} },
  flag_compilers = { "a" },
  suite_table = { s = { command = { "sh", "-c",
    "printf 'dev,name,batch_size,speedup,accuracy\ncpu,k,1,2.0,pass\n' >\"$0\"", "{output}" } } },
  %s
}
]]

local METRIC = [[return { help = "h", title = "T", column = "speedup", testing = "performance",
  type = "number", better = "higher", warning_title = "W", flag_help = "f", summaries = {},
  flag = function(value) return value.x end }]]

local CASES = {
  { "sections", "report = { sections = { 'mine' } }",
    "return { help = 'h', blocks = function() error 'boom' end }",
    "section 'mine': blocks: mine.lua:1: boom" },
  { "sections", "report = { terminal = { 'mine' } }",
    "return { help = 'h', blocks = function() return { { kind = 'tabel' } } end }",
    "section 'mine': blocks: blocks[1].kind: \"tabel\" is no kind of block" },
  { "renderers", "report = { renderers = { 'mine' } }",
    "return { help = 'h', extension = '.x', render = function() return {} end }",
    "renderer 'mine': render: result: a string expected, got a list" },
  { "executors", "executor = 'mine'", "return { help = 'h', run = function() return {} end }",
    "executor 'mine': run: outcomes: one for each of the 2 cells expected, got 0" },
  { "harnesses", "harness = 'mine'", "return { help = 'h', command = function() return {} end }",
    "harness 'mine': command: it has no words" },
  { "harnesses", "harness = 'mine'", "return { help = 'h', check = function() return 1 end, "
    .. "command = function() return { 'true' } end }",
    "harness 'mine': check: result: a list expected, got 1" },
  { "metrics", "metrics = { 'mine' }", METRIC,
    "metric 'mine': flag: mine.lua:3: attempt to index a number value (local 'value')" },
}

describe("a user's entry that is wrong", function()
  for i, case in ipairs(CASES) do
    it(("is one line: %d, %s"):format(i, case[4]), function()
      local box <close> = sandbox.new()
      box:write("c.lua", CONFIG:format(case[2]))
      box:write(case[1] .. "/mine.lua", case[3])
      local status, _, err = box:run("run", "c.lua")
      assert.are.equal(3, status)
      assert.is_nil(err:find("traceback", 1, true))
      local last = err:match("([^\n]*)\n$"):gsub("[%w_./]*/mine%.lua", "mine.lua")
      local expected = "benchrun: mine.lua: " .. case[4]
      assert.are.equal(expected, last:sub(1, #expected))
    end)
  end
end)
