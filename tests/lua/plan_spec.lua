local config = require "benchrun.config"
local fail = require "benchrun.fail"
local lists = require "benchrun.lists"
local plan = require "benchrun.plan"
local registry = require "benchrun.registry"
local sandbox = require "sandbox"

local BASE = [[
  compiler_table = { run = { a = "--one", b = { "two words" }, c = "" } },
  suite_table = {
    s = { command = { "prog", "{args}", "{output}" }, benchmarks = { "x", "y", "z" } },
    t = { command = { "prog" } },
  },
]]

describe("plan", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function resolved(body, overrides)
    config.reset()
    local path = box:write("a.lua",
      'local benchrun = require "benchrun"\nreturn benchrun.config {\n' .. body .. "\n}\n")
    return config.resolve(config.load(path), overrides)
  end

  local function make(body, overrides)
    local it_is = resolved(body, overrides)
    return plan.make(it_is, registry.new(nil)), it_is
  end

  local function failure_of(body, overrides)
    local ok, err = pcall(make, body, overrides)
    assert.is_false(ok)
    local failure = fail.of(err) or error(err, 0)
    return (failure.message:gsub("^.*/a%.lua", "a.lua")), failure.status
  end

  it("orders cells by testing, suite, device, dtype, compiler", function()
    local cells = make(BASE .. [[suites = { "t", "s" }, devices = { "d2", "d1" },
      dtypes = { "f32", "f16" }, compilers = { "b", "a" }, testings = { "accuracy" },]])
    local expected = {}
    for suite in ("t s"):gmatch "%S" do
      for device in ("d2 d1"):gmatch "%S+" do
        for dtype in ("f32 f16"):gmatch "%S+" do
          for compiler in ("b a"):gmatch "%S" do
            expected[#expected + 1] = table.concat({ compiler, suite, dtype, "run", device,
              "accuracy" }, "_")
          end
        end
      end
    end
    assert.are.same(expected, lists.pluck(cells, "id"))
    for i, cell in ipairs(cells) do assert.are.equal(i, cell.index) end
  end)

  it("fills in what the config leaves open: mode, suites, compilers, baseline first", function()
    local cells, it_is = make(BASE .. 'baseline = "b",')
    assert.are.same({ "b", "a", "c" }, it_is.compilers)
    assert.are.same({ "a", "c" }, it_is.flag_compilers)
    assert.are.same({ "s", "t" }, it_is.suites)
    assert.are.equal("run", it_is.mode)
    assert.are.equal(2 * 2 * 3, #cells)
    assert.are.same({ "performance", "accuracy" }, { cells[1].testing, cells[12].testing })
  end)

  it("gives a cell its files, words, environment and deadline", function()
    local cell = make([[
      compiler_table = { run = { a = "--one" } }, output_dir = "out/", deadline = 7,
      env = { A = "1", B = "2" }, dtype_table = { f = { "-f" } }, dtypes = { "f" },
      suite_table = { s = { deadline = 3, env = { B = "3" },
        command = { "p", "{args}", "{dtype_args}", "--to={output}" } } },]])[1]
    assert.are.equal("out/a_s_f_run_cpu_performance.csv", cell.log)
    assert.are.equal("out/output/a_s_f_run_cpu_performance.out", cell.stdout)
    assert.are.equal("out/output/a_s_f_run_cpu_performance.err", cell.stderr)
    assert.are.same({ "p", "--one", "-f", "--to=out/a_s_f_run_cpu_performance.csv" }, cell.argv)
    assert.are.same({ A = "1", B = "3" }, cell.env)
    assert.are.equal(3, cell.deadline)
    assert.is_nil(cell.benchmarks)
  end)

  it("runs one benchmark a suite when quick: the first or those that `quick` names", function()
    local body = 'compiler_table = { run = { a = "" } }, suite_table = {\n'
      .. 's = { command = { "p" }, benchmarks = { "x", { name = "y" }, "z" }%s } },'
    local function names(extra, overrides)
      return lists.pluck(make(body:format(extra), overrides)[1].benchmarks, "name")
    end
    assert.are.same({ "x", "y", "z" }, names(""))
    assert.are.same({ "x" }, names("", { quick = true }))
    assert.are.same({ "y", "z" }, names(', quick = { "z", "y" }', { quick = true }))
    assert.are.same({ "z" }, names(', quick = { "z", "y" }, skip = { "y" }', { quick = true }))
  end)

  describe("skip", function()
    local function cells_with(skip)
      return make(([[compiler_table = { run = { a = "", b = "" } }, testings = { "accuracy" },
        suite_table = { s = { command = { "p", "{skip}" }, benchmarks = { "x", "y" },
          skip = %s } },]]):format(skip))
    end

    it("may be a list of names", function()
      local cell = cells_with('{ "y", "unheard" }')[1]
      assert.are.same({ "x" }, lists.pluck(cell.benchmarks, "name"))
      assert.are.same({ "p", "y", "unheard" }, cell.argv)
      assert.is_nil(cell.skip)
    end)

    it("may be a function of the cell that gives names, a reason, true or nothing", function()
      local cells = cells_with('function(cell) return cell.compiler == "a" and { "x" } or nil end')
      assert.are.same({ "y" }, lists.pluck(cells[1].benchmarks, "name"))
      assert.are.same({ "x", "y" }, lists.pluck(cells[2].benchmarks, "name"))
      cells = cells_with('function(cell) return cell.compiler == "b" and "too slow" end')
      assert.are.same({ nil, "too slow" }, { cells[1].skip, cells[2].skip })
      assert.are.equal("left out by the suite's skip list",
        cells_with("function() return true end")[1].skip)
    end)

    it("leaves out a cell without any benchmark", function()
      assert.are.equal("no benchmark of its suite is left to run",
        cells_with('{ "x", "y" }')[1].skip)
    end)

    it("is an error where its function gives something else, or fails", function()
      local body = 'compiler_table = { run = { a = "" } }, suite_table = { s = {\n'
        .. 'command = { "p" },\nskip = %s } },'
      assert.are.equal("a.lua:5: suite_table.s.skip: a string or boolean or list expected, got 3, "
        .. "from its function", (failure_of(body:format "function() return 3 end")))
      assert.are.equal("a.lua:5: attempt to index a nil value (field 'x') (in suite_table.s.skip)",
        (failure_of(body:format "function(cell) return cell.x.y end")))
    end)
  end)

  describe("names:", function()
    local CASES = {
      ["an unknown compiler"] = { "compilers", "aa", "unknown compiler 'aa'; did you mean 'a'? "
        .. "Known are a, b, c" },
      ["an unknown suite"] = { "suites", "zzzz", "unknown suite 'zzzz'; known are s, t" },
      ["an unknown dtype"] = { "dtypes", "float23",
        "unknown dtype 'float23'; did you mean 'float32'? "
        .. "Known are float32, float64", "dtype_table = { float32 = {}, float64 = {} }, " },
      ["an unknown device"] = { "devices", "tpu", "unknown device 'tpu'; did you mean 'cpu'? "
        .. "Known are cpu", "device_table = { cpu = {} }, " },
      ["an unknown flag compiler"] = { "flag_compilers", "d",
        "unknown compiler 'd'; known are a, b, c" },
      ["a hostile dtype"] = { "dtypes", "../../x",
        'dtypes: "../../x" can\'t be part of a file name' },
      ["a hidden device"] = { "devices", ".x", 'devices: ".x" can\'t be part of a file name' },
      ["a dtype like an option"] = { "dtypes", "-rf",
        'dtypes: "-rf" can\'t be part of a file name' },
      ["an empty name"] = { "dtypes", "", 'dtypes: "" can\'t be part of a file name' },
    }
    for what, case in pairs(CASES) do
      local key, name, message, more = table.unpack(case)
      it(what .. " is an error, at its line or as a wrong option", function()
        local body = BASE .. (more or "")
        local in_config, status = failure_of(body .. ("\n  %s = {\n%q },"):format(key, name))
        assert.are.equal(message, in_config:match("^a%.lua:10: (.*)"))
        assert.are.equal(fail.status.config, status)
        local in_option, usage = failure_of(body, { [key] = { name } })
        assert.are.equal(message, in_option)
        assert.are.equal(fail.status.usage, usage)
      end)
    end

    it("control characters stay on one line", function()
      assert.are.equal('dtypes: "a\\nb" can\'t be part of a file name',
        (failure_of(BASE, { dtypes = { "a\nb" } })))
    end)

    it("compilers that tables could not tell from their own columns", function()
      local body = 'compiler_table = { run = { bs = "" } },'
        .. 'suite_table = { s = { command = { "p" } } },'
      assert.are.equal("compilers: 'bs' is the name of a column of every table; call the compiler "
        .. "otherwise", (failure_of(body):gsub("^a%.lua:%d+: ", "")))
    end)

    it("cells that would share a log", function()
      local message = failure_of([[
        compiler_table = { run = { x = "", x_y = "" } },
        suite_table = { y_z = { command = { "p" } }, z = { command = { "p" } } },]])
      assert.truthy(message:find("two cells would write benchmark_logs/x_y_z_float32_run_cpu_"
        .. "performance.csv: compiler 'x' on suite 'y_z'", 1, true))
    end)

    it("an order by a compiler that is none", function()
      assert.are.equal("a.lua:8: unknown compiler 'd'; known are a, b, c",
        (failure_of(BASE .. 'report = { sort_by = "d" },')))
    end)

    it("one that is listed twice, none at all", function()
      assert.are.equal("a.lua:8: compilers: 'a' is listed twice",
        (failure_of(BASE .. 'compilers = { "a", "b", "a" },')))
      assert.are.equal("a.lua:8: suites: at least one is needed",
        (failure_of(BASE .. "suites = {},")))
    end)

    it("an unknown baseline", function()
      assert.are.equal("a.lua:8: unknown compiler 'x'; known are a, b, c",
        (failure_of(BASE .. 'baseline = "x",')))
    end)

    it("modes: unknown, hostile, none, or one of several to be chosen", function()
      assert.are.equal("unknown mode 'rnu'; did you mean 'run'? Known are run",
        (failure_of(BASE, { mode = "rnu" })))
      assert.are.equal("a.lua:3: compiler_table: it has no mode with compilers to run",
        (failure_of "compiler_table = {},"))
      assert.are.equal('a.lua:3: compiler_table: "../x" can\'t be part of a file name',
        (failure_of 'compiler_table = { ["../x"] = { a = "" } },'))
      local message, status = failure_of "compiler_table = { infer = {}, train = {} },"
      assert.are.equal("which mode? Give one of --infer, --train", message)
      assert.are.equal(fail.status.usage, status)
    end)

    it("benchmarks listed twice, quick ones that are not listed", function()
      local body = 'compiler_table = { run = { a = "" } }, suite_table = { s = { command = { "p" '
        .. '},\nbenchmarks = { "x",\n{ name = "x" } } } },'
      assert.are.equal("a.lua:5: suite_table.s.benchmarks: 'x' is listed twice", (failure_of(body)))
      body = 'compiler_table = { run = { a = "" } }, suite_table = { s = { command = { "p" },\n'
        .. 'benchmarks = { "long" },\nquick = { "lung" } } },'
      assert.are.equal("a.lua:5: unknown benchmark 'lung'; did you mean 'long'? Known are long",
        (failure_of(body)))
    end)
  end)

  describe("the harness command", function()
    local function failure_with(suite)
      return (failure_of('compiler_table = { run = { a = "x y", b = { "z", } } },\n'
        .. "suite_table = {\ns = {\n" .. suite .. " } },"))
    end

    it("makes words of a row that is text, a list or a function", function()
      local cells = make([[suite_table = { s = { command = { "p", "{args}" } } },
        compiler_table = { run = { a = "x  y", b = { "u v" }, c = function(cell)
          return { cell.dtype, "w" } end, d = "" } },]])
      assert.are.same({ { "p", "x", "y" }, { "p", "u v" }, { "p", "float32", "w" }, { "p" } },
        { cells[1].argv, cells[2].argv, cells[3].argv, cells[4].argv })
    end)

    it("takes words from a function of the cell", function()
      local cells = make([[suite_table = { s = { command = function(cell)
        return { "p", cell.log } end } }, compiler_table = { run = { a = "" } },]])
      assert.are.same({ "p", cells[1].log }, cells[1].argv)
    end)

    it("wants a command of words", function()
      assert.are.equal("a.lua:5: suite_table.s: key 'command' is missing: the words that start it",
        failure_with 'help = "h"')
      assert.are.equal("a.lua:6: suite_table.s.command: it has no words",
        failure_with "command = {}")
      assert.are.equal("a.lua:6: suite_table.s.command: a list expected, got 3, from its function",
        failure_with "command = function() return 3 end")
      assert.are.equal("a.lua:6: suite_table.s.command[2]: a string expected, got 2",
        failure_with 'command = { "a", 2 }')
      assert.are.equal("a.lua:6: suite_table.s.command: unknown placeholder {outptu} "
        .. "(for the braces write {{outptu}}); did you mean 'output'?",
        failure_with 'command = { "a", "{outptu}" }')
    end)

    it("wants rows of words", function()
      assert.are.equal("a.lua:5: compiler_table.run.b: a string or list or function expected, "
        .. "got a table", (failure_of("suite_table = { s = { command = { 'p' } } },\n"
        .. "compiler_table = { run = { a = '',\nb = { cc = 'x' } } },")))
    end)
  end)

  describe("the harness native", function()
    local function failure_with(suite, rest)
      return (failure_of('harness = "native", ' .. (rest or 'baseline = "a",')
        .. "compiler_table = { run = {\na = {}, b = {} } },\nsuite_table = {\ns = {\n" .. suite
        .. " } },"))
    end

    it("wants benchmarks that can be run, in a folder that is there", function()
      assert.are.equal("a.lua:6: suite_table.s: key 'benchmarks' is missing", failure_with "")
      assert.are.equal("a.lua:7: suite_table.s.benchmarks: 'x' has nothing to run; give it a "
        .. "source or a run", failure_with 'benchmarks = { "x" }')
      assert.are.equal("a.lua:7: suite_table.s.benchmarks: \"../x\" can't be part of a file name",
        failure_with 'benchmarks = { { name = "../x", run = { "true" } } }')
      assert.truthy(failure_with('benchmarks = { "x" }, run = { "true" },\ndirectory = "nonesuch"')
        :find("a.lua:8: suite_table.s.directory: there is no folder ", 1, true))
      assert.are.equal("a.lua:8: suite_table.s.run: unknown placeholder {nmae} (for the braces "
        .. "write {{nmae}}); did you mean 'name'?",
        failure_with 'benchmarks = { "x" },\nrun = { "true", "{nmae}" }')
    end)

    it("wants a baseline and rows of its own kind", function()
      local suite = 'benchmarks = { "x" }, run = { "true" }'
      assert.are.equal("a.lua:3: key 'baseline' is missing: the compiler that speedups are taken "
        .. "against", failure_with(suite, "\n"):gsub("a%.lua:%d", "a.lua:3"))
      assert.are.equal("a.lua:4: compiler_table.run.b: unknown key 'flgas'; did you mean 'flags'?",
        (failure_of('harness = "native", baseline = "a", suite_table = { s = {' .. suite
        .. " } },\ncompiler_table = { run = { a = {}, b = { flgas = {} } } },")))
    end)

    it("skips a cell whose compiler is not installed", function()
      local cells = make([[harness = "native", baseline = "a",
        compiler_table = { run = { a = { cc = "sh" }, b = { cc = "no-such-cc" } } },
        suite_table = { s = { benchmarks = { { name = "x", source = "x.c" } } } },]])
      assert.is_nil(cells[1].skip)
      assert.are.equal("no-such-cc is not installed", cells[2].skip)
    end)

    it("hands the command line's words to the measuring process, the config's not", function()
      local function argv(overrides)
        local cells = make([[harness = "native", baseline = "a", extra_args = { "x y" },
          compiler_table = { run = { a = {} } }, output_dir = "o",
          suite_table = { s = { benchmarks = { "x" }, run = { "true" } } },]], overrides)
        return table.concat(cells[1].argv, " ")
      end
      assert.are.equal("a.lua --mode run --suites s --devices cpu --dtypes float32 --compilers a "
        .. "--testings performance --output-dir o", argv():match("measure .-(a%.lua.*)"))
      assert.are.equal("o --quick --extra-args=-g --x=1",
        argv({ quick = true, extra_args = { "-g", "--x=1" } }):match("%-%-output%-dir (.*)"))
    end)
  end)
end)
