-- Summaries over time: read from small archives made by hand, drawn for real and, to see what is
-- drawn, by a stand-in.

local over_time = require "benchrun.over_time"
local plot = require "benchrun.core.plot"
local registry = require "benchrun.registry"
local sandbox = require "sandbox"

-- A config as over_time reads it, with the given keys over the defaults.
local function config_of(keys)
  local config = { mode = "inference", suites = { "numeric", "sorting" }, compilers = { "gcc",
    "clang" }, dtypes = { "float32" }, devices = { "cpu" }, output_dir = "logs", metrics = {
    "speedup", "accuracy", "compilation_latency", "compression_ratio", "abs_latency" },
    archive = { over_time = 10, renamed = {} }, charts = { formats = { "svg" }, theme = "light" },
    report = { captions = {} } }
  for key, value in pairs(keys or {}) do config[key] = value end
  return config
end

describe("over_time", function()
  local box, runs

  before_each(function() box, runs = sandbox.new(), {} end)
  after_each(function() box:remove() end)

  -- Adds a run. files: name → lines of its summary, over a whole set of them.
  local function add_run(name, files)
    local header = ",Compiler,numeric,sorting\n"
    local all = {
      ["geomean.csv"] = header .. "gcc,gcc,1.00x,1.00x\nclang,clang,1.34x,2.50x\n",
      ["passrate.csv"] = header .. 'gcc,gcc,"100%, 14/14","50%, 1/2"\n'
        .. 'clang,clang,"93%, 13/14","0%, 0/2"\n',
      ["comp_time.csv"] = header .. "gcc,gcc,0.50,0.25\nclang,clang,12.34,0.0\n",
      ["memory.csv"] = header .. "gcc,gcc,1.00x,1.00x\nclang,clang,0.97x,0.0x\n",
    }
    for file, bytes in pairs(files or {}) do all[file] = bytes end
    for file, bytes in pairs(all) do
      if bytes then box:write(name .. "/" .. file, bytes) end
    end
    runs[#runs + 1] = { name = name, folder = box:at(name), label = name, dtype = "float32" }
  end

  local function add_days(n)
    for i = 1, n do add_run(("day_%03d_%02d_01_24_performance_float32_123"):format(i, i)) end
  end

  local function collect(keys)
    return over_time.collect(config_of(keys), runs, registry.new(nil))
  end

  -- The numbers of a metric, suite and compiler.
  local function values_of(collected, metric, suite, compiler)
    for _, each in ipairs(collected.metrics) do
      for _, panel in ipairs(each.name == metric and each.suites or {}) do
        for _, series in ipairs(panel.name == suite and panel.series or {}) do
          if series.compiler == compiler then return series.values end
        end
      end
    end
  end

  local function notices_of(collected) return table.concat(collected.notices, "\n") end

  describe("collect", function()
    it("reads every summary of every run", function()
      add_days(10)
      local found = collect()
      assert.same({}, found.notices)
      local names = {}
      for i, metric in ipairs(found.metrics) do names[i] = metric.name end
      assert.same({ "passrate", "geomean", "comp_time", "memory" }, names)
      assert.same({ 1.34, 1.34 }, { table.unpack(values_of(found, "geomean", "numeric", "clang"),
        9) })
      assert.are.equal(93, values_of(found, "passrate", "numeric", "clang")[1])
      assert.are.equal(0, values_of(found, "passrate", "sorting", "clang")[1])
      assert.are.equal(12.34, values_of(found, "comp_time", "numeric", "clang")[10])
      assert.are.equal(0, values_of(found, "memory", "sorting", "clang")[10])
    end)

    it("says what the numbers are", function()
      add_days(2)
      local told = {}
      for i, metric in ipairs(collect().metrics) do
        told[i] = { metric.title, metric.unit, metric.better }
      end
      assert.same({ { "Passrate", "%", "higher" }, { "Geometric mean speedup", "×", "higher" },
        { "Mean compilation time (seconds)", "s", "lower" },
        { "Peak memory footprint compression ratio (higher is better)", "×", "higher" } }, told)
      local captions = { captions = { geomean = "How fast" } }
      assert.are.equal("How fast", collect({ report = captions }).metrics[2].title)
    end)

    it("takes the last runs, dates with their year", function()
      add_run "day_365_31_12_23_performance_float32_100"
      add_days(3)
      local found = collect { archive = { over_time = 2, renamed = {} } }
      assert.same({ "2024-01-02", "2024-01-03" }, found.labels)
      assert.are.equal(2, #values_of(found, "geomean", "numeric", "gcc"))
      assert.same({}, found.notices)
      assert.are.equal("2023-12-31", collect().labels[1])
    end)

    it("labels a run without a date by its name", function()
      add_days(1)
      add_run "a name that is much too long to be a label"
      assert.same({ "2024-01-01", "a name …abel" }, collect().labels)
    end)

    it("says that there are fewer runs than wanted, and goes on", function()
      add_days(3)
      local found = collect()
      assert.same({ "3 runs are known, 10 are wanted" }, found.notices)
      assert.are.equal(4, #found.metrics)
    end)

    it("has nothing to draw of one run or none", function()
      assert.same({ metrics = {}, labels = {}, notices = { "0 runs are known, 10 are wanted",
        "nothing to draw over time: two runs with numbers are needed" } }, collect())
      add_days(1)
      local found = collect()
      assert.same({}, found.metrics)
      assert.same({ "1 run is known, 10 are wanted",
        "nothing to draw over time: two runs with numbers are needed" }, found.notices)
    end)

    it("leaves a gap where a folder is missing", function()
      add_days(4)
      runs[2].folder = box:at "gone"
      local found = collect()
      assert.same({ 1.34, false, 1.34, 1.34 }, values_of(found, "geomean", "numeric", "clang"))
      assert.truthy(notices_of(found):find("the folder is missing in 1 of 4 runs: "
        .. runs[2].name, 1, true))
    end)

    it("leaves gaps where files, suites, compilers or numbers are missing", function()
      add_days(2)
      add_run("third", { ["memory.csv"] = false,
        ["geomean.csv"] = ",Compiler,sorting\ngcc,gcc,1.00x\nclang,clang,2.00x\n",
        ["passrate.csv"] = ',Compiler,numeric,sorting\ngcc,gcc,"100%, 1/1","100%, 1/1"\n',
        ["comp_time.csv"] = ",Compiler,numeric,sorting\ngcc,gcc,0.5,0.5\nclang,clang,,oops\n" })
      local found = collect()
      assert.same({ 0.97, 0.97, false }, values_of(found, "memory", "numeric", "clang"))
      assert.same({ 1.34, 1.34, false }, values_of(found, "geomean", "numeric", "clang"))
      assert.same({ 2.5, 2.5, 2.0 }, values_of(found, "geomean", "sorting", "clang"))
      assert.same({ 93, 93, false }, values_of(found, "passrate", "numeric", "clang"))
      assert.same({ 12.34, 12.34, false }, values_of(found, "comp_time", "numeric", "clang"))
      assert.same({ 0, 0, false }, values_of(found, "comp_time", "sorting", "clang"))
      assert.same({ "3 runs are known, 10 are wanted",
        "compiler clang is missing in 1 of 3 runs: third",
        "suite numeric is missing in 1 of 3 runs: third",
        "suite numeric has no number for clang in 1 of 3 runs: third",
        "suite sorting has no number for clang in 1 of 3 runs: third",
        "memory.csv is missing in 1 of 3 runs: third" }, found.notices)
    end)

    it("leaves out a metric that no run has", function()
      for i = 1, 5 do add_run("run" .. i, { ["memory.csv"] = false }) end
      local found = collect()
      assert.are.equal(3, #found.metrics)
      assert.truthy(notices_of(found):find("memory.csv is missing in 5 of 5 runs: run1, run2, run3"
        .. " and 2 more", 1, true))
    end)

    it("counts runs without numbers as none", function()
      add_days(3)
      runs[1].folder, runs[2].folder = box:at "x", box:at "y"
      local found = collect()
      assert.same({}, found.metrics)
      assert.truthy(notices_of(found):find("nothing to draw over time", 1, true))
    end)

    it("reads a compiler that was called otherwise, and says so", function()
      local old = ",Compiler,numeric,sorting\ngcc,gcc,1.00x,1.00x\nllvm,llvm,1.50x,1.50x\n"
      add_run("old", { ["geomean.csv"] = old })
      add_run("both", { ["geomean.csv"] = old .. "clang,clang,1.75x,1.75x\n" })
      add_run "new"
      local renamed = { over_time = 10, renamed = { llvm = "clang", other = "unasked" } }
      local found = collect { archive = renamed }
      assert.same({ 1.5, 1.75, 1.34 }, values_of(found, "geomean", "numeric", "clang"))
      assert.truthy(notices_of(found):find("llvm is read as clang in 1 of 3 runs: old", 1, true))
      found = collect { archive = renamed, compilers = { "clang", "llvm" } }
      assert.same({ false, 1.75, 1.34 }, values_of(found, "geomean", "numeric", "clang"))
      assert.same({ 1.5, 1.5, false }, values_of(found, "geomean", "numeric", "llvm"))
    end)

    it("finds the summaries of runs of several dtypes and devices", function()
      local geomean = ",Compiler,numeric\nclang,clang,%sx\n"
      add_run("dtypes", { ["geomean.csv"] = false, ["geomean_float32.csv"] = geomean:format("3"),
        ["geomean_amp.csv"] = geomean:format("4") })
      add_run("devices", { ["geomean.csv"] = false,
        ["geomean_cpu_float32.csv"] = geomean:format("5"),
        ["geomean_cuda_float32.csv"] = geomean:format("6") })
      add_run("plain", { ["geomean_float32.csv"] = geomean:format("7") })
      assert.same({ 3.0, 5.0, 1.34 }, values_of(collect(), "geomean", "numeric", "clang"))
    end)

    it("takes only numbers for numbers", function()
      local cells = { ["1.34x"] = 1.34, ["0.0x"] = 0, [" 2.5 "] = 2.5, ["1e-05"] = 1e-05,
        infx = math.huge, ["0x10"] = false, nanx = false, ["-"] = false, ["1.2.3"] = false,
        ["1,5"] = false, ["12 monkeys"] = false, ["=1+1"] = false, ["\27[31m"] = false,
        ["7%"] = 7 }
      for cell, number in pairs(cells) do
        runs = {}
        add_days(1)
        add_run("odd", { ["geomean.csv"] = ',Compiler,numeric\nclang,clang,"' .. cell .. '"\n' })
        assert.are.equal(number, values_of(collect(), "geomean", "numeric", "clang")[2])
      end
    end)

    it("survives files that are no summaries", function()
      add_days(2)
      add_run("odd", { ["geomean.csv"] = "", ["passrate.csv"] = "a,b\n1\n2,3,4\n",
        ["comp_time.csv"] = "\xff\0\"", ["memory.csv"] = ",Compiler\n,,,\nclang\n" })
      local found = collect()
      assert.same({ 1.34, 1.34, false }, values_of(found, "geomean", "numeric", "clang"))
      for _, file in ipairs { "geomean", "passrate", "comp_time" } do
        assert.truthy(notices_of(found):find("odd/" .. file .. ".csv", 1, true), file)
      end
      assert.are.equal(4, #found.metrics)
    end)

    it("does not open what is no file", function()
      add_days(2)
      add_run("odd", { ["geomean.csv"] = false })
      box:shell "mkfifo odd/geomean.csv"
      assert.same({ 1.34, 1.34, false }, values_of(collect(), "geomean", "numeric", "clang"))
    end)
  end)

  describe("draw", function()
    local real_lines = plot.lines

    after_each(function() plot.lines = real_lines end)

    -- What the stand-in was asked to draw, and the collected charts.
    local function drawn_with(lines, keys)
      local seen, config = {}, config_of(keys)
      config.output_dir = keys and keys.output_dir or box.path
      plot.lines = function(chart, style)
        seen[#seen + 1] = { chart = chart, style = style }
        return lines(chart, style)
      end
      local collected = over_time.collect(config, runs, registry.new(nil))
      over_time.draw(config, collected)
      return seen, collected
    end

    local function picture() return "picture" end

    it("writes a picture of each metric in each format", function()
      add_days(3)
      local config = config_of { output_dir = box.path, charts = { formats = { "png", "svg" },
        theme = "dark" } }
      local collected = over_time.collect(config, runs, registry.new(nil))
      over_time.draw(config, collected)
      assert.are.equal(4, #collected.charts)
      for i, name in ipairs { "passrate", "geomean", "comp_time", "memory" } do
        local chart = collected.charts[i]
        assert.are.equal(name .. "_over_time", chart.name)
        assert.are.equal(box:at(name .. "_over_time.png"), chart.files.png)
        assert.are.equal("\x89PNG", box:read(name .. "_over_time.png"):sub(1, 4))
        assert.truthy(box:read(name .. "_over_time.svg"):find("<svg", 1, true))
      end
      assert.are.equal("Geometric mean speedup, last 3 runs", collected.charts[2].title)
    end)

    it("draws a panel a suite and a line a compiler, gaps as gaps", function()
      add_days(2)
      add_run("third", { ["comp_time.csv"] = false })
      local seen = drawn_with(picture)
      assert.same({ format = "svg", theme = "light" }, seen[3].style)
      assert.same({ title = "Mean compilation time, last 3 runs", subtitle = "inference, float32; "
        .. "lower is better; at 0 nothing passed; a gap is a run without a number",
        labels = { "2024-01-01", "2024-01-02", "third" }, panels = {
          { title = "numeric (s)", series = { { name = "gcc", values = { 0.5, 0.5, false } },
            { name = "clang", values = { 12.34, 12.34, false } } } },
          { title = "sorting (s)", series = { { name = "gcc", values = { 0.25, 0.25, false } },
            { name = "clang", values = { 0, 0, false } } } } } }, seen[3].chart)
      assert.are.equal("inference, float32; higher is better", seen[1].chart.subtitle)
    end)

    it("draws any number of suites and hostile names for real", function()
      local suites = { "numeric" }
      for i = 2, 9 do suites[i] = "suite" .. i end
      add_days(1)
      add_run "x#y<b>&\27[31m\xff日本語"
      local config = config_of { suites = suites, output_dir = box.path }
      local collected = over_time.collect(config, runs, registry.new(nil))
      assert.are.equal(4, #over_time.draw(config, collected))
      assert.are.equal(9, #collected.metrics[1].suites)
    end)

    it("makes a failure to draw or to write a notice", function()
      add_days(2)
      local _, collected = drawn_with(function() return nil, "no driver" end)
      assert.same({}, collected.charts)
      assert.are.equal("chart passrate_over_time: can't draw svg: no driver", collected.notices[2])
      _, collected = drawn_with(picture, { output_dir = box:at "none" })
      assert.same({}, collected.charts)
      assert.are.equal(5, #collected.notices)
    end)

    it("draws nothing without formats or numbers", function()
      add_days(1)
      local seen, collected = drawn_with(picture)
      assert.same({ 0, {} }, { #seen, collected.charts })
      add_days(2)
      seen, collected = drawn_with(picture, { charts = { formats = {}, theme = "light" } })
      assert.same({ 0, {} }, { #seen, collected.charts })
    end)
  end)

  describe("section", function()
    local section = registry.new(nil):get("sections", "over_time")

    local function blocks_of(found, captions)
      return section.blocks { config = { report = { captions = captions } }, over_time = found }
    end

    it("says nothing where nothing was compared or found", function()
      assert.same({}, blocks_of(nil))
      assert.same({}, blocks_of { metrics = {}, notices = {}, charts = {} })
    end)

    it("tells what is missing, then shows the charts", function()
      local files = { svg = "logs/geomean_over_time.svg" }
      local found = { notices = { "3 runs are known" }, charts = { { name = "geomean_over_time",
        title = "Speedup", files = files, url = "https://img.example/1" } } }
      assert.same({ { kind = "heading", level = 2, text = "Metrics over time" },
        { kind = "notice", text = "3 runs are known" },
        { kind = "chart", name = "geomean_over_time", alt = "Speedup", files = files,
          url = "https://img.example/1" } }, blocks_of(found))
      assert.are.equal("Trend", blocks_of(found, { over_time = "Trend" })[1].text)
    end)

    it("has only notices where no charts were drawn", function()
      assert.are.equal(2, #blocks_of { notices = { "one" } })
    end)
  end)
end)
