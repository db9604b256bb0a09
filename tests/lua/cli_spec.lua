local sandbox = require "sandbox"

local CONFIG = [==[
local benchrun = require "benchrun"
return benchrun.config {
  compiler_table = { run = { base = "", good = "", bad = "" } },
  baseline = "base",
  testings = { "performance" },
  grace = 1,
  suite_table = {
    s = { command = function(cell)
      local row = cell.compiler == "bad" and "echo oops >&2; exit 3"
        or "printf 'dev,name,batch_size,speedup\ncpu,x,1,1.5\n' > " .. cell.log
      return { "sh", "-c", row }
    end },
    slow = { command = function(cell)
      local row = "printf 'dev,name,batch_size,speedup\ncpu,x,1,1.5\n' > " .. cell.log
      if cell.compiler ~= "base" then row = "echo $$ >> pids; sleep 27 & sleep 27" end
      return { "sh", "-c", row }
    end },
  },
}
]==]

describe("benchrun", function()
  local box

  before_each(function()
    box = sandbox.new()
    box:write("a.lua", CONFIG)
  end)
  after_each(function() box:remove() end)

  local function assert_refuses(status, message, ...)
    local got, out, err = box:run(...)
    assert.are.same({ status, "", "benchrun: " .. message .. "\n" }, { got, out, err })
  end

  describe("gets the command line right:", function()
    it("--version, --help, help", function()
      local status, out = box:run "--version"
      assert.are.same({ 0, "benchrun " .. require "benchrun.version" .. "\n" }, { status, out })
      local _, help = box:run "--help"
      assert.truthy(help:find("exit status:\n   0  all well", 1, true))
      local _, same = box:run "help"
      assert.are.equal(help, same)
      for name in ("run plan report measure init help completion"):gmatch "%a+" do
        assert.truthy(help:find("\n   " .. name .. " ", 1, true), name)
        assert.are.equal(0, (box:run(name, "--help")))
      end
    end)

    it("a run without a command's name, options before or behind", function()
      local _, plain = box:run("plan", "a.lua", "--suites", "s")
      assert.are.equal("3\tgood_s_float32_run_cpu_performance\tsh -c ",
        plain:match "(3\t[^\n]+)'printf")
      assert.are.equal(0, (box:run("a.lua", "--suites", "s", "--print-run-commands")))
      assert.are.equal(0, (box:run("--suites", "s", "--print_run_commands", "a.lua")))
      assert.are.equal(0, (box:run("run", "a.lua", "--suites=s", "--print-run-commands")))
    end)

    it("one line for what it can't make sense of", function()
      local hint = "; see benchrun a.lua --help"
      assert_refuses(2, "no command or config 'pln'; did you mean 'plan'? See benchrun --help",
        "pln")
      assert_refuses(2, "no command or config 'rnu'; did you mean 'run'? See benchrun --help",
        "rnu", "a.lua")
      assert_refuses(2, "unknown option '--jbos'; did you mean '--jobs'? See benchrun a.lua --help",
        "a.lua", "--jbos", "3")
      assert_refuses(2, "too many arguments" .. hint, "a.lua", "b.lua")
      assert_refuses(2, "missing argument 'config'; see benchrun --help", "plan")
      assert_refuses(2, "option '--jobs' requires an argument" .. hint, "a.lua", "--jobs")
      assert_refuses(2, "--jobs: a whole number expected, got 'x'" .. hint, "a.lua", "--jobs", "x")
      assert_refuses(2, "jobs: at least 1 expected, got 0", "a.lua", "--jobs", "0")
      assert_refuses(2, "deadline: at least 0 expected, got -1.0", "a.lua", "--deadline=-1.0")
      assert_refuses(2,
        "option '--visualize-logs' can not be used together with option '--run'" .. hint,
        "a.lua", "--run", "--visualize-logs")
      assert_refuses(2, "unknown compiler 'godo'; did you mean 'good'? Known are bad, base, good",
        "a.lua", "--compiler", "godo")
      assert_refuses(2,
        "no help on 'x'; known are config, executors, frame, harnesses, metrics, readers, "
        .. "renderers, repl, sections, stats", "help", "x")
    end)

    it("nothing at all: usage", function()
      local status, out, err = box:run()
      assert.are.same({ 2, "" }, { status, out })
      assert.truthy(err:find("^Usage: benchrun [^\n]*\nbenchrun: a config or a command is needed; "
        .. "see benchrun %-%-help\n$"))
    end)

    it("completion that shells can read, each option once", function()
      for _, shell in ipairs { "bash", "zsh", "fish" } do
        local status, out = box:run("completion", shell)
        assert.are.equal(0, status)
        assert.truthy(out:find("include-slowdowns", 1, true))
        assert.is_nil(out:find("include_slowdowns", 1, true))
      end
      assert.are.equal(0, (box:shell(sandbox.program .. " completion bash | bash -n")))
      assert.are.equal(2, (box:run("completion", "tcsh")))
      local _, _, err = box:shell(("%s completion bash > c; cat > t <<'END'\n. ./c\n"
        .. "COMP_WORDS=(benchrun dynamo --inf); COMP_CWORD=2; _benchrun\n"
        .. "[ \"${COMPREPLY[*]}\" = --inference ] || echo \"got ${COMPREPLY[*]}\" >&2\n"
        .. "COMP_WORDS=(benchrun run --update-d); COMP_CWORD=2; _benchrun\n"
        .. "[ \"${COMPREPLY[0]}\" = --update-dashboard ] || echo \"got ${COMPREPLY[*]}\" >&2\n"
        .. "END\nbash t"):format(sandbox.program))
      assert.are.equal("", err)
    end)

    it("wrong configs: status 3 and one line", function()
      assert_refuses(3, "nope.lua: no such config", "nope.lua")
      assert_refuses(3, ".: is a directory, a config is a Lua file", ".")
      box:write("b.lua", "return {\n")
      assert_refuses(3, "b.lua:2: unexpected symbol near <eof>", "b.lua")
      box:write("b.lua", "return require 'benchrun'.config {\n jbos = 1 }\n")
      assert_refuses(3, "b.lua:2: unknown key 'jbos'; did you mean 'jobs'?", "b.lua")
      box:write("b.lua", "return benchrun.config { extends = 'b' }\n")
      assert_refuses(3, "b.lua:1: configs extend each other in a cycle: b.lua → b.lua", "b.lua")
      box:write("sub/c.lua", "return benchrun.config {\n metrics = { 'sped' } }")
      assert_refuses(3, "sub/c.lua:2: metrics[1]: no metric named 'sped'; known are "
        .. "abs_latency, accuracy, compilation_latency, compression_ratio, speedup", "sub/c.lua")
    end)

    it("a full disk under its output", function()
      for _, what in ipairs { "--version", "help config", "plan a.lua" } do
        local status, _, err = box:shell(sandbox.program .. " " .. what .. " > /dev/full")
        assert.are.same({ 4,
          "benchrun: can't write to standard output: No space left on device\n" },
          { status, err })
      end
    end)

    it("a full disk under what a script prints", function()
      box:write("print.lua", "for i = 1, 10000 do print(i) end")
      local status, _, err = box:shell(sandbox.program .. " script print.lua > /dev/full")
      assert.are.equal(4, status)
      assert.truthy(err:find "^benchrun: can't write to standard output[^\n]*\n$")
    end)
  end)

  describe("runs a config:", function()
    it("cells, outcomes, report, exit status", function()
      local status, out, err = box:run("a.lua", "--suites", "s", "--no-charts")
      assert.are.equal(0, status)
      assert.truthy(err:find("[2/3] fail    bad_s_float32_run_cpu_performance 0:00: "
        .. "exit status 3: oops\n", 1, true))
      assert.truthy(out:find("report  benchmark_logs/report.md\n", 1, true))
      assert.are.equal("dev,name,batch_size,speedup\ncpu,x,1,1.5\n",
        box:read "benchmark_logs/good_s_float32_run_cpu_performance.csv")
      assert.are.equal("oops\n",
        box:read "benchmark_logs/output/bad_s_float32_run_cpu_performance.err")
    end)

    it("status 1 for failures where asked, 4 where nothing was measured", function()
      assert.are.equal(1,
        (box:run("a.lua", "--suites", "s", "--no-charts", "--fail-on", "failure")))
      assert.are.equal(0, (box:run("a.lua", "--suites", "s", "--no-charts", "--fail-on", "failure",
        "--compilers", "base", "--compilers", "good")))
      local status, _, err = box:run("a.lua", "--suites", "s", "--no-charts", "--compilers", "bad")
      assert.are.equal(4, status)
      assert.truthy(err:find("\nbenchrun: nothing was measured; see the outcomes and warnings "
        .. "above\n$"))
    end)

    it("reports again on finished logs, to the same end", function()
      local options = { "--suites", "s", "--no-charts", "--compilers", "base", "--compilers",
        "good" }
      local _, out = box:run("a.lua", table.unpack(options))
      local status, again = box:run("report", "a.lua", table.unpack(options))
      assert.are.equal(0, status)
      assert.is_string(out:match "Executive.-Warnings")
      assert.are.equal(out:match "Executive.-Warnings", again:match "Executive.-Warnings")
      assert.are.equal(0, (box:run("a.lua", "--visualize-logs", table.unpack(options))))
    end)

    it("not into what is not its own", function()
      box:write("theirs/x", "mine")
      assert_refuses(4,
        "theirs holds files that benchrun did not make (x); choose another --output-dir, "
        .. "or --keep-output-dir to add to it", "a.lua", "--output-dir", "theirs")
      assert_refuses(4, "a.lua is a file, not a directory; choose another --output-dir", "a.lua",
        "--output-dir", "a.lua")
      assert_refuses(4, "nope: no such directory; name the one with the logs with --output-dir",
        "report", "a.lua", "--output-dir", "nope")
      assert.are.equal("mine", box:read "theirs/x")
    end)

    it("measures nothing that is no single native cell", function()
      assert_refuses(2,
        "measure takes one cell; these options choose 6: give one suite, device, dtype, "
        .. "compiler and testing", "measure", "a.lua")
      assert_refuses(2, "suite 's' is not of a harness that measures", "measure", "a.lua",
        "--suites", "s",
        "--compilers", "good")
    end)
  end)

  describe("when interrupted", function()
    -- Starts the slow suite, sends a signal when two cells run, and gives status, output, messages.
    local function interrupted(signal)
      return box:shell(([[
        env --default-signal=INT %s a.lua --suites slow --jobs 2 --no-charts & pid=$!
        for i in $(seq 200); do
          [ -f pids ] && [ "$(wc -l < pids)" -eq 2 ] && break; sleep 0.05
        done
        kill -%s $pid; wait $pid]]):format(sandbox.program, signal))
    end

    for _, signal in ipairs { "INT", "TERM" } do
      it("by " .. signal .. " ends its children, keeps its logs, says how all ended", function()
        local status, out, err = interrupted(signal)
        assert.are.equal(130, status)
        assert.truthy(err:find("] ok      base_slow_float32_run_cpu_performance", 1, true))
        assert.truthy(err:find "] lost    bad_slow_%S+ 0:0%d: interrupted\n")
        assert.truthy(out:find("Outcomes", 1, true))
        assert.truthy(out:find("bad_slow", 1, true) or out:find("2 lost", 1, true))
        assert.are.equal("dev,name,batch_size,speedup\ncpu,x,1,1.5\n",
          box:read "benchmark_logs/base_slow_float32_run_cpu_performance.csv")
        for pid in box:read("pids"):gmatch "%d+" do
          assert.are_not.equal(0, (box:shell("kill -0 " .. pid)))
        end
        local _, left = box:shell "ps -eo args | grep -c '[s]leep 27'"
        assert.are.equal("0\n", left)
      end)
    end
  end)
end)
