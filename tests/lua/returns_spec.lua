-- What a user's entries return, and what becomes of it.

local fail = require "benchrun.fail"
local returns = require "benchrun.returns"

local function guarded(name, ...)
  local results = table.pack(...)
  return returns.guarded(function() return table.unpack(results, 1, results.n) end,
    returns.checks[name], "x: ")
end

-- The problem that a guard finds in what a function returns, or nil. plan: its first argument.
local function problem_of(name, plan, ...)
  local ok, err = pcall(guarded(name, ...), plan)
  if ok then return nil end
  assert.are.equal(fail.status.config, fail.of(err).status)
  return fail.of(err).message:match("^x: (.*)$")
end

local function of_blocks(...) return problem_of("sections.blocks", {}, ...) end

describe("a guarded function", function()
  it("passes arguments and results", function()
    local sum = returns.guarded(function(a, b) return a + b, a - b end, nil, "x: ")
    assert.are.same({ 5, 1 }, { sum(3, 2) })
  end)

  it("makes any error one line of the config's, and leaves a failure as it is", function()
    for _, value in ipairs { "two\nlines", {}, 5 } do
      local ok, err = pcall(returns.guarded(function() error(value, 0) end, nil, "x: "))
      assert.is_false(ok)
      assert.are.equal(fail.status.config, fail.of(err).status)
      assert.is_nil(err.message:find "\n")
    end
    local ok, err = pcall(returns.guarded(function() fail.usage "mine" end, nil, "x: "))
    assert.is_false(ok)
    assert.are.equal("mine", err.message)
    assert.are.equal(fail.status.usage, err.status)
  end)
end)

describe("a section's blocks", function()
  it("may be of every kind", function()
    assert.is_nil(of_blocks {
      { kind = "heading", level = 2, text = "a\0b" }, { kind = "paragraph", text = "" },
      { kind = "list", items = { "a" } }, { kind = "notice", text = "n" },
      { kind = "code", text = "c" }, { kind = "chart", name = "c", files = { png = "c.png" } },
      { kind = "table", columns = { "a", "b" }, cells = { { "1" }, { "2" } }, keys = 1,
        align = { "left" }, marks = { [2] = { "best" } }, caption = "t", whole = true },
      { kind = "details", summary = "s", blocks = { { kind = "paragraph", text = "x" } } },
    })
    assert.is_nil(of_blocks {})
  end)

  local TABLE = "blocks[1]: "
  local CASES = {
    { nil, "blocks: a list expected, got a nil" },
    { "text", 'blocks: a list expected, got "text"' },
    { { "text" }, 'blocks[1]: a table expected, got "text"' },
    { { {} }, "blocks[1].kind: a nil is no kind of block; known are " },
    { { { kind = "tabel" } },
      "blocks[1].kind: \"tabel\" is no kind of block; did you mean 'table'? Known are " },
    { { { kind = "heading", text = "x" } }, "blocks[1]: key 'level' is missing" },
    { { { kind = "heading", text = "x", level = 5 } },
      "blocks[1].level: at most 4 expected, got 5" },
    { { { kind = "paragraph", text = 5 } }, "blocks[1].text: a string expected, got 5" },
    { { { kind = "list", items = "x" } }, 'blocks[1].items: a list expected, got "x"' },
    { { { kind = "table", columns = { "a" }, cells = { { 1 } } } },
      "blocks[1].cells[1][1]: a string expected, got 1" },
    { { { kind = "table", columns = {}, cells = {} } },
      "blocks[1].columns: a list that is not empty expected" },
    { { { kind = "table", columns = { "a", "b" }, cells = { { "1" } } } },
      TABLE .. "2 columns, but cells of 1" },
    { { { kind = "table", columns = { "a", "b" }, cells = { { "1" }, {} } } },
      "blocks[1].cells[2]: 0 texts, but 1 in the first column" },
    { { { kind = "table", columns = { "a" }, cells = { { "1" } }, marks = { "best" } } },
      'blocks[1].marks[1]: a table expected, got "best"' },
    { { { kind = "chart", name = "c" } }, "blocks[1]: key 'files' is missing" },
    { { { kind = "details", summary = "s", blocks = { 3 } } },
      "blocks[1].blocks[1]: a table expected, got 3" },
  }
  for _, case in ipairs(CASES) do
    it("are refused: " .. case[2], function()
      assert.are.equal(case[2], (of_blocks(case[1]) or "nothing"):sub(1, #case[2]))
    end)
  end

  it("can't hold themselves", function()
    local block = { kind = "details", summary = "s" }
    block.blocks = { block }
    assert.is_truthy(of_blocks({ block }):find("too deep", 1, true))
  end)
end)

describe("what other functions return", function()
  local OK = { cell = {}, outcome = "ok", reason = "", wall = 1.5 }

  it("is taken where it is right", function()
    assert.is_nil(problem_of("renderers.render", {}, "a\0b"))
    assert.is_nil(problem_of("executors.run", { {} }, { OK }))
    assert.is_nil(problem_of("executors.run", { {} }, nil, "path"))
    assert.is_nil(problem_of("harnesses.command", {}, { "a", "" }))
    assert.is_nil(problem_of("harnesses.unavailable", {}, nil))
    assert.is_nil(problem_of("harnesses.unavailable", {}, "no cc"))
    assert.is_nil(problem_of("harnesses.check", {}, nil))
    assert.is_nil(problem_of("harnesses.check", {}, { "suites", 1 }, "problem"))
  end)

  it("is refused where it is not", function()
    local CASES = {
      { "renderers.render", "result: a string expected, got a nil" },
      { "executors.run", "path: a string expected, got a nil" },
      { "executors.run", "outcomes: a list expected, got 5", 5 },
      { "executors.run", "outcomes: one for each of the 1 cells expected, got 0", {} },
      { "executors.run", "outcomes[1]: key 'cell' is missing", { {} } },
      { "executors.run", 'outcomes[1].outcome: "fine" is not allowed',
        { { cell = {}, outcome = "fine", reason = "", wall = 0 } } },
      { "harnesses.command", "a list of words expected, got a nil" },
      { "harnesses.command", "it has no words", {} },
      { "harnesses.command", "its first word, the program, is empty", { "" } },
      { "harnesses.command", "word 2: a string expected, got 5", { "a", 5 } },
      { "harnesses.command", "word 2 holds a NUL byte", { "a", "b\0" } },
      { "harnesses.unavailable", "result: a nil or string expected, got true", true },
      { "harnesses.check", 'result: a list expected, got "x"', "x" },
      { "harnesses.check", "result: a string expected, got a nil", { "x" } },
    }
    for _, case in ipairs(CASES) do
      local problem = problem_of(case[1], { {} }, case[3])
      assert.are.equal(case[2], (problem or "nothing"):sub(1, #case[2]))
    end
  end)
end)
