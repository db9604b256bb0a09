local sandbox = require "sandbox"

-- Sources are C; CAND is defined for the candidate alone.
local SOURCES = {
  sleep = [[
    #define _POSIX_C_SOURCE 200809L
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <time.h>
    #ifdef CAND
    enum { MS = 80, MB = 10 };
    #else
    enum { MS = 240, MB = 40 };
    #endif
    int main(void) {
      struct timespec t = {0, MS * 1000000L};
      char *p = malloc(MB << 20);
      memset(p, 1, MB << 20);
      nanosleep(&t, 0);
      return printf("value x %d\n", p[0] > 0) < 0;
    }]],
  hang = [[
    #include <stdio.h>
    #include <unistd.h>
    int main(void) {
    #ifdef CAND
      for (;;) pause();
    #endif
      return puts("done") < 0;
    }]],
  crash = [[
    #include <stdio.h>
    #include <stdlib.h>
    int main(void) {
    #ifdef CAND
      abort();
    #endif
      return puts("done") < 0;
    }]],
  silent = [[
    #include <stdio.h>
    int main(void) {
    #ifndef CAND
      puts("done");
    #endif
      return 0;
    }]],
  garbage = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      for (long i = 0; i < 20 << 20; i++) putchar((int)(i * 7919 >> 3));
    #else
      puts("done");
    #endif
      return 0;
    }]],
  binary = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      for (int i = 0; i < 256; i++) putchar(i);
    #else
      puts("done");
    #endif
      return 0;
    }]],
  exit1 = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      fputs("it went wrong\n", stderr);
      return 1;
    #endif
      return puts("done") < 0;
    }]],
  nocompile = [[
    #ifdef CAND
    #error no candidate today
    #endif
    #include <stdio.h>
    int main(void) { return puts("done") < 0; }]],
  within = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      return puts("value x 1.0005\nsum 7") < 0;
    #endif
      return puts("value x 1.0\nsum 7") < 0;
    }]],
  beyond = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      return puts("value x 1.01") < 0;
    #endif
      return puts("value x 1.0") < 0;
    }]],
  basefail = [[
    #include <stdio.h>
    int main(void) {
    #ifdef CAND
      return puts("done") < 0;
    #endif
      return 1;
    }]],
}

local CONFIG = [==[
local list = {}
for name in ("%s"):gmatch "%%S+" do list[#list + 1] = { name = name, source = name .. ".c" } end
return benchrun.config {
  harness = "native", baseline = "base", dtypes = { "f" }, charts = { formats = {} },
  compiler_table = { run = { base = {}, cand = { flags = { "-DCAND" } },
    absent = { cc = "no-such-compiler" } } },
  native = { warmup = 0, min_runs = 1, max_runs = 1, budget = 0, run_deadline = 1.5 },
  suite_table = { s = { directory = "src", tolerance = { f = 1e-3 }, benchmarks = list } },
}
]==]

describe("the harness native", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function prepare(names)
    for name in names:gmatch "%S+" do
      if SOURCES[name] then box:write("src/" .. name .. ".c", SOURCES[name]) end
    end
    assert(require("lfs").mkdir(box:at "src") or box:kind "src")
    box:write("a.lua", CONFIG:format(names))
  end

  -- The log of a compiler as { [benchmark] = { fields from the fourth on } }, and its messages.
  local function log_of(compiler, testing)
    local id = ("%s_s_f_run_cpu_%s"):format(compiler, testing)
    local rows = {}
    for line in box:read("benchmark_logs/" .. id .. ".csv"):gmatch "[^\n]+" do
      local name, rest = line:match "^cpu,([^,]*),1,(.*)$"
      if name then
        local fields = {}
        for field in (rest .. ","):gmatch "([^,]*)," do fields[#fields + 1] = field end
        rows[name] = fields
      end
    end
    return rows, box:read("benchmark_logs/output/" .. id .. ".err")
  end

  it("gives every way to fail its word in both logs, and says why", function()
    prepare("hang crash silent garbage binary exit1 nocompile within beyond basefail missing")
    local status, out, err = box:run("a.lua", "--compilers", "cand", "--compilers", "absent")
    assert.are.equal(0, status, err)
    assert.truthy(err:find("[2/4] skip    absent_s_f_run_cpu_performance 0:00: "
      .. "no-such-compiler is not installed\n", 1, true))
    assert.truthy(err:find("[3/4] ok      cand_s_f_run_cpu_accuracy", 1, true))
    assert.truthy(out:find("Executive", 1, true))

    local accuracy, why = log_of("cand", "accuracy")
    local words = {}
    for name, fields in pairs(accuracy) do words[name] = fields[1] end
    assert.are.same({ hang = "timeout", crash = "fail_to_run", silent = "fail_accuracy",
      garbage = "fail_accuracy", binary = "fail_accuracy", exit1 = "fail_to_run",
      nocompile = "fail_to_compile", within = "pass", beyond = "fail_accuracy",
      basefail = "eager_fail_to_run", missing = "model_fail_to_load" }, words)
    for _, line in ipairs { "hang: timeout under cand: not done after 1.5 s\n",
      "crash: fail_to_run under cand: died of SIGABRT\n",
      "silent: fail_accuracy under cand: it printed nothing\n",
      "garbage: fail_accuracy under cand: it printed 20971520 bytes, more than 16777216 are not "
        .. "compared\n",
      "binary: fail_accuracy under cand: it printed '\\x00\\x01\\x02",
      "exit1: fail_to_run under cand: exit status 1: it went wrong\n",
      "nocompile: fail_to_compile under cand: exit status 1: ",
      "beyond: fail_accuracy under cand: x is 1.01, the baseline's 1: they differ by 0.0099, "
        .. "allowed is 0.001\n",
      "basefail: fail_to_run under base: exit status 1\n",
      "missing: model_fail_to_load under cand: there is no " .. box:at "src/missing.c" .. "\n" } do
      assert.truthy(why:find(line, 1, true), line .. "\nin\n" .. why)
    end
    assert.is_nil(why:find "[%z\1-\8\11-\31\127-\255]")
    assert.truthy(why:find "no candidate today")

    local performance = log_of("cand", "performance")
    local firsts = {}
    for name, fields in pairs(performance) do
      firsts[name] = tonumber(fields[1]) and "number" or fields[1]
    end
    assert.are.same({ hang = "timeout", crash = "fail_to_run", silent = "number",
      garbage = "number", binary = "number", exit1 = "fail_to_run", nocompile = "fail_to_compile",
      within = "number", beyond = "number", basefail = "eager_fail_to_run",
      missing = "model_fail_to_load" }, firsts)
  end)

  it("gives a command that shows a failure again", function()
    prepare "exit1"
    box:run("a.lua", "--compilers", "cand", "--testings", "accuracy")
    local _, why = log_of("cand", "accuracy")
    local status, _, err = box:shell(why:match "to see it again: ([^\n]+)")
    assert.are.same({ 1, "it went wrong\n" }, { status, err })
  end)

  it("measures speedup, latency, build time and peak memory", function()
    prepare "sleep"
    local three = box:read("a.lua"):gsub("min_runs = 1, max_runs = 1", "min_runs = 3, max_runs = 3")
    box:write("a.lua", three)
    assert.are.equal(0, (box:run("a.lua", "--compilers", "base", "--compilers", "cand")))
    local rows = log_of("cand", "performance")
    local speedup, latency, build, memory = table.unpack(rows.sleep)
    assert.is_true(tonumber(speedup) > 1.5 and tonumber(speedup) < 6, speedup)
    assert.is_true(tonumber(latency) > 80 and tonumber(latency) < 500, latency)
    assert.is_true(tonumber(build) > 0.005 and tonumber(build) < 20, build)
    assert.is_true(tonumber(memory) > 2 and tonumber(memory) < 5, memory)
    speedup = log_of("base", "performance").sleep[1]
    assert.is_true(tonumber(speedup) > 0.4 and tonumber(speedup) < 2.5, speedup)
    assert.are.equal("dev,name,batch_size,speedup,abs_latency,compilation_latency,"
      .. "compression_ratio",
      box:read("benchmark_logs/cand_s_f_run_cpu_performance.csv"):match "^[^\n]*")
    assert.are.same({ "pass" }, log_of("cand", "accuracy").sleep)
  end)

  it("ends endless output and leaves none of it behind", function()
    box:write("a.lua", [[return benchrun.config { harness = "native", baseline = "a",
      compiler_table = { run = { a = {} } }, testings = { "accuracy" }, charts = { formats = {} },
      suite_table = { s = { benchmarks = {
        { name = "fine", run = { "echo", "x" } },
        { name = "out", run = { "yes", "x" } },
        { name = "err", run = { "sh", "-c", "exec yes x >&2" } } } } } }]])
    assert.are.equal(0, (box:run "a.lua"))
    local why = box:read "benchmark_logs/output/a_s_float32_run_cpu_accuracy.err"
    for _, name in ipairs { "out", "err" } do
      local line = name .. ": fail_to_run under a: it wrote more than 64 MB and was ended\n"
      assert.truthy(why:find(line, 1, true), why)
    end
    local _, files = box:shell "find benchmark_logs/.benchrun.work -type f -size +1M"
    assert.are.equal("", files)
  end)

  it("keeps benchmarks apart whose names end as its own files do", function()
    box:write("a.lua", [[local list = {}
      for i, name in ipairs { "x", "x.out", "x.cmd", "x.log", "output", "binary", "command" } do
        list[i] = { name = name, run = { "echo", name },
          build = { "sh", "-c", 'printf %s "$0" > "$1"', name, "{binary}" } }
      end
      return benchrun.config { harness = "native", baseline = "a", testings = { "accuracy" },
        compiler_table = { run = { a = {}, b = {} } }, charts = { formats = {} },
        suite_table = { s = { benchmarks = list } } }]])
    assert.are.equal(0, (box:run "a.lua"))
    local log = box:read "benchmark_logs/b_s_float32_run_cpu_accuracy.csv"
    assert.are.equal(7, select(2, log:gsub(",pass\n", "")), log)
    for _, name in ipairs { "x", "x.out", "x.cmd", "binary" } do
      local folder = "benchmark_logs/.benchrun.work/a/s/float32/cpu/" .. name
      assert.are.same({ name, name .. "\n" },
        { box:read(folder .. "/binary"), box:read(folder .. "/output") })
    end
  end)

  it("runs nothing where the baseline's compiler is missing", function()
    prepare "within"
    box:write("a.lua", (box:read "a.lua":gsub("base = {}", "base = { cc = 'no-such-base' }")))
    local status, _, err = box:run("a.lua", "--compilers", "base", "--compilers", "cand",
      "--testings", "accuracy")
    assert.are.equal(4, status)
    assert.truthy(err:find("base_s_f_run_cpu_accuracy 0:00: no-such-base is not installed", 1,
      true), err)
    assert.truthy(err:find("cand_s_f_run_cpu_accuracy 0:00: no-such-base of the baseline is not "
      .. "installed", 1, true), err)
  end)

  it("writes its log after every benchmark", function()
    box:write("a.lua", [[return benchrun.config { harness = "native", baseline = "a",
      compiler_table = { run = { a = {} } }, testings = { "accuracy" }, charts = { formats = {} },
      suite_table = { s = { benchmarks = { { name = "one", run = { "echo", "x" } },
        { name = "two", run = { "sh", "-c", "cp benchmark_logs/*.csv seen; echo x" } } } } } }]])
    assert.are.equal(0, (box:run "a.lua"))
    assert.are.equal("dev,name,batch_size,accuracy\ncpu,one,1,pass\n", box:read "seen")
    assert.are.equal("dev,name,batch_size,accuracy\ncpu,one,1,pass\ncpu,two,1,pass\n",
      box:read "benchmark_logs/a_s_float32_run_cpu_accuracy.csv")
  end)

  it("loses nothing but the rest when a cell is ended by its deadline", function()
    prepare "within hang"
    local status, _, err = box:run("a.lua", "--compilers", "cand", "--testings", "accuracy",
      "--deadline", "1")
    assert.truthy(err:find("timeout cand_s_f_run_cpu_accuracy 0:0%d: not done after 1 s"))
    assert.are.equal(0, status)
    assert.are.same({ within = { "pass" } }, (log_of("cand", "accuracy")))
  end)

  it("builds once what has not changed, anew what has", function()
    prepare "within"
    box:write("tool", ('#!/bin/sh\necho "$@" >> %s\nexec cc "$@"\n'):format(box:at "calls"))
    box:shell "chmod +x tool; touch -d '2 minutes ago' src/*"
    local text = box:read("a.lua"):gsub("base = {}", "base = { cc = [[" .. box:at "tool" .. "]] }")
    box:write("a.lua", text)
    local function calls() return select(2, (box:read "calls" or ""):gsub("\n", "")) end
    box:run("a.lua", "--testings", "accuracy", "--compilers", "base", "--compilers", "cand")
    assert.are.equal(1, calls())
    box:run("a.lua", "--testings", "accuracy", "--compilers", "cand", "--keep-output-dir")
    assert.are.equal(1, calls())
    box:run("a.lua", "--testings", "accuracy", "--compilers", "cand", "--keep-output-dir",
      "--extra-args=-DNEW -DWORDS")
    assert.are.equal(2, calls())
    assert.truthy(box:read "calls":find("-DNEW -DWORDS", 1, true))
    box:shell "touch src/within.c"
    box:run("a.lua", "--testings", "accuracy", "--compilers", "cand", "--keep-output-dir",
      "--extra-args=-DNEW -DWORDS")
    assert.are.equal(3, calls())
  end)

  it("builds and runs as the suite and the benchmark say", function()
    box:write("a.lua", [[return benchrun.config { harness = "native", baseline = "a", mode = "run",
      compiler_table = { run = { a = { flags = { "x y" }, env = { ROW = "r w" } } } },
      dtype_table = { f = { "-f" } }, dtypes = { "f" }, testings = { "accuracy" },
      charts = { formats = {} }, env = { ALL = "all" },
      suite_table = { s = { directory = "src", env = { SUITE = "s" },
        build = { "sh", "-c", 'printf "#!/bin/sh\n$0\n" > "$1"; chmod +x "$1"', "echo built",
          "{binary}" },
        benchmarks = { { name = "one" },
          { name = "two", build = false, run = { "sh", "-c",
            'printf "%s|" "$ALL" "$SUITE" "$ROW" "$@" > ../two; echo x', "sh", "{flags}",
            "{dtype_args}", "{name}", "{{name}}" } } } } } }]])
    require("lfs").mkdir(box:at "src")
    local status, _, err = box:run "a.lua"
    assert.are.equal(0, status, err)
    assert.are.equal("all|s|r w|x y|-f|two|{name}|", box:read "two")
    assert.are.equal("#!/bin/sh\necho built\n",
      box:read "benchmark_logs/.benchrun.work/a/s/f/cpu/one/binary")
    assert.are.same("dev,name,batch_size,accuracy\ncpu,one,1,pass\ncpu,two,1,pass\n",
      box:read "benchmark_logs/a_s_f_run_cpu_accuracy.csv")
  end)
end)
