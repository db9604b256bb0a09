-- The metrics that we ship, and that one of a user's own needs nothing but its file.

local fail = require "benchrun.fail"
local fixture = require "logs_fixture"
local Registry = require "benchrun.registry"
local results = require "benchrun.results"
local stats = require "benchrun.core.stats"

describe("every metric", function()
  local registry = Registry.new(nil)
  local kernels = {}
  for _, kernel in ipairs(stats.list()) do kernels[kernel.name] = true end

  for _, name in ipairs(registry:names "metrics") do
    local metric = registry:get("metrics", name)

    it(name .. " says when and how it warns, or never does", function()
      assert.equal(metric.flag ~= nil, metric.flag_help ~= nil)
      assert.equal(metric.flag ~= nil, metric.warning_title ~= nil)
    end)

    it(name .. " summarises with kernels there are, in a format that takes numbers", function()
      for _, spec in ipairs(metric.summaries) do
        assert.is_true(kernels[spec.kernel])
        local text = spec.share and spec.format:format(50, 1, 2) or spec.format:format(1.5)
        assert.equal("string", type(text))
      end
    end)
  end

  it("flags what the reference flags", function()
    local function flag(name, value) return registry:get("metrics", name).flag(value) end
    assert.is_true(flag("speedup", 0.9499999999))
    assert.is_false(flag("speedup", 0.95))
    assert.is_true(flag("compilation_latency", 120.0001))
    assert.is_false(flag("compilation_latency", 120))
    assert.is_true(flag("compression_ratio", 0.8999))
    assert.is_false(flag("compression_ratio", 0.9))
    assert.is_true(flag("accuracy", "fail_to_run"))
    assert.is_true(flag("accuracy", nil))
    assert.is_false(flag("accuracy", "pass_due_to_skip"))
    assert.is_nil(registry:get("metrics", "abs_latency").flag)
  end)
end)

describe("a metric of a user's own", function()
  local folder, lfs = nil, require "lfs"

  before_each(function()
    folder = fixture.folder()
    assert(lfs.mkdir(folder.path .. "/metrics"))
  end)
  after_each(function()
    os.remove(folder.path .. "/metrics/energy.lua")
    assert(lfs.rmdir(folder.path .. "/metrics"))
    folder:remove()
  end)

  local ENERGY = [[return {
    help = "energy of a run", title = "Energy (J)", column = "Energy", testing = "performance",
    type = "number", unit = "J", better = "lower",
    flag = function(value) return value > 8 end,
    flag_help = "energy > 8 J", warning_title = "Energy warnings",
    summaries = { { name = "energy", title = "Median energy", kernel = "median",
      format = "%.1f J", none = "-" } },
  }]]

  local function collect(lines)
    local plan = fixture.plan(folder, { testings = { "performance" }, compilers = { "fast" } })
    folder:write(plan[1].id .. ".csv", lines)
    local config = fixture.config { metrics = { "energy" } }
    return results.collect(config, plan, nil, Registry.new { folder.path }).groups[1]
  end

  it("is read, shown, flagged and summarised", function()
    folder:write("metrics/energy.lua", ENERGY)
    local group = collect { "dev,name,batch_size,energy", "cpu,a,1,2.5", "cpu,b,1,9", "cpu,c,1,5" }
    assert.equal("5.0 J", group.summaries[1].cells.fast.numeric)
    assert.equal("energy.csv", group.summaries[1].file)
    assert.same({ { "b", "c", "a" }, { "9.0", "5.0", "2.5" } },
      results.table_columns(group.suites[1].tables.energy, { "name", "fast" }))
    assert.same({ { "numeric" }, { "b" }, { "9.0" } },
      results.table_columns(group.warnings[1].frame, { "suite", "name", "fast" }))
  end)

  it("has its text for nothing to summarise", function()
    folder:write("metrics/energy.lua", ENERGY)
    local group = collect { "dev,name,batch_size,energy", "cpu,a,1,none" }
    assert.equal("-", group.summaries[1].cells.fast.numeric)
    assert.equal(0, group.summaries[1].values.fast.numeric)
  end)

  it("is a config error where it says too little", function()
    folder:write("metrics/energy.lua", (ENERGY:gsub('kernel = "median",', "")))
    local ok, problem = pcall(collect, { fixture.header })
    assert.is_false(ok)
    assert.equal(fail.status.config, fail.of(problem).status)
    assert.is_truthy(problem.message:find("'kernel' is missing", 1, true), problem.message)
  end)
end)
