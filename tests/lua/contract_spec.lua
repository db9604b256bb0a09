-- Every registered entry of every kind: it loads, is well-formed and does what its kind must.

local fixture = require "report_fixture"
local Registry = require "benchrun.registry"

local registry = Registry.new(nil)

local KINDS_OF_BLOCK = { heading = true, paragraph = true, list = true, notice = true, table = true,
  chart = true, details = true, code = true }

local function check_blocks(blocks)
  for _, block in ipairs(blocks) do
    assert.is_true(KINDS_OF_BLOCK[block.kind] or false, tostring(block.kind))
    if block.kind == "details" then check_blocks(block.blocks) end
    if block.kind == "table" then
      assert.equal(#block.columns, #block.cells)
      for _, cells in ipairs(block.cells) do
        assert.equal(#block.cells[1], #cells)
        for _, cell in ipairs(cells) do assert.equal("string", type(cell)) end
      end
    end
  end
end

for _, kind in ipairs(Registry.kinds()) do
  describe("every entry of " .. kind, function()
    for _, name in ipairs(registry:names(kind)) do
      it(name .. " loads and says what it is for", function()
        local entry = registry:get(kind, name)
        assert.equal(name, entry.name)
        assert.is_truthy(entry.help:find("%S"))
        assert.is_nil(entry.help:find("\n", 1, true))
      end)
    end

    it("is there at all", function() assert.is_true(#registry:names(kind) > 0) end)
  end)
end

describe("every section", function()
  for _, name in ipairs(registry:names "sections") do
    local section = registry:get("sections", name)

    it(name .. " makes blocks of empty results", function()
      check_blocks(section.blocks(fixture.empty(), fixture.registry()))
    end)

    it(name .. " makes blocks of results without outcomes", function()
      local results = fixture.empty()
      results.outcomes = nil
      check_blocks(section.blocks(results, fixture.registry()))
    end)

    it(name .. " makes blocks of full results", function()
      local blocks = section.blocks(fixture.results(), fixture.registry())
      assert.is_true(#blocks > (name == "title" and 0 or 1))
      assert.equal("heading", blocks[1].kind)
      check_blocks(blocks)
    end)

    it(name .. " leaves the results as they are", function()
      local before, after = fixture.results(), fixture.results()
      section.blocks(after, fixture.registry())
      for _, key in ipairs { "config", "notices", "charts", "facts", "outcomes" } do
        assert.same(before[key], after[key])
      end
    end)
  end
end)

describe("every metric", function()
  for _, name in ipairs(registry:names "metrics") do
    local metric = registry:get("metrics", name)

    it(name .. " says when it flags a value, if it does, by a yes or no", function()
      if not metric.flag then return end
      assert.equal("boolean", type(metric.flag(metric.type == "word" and "fail_accuracy" or 0.0)))
      assert.is_truthy(metric.flag_help)
      assert.is_truthy(metric.warning_title)
    end)
  end
end)
