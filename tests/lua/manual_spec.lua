local fail = require "benchrun.fail"
local keys = require "benchrun.keys"
local manual = require "benchrun.manual"
local registry = require "benchrun.registry"

describe("manual", function()
  it("explains every key, with its type, default, choices and option", function()
    local text = manual.topic "config"
    for _, field in ipairs(keys) do
      assert.truthy(("\n" .. text):find("\n" .. field.name .. " — ", 1, true), field.name)
    end
    assert.truthy(text:find("\njobs — integer, default 1\n    cells that run at a time\n"
      .. "    option: --jobs, -j\n", 1, true))
    assert.truthy(text:find('\ntestings — list of string, default { "performance", "accuracy" }\n'
      .. "    the passes over every combination (performance, accuracy)\n", 1, true))
    assert.truthy(text:find("\nsuite_table.NAME.benchmarks[].name — string, required\n", 1, true))
    assert.truthy(text:find("\nnative.budget — number, default 10\n", 1, true))
  end)

  it("has help on every key", function()
    local function check(fields, prefix)
      for _, field in ipairs(fields) do
        assert.truthy(field.help and field.help:find "%S", prefix .. field.name)
        if not field.repeats then
          check(field.fields or field.of and field.of.fields or {}, field.name .. ".")
        end
      end
    end
    check(keys, "")
  end)

  it("lists the entries of every kind", function()
    for _, kind in ipairs(registry.kinds()) do
      local text = manual.topic(kind)
      for _, name in ipairs(registry.new(nil):names(kind)) do
        assert.truthy(("\n" .. text):find("\n" .. name .. "%s+%S"), name)
      end
    end
  end)

  it("names its topics when asked for another", function()
    local ok, err = pcall(manual.topic, "metric")
    assert.is_false(ok)
    assert.are.equal("no help on 'metric'; did you mean 'metrics'?", fail.of(err).message)
    assert.are.equal(fail.status.usage, fail.of(err).status)
  end)
end)
