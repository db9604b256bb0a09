local sandbox = require "sandbox"

describe("benchrun init", function()
  it("writes a config that works at once", function()
    local box <close> = sandbox.new()
    local status, out = box:run "init"
    assert.are.equal(0, status)
    assert.are.equal("wrote config/nightly.lua; run it with: benchrun config/nightly.lua\n", out)
    local planned, cells, err = box:run("plan", "config/nightly.lua")
    assert.are.same({ 0, "" }, { planned, err })
    assert.are.equal(6, select(2, cells:gsub("\n", "\n")))
    local ran, report, problems = box:run("config/nightly.lua", "--quick", "--no-charts")
    assert.are.equal(0, ran, problems)
    assert.truthy(report:find("100%, 1/1", 1, true))
    assert.are.equal("file", box:kind "benchmark_logs/report.md")
  end)

  it("writes into a folder that is named, made if need be", function()
    local box <close> = sandbox.new()
    local status, out = box:run("init", "my project/x")
    assert.are.equal(0, status)
    assert.are.equal("wrote my project/x/config/nightly.lua; run it with: benchrun "
      .. "'my project/x/config/nightly.lua'\n", out)
    assert.are.equal(0, (box:run("plan", "my project/x/config/nightly.lua")))
  end)

  it("leaves a config that is there alone", function()
    local box <close> = sandbox.new()
    box:write("config/nightly.lua", "mine")
    local status, out, err = box:run "init"
    assert.are.same({ 4, "",
      "benchrun: config/nightly.lua is there already; it is left as it is\n" },
      { status, out, err })
    assert.are.equal("mine", box:read "config/nightly.lua")
  end)

  it("says when it can't write", function()
    local box <close> = sandbox.new()
    box:write("config", "a file")
    local status, out, err = box:run "init"
    assert.are.same({ 4, "" }, { status, out })
    assert.truthy(err:find("^benchrun: [^\n]*config[^\n]*\n$"), err)
  end)
end)
