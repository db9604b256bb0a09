-- benchrun repl and benchrun script as programs: from pipes, and with somebody at a terminal.
local cjson = require "cjson"
local sandbox = require "sandbox"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local CSV = "name,speedup\nbert,1.5\nvgg,0.5\n"
local user = assert(sys.real_path "tests/pty/user.py")

local box
before_each(function()
  box = sandbox.new()
  box:write("night.csv", CSV)
end)
after_each(function() box:remove() end)

local function pipe(input, ...)
  box:write("input", input)
  return box:shell(words.command_line { sandbox.program, ... } .. " <input")
end

-- What a terminal sees before the output of an input.
local DONE = "\27[?2004l"

-- Plays steps at a terminal, see tests/pty/user.py. Returns the exit status and the screen.
local function at_terminal(steps, ...)
  local env = "env HOME=. XDG_STATE_HOME=$PWD/state TERM=xterm NO_COLOR=1 "
  local command = words.command_line { "python3", user, cjson.encode(steps), sandbox.program,
    "repl", ... }
  local status, screen, err = box:shell(env .. command)
  return status, screen:gsub("\r", ""), err
end

describe("benchrun repl from a pipe", function()
  it("loads, runs and shows", function()
    local status, out, err = pipe("f:col 'speedup':max()\nfor i = 1, 2 do\n  print(i)\nend\n",
      "repl", "night.csv")
    assert.are.same({ 0, "night     2 rows × 2 columns, night.csv\nf         the same\n"
      .. "1.5\n1\n2\n",
      "" }, { status, out, err })
  end)

  it("ends with the first error, and says its place", function()
    local status, out, err = pipe("1\nx.y = 2\n3\n", "repl")
    assert.are.same({ 4, "1\n", "input:1: attempt to index a nil value (global 'x')\n" },
      { status, out, err })
    status, out, err = pipe("f = {", "repl")
    assert.are.same({ 4, "" }, { status, out })
    assert.is_truthy(err:find "^input:1: .-<eof>\n$")
  end)

  it("ends quietly with its input, or with .quit", function()
    assert.are.same({ 0, "", "" }, { pipe("", "repl") })
    assert.are.same({ 0, "", "" }, { pipe(".quit\nerror 'x'\n", "repl") })
  end)

  it("tells what can't be loaded", function()
    local cases = { { "no.csv", "no such file or folder" }, { ".", "neither a run nor" } }
    for _, case in ipairs(cases) do
      local status, _, err = pipe("", "repl", case[1])
      assert.are.equal(4, status)
      assert.is_truthy(err:find(case[2], 1, true), err)
      assert.are.equal(1, select(2, err:gsub("\n", "")))
    end
    box:write("bad.lua", "return 1")
    assert.are.equal(3, (pipe("", "repl", "bad.lua")))
  end)

  it("lives on when memory is out", function()
    if (os.getenv "LD_PRELOAD" or ""):find "asan" then return end -- it maps terabytes
    local input = [[
local ok, err = pcall(function() local t = {} for i = 1, 1e9 do t[i] = { i } end end)
print(ok, err)
print "alive"
]]
    box:write("input", input)
    local _, out = box:shell("ulimit -v 300000; " .. sandbox.program .. " repl <input")
    assert.are.equal("false\tnot enough memory\nalive\n", out)
  end)

  it("shows no pictures and asks no terminal", function()
    local status, out = pipe("plot(f, { x = 'name', terminal = true })\n", "repl", "night.csv")
    assert.are.equal(0, status)
    assert.is_nil(out:find "\27")
    assert.is_truthy(out:find("█ 1.5\n", 1, true))
  end)
end)

describe("benchrun repl at a terminal", function()
  it("edits, completes, goes on and leaves", function()
    local status, screen = at_terminal({ { "> ", "f:hea\t" }, { "d", "(1):col \"sp\t" },
      { "eedup", "\":max()\r" }, { DONE .. "1.5", "x = {\r" }, { ">> ", "7 }\r" },
      { "> ", "x\r" }, { DONE .. "{ 7 }", "" },
      { "> ", "\4" } }, "night.csv")
    assert.are.equal(0, status, screen)
  end)

  it("drops the input or stops what runs at Ctrl-C", function()
    local status, screen = at_terminal { { "> ", "nonsense(\3" }, { "^C", "1 + 1\r" },
      { DONE .. "2", "while true do end\r" }, { DONE, "\3" }, { "interrupted", "2 + 2\r" },
      { DONE .. "4", "coroutine.wrap(function() while true do end end)()\r" }, { DONE, "\3" },
      { "interrupted", "3 + 3\r" }, { DONE .. "6", "" },
      { "> ", "\4" } }
    assert.are.equal(0, status, screen)
  end)

  it("takes what is pasted as one input", function()
    local status, screen = at_terminal { { "> ",
      "\27[200~for i = 1, 2 do\r\tprint(i * 11)\rend\27[201~\r" }, { "22", "" },
      { "> ", ".quit\r" } }
    assert.are.equal(0, status, screen)
  end)

  it("remembers what was typed in other sessions", function()
    local first = at_terminal { { "> ", "local a = {\r" }, { ">> ", "1 }\r" }, { "> ", "\4" } }
    assert.are.equal(0, first)
    assert.are.equal("local a = {\\n1 }\n", box:read "state/benchrun/history")
    local _, mode = box:shell "stat -c %a state/benchrun/history"
    assert.are.equal("600\n", mode)
    local second, screen = at_terminal { { "> ", "\27[A" }, { "1 }", "\r" }, { "> ", "#a\r" },
      { DONE .. "1", "" },
      { "> ", "\4" } }
    assert.are.equal(0, second, screen)
  end)

  it("goes on without a place for its history", function()
    box:write("state/benchrun", "no folder")
    local status, screen = at_terminal { { "> ", "1 + 1\r" }, { "the history can't be kept", "" },
      { "> ", "\4" } }
    assert.are.equal(0, status, screen)
  end)

  it("tells errors and lives on", function()
    local status, screen = at_terminal { { "> ", "x.y = 1\r" },
      { "input:1: attempt to index a nil value (global 'x')", ".traceback\r" },
      { "stack traceback", "" },
      { "> ", "\4" } }
    assert.are.equal(0, status, screen)
  end)

  it("leaves the terminal as it was when a signal ends it", function()
    local status = at_terminal { { "> ", "abc" }, { "abc", { signal = 15 } } }
    assert.are.equal(128 + 15, status)
  end)

  it("follows the size of the terminal", function()
    local status, screen = at_terminal { { "> ", { size = { 10, 40 } } },
      { "> ", "term = { ('x'):rep(30), ('y'):rep(30) }\r" }, { "> ", "term\r" },
      { '  "x', "" },
      { "> ", "\4" } }
    assert.are.equal(0, status, screen)
  end)

  it("shows a picture where the terminal says that it can", function()
    local plot = "plot(f, { x = 'name' })\r"
    local status, screen = at_terminal({ { "> ", plot }, { "\27[c", "\27[?62;4c" },
      { "\27Pq", "" }, { "> ", "1\r" }, { DONE .. "1", "" },
      { "> ", "\4" } }, "night.csv")
    assert.are.equal(0, status, screen)
    status, screen = at_terminal({ { "> ", plot }, { "\27[c", "2 +\27_Gi=31;OK\27\\\27[?62c" },
      { "\27_Ga=T", "" }, { "> 2 +", " 3\r" }, { DONE .. "5", "" },
      { "> ", "\4" } }, "night.csv")
    assert.are.equal(0, status, screen)
    status, screen = at_terminal({ { "> ", plot }, { "\27[c", "\27[?1;2c" }, { "█", "" },
      { "> ", "\4" } },
      "night.csv")
    assert.are.equal(0, status, screen)
  end)
end)

-- What is loaded when a script ends, by what it does.
local LOADED = [[
for _, name in ipairs { "core.edit", "core.json", "core.plot", "core.sqlite", "core.term",
    "core.vcs", "frame", "repl.complete", "reporting", "stats" } do
  if package.loaded["benchrun." .. name] then io.write(name, " ") end
end
]]

describe("what is loaded", function()
  it("by a script is what it uses", function()
    local cases = { [""] = "", ["local s = stats.list()\n"] = "stats ",
      ["local n = #frame.from_table{ a = { 1 } }:filter 'a > 0':to_csv()\n"] = "frame stats ",
      ["local x = frame.parse_json '{}'\n"] = "core.json frame stats " }
    for code, loaded in pairs(cases) do
      box:write("a.lua", code .. LOADED)
      assert.are.same({ 0, loaded, "" }, { box:run("script", "a.lua") })
    end
  end)

  it("at a pipe is nothing that only a terminal needs", function()
    local status, out = pipe("frame.from_table{ a = { 1 } }\n" .. LOADED, "repl", "night.csv")
    assert.are.equal(0, status)
    assert.is_nil(out:find("core.", 1, true))
    assert.is_nil(out:find("complete", 1, true))
  end)
end)

describe("benchrun script", function()
  it("runs a file with its arguments and the names of the prompt", function()
    box:write("a.lua", "#!/usr/bin/env benchrun\nprint(arg[0], #arg, ...)\n"
      .. "print(frame == require 'benchrun.frame', stats.max { 1, 3 })\nshow(1, 'x')\n"
      .. "local f = open 'night.csv'\n_ = f:nrow()\n")
    local status, out, err = box:run("script", "a.lua", "--flag", "-x", "y z")
    assert.are.same({ 0, "a.lua\t3\t--flag\t-x\ty z\ntrue\t3.0\n1  x\n"
      .. "night     2 rows × 2 columns, night.csv\nf         the same\n", "" },
      { status, out, err })
  end)

  it("reads standard input", function()
    assert.are.same({ 0, "1\n", "" }, { pipe("print(...)", "script", "-", "1") })
  end)

  it("tells errors in one line with their place", function()
    for _, case in ipairs {
      { "local x\nx.y = 1", "a.lua:2: attempt to index a nil value (local 'x')" },
      { "x = = 1", "a.lua:1: unexpected symbol near '='" }, { "error 'no'", "a.lua:1: no" },
      { "error({})", "an error that is no text (table)" },
      { "open 'nowhere.csv'", "nowhere.csv: no such file or folder, nor a preset of that name" },
      { "local f = frame.from_table{ a = { 1 } }\nf:filter 'b > 1'",
        "a.lua:2: expression 'b > 1', column 1: no column 'b'" } } do
      box:write("a.lua", case[1])
      local status, out, err = box:run("script", "a.lua")
      assert.are.same({ 4, "", "benchrun: " .. case[2] .. "\n" }, { status, out, err })
    end
    assert.are.equal(4, (box:run("script", "nowhere.lua")))
    assert.are.equal(4, (box:run("script", ".")))
    assert.are.equal(2, (box:run("script")))
  end)

  it("ends by os.exit with all output written", function()
    box:write("a.lua", "io.write 'all of it' os.exit(7)")
    assert.are.same({ 7, "all of it", "" }, { box:run("script", "a.lua") })
    box:write("a.lua", "os.exit(true)")
    assert.are.equal(0, (box:run("script", "a.lua")))
  end)
end)
