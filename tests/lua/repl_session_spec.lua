local sandbox = require "sandbox"
local session_module = require "benchrun.repl.session"
local frame = require "benchrun.frame"

local function new(options)
  local out, err = {}, {}
  local self = session_module.new {
    write = function(...) out[#out + 1] = table.concat { ... } end,
    warn = function(...) err[#err + 1] = table.concat { ... } end,
    size = function() return options and options.columns or 80, 24 end,
    colour = options and options.colour }
  local function take(list)
    local text = table.concat(list)
    for i = #list, 1, -1 do list[i] = nil end
    return text
  end
  return self, function(input)
    local ok = self:run(input)
    return take(out), take(err), ok
  end
end

describe("a session", function()
  it("shows values without return and keeps the first", function()
    local _, run = new()
    assert.are.equal("2\n", run "1 + 1")
    assert.are.equal("2  text  nil\n", run '_, "text", nil')
    assert.are.equal("2\n", run "_")
    assert.are.equal("nil\n", run "nil")
    assert.are.equal("nil\n", run "nope")
    assert.are.equal("", run "(function() end)()")
    assert.are.equal("", run "x = 3")
    assert.are.equal("3.5\n", run "x + 0.5")
  end)

  it("keeps what local declares", function()
    local _, run = new()
    run "local x, y = 1, 2"
    run "local function f() return x + y end"
    assert.are.equal("3\n", run "f()")
  end)

  it("shows frames as tables and goes on with them", function()
    local _, run = new()
    run 'f = frame.from_table{ a = { 3, 1, 2 } }'
    assert.is_truthy(run 'f:sort("a")':find "3 rows × 1 column")
    assert.are.equal("1\n", run ':get(1, "a")')
  end)

  it("shows tables by their items, broken where the line is too long", function()
    local _, run = new { columns = 40 }
    assert.are.equal('{ 1, "a", k = true }\n', run '{ 1, "a", k = true }')
    assert.are.equal("{}\n", run "{}")
    assert.are.equal('{\n  first = "a long text",\n  second = "another long text",\n}\n',
      run '{ second = "another long text", first = "a long text" }')
    assert.is_truthy(run '{ f = frame.from_table{ a = { 1 } } }':find("frame (1 rows", 1, true))
  end)

  it("cuts large, deep and endless tables", function()
    local _, run = new()
    run "t = {} for i = 1, 1000 do t[i] = i end"
    assert.is_truthy(run "t":find "… 950 more")
    run "t = { 1 } t.t = t"
    assert.are.equal("{ 1, t = { … itself } }\n", run "t")
    assert.is_truthy(run "{{{{{{1}}}}}}":find("{ … }", 1, true))
  end)

  it("shows nothing of the data as a control character", function()
    local _, run = new()
    assert.are.equal("\\x1b[31m\n", run '"\\27[31m"')
    assert.are.equal('{ ["\\x1b"] = "\\xff" }\n', run '{ ["\\27"] = "\\255" }')
  end)

  it("tells errors in one line with their place", function()
    local self, run = new()
    local out, err, ok = run "x.y = 1"
    assert.are.equal("", out)
    assert.are.equal("input:1: attempt to index a nil value (global 'x')\n", err)
    assert.is_false(ok)
    assert.is_truthy(self.traceback:find "stack traceback")
    assert.is_truthy(run ".traceback":find "input:1: in")
    run "f = frame.from_table{ speedup = { 1 } }"
    assert.are.equal("input:1: no column 'speedip'; did you mean 'speedup'?\n",
      (select(2, run 'f:col "speedip"')))
    assert.are.equal("an error that is no text (table)\n", (select(2, run "error {}")))
    assert.are.equal("input:2: two\n", (select(2, run "x = 1\nerror 'two'")))
  end)

  it("tells a file that can't be read as what it is", function()
    local _, run = new()
    for _, input in ipairs { 'frame.read_csv "/no/such"', 'f = frame.read_csv "/no/such"',
      'local f = io.open "/no/such"' } do
      local out, err, ok = run(input)
      assert.are.equal("", out)
      assert.is_truthy(err:find "^[^\n]*/no/such: No such file or directory\n$")
      assert.is_false(ok)
    end
    run 'f, why, code = frame.read_csv "/no/such"'
    assert.are.equal("nil  notfound\n", run "f, code")
  end)

  it("lives on when memory is out", function()
    local _, run = new()
    local _, err = run '("x"):rep(1 << 62)'
    assert.is_truthy(err:find "too large")
    _, err = run "x = string.rep"
    assert.are.equal("", err)
    assert.are.equal("1\n", run "1")
  end)

  it("is not harmed by what the user assigns", function()
    local _, run = new()
    run "table, string, math, ipairs, require = 1, 2, 3, 4, 5"
    assert.are.equal("{ 1, 2 }\n", run "{ 1, 2 }")
    assert.are.equal("1  5\n", run "table, require")
    assert.are.equal("a\n", run '("A"):lower()')
    assert.is_table(table)
  end)

  it("runs what was pasted as if it had been typed line by line", function()
    local self, run = new()
    local shown = {}
    self.options.write = function(...) shown[#shown + 1] = table.concat { ... } end
    local done = self:run_lines 'x = 41\nx + 1\nfunction f(y)\n\n  return y\nend\nf(2)\n"end"'
    assert.is_true(done)
    assert.are.equal("42\n2\nend\n", table.concat(shown))
    self:run_lines 't = frame.from_table{ a = { 3, 1 } }\n  :sort("a")\n  :head(1)\nt:nrow()'
    assert.are.equal("1\n", shown[#shown])
    local rest
    done, rest = self:run_lines "x = 1\nfor i = 1, 2 do"
    assert.is_nil(done)
    assert.are.equal("for i = 1, 2 do", rest)
    assert.is_false((self:run_lines "nope.x = 1\nx = 5"))
    assert.are.equal(1, self.env.x)
    assert.is_truthy(self.inputs[1].text == "x = 41" and run)
  end)

  it("goes on with what was assigned", function()
    local self, run = new()
    run "f = frame.from_table{ a = { 3, 1 } }"
    assert.is_truthy(run ":sort('a')":find "1\n +3\n")
    assert.is_truthy(self:script():find("\n_ = f\nshow(_:sort('a'))", 1, true))
  end)

  it("takes no data for a failure", function()
    local _, run = new()
    assert.are.equal("nil  bert  3\n", run 'nil, "bert", 3')
  end)

  it("asks for more lines where an input is not whole", function()
    local self, run = new()
    assert.is_nil((select(3, run "for i = 1, 2 do")))
    assert.is_false(self:run("for i = 1, 2 do", true))
  end)

  it("compiles text with its own names", function()
    local _, run = new()
    run "x = 7"
    assert.are.equal("7\n", run 'load "return x" ()')
    assert.are.equal("8\n", run 'load("return x", "c", "t", { x = 8 })()')
  end)
end)

describe("commands", function()
  it("are listed and, where unknown, told with the nearest", function()
    local _, run = new()
    assert.is_truthy(run ".help":find "%.save FILE")
    assert.are.equal("no command .sav; did you mean 'save'?\n", (select(2, run ".sav x")))
    assert.are.equal("give the name of a file: .save FILE\n", (select(2, run ".save")))
    local self
    self, run = new()
    run ".quit"
    assert.is_true(self.is_over)
  end)

  it("save a session as a script that does the same", function()
    local box <close> = sandbox.new()
    local _, run = new()
    box:write("more.lua", "y = 5\nlocal hidden = 1\n")
    run "local x = 2"
    run "x * 3 -- six"
    run "nonsense("
    run "x.y.z()"
    run "x = = 2"
    run(".source " .. box:at "more.lua")
    run "y + _"
    local path = box:at "saved.lua"
    assert.is_truthy(run(".save " .. path):find "inputs are in")
    local text = box:read "saved.lua"
    assert.is_truthy(text:find("\n-- x.y.z()\n", 1, true))
    local status, out, err = box:run("script", path)
    assert.are.same({ 0, "6\n11\n", "" }, { status, out, err })
  end)

  it("tell how long inputs take", function()
    local _, run = new()
    run ".time"
    assert.is_truthy(run "1":find "^1\n%d+%.%d%d%d s\n$")
    run ".time"
    assert.is_truthy(run ".time x = 1":find "^%d+%.%d%d%d s\n$")
    assert.are.equal("1\n", run "x")
  end)

  it("run files with the session's names", function()
    local box <close> = sandbox.new()
    local _, run = new()
    box:write("a.lua", "z = frame.from_table{ a = { 1 } }:nrow() + 1")
    run(".source " .. box:at "a.lua")
    assert.are.equal("2\n", run "z")
    local _, err, ok = run ".source /no/such.lua"
    assert.is_truthy(err:find "cannot open /no/such.lua")
    assert.is_false(ok)
  end)
end)

describe("help", function()
  it("lists what there is", function()
    local _, run = new()
    local out = run "help()"
    for _, name in ipairs { "plot(f, options)", "open(path)", "frame.read_csv", "stats.geomean" } do
      assert.is_truthy(out:find(name, 1, true), name)
    end
    for line in out:gmatch "[^\n]+" do
      assert.is_true(require("benchrun.text").width(line) <= 80, line)
    end
  end)

  it("tells of functions, methods, words and frames", function()
    local _, run = new()
    run "f = frame.from_table{ speedup = { 1.5 } }"
    assert.is_truthy(run "help(frame.read_csv)":find "Reads a CSV file")
    assert.is_truthy(run 'help "filter"':find("f:filter", 1, true))
    assert.is_truthy(run "help(plot)":find("options.kind", 1, true))
    local out = run "help(f)"
    assert.is_truthy(out:find "speedup +f64" and out:find "f:group_by")
    assert.is_truthy(run 'help(f:col "speedup")':find "c:median")
    assert.is_truthy(run 'help "fliter"':find "did you mean 'filter'")
    assert.is_truthy(run 'help(f:group_by "speedup")':find "g:agg")
    assert.is_truthy(run 'help "abs"':find "in an expression")
    assert.is_truthy(run 'help ".save"':find(".save FILE", 1, true))
    assert.is_truthy(run "help{}":find "a table; help")
    assert.is_truthy(run "help(1)":find("help() lists", 1, true))
    assert.is_truthy(run "help(print)":find "no docstring")
  end)

  it("is filled to the width there is, lists item by item", function()
    local _, run = new { columns = 50 }
    for line in run "help(frame.read_csv)":match "^(.-)> path":gmatch "[^\n]+" do
      assert.is_true(require("benchrun.text").width(line) <= 50, line)
    end
    assert.is_truthy(run "help(frame.read_csv)":find "\n    limit: the number of rows to read\n")
  end)
end)

describe("the environment", function()
  it("is that of the public library", function()
    local self = new()
    assert.are.equal(frame, self.env.frame)
    assert.are.equal(require "benchrun.stats", self.env.stats)
  end)
end)
