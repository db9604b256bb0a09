local fail = require "benchrun.fail"
local registry = require "benchrun.registry"
local sandbox = require "sandbox"

describe("registry", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function failure_of(kind, name)
    local ok, err = pcall(registry.get, registry.new { box.path }, kind, name)
    assert.is_false(ok)
    assert.are.equal(fail.status.config, fail.of(err).status)
    return (fail.of(err).message:gsub("^.*/([%w_]+%.lua)", "%1"))
  end

  it("has an entry with a help text for every file of ours", function()
    local known = registry.new(nil)
    for _, kind in ipairs(registry.kinds()) do
      local names = known:names(kind)
      assert.is_true(#names > 0, kind)
      for _, name in ipairs(names) do
        local entry = known:get(kind, name)
        assert.are.equal(name, entry.name)
        assert.truthy(entry.help:find("%S"), name)
        assert.is_nil(entry.help:find("\n"), name)
      end
    end
  end)

  it("knows the kinds that the design names", function()
    assert.are.same({ "executors", "harnesses", "metrics", "readers", "renderers", "sections" },
      registry.kinds())
  end)

  it("takes a user's entry, and in place of ours", function()
    box:write("executors/mine.lua", "return { help = 'h', run = print }")
    box:write("executors/local.lua", "return { help = 'not ours', run = print }")
    local known = registry.new { box.path }
    assert.are.same({ "local", "mine", "script" }, known:names "executors")
    assert.are.equal("not ours", known:get("executors", "local").help)
    assert.are.equal("function", type(known:get("executors", "mine").run))
    assert.are.equal(known:get("executors", "mine"), known:get("executors", "mine"))
  end)

  it("passes over files that are no entries", function()
    box:write("executors/notes.txt", "")
    box:write("executors/a-b.lua", "error()")
    assert.are.same({ "local", "script" }, registry.new { box.path }:names "executors")
  end)

  it("names the known ones when an entry is unknown", function()
    assert.are.equal("no executor named 'locl'; did you mean 'local'? Known are local, script",
      failure_of("executors", "locl"))
    assert.are.equal("no harness named '../../x'; known are command, native",
      failure_of("harnesses", "../../x"))
  end)

  local METRIC = [[return { help = "h", title = "T", column = "c", testing = "performance",
    type = "number", better = "higher", summaries = { %s } }]]
  local SUMMARY = 'name = %q, title = "t", kernel = %q, format = %q'

  it("refuses a summary that can't be made or written", function()
    local CASES = {
      { "a/b", "mean", "%.1f", "name: \"a/b\" can't be part of a file name" },
      { "", "mean", "%.1f", "name: \"\" can't be part of a file name" },
      { "outcomes", "mean", "%.1f", "name: 'outcomes' is the name of a file of benchrun's own" },
      { "x", "maen", "%.1f", "kernel: no statistic named 'maen'; did you mean 'mean'? Known are " },
      { "x", "mean", "%d", "format: string.format can't write a number with \"%d\"" },
      { "x", "mean", "%y", "format: string.format can't write a number with \"%y\"" },
      { "x", "mean", "%s %s", "format: string.format can't write a number with \"%s %s\"" },
    }
    for _, case in ipairs(CASES) do
      local source = METRIC:format("{ " .. SUMMARY:format(case[1], case[2], case[3]) .. " }")
      box:write("metrics/x.lua", source)
      local expected = "x.lua:1: metric x: summaries[1]." .. case[4]
      assert.are.equal(expected, failure_of("metrics", "x"):sub(1, #expected))
    end
    box:write("metrics/x.lua", METRIC:format("{ share = true, "
      .. SUMMARY:format("x", "count", "%d %d %d %d") .. " }"))
    assert.are.equal("x.lua:1: metric x: summaries[1].format: string.format can't write three "
      .. "numbers with \"%d %d %d %d\"", failure_of("metrics", "x"))
    box:write("metrics/x.lua", METRIC:format("{ " .. SUMMARY:format("x", "count", "%d") .. " }"))
    assert.are.equal("x", registry.new { box.path }:get("metrics", "x").name)
  end)

  it("refuses a renderer whose file would lie elsewhere", function()
    box:write("renderers/x.lua",
      "return { help = 'h', extension = '/../../x', render = tostring }")
    assert.are.equal("x.lua:1: renderer x: extension: \"/../../x\" can't be part of a file name",
      failure_of("renderers", "x"))
  end)

  it("loads a user's entry when it is demanded, ours when it is asked for", function()
    box:write("sections/mine.lua", "error 'boom'")
    local known = registry.new { box.path }
    known:demand("sections", "warnings", {}, { "report" })
    assert.is_nil(next(known.loaded))
    local ok, err = pcall(known.demand, known, "sections", "mine", {}, { "report" })
    assert.is_false(ok)
    assert.are.equal(box:at "sections/mine.lua" .. ":1: boom", fail.of(err).message)
  end)

  it("says what is wrong with a user's entry, and where", function()
    local CASES = {
      ["return 3"] = "x.lua:1: executor x must return a table, it returned a number",
      [""] = "x.lua:1: executor x must return a table, it returned nothing",
      ["return { help = 'h' }"] = "x.lua:1: executor x: key 'run' is missing",
      ["return { run = print }"] = "x.lua:1: executor x: key 'help' is missing",
      ["return { help = 'h', run = 1 }"] = "x.lua:1: executor x: run: a function expected, got 1",
      ["return { help = 'h', run = print, rnu = 1 }"] =
        "x.lua:1: executor x: unknown key 'rnu'; did you mean 'run'?",
      ["\nerror 'boom'"] = "x.lua:2: boom",
      ["return {"] = "x.lua:1: unexpected symbol near <eof>",
    }
    for source, message in pairs(CASES) do
      box:write("executors/x.lua", source)
      assert.are.equal(message, failure_of("executors", "x"))
    end
  end)

  it("makes an error in a user's function one line that names the file", function()
    box:write("metrics/x.lua", (METRIC:format(""):gsub("summaries",
      "flag = function(value) return value.x.y end, %0")))
    local flag = registry.new { box.path }:get("metrics", "x").flag
    local ok, err = pcall(flag, {})
    assert.is_false(ok)
    assert.are.equal(fail.status.config, fail.of(err).status)
    local file = box:at "metrics/x.lua"
    assert.are.equal(file .. ": metric 'x': flag: " .. file
      .. ":2: attempt to index a nil value (field 'x')", fail.of(err).message)
  end)

  it("leaves our own entries as they are", function()
    local ok, err = pcall(registry.new { box.path }:get("sections", "warnings").blocks, nil)
    assert.is_false(ok)
    assert.is_nil(fail.of(err))
  end)
end)
