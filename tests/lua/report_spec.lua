-- From results to files and to the terminal's text.

local fixture = require "report_fixture"
local lfs = require "lfs"
local report = require "benchrun.report"
local sys = require "benchrun.core.sys"

local registry = fixture.registry()

describe("report", function()
  local folder

  before_each(function()
    folder = os.tmpname()
    os.remove(folder)
    assert(lfs.mkdir(folder))
  end)

  after_each(function()
    for name in lfs.dir(folder) do os.remove(folder .. "/" .. name) end
    assert(lfs.rmdir(folder))
  end)

  it("puts the sections in the given order under the title", function()
    local blocks = report.blocks(fixture.results(), { "environment", "charts" }, registry)
    assert.same({ kind = "heading", level = 1, text = "Benchmark report" }, blocks[1])
    assert.equal("Environment", blocks[2].text)
    assert.equal("Charts", blocks[4].text)
  end)

  it("raises a config error on an unknown section", function()
    local ok, err = pcall(report.blocks, fixture.results(), { "warning" }, registry)
    assert.is_false(ok)
    assert.is_truthy(tostring(err):find("did you mean 'warnings'", 1, true))
  end)

  it("writes a file for each renderer", function()
    local files = report.write(fixture.results(folder), registry)
    assert.same({ folder .. "/report.md", folder .. "/report.txt" }, files)
    local markdown = assert(sys.read_file(files[1]))
    assert.is_truthy(markdown:find("# Benchmark report\n\n## Executive summary\n", 1, true))
    assert.is_truthy(markdown:find("\nPassrate\n~~~\n+--", 1, true))
    assert.is_nil(assert(sys.read_file(files[2])):find("\27", 1, true))
  end)

  it("raises where a file can't be written", function()
    assert.is_false((pcall(report.write, fixture.results(folder .. "/none"), registry)))
  end)

  it("shows the terminal's sections, without commands", function()
    local output = report.terminal(fixture.results(folder), registry, { width = 80 })
    assert.is_truthy(output:find("^Benchmark report\n━"))
    assert.is_truthy(output:find("Outcomes ─", 1, true))
    assert.is_nil(output:find("Environment", 1, true))
    assert.is_nil(output:find("LANG=C", 1, true))
  end)

  it("draws empty results", function()
    local output = report.terminal(fixture.empty(folder), registry, {})
    assert.is_truthy(output:find("Nothing was measured.", 1, true))
    assert.equal(2, #report.write(fixture.empty(folder), registry))
  end)
end)
