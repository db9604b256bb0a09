local complete = require "benchrun.repl.complete"
local frame = require "benchrun.frame"
local sandbox = require "sandbox"

local env

before_each(function()
  env = setmetatable({ frame = frame, results = { suites = { torch = 1 }, sum = 2 }, text = "x",
    f = frame.from_table { name = { "a" }, ["batch size"] = { 1 }, speedup = { 2.5 },
      ["größe"] = { 1 } } }, { __index = _G })
end)

local function candidates(code) return (complete.candidates(code, env, { "help", "save" })) end

local function check(code, expected) assert.are.same(expected, candidates(code), code) end

describe("completion", function()
  it("knows names of the session, of Lua and its words", function()
    check("resu", { "results" })
    check("x = fra", { "frame" })
    check("tost", { "tostring" })
    check("whi", { "while" })
    check("nosuchname", {})
  end)

  it("knows the fields of tables", function()
    check("results.su", { "suites", "sum" })
    check("results.suites.", { "torch" })
    check("string.form", { "format" })
    check("frame.read_c", { "read_csv" })
    check("nothing.here", {})
  end)

  it("knows the methods of frames, columns, texts and what calls give", function()
    check("f:group", { "group_by" })
    check("f:head(3):group", { "group_by" })
    check("text:uppe", { "upper" })
    check('f:group_by("name"):ea', { "each" })
    check('f:col "speedup":med', { "median" })
    check('f:col("speedup"):med', { "median" })
    check('("x"):uppe', { "upper" })
    check(".time f:group", { "group_by" })
  end)

  it("knows the columns within strings of a frame's methods", function()
    check('f:col "sp', { "speedup" })
    check('f:col("batch', { "batch size" })
    check('f:filter "speedup < 2 and na', { "name" })
    check("f:select('name', 'g", { "größe" })
    check("f:head(2):sort '", { "batch size", "größe", "name", "speedup" })
    check('f:col "speedup"', {})
  end)

  it("knows kernels, functions of expressions, what plot takes and what help tells of", function()
    check('f:group_by("name"):agg{ g = "geo', { "geomean" })
    check('f:with{ x = "ab', { "abs" })
    check('f:filter "speed', { "speedup" })
    check('plot(f, { x = "na', { "name" })
    check('plot(f, { kind = "b', { "bar" })
    check('help "pivo', { "pivot" })
    check('help("read_c', { "read_csv" })
  end)

  it("knows files within other strings and behind commands", function()
    local box <close> = sandbox.new()
    box:write("night.csv", "")
    box:write("night/x", "")
    box:write(".hidden", "")
    box:write("quo\"te", "")
    check(('frame.read_csv "%s/ni'):format(box.path), { box:at "night.csv", box:at "night/" })
    check(("open '%s/"):format(box.path), { box:at "night.csv", box:at "night/" })
    check((".source %s/ni"):format(box.path), { box:at "night.csv", box:at "night/" })
    check(('f:to_csv "%s/.h'):format(box.path), { box:at ".hidden" })
    check('open "/no/such/folder/x', {})
  end)

  it("knows the commands", function() check(".s", { "save" }) end)

  it("runs none of the user's code", function()
    local function bad() error "called" end
    env.trap = setmetatable({}, { __index = bad, __pairs = bad })
    check("trap.x", {})
    check("trap:x", {})
    env.half = setmetatable({ own = 1 }, { __index = { other = 2 } })
    check("half.o", { "other", "own" })
  end)
end)

describe("the Tab key", function()
  local function key(line, width)
    return complete.key(line, #line, env, { width = width or 80, commands = {} })
  end

  it("inserts what is certain", function()
    assert.are.same({ 4, "results" }, { key "resu" })
    assert.are.same({ 1, "su" }, { key "results.s" })
  end)

  it("shows what is not", function()
    assert.are.same({ 0, nil, "suites  sum" }, { key "results.su" })
    assert.are.same({ 0, nil, "suites\nsum" }, { key("results.su", 10) })
    assert.are.same({ 0 }, { key "nosuchname" })
  end)

  it("indents at the beginning of a line", function()
    assert.are.same({ 0, "  " }, { key "" })
  end)

  it("cuts no character in two", function()
    env.t = frame.from_table { ["ä1"] = { 1 }, ["ö1"] = { 1 } }
    local _, insert, shown = key 't:col "'
    assert.is_nil(insert)
    assert.are.equal("ä1  ö1", shown)
  end)

  it("counts lines of the input before this one", function()
    local line = "sp"
    assert.are.same({ 2, "speedup" }, { complete.key(line, #line, env, { width = 80,
      before = 'f:select(\n"' }) })
  end)
end)
