-- The preset dynamo as a user meets it: options, commands, what goes with the dashboard.

local config = require "benchrun.config"
local registry = require "benchrun.registry"
local plan = require "benchrun.plan"
local sandbox = require "sandbox"
local words = require "benchrun.words"

local function resolved(overrides)
  config.reset()
  return config.resolve(config.load(config.locate "dynamo"), overrides)
end

-- The commands of a plan, as lines.
local function commands(overrides)
  local it_is, lines = resolved(overrides), {}
  for i, cell in ipairs(plan.make(it_is, registry.new(it_is.folders))) do
    lines[i] = words.command_line(cell.argv)
  end
  return lines
end

describe("the preset dynamo", function()
  it("has all rows of the table", function()
    local modes = resolved().compiler_table
    local counts = {}
    for mode, rows in pairs(modes) do
      counts[mode] = 0
      for _ in pairs(rows) do counts[mode] = counts[mode] + 1 end
    end
    assert.are.same({ training = 11, inference = 12 }, counts)
  end)

  it("makes a command for every row of both modes", function()
    for mode, rows in pairs(resolved().compiler_table) do
      for name in pairs(rows) do
        local line = commands { mode = mode, compilers = { name }, suites = { "timm_models" },
          testings = { "accuracy" } }[1]
        assert.truthy(line:find("^python benchmarks/dynamo/timm_models.py %-%-accuracy "
          .. "%-%-float32 %-dcuda %-%-output=benchmark_logs/%S+ %-%-" .. mode .. " "), line)
        assert.truthy(line:find(" --no-skip --dashboard", 1, true))
      end
    end
  end)

  it("gives every option to the command, words with blanks as they are", function()
    local line = commands { mode = "training", suites = { "timm_models" }, quick = true,
      compilers = { "inductor" }, devices = { "cpu" }, dtypes = { "amp" }, batch_size = 0,
      threads = 2, total_partitions = 3, partition_id = 0, inductor_compile_mode = "a b",
      enable_cpu_launcher = true, cpu_launcher_args = { "--node_id", "0" },
      log_operator_inputs = true, extra_args = { "--only", "it's" }, output_dir = "x/" }[1]
    assert.are.equal("python -m torch.backends.xeon.run_cpu --node_id 0 "
      .. "benchmarks/dynamo/timm_models.py --performance --amp -dcpu "
      .. "--output=x//inductor_timm_models_amp_training_cpu_performance.csv --training --inductor "
      .. "--only 'it'\\''s' --no-skip --dashboard --log-operator-inputs -k '^resnet' "
      .. "-k '^inception' --cold-start-latency --batch-size 0 --threads 2 --total-partitions 3 "
      .. "--partition-id 0 --inductor-compile-mode 'a b'", line)
  end)

  it("leaves out the models of the suite, the mode and the device, each once", function()
    local lists = { torchbench = { always = { "a", "b" }, training = { "b", "c" },
      cpu = { "d" }, cuda = { "e" } } }
    local line = commands { mode = "training", suites = { "torchbench" }, skip_lists = lists,
      compilers = { "eager" } }[1]
    assert.are.equal(" -x a -x b -x c -x e", line:match " %-x.*")
  end)

  it("starts cold only those that are to", function()
    local overrides = { mode = "inference", suites = { "timm_models" }, testings = { "accuracy" },
      compilers = { "eager", "inductor", "inductor_max_autotune" } }
    local cold = {}
    for i, line in ipairs(commands(overrides)) do cold[i] = line:find "cold" ~= nil end
    assert.are.same({ false, true, false }, cold)
    overrides.no_cold_start_latency = true
    assert.is_nil(commands(overrides)[2]:find "cold")
  end)

  describe("turns the dashboard's options into keys:", function()
    local function keys(overrides)
      local it_is = resolved(overrides)
      return { it_is.archive.update, it_is.archive.compare, it_is.publish.upload,
        it_is.publish.comment, it_is.report.show }
    end

    it("nothing is published unasked", function()
      assert.are.same({ "run", "current", false, false, "summary" }, keys {})
    end)

    it("--update-dashboard", function()
      assert.are.same({ "always", "current", true, true, "comment" },
        keys { update_dashboard = true, dashboard_image_uploader = { "up" } })
      assert.are.same({ "always", "current", false, true, "comment" },
        keys { update_dashboard = true })
    end)

    it("what takes from it, in any order", function()
      local all = { update_dashboard = true, dashboard_image_uploader = { "up" } }
      local function with(key, value)
        local more = { [key] = value }
        for k, v in pairs(all) do more[k] = v end
        return keys(more)
      end
      assert.are.same({ "always", "current", false, true, "comment" }, with("no_graphs", true))
      assert.are.same({ "always", "current", true, false, "comment" },
        with("no_gh_comment", true))
      assert.are.same({ "never", "archived", true, true, "comment" },
        with("archive", { update = "never" }))
      assert.are.same({ "never", "archived", false, false, "comment" },
        with("update_dashboard_test", true))
    end)
  end)

  it("works by its name as through a config that extends it", function()
    local box <close> = sandbox.new()
    box:write("a.lua", "return require('benchrun').config { extends = require 'dynamo' }\n")
    local _, by_name = box:run("plan", "dynamo", "--inference", "-t", "2")
    local _, extended = box:run("plan", "a.lua", "--inference", "-t", "2")
    assert.are.equal(by_name, extended)
    assert.truthy(by_name:find(" --threads 2\n", 1, true))
  end)

  it("says which options are wrong", function()
    local box <close> = sandbox.new()
    local cases = {
      [{ "--training", "--threads", "four" }] = "--threads: a whole number expected, got 'four'",
      [{ "--training", "--inference" }] = "option '--inference' can not be used together with "
        .. "option '--training'",
      [{ "--visualize-logs" }] = "which mode? Give one of --inference, --training",
      [{ "--training", "--suites", "timm" }] = "unknown suite 'timm'; known are huggingface, ",
      [{ "--training", "--archive-name", "../x" }] = "the archive name \"../x\" holds",
      [{ "--training", "--compilers", "nope" }] = "unknown compiler 'nope'; known are aot_eager",
    }
    for arguments, message in pairs(cases) do
      local status, _, err = box:run("dynamo", table.unpack(arguments))
      assert.are.equal(2, status, message)
      assert.truthy(err:find(message, 1, true), err)
      assert.truthy(err:find "^benchrun: [^\n]*\n$", err)
    end
    local _, left = box:shell "ls"
    assert.are.equal("", left)
  end)

  it("knows no filter for a suite of somebody else's", function()
    local box <close> = sandbox.new()
    box:write("a.lua", [[
      return require("benchrun").config { extends = require "dynamo",
        suite_table = { mine = require("dynamo").values.suite_table.torchbench } }]])
    local status, _, err = box:run("plan", "a.lua", "--training", "--quick", "--suites", "mine")
    assert.are.equal(3, status)
    assert.truthy(err:find("quick_filters has none for suite 'mine'", 1, true), err)
  end)
end)
