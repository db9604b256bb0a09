local config = require "benchrun.config"
local fail = require "benchrun.fail"
local sandbox = require "sandbox"

local HEAD = 'local benchrun = require "benchrun"\n'

describe("config", function()
  local box

  before_each(function()
    config.reset()
    box = sandbox.new()
  end)

  after_each(function() box:remove() end)

  -- Writes a config: the text of its table, from line 3 of the file on.
  local function write(name, body)
    return box:write(name, HEAD .. "return benchrun.config {\n" .. body .. "\n}\n")
  end

  -- Loads; the failure's message with the folder cut away, and its status.
  local function failure_of(fn, ...)
    local ok, err = pcall(fn, ...)
    assert.is_false(ok)
    local failure = fail.of(err) or error(err, 0)
    local from, to = failure.message:find(box.path .. "/", 1, true)
    while from do
      failure.message = failure.message:sub(1, from - 1) .. failure.message:sub(to + 1)
      from, to = failure.message:find(box.path .. "/", 1, true)
    end
    return failure.message, failure.status
  end

  local function load_failure(name) return failure_of(config.load, box:at(name)) end

  local function assert_load_fails(message, name)
    local got, status = load_failure(name or "a.lua")
    assert.are.equal(message, got)
    assert.are.equal(fail.status.config, status)
  end

  local function resolved(name, overrides)
    return config.resolve(config.load(box:at(name or "a.lua")), overrides)
  end

  describe("errors name file and line:", function()
    it("no such config, a folder", function()
      assert_load_fails("nope.lua: no such config", "nope.lua")
      box:write("sub/x", "")
      assert_load_fails("sub: is a directory, a config is a Lua file", "sub")
    end)

    it("a syntax error", function()
      box:write("a.lua", "local x = {\n  1,\n  2 3\n}\n")
      local message = load_failure "a.lua"
      assert.are.equal("3: '}' expected (to close '{' at line 1) near '3'",
        message:match("^.-a%.lua:(.*)$"))
      assert.is_nil(message:find("\n"))
    end)

    it("a binary chunk", function()
      box:write("a.lua", string.dump(function() return 1 end))
      assert.truthy(load_failure("a.lua"):find("attempt to load a binary chunk", 1, true))
    end)

    it("an error at run time", function()
      box:write("a.lua", "local x\n\nreturn x.y\n")
      assert.truthy(load_failure("a.lua"):find("a.lua:3: attempt to index a nil value (local 'x')",
        1, true))
    end)

    it("an error that is no text", function()
      box:write("a.lua", "error {}\n")
      assert_load_fails "a.lua: an error that is no text (table)"
    end)

    it("an unknown key", function()
      write("a.lua", "  jobs = 1,\n  compilrs = {},")
      assert_load_fails "a.lua:4: unknown key 'compilrs'; did you mean 'compilers'?"
    end)

    it("a wrong type", function()
      write("a.lua", "  -- jobs = 'x'\n  jobs = 'two',")
      assert_load_fails 'a.lua:4: jobs: an integer expected, got "two"'
    end)

    it("a nested key", function()
      write("a.lua", "  native = {\n    warmup = 1,\n    max_rnus = 3,\n  },")
      assert_load_fails "a.lua:5: native: unknown key 'max_rnus'; did you mean 'max_runs'?"
    end)

    it("a key of a benchmark in a suite in a table", function()
      write("a.lua", "  suite_table = {\n    s = {\n      benchmarks = {\n        { name = 'x' },\n"
        .. "        { name = 'y', sorce = 'y.c' },\n      },\n    },\n  },")
      assert_load_fails("a.lua:7: suite_table.s.benchmarks[2]: unknown key 'sorce'; "
        .. "did you mean 'source'?")
    end)

    it("a key of a table that a local holds: where the local is used", function()
      box:write("a.lua",
        "local suite = {\n  comand = { 'x' },\n}\nlocal benchrun = require 'benchrun'\n"
        .. "return benchrun.config {\n  suite_table = {\n    s = suite,\n  },\n}\n")
      assert_load_fails "a.lua:7: suite_table.s: unknown key 'comand'; did you mean 'command'?"
    end)

    it("a value that nothing can be done with", function()
      local CASES = {
        ['env = {\n ["A=B"] = "x" }'] =
          'a.lua:4: env: the name of a variable as key expected, got "A=B"',
        ['suite_table = { s = {\n env = {\n [""] = "x" } } }'] =
          'a.lua:5: suite_table.s.env: the name of a variable as key expected, got ""',
        ['env = {\n A = "x\\0y" }'] =
          'a.lua:4: env.A: a text without a NUL byte expected, got "x\\0y"',
        ['jobs = 1,\n output_dir = "a\\0b"'] =
          'a.lua:4: output_dir: a text without a NUL byte expected, got "a\\0b"',
        ['jobs = 1,\n deadline = 1e12'] =
          "a.lua:4: deadline: at most 1000000000 expected, got 1000000000000.0",
        ['native = {\n run_deadline = math.huge }'] =
          "a.lua:4: native.run_deadline: at most 1000000000 expected, got inf",
        ['native = {\n precision = math.huge }'] =
          "a.lua:4: native.precision: a finite number expected, got inf",
        ['native = {\n budget = 2e9 }'] =
          "a.lua:4: native.budget: at most 1000000000 expected, got 2000000000.0",
        ['jobs = 1,\n grace = 1e300'] =
          "a.lua:4: grace: at most 1000000000 expected, got 1e+300",
        ['compiler_table = { { x = {} } }'] =
          "a.lua:3: compiler_table: a name as key expected, got 1",
        ['compiler_table = { run = { [true] = {} } }'] =
          "a.lua:3: compiler_table.run: a name as key expected, got true",
        ['suite_table = { {} }'] = "a.lua:3: suite_table: a name as key expected, got 1",
        ['dtype_table = { { "x" } }'] = "a.lua:3: dtype_table: a name as key expected, got 1",
        ['device_table = { { "x" } }'] = "a.lua:3: device_table: a name as key expected, got 1",
        ['suite_table = { s = { run = {} } }'] =
          "a.lua:3: suite_table.s.run: a list that is not empty expected, got a list",
      }
      for body, message in pairs(CASES) do
        config.reset()
        write("a.lua", body)
        assert_load_fails(message)
      end
    end)

    it("a key in a config that is extended: in that file", function()
      write("a.lua", "  extends = 'base',")
      write("base.lua", "\n\n  jobs = 0,")
      assert_load_fails "base.lua:5: jobs: at least 1 expected, got 0"
    end)

    it("a key in quick_settings", function()
      write("a.lua", "  quick_settings = {\n    jobs = 1,\n    native = { max_runs = 0 },\n  },")
      assert_load_fails "a.lua:5: quick_settings.native.max_runs: at least 1 expected, got 0"
    end)

    it("a config that is not the tail of its file", function()
      box:write("a.lua", HEAD .. "local c = benchrun.config {\n  jobs = 1 }\n\n"
        .. "local d = benchrun.config {\n  jobs = 0 }\nreturn d\n")
      assert_load_fails "a.lua:6: jobs: at least 1 expected, got 0"
    end)

    it("a file that returns nothing, a number, a plain table", function()
      local text = "a.lua:1: the config must return benchrun.config { … }, it returned "
      for body, what in pairs { [""] = "nothing", ["return 3"] = "a number",
        ["return {}"] = "a table" } do
        config.reset()
        box:write("a.lua", body)
        assert_load_fails(text .. what)
      end
    end)

    it("benchrun.config of what is no table", function()
      box:write("a.lua", HEAD .. "\nlocal c = benchrun.config(nil)\nreturn c\n")
      assert_load_fails "a.lua:3: benchrun.config: a table expected, got nil"
    end)

    it("a global that is set", function()
      box:write("a.lua", "local function f()\n  counter = 1\nend\nf()\n")
      assert_load_fails "a.lua:2: global 'counter' is set; write 'local counter'"
      assert.is_nil(rawget(_G, "counter"))
    end)

    it("a module that is not there, or is not for configs", function()
      box:write("a.lua", "\nlocal x = require 'nonesuch'\n")
      local message = load_failure "a.lua"
      assert.are.equal("a.lua:2: require: no 'nonesuch'; looked for nonesuch.lua in ",
        message:match("^.- in "))
      box:write("b.lua", "local x = require 'benchrun.core.sys'\n")
      assert_load_fails("b.lua:1: 'benchrun.core.sys' is not for configs; require 'benchrun' has "
        .. "what they need", "b.lua")
    end)

    it("extends of what is no config", function()
      write("a.lua", "  extends = { jobs = 2 },")
      assert_load_fails "a.lua:3: extends: a config expected, as benchrun.config returns it"
      write("b.lua", "  extends = 'nonesuch',")
      assert.truthy(load_failure("b.lua"):find("b.lua:3: extends: no 'nonesuch'; looked for ", 1,
        true))
    end)
  end)

  describe("cycles:", function()
    it("a config that extends itself", function()
      write("a.lua", "  jobs = 1,\n  extends = 'a',")
      assert_load_fails "a.lua:4: configs extend each other in a cycle: a.lua → a.lua"
    end)

    it("three files, also through a link to one of them", function()
      write("a.lua", "  extends = 'b',")
      write("b.lua", "  extends = require 'c',")
      write("c.lua", "\n  extends = 'd',")
      require("lfs").link(box:at "a.lua", box:at "d.lua", true)
      assert_load_fails("c.lua:4: configs extend each other in a cycle: a.lua → b.lua → "
        .. "c.lua → d.lua")
    end)

    it("are none where two configs extend one", function()
      write("base.lua", "  jobs = 2,")
      write("left.lua", "  extends = 'base',")
      write("a.lua", "  extends = 'left',\n  suite_table = require('base') and {},")
      assert.are.equal(2, resolved().jobs)
    end)

    it("leave nothing behind: another config loads after one that failed", function()
      write("a.lua", "  extends = 'a',")
      load_failure "a.lua"
      write("b.lua", "  jobs = 7,")
      assert.are.equal(7, resolved("b.lua").jobs)
      box:write("a.lua", HEAD .. "return benchrun.config { jobs = 3 }\n")
      assert.are.equal(3, resolved("a.lua").jobs)
    end)
  end)

  describe("putting together:", function()
    it("defaults < extends < config < quick_settings < command line", function()
      write("base.lua", "  jobs = 2, deadline = 20, grace = 2,\n"
        .. "  quick_settings = { deadline = 21, output_dir = 'quick' },")
      write("a.lua", "  extends = 'base', jobs = 3, deadline = 30,\n"
        .. "  quick_settings = { jobs = 31 },")
      local plain = resolved()
      assert.are.same({ 3, 30, 2, "benchmark_logs", 7200 },
        { plain.jobs, plain.deadline, plain.grace,
        plain.output_dir, config.resolve(config.load(write("c.lua", ""))).deadline })
      local quick = resolved("a.lua", { quick = true, jobs = 4 })
      assert.are.same({ 4, 21, 2, "quick" },
        { quick.jobs, quick.deadline, quick.grace, quick.output_dir })
      assert.is_true(quick.quick)
    end)

    it("merges tables, replaces lists and rows", function()
      write("base.lua", [[
        compiler_table = { run = { a = { "x" }, b = { "y" } }, other = { z = "q" } },
        suite_table = { s = { command = { "c" }, help = "h" }, t = { command = { "t" } } },
        dtypes = { "float32", "float64" }, native = { warmup = 5, budget = 7 },
        env = { A = "1", B = "2" }, report = { title = "base" },]])
      write("a.lua", [[
        extends = "base",
        compiler_table = { run = { b = { "new" }, c = "z" } },
        suite_table = { s = { help = "only" } },
        dtypes = { "float16" }, native = { budget = 1 }, env = { B = "3" },
        quick_settings = { native = { warmup = 0 } },]])
      local it_is = resolved("a.lua", { quick = true })
      assert.are.same({ run = { a = { "x" }, b = { "new" }, c = "z" }, other = { z = "q" } },
        it_is.compiler_table)
      assert.are.same({ s = { help = "only" }, t = { command = { "t" } } }, it_is.suite_table)
      assert.are.same({ "float16" }, it_is.dtypes)
      assert.are.same({ A = "1", B = "3" }, it_is.env)
      assert.are.same({ 0, 1, 30 },
        { it_is.native.warmup, it_is.native.budget, it_is.native.max_runs })
      assert.are.equal("base", it_is.report.title)
      assert.are.same({ "github" }, it_is.report.renderers)
    end)

    it("does not hand one config's changes to the next", function()
      write("a.lua", "  native = { budget = 1 },")
      resolved().native.warmup = 99
      assert.are.equal(1, resolved().native.warmup)
    end)

    it("checks what the command line sets", function()
      write("a.lua", "")
      local message, status = failure_of(resolved, "a.lua", { jobs = 0 })
      assert.are.equal("jobs: at least 1 expected, got 0", message)
      assert.are.equal(fail.status.usage, status)
    end)

    it("finds presets, and modules beside the config, from anywhere", function()
      box:write("parts/rows.lua", "return { run = { a = 'x' } }")
      write("a.lua", "  compiler_table = require 'parts.rows',")
      assert.are.same({ run = { a = "x" } }, resolved().compiler_table)
      write("b.lua", "  extends = 'kernels', compiler_table = { run = { mine = { cc = 'tcc' } } },")
      local rows = resolved("b.lua").compiler_table.run
      assert.are.same({ cc = "tcc" }, rows.mine)
      assert.are.same({ "-O2" }, rows.gcc_O2.flags)
    end)
  end)

  describe("fail", function()
    it("blames the layer that wrote the value", function()
      write("base.lua", "\n  compiler_table = { run = {\n    old = 'x' } },\n  dtypes = { 'a' },")
      write("a.lua", "  extends = 'base',\n  compiler_table = { run = { new = 'x' } },\n"
        .. "  quick_settings = {\n    dtypes = { 'b' } },")
      local it_is = resolved("a.lua", { quick = true })
      assert.are.equal("base.lua:5: wrong",
        (failure_of(it_is.fail, { "compiler_table", "run", "old" }, "wrong")))
      assert.are.equal("a.lua:4: wrong",
        (failure_of(it_is.fail, { "compiler_table", "run", "new" }, "wrong")))
      assert.are.equal("a.lua:6: wrong", (failure_of(it_is.fail, { "dtypes", 1 }, "wrong")))
      assert.are.equal("base.lua:6: wrong", (failure_of(resolved().fail, { "dtypes", 1 }, "wrong")))
      assert.are.equal("a.lua:2: wrong", (failure_of(it_is.fail, { "suites" }, "wrong")))
    end)

    it("blames the command line for what it set", function()
      write("a.lua", "  dtypes = { 'x' },")
      local message, status = failure_of(resolved("a.lua", { dtypes = { "y" } }).fail,
        { "dtypes", 1 }, "wrong 100%s")
      assert.are.equal("wrong 100%s", message)
      assert.are.equal(fail.status.usage, status)
    end)
  end)

  describe("keys of its own", function()
    local DECLARES = [[
  options = {
    { name = "threads", type = "integer", min = 1, help = "threads",
      option = { flags = "--threads -t", metavar = "N" } },
    { name = "lists", type = "table", of = { type = "list", of = { type = "string" } },
      rows = true, default = { a = { "x" } }, help = "lists" },
  },]]

    it("count in it and in what extends it, with their types and defaults", function()
      write("base.lua", DECLARES .. "\n  threads = 2,")
      write("a.lua", "  extends = require 'base', lists = { b = { 'y' } },")
      local it_is = resolved()
      assert.are.equal(2, it_is.threads)
      assert.are.same({ a = { "x" }, b = { "y" } }, it_is.lists)
      assert.are.equal(3, resolved("a.lua", { threads = 3 }).threads)
      assert.are.equal("threads: at least 1 expected, got 0",
        (failure_of(resolved, "a.lua", { threads = 0 })))
    end)

    it("are checked at the line that wrote them", function()
      write("base.lua", DECLARES)
      write("a.lua", "  extends = require 'base',\n  threads = 'two',")
      assert_load_fails "a.lua:4: threads: an integer expected, got \"two\""
    end)

    it("are unknown elsewhere", function()
      write("a.lua", "  threads = 2,")
      assert_load_fails("a.lua:3: unknown key 'threads'; known are "
        .. load_failure("a.lua"):match "known are (.*)")
    end)

    local WRONG = {
      ["options[1]: 'jobs' is a key already"] = "name = 'jobs', type = 'string', help = 'x'",
      ["options[1]: no type 'text'"] = "name = 'x', type = 'text', help = 'x'",
      ["options[1]: no type 'nil'"] = "name = 'x', type = 'list', of = {}, help = 'x'",
      ["options[1]: default: a number expected, got true"] =
        "name = 'x', type = 'number', default = true, help = 'x'",
      ["options[1]: key 'help' is missing"] = "name = 'x', type = 'number'",
    }
    for message, field in pairs(WRONG) do
      it("must make sense: " .. message, function()
        write("a.lua", "  options = { { " .. field .. " } },")
        assert_load_fails("a.lua:3: " .. message)
      end)
    end
  end)

  describe("derive", function()
    it("gives keys that follow from the others, over them, parents' first", function()
      write("base.lua", "  derive = function(c) return { jobs = c.jobs + 1 } end,")
      write("a.lua", "  extends = require 'base', jobs = 2, archive = { path = 'x' },\n"
        .. "  derive = function(c) return { deadline = c.jobs, archive = { name = 'n' } } end,")
      local it_is = resolved()
      assert.are.same({ 3, 3, "x", "n" },
        { it_is.jobs, it_is.deadline, it_is.archive.path, it_is.archive.name })
      assert.are.equal(6, resolved("a.lua", { jobs = 5 }).jobs)
    end)

    it("is the config's fault where it fails or gives what is none", function()
      write("a.lua", "  jobs = 1,\n  derive = function() return { jbos = 1 } end,")
      assert.are.equal("a.lua:4: derive: unknown key 'jbos'; did you mean 'jobs'?",
        (failure_of(resolved)))
      config.reset()
      write("a.lua", "  derive = function() error('no', 0) end,")
      assert.are.equal("a.lua:3: derive: its function failed: no", (failure_of(resolved)))
    end)
  end)

  describe("presets", function()
    it("are found by name, whatever is there", function()
      assert.truthy(config.locate("dynamo"):find("configs/dynamo/init.lua", 1, true))
      assert.are.equal("nope", config.locate "nope")
      assert.are.equal("./dynamo", config.locate "./dynamo")
      assert.are.equal("dynamo.lua", config.locate "dynamo.lua")
      assert.are.same({ "ci", "dynamo", "kernels", "nightly", "quickstart" }, config.presets())
    end)
  end)

  describe("call", function()
    it("gives what a function of the config gives, and its errors as the config's", function()
      write("a.lua", "\n  suite_table = { s = {\n    skip = function(x) return x + 1 end,\n"
        .. "    command = function() error({}) end } },")
      local it_is = resolved()
      local row = it_is.suite_table.s
      assert.are.equal(4, it_is.call({ "suite_table", "s", "skip" }, row.skip, 3))
      local message, status = failure_of(it_is.call, { "suite_table", "s", "skip" }, row.skip, {})
      assert.are.equal("5: attempt to perform arithmetic on a table value (local 'x')"
        .. " (in suite_table.s.skip)", message:match("a%.lua:(.*)"))
      assert.are.equal(fail.status.config, status)
      assert.are.equal("a.lua:6: suite_table.s.command: its function failed: "
        .. "an error that is no text (table)",
        (failure_of(it_is.call, { "suite_table", "s", "command" }, row.command)))
    end)
  end)
end)
