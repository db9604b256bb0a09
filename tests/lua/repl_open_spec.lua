local open = require "benchrun.repl.open"
local sandbox = require "sandbox"
local session_module = require "benchrun.repl.session"

local LOG = "dev,name,batch_size,speedup,abs_latency\ncuda,bert,8,1.5,10.5\ncuda,vgg,4,,20\n"
local ACCURACY = "dev,name,batch_size,accuracy\ncuda,bert,8,pass\ncuda,vgg,4,fail_accuracy\n"

local function new()
  local out, err = {}, {}
  local session = session_module.new { size = function() return 80, 24 end,
    write = function(...) out[#out + 1] = table.concat { ... } end,
    warn = function(...) err[#err + 1] = table.concat { ... } end }
  return session, function() return table.concat(out), table.concat(err) end
end

local box
before_each(function() box = sandbox.new() end)
after_each(function() box:remove() end)

local function write_run(folder)
  for _, compiler in ipairs { "eager", "inductor_no_cudagraphs" } do
    local stem = ("%s/%s_timm_models_float32_inference_cuda_"):format(folder, compiler)
    box:write(stem .. "performance.csv", LOG)
    box:write(stem .. "accuracy.csv", ACCURACY)
  end
end

describe("the name of a log", function()
  it("tells its facts", function()
    assert.are.same({ compiler = "inductor_no_cudagraphs", suite = "timm_models",
      dtype = "bfloat16", mode = "training", device = "cpu", testing = "accuracy" },
      open.log_facts "inductor_no_cudagraphs_timm_models_bfloat16_training_cpu_accuracy.csv")
    assert.are.equal("a_b", open.log_facts "a_b_torchbench_x_y_z_performance.csv".compiler)
    for _, name in ipairs { "outcomes.csv", "a_b_c_d_e.csv", "eager_x_performance.csv", "" } do
      assert.is_nil(open.log_facts(name))
    end
  end)
end)

describe("the variable of a file", function()
  it("is named after it", function()
    for path, name in pairs { ["/x/night.csv"] = "night", ["a b-c.json.gz"] = "a_b_c",
      ["2024.csv"] = "_2024", ["end.csv"] = "end_", ["string.csv"] = "string_", ["f.csv"] = "f_",
      [".csv"] = "_csv", ["ü.csv"] = "__", ["_.csv"] = "__" } do
      assert.are.equal(name, open.variable_name(path))
    end
  end)
end)

describe("open", function()
  it("keeps things of one name beside each other", function()
    local session, said = new()
    local first, second = box:write("night.csv", "a\n1\n"), box:write("b/night.csv", "a\n2\n")
    for _, path in ipairs { first, second, first } do open.open(session, path) end
    assert.are.same({ 1, 2 }, { session.env.night:get(1, "a"), session.env.night_2:get(1, "a") })
    write_run "x"
    write_run "y"
    open.open(session, box:at "x")
    open.open(session, box:at "y")
    assert.are.equal(8, session.env.logs_2:nrow())
    local out = said()
    assert.is_truthy(out:find "\nnight_2   1 row × 1 column, [^\n]*/b/night.csv\n")
    assert.is_nil(out:find "night_3")
  end)

  it("reads CSV from a pipe and folders that a reader knows", function()
    local session = new()
    box:shell "mkfifo pipe; (printf 'a\n7\n' >pipe &) ; true"
    assert.are.equal(7, open.open(session, box:at "pipe"):get(1, "a"))
    assert.are.equal(session.env.input, session.env.f)
    local estimate = [[{ "point_estimate": 1, "standard_error": 1, "confidence_interval":
      { "confidence_level": 0.95, "lower_bound": 1, "upper_bound": 2 } }]]
    box:write("crit/a/new/estimates.json", ('{ "mean": %s, "median": %s }'):format(estimate,
      estimate))
    assert.are.equal(1, open.open(session, box:at "crit"):nrow())
  end)

  it("loads a file and calls the first one f, too", function()
    local session, said = new()
    local path = box:write("night.csv", "a,b\n1,x\n")
    local read = open.open(session, path)
    assert.are.equal(session.env.night, read)
    assert.are.equal(session.env.f, session.env.night)
    box:write("more.csv", "a\n")
    open.open(session, box:at "more.csv")
    assert.are.equal(session.env.f, session.env.night)
    assert.are.equal(("night     1 row × 2 columns, %s\nf         the same\nmore      0 rows × 1 "
      .. "column, %s\n"):format(path, box:at "more.csv"), (said()))
  end)

  it("loads the folder of a run", function()
    local session, said = new()
    write_run "run"
    box:write("run/outcomes.csv", "cell,outcome\nx,ok\n")
    box:write("run/geomean.csv", ",Compiler,timm_models\n0,eager,1.0x\n")
    box:write("run/eager_torchbench_float32_inference_cuda_performance.csv", "x\"\n")
    local logs = open.open(session, box:at "run")
    assert.are.equal(8, logs:nrow())
    assert.are.same({ "compiler", "suite", "dtype", "mode", "device", "testing" },
      table.move(logs:names(), 1, 6, 1, {}))
    local speed = logs:filter "name == 'bert' and testing == 'performance'"
    assert.are.same({ 1.5, 1.5 }, { speed:get(1, "speedup"), speed:get(2, "speedup") })
    assert.are.equal("f64", speed:col "abs_latency":type())
    assert.are.equal("i64", speed:col "batch_size":type())
    assert.is_nil(logs:get(1, "speedup"))
    assert.are.equal(1, session.env.outcomes:nrow())
    assert.is_table(session.env.summaries.geomean)
    local out, err = said()
    assert.is_truthy(out:find("logs      8 rows × 12 columns, 5 logs of", 1, true))
    assert.is_truthy(err:find "eager_torchbench.*left out\n")
  end)

  it("loads an archive with the logs of its runs", function()
    local session = new()
    write_run "archive/day_082_23_03_23_performance_float32_100"
    write_run "archive/day_083_24_03_23_performance_float32_101"
    box:write("archive/lookup.csv",
      "082,performance,float32,day_082_23_03_23_performance_float32_100\n"
      .. "083,performance,float32,day_083_24_03_23_performance_float32_101\n"
      .. "084,performance,float32,gone\n")
    local runs = open.open(session, box:at "archive")
    assert.are.equal(3, runs:nrow())
    assert.are.same({ "2023-03-23", "2023-03-24" }, { runs:get(1, "date"), runs:get(2, "date") })
    assert.is_nil(runs:get(3, "date"))
    local logs = session.env.logs
    assert.are.equal(16, logs:nrow())
    assert.are.equal("day_083_24_03_23_performance_float32_101", logs:get(16, "run"))
  end)

  it("loads the last run of a config", function()
    local session = new()
    write_run "run"
    box:write("night.lua", ([[
local benchrun = require "benchrun"
return benchrun.config { extends = require "dynamo", mode = "inference", dtypes = { "float32" },
  compilers = { "eager", "inductor_no_cudagraphs" }, devices = { "cuda" },
  suites = { "timm_models" }, output_dir = %q }
]]):format(box:at "run"))
    local results = open.open(session, box:at "night.lua")
    assert.are.equal(2, results.timm_models.speedup:nrow())
    assert.are.equal("inference", session.env.config.mode)
    assert.is_number(session.env.summaries.geomean:get(1, "timm_models"))
    assert.are.equal(8, session.env.logs:nrow())
    require("benchrun.config").reset()
  end)

  it("loads a config that has not run, and tells of one that wants options", function()
    local session, written = new()
    box:write("new.lua", ([[
local benchrun = require "benchrun"
return benchrun.config { extends = require "dynamo", mode = "inference", output_dir = %q }
]]):format(box:at "run"))
    local config = open.open(session, box:at "new.lua")
    assert.are.equal("inference", config.mode)
    local out, err = written()
    assert.is_truthy(out:find("the config ", 1, true))
    assert.is_truthy(err:find("no results yet: there are no logs in", 1, true))
    require("benchrun.config").reset()
    local ok, problem = pcall(open.open, session, "dynamo")
    assert.is_false(ok)
    assert.is_truthy(tostring(problem):find("wants an option", 1, true))
    require("benchrun.config").reset()
  end)

  it("tells what it can't load", function()
    local session = new()
    box:write("empty/readme", "")
    box:write("wrong.lua", "return 1")
    for path, expected in pairs {
      ["none.csv"] = { 4, "BOX/none.csv: no such file or folder, nor a preset of that name" },
      ["empty"] = { 4, "BOX/empty: neither a run nor an archive: it has neither logs "
        .. "(…_performance.csv) nor a lookup.csv; give a file, or a folder that has" },
      ["wrong.lua"] = { 3, "BOX/wrong.lua:1: the config must return benchrun.config { … }, it "
        .. "returned a number" } } do
      assert.are.same(expected, { box:failure_of(open.open, session, box:at(path)) })
    end
    assert.is_truthy(select(2, pcall(open.open, session, 5)):find "a path expected, got number")
  end)
end)
