-- Runs that follow each other: archive, comparison, publishing, exit status, as a user meets them.

local sandbox = require "sandbox"

-- A suite whose speeds come from the files `fast` and `slow`, if they are there.
local CONFIG = [==[
local WRITE = "printf 'dev,name,batch_size,speedup\ncpu,x,1,%%s\n' \"$(cat $2 || echo 1.0)\" > $1"
return require("benchrun").config {
  testings = { "performance" }, charts = { formats = { "svg" } }, baseline = "base",
  compiler_table = { run = { base = "base", fast = "fast" } },
  suite_table = { s = { command = { "sh", "-c", WRITE, "sh", "{output}", "{args}" } } },
  archive = { path = "archive" },
%s
}
]==]

local PUBLISH = [==[
  publish = { comment = true, upload = true, uploader = { "./up" }, gh = { "./gh" },
    repository = "o/r", issue = 7 },
  report = { comment = "comment.md", renderers = {}, files = {
    { file = "a_{mode}.txt", sections = { "executive_summary" } },
    { file = "b.txt", sections = { "regressions" } },
    { file = "c.txt", sections = { "charts" } } } },
]==]

describe("a run with an archive", function()
  local box

  before_each(function()
    box = sandbox.new()
    box:write("a.lua", CONFIG:format "")
  end)
  after_each(function() box:remove() end)

  local function lookup_lines()
    local _, lines = (box:read "archive/lookup.csv" or ""):gsub("\n", "\n")
    return lines
  end

  local function run(name, ...) return box:run("a.lua", "--archive-name", name, ...) end

  it("is put there with its logs and report, and listed", function()
    local status, out = run "day_001_x"
    assert.are.equal(0, status)
    assert.are.equal("001,performance,float32,day_001_x\n", box:read "archive/lookup.csv")
    assert.are.equal("file",
      box:kind "archive/day_001_x/fast_s_float32_run_cpu_performance.csv")
    assert.are.equal(box:read "benchmark_logs/report.md", box:read "archive/day_001_x/report.md")
    assert.truthy(out:find("\narchive archive/day_001_x\n", 1, true))
    assert.is_nil(box:kind "archive/day_001_x/.benchrun")
  end)

  it("gets a name where none is given, which its report keeps", function()
    box:run "a.lua"
    local name = box:read("archive/lookup.csv"):match "([^,\n]*)\n$"
    assert.truthy(name:find "^day_%d%d%d_%d%d_%d%d_%d%d_performance_float32_%d%d%d$", name)
    assert.are.equal(0, (box:run("report", "a.lua")))
    assert.are.equal(1, lookup_lines())
  end)

  it("is compared with the one before: --fail-on regression", function()
    assert.are.equal(0, (run("day_001_x", "--fail-on", "regression")))
    box:write("fast", "0.5")
    local status, out = run("day_002_x", "--fail-on", "regression")
    assert.are.equal(1, status)
    assert.truthy(out:find("Regressions for s", 1, true), out)
    assert.truthy(out:find "fast%s+x%s+1%.0%s+0%.5")
    local report = box:read "benchmark_logs/report.md"
    assert.truthy(report:find("archive/day_001_x", 1, true))
    assert.truthy(report:find("geomean_over_time", 1, true))
    assert.are.equal("file", box:kind "benchmark_logs/geomean_over_time.svg")
    assert.are.equal(0, (run("day_003_x", "--fail-on", "regression")))
  end)

  describe("is compared with the one before as it is itself:", function()
    local function regressions(...)
      local status, out = run(...)
      return status, out:match "Recent regressions.-\nWarnings" or out
    end

    it("a compiler that crashes is a regression", function()
      run "day_001_x"
      run "day_002_x"
      box:write("a.lua", (CONFIG:format(""):gsub('cat %$2 || echo 1%.0', 'test $2 != fast && echo 1'
        .. ' || kill -9 $PPID')))
      local status, text = regressions("day_003_x", "--fail-on", "regression")
      assert.are.equal(1, status)
      assert.truthy(text:find "fast%s+x%s+1%.0%s+0%.0", text)
      assert.truthy(text:find("archive/day_003_x", 1, true))
    end)

    it("a compiler whose numbers are all words of failure too", function()
      run "day_001_x"
      box:write("fast", "fail_to_run")
      local status, text = regressions("day_002_x", "--fail-on", "regression")
      assert.are.equal(1, status)
      assert.truthy(text:find "fast%s+x%s+1%.0%s+0%.0", text)
    end)

    it("what is skipped is no regression", function()
      run "day_001_x"
      box:write("a.lua", (CONFIG:format(""):gsub('"{args}" } }', '"{args}" },\n  skip = '
        .. 'function(cell) return cell.compiler == "fast" and "not today" end }')))
      local status, text = regressions("day_002_x", "--fail-on", "regression")
      assert.are.equal(0, status)
      assert.is_nil(text:find("1%.0%s+0%.0"))
    end)

    it("and shows summaries of this run or none", function()
      run "day_001_x"
      run "day_002_x"
      run("day_003_x", "--testings", "accuracy")
      local report = box:read "benchmark_logs/report.md" or ""
      assert.is_nil(report:find("Current report: archive/day_002", 1, true))
    end)

    it("not with runs on another device", function()
      run("day_001_x", "--devices", "cuda")
      run "day_002_x"
      assert.is_nil(box:read("benchmark_logs/report.md"):find("day_001_x", 1, true))
    end)

    it("and what got worse before is not told again", function()
      run "day_001_x"
      box:write("fast", "0.5")
      assert.are.equal(1, (run("day_002_x", "--fail-on", "regression")))
      assert.are.equal(0, (run("day_003_x", "--fail-on", "regression", "--compilers", "base")))
    end)

    it("not with runs of another mode", function()
      run "day_001_x"
      box:write("b.lua", (CONFIG:format(""):gsub("run = { base", "other = { base")
        :gsub("compiler_table = {", "compiler_table = { run = {},")))
      local _, out = box:run("b.lua", "--mode", "other", "--archive-name", "day_002_x")
      assert.is_nil(out:find("previous report archive/day_001_x", 1, true), out)
    end)
  end)

  it("is no new run under the name of an archived one", function()
    run "day_001_x"
    local status, _, err = run "day_001_x"
    assert.are.equal(2, status)
    assert.truthy(err:find("is that of a run in the archive already", 1, true))
    assert.are.equal(0, (box:run("report", "a.lua", "--archive-name", "day_001_x")))
  end)

  it("that is interrupted is kept and not listed", function()
    run "day_001_x"
    box:write("a.lua", (CONFIG:format(""):gsub('cat %$2 || echo 1%.0',
      'test $2 = fast && kill -INT $(cat pid) && sleep 9; echo 1')))
    local status = box:shell(([[env --default-signal=INT sh -c 'echo $$ > pid; exec %s a.lua ]]
      .. [[--archive-name day_002_x']]):format(sandbox.program))
    assert.are.equal(130, status)
    assert.are.equal(1, lookup_lines())
    assert.are.equal("file", box:kind "archive/day_002_x/outcomes.csv")
  end)

  it("reports again to the same end, and is archived once", function()
    run "day_001_x"
    box:write("fast", "0.5")
    run "day_002_x"
    for _ = 1, 2 do
      local status, out = box:run("report", "a.lua", "--fail-on", "any")
      assert.are.equal(1, status)
      assert.truthy(out:find "fast%s+x%s+1%.0%s+0%.5")
    end
    assert.are.equal(2, lookup_lines())
  end)

  it("is compared and not put there when told so", function()
    run "day_001_x"
    box:write("fast", "0.5")
    assert.are.equal(1, (run("day_002_x", "--no-update-archive", "--fail-on", "regression")))
    assert.are.equal(1, lookup_lines())
    assert.is_nil(box:kind "archive/day_002_x")
    local _, out = run("day_003_x", "--no-detect-regressions")
    assert.is_nil(out:find("Regressions for", 1, true))
  end)

  it("of which nothing was measured keeps its logs but is not listed", function()
    box:write("a.lua", CONFIG:format [[ env = { PATH = "/nowhere" }, ]])
    local status, _, err = run "day_001_x"
    assert.are.equal(4, status)
    assert.truthy(err:find("nothing was measured", 1, true))
    assert.are.equal("file", box:kind "archive/day_001_x/outcomes.csv")
    assert.are.equal(0, lookup_lines())
  end)

  it("refuses names and places that can't be, before it runs anything", function()
    local cases = { { 2, "--archive-name", "a/b" }, { 2, "--archive-name", ".." },
      { 2, "--archive-name", "" }, { 4, "--archive-path", "a.lua" },
      { 4, "--archive-path", "/proc/nope" }, { 4, "--archive-path", "benchmark_logs/in" } }
    for _, each in ipairs(cases) do
      local status, out, err = box:run("a.lua", each[2], each[3])
      assert.are.same({ each[1], "" }, { status, out }, each[3])
      assert.truthy(err:find "^benchrun: [^\n]+\n$", err)
      assert.is_nil(box:kind "benchmark_logs/.benchrun", each[3])
    end
  end)

  it("says what of an old index can't be read, and keeps it", function()
    box:write("archive/lookup.csv", "no run\n001,performance,float32,../x\n")
    run "day_002_x"
    assert.are.equal("no run\n001,performance,float32,../x\n002,performance,float32,day_002_x\n",
      box:read "archive/lookup.csv")
    local report = box:read "benchmark_logs/report.md"
    assert.truthy(report:find("lookup.csv", 1, true))
  end)

  describe("that is published", function()
    before_each(function()
      box:write("a.lua", CONFIG:format(PUBLISH))
      box:write("up", "#!/bin/sh\nbasename $1 >> uploads\necho https://i.example/$(basename $1)\n")
      box:write("gh", "#!/bin/sh\necho \"$@\" >> posts\ncat \"$6\" > posted\n")
      box:shell "chmod +x up gh"
    end)

    it("uploads its charts, posts its comment, and keeps both in the archive", function()
      assert.are.equal(0, (run "day_001_x"))
      assert.truthy(box:read("posted"):find(
        "s_float32 : ![", 1, true), box:read "posted")
      assert.truthy(box:read("posted"):find("](https://i.example/s_float32.svg)", 1, true))
      assert.are.equal(box:read "posted", box:read "archive/day_001_x/comment.md")
      assert.is_nil(box:read("benchmark_logs/a_run.txt"):find("](", 1, true))
      assert.is_nil(box:kind "archive/day_001_x/publish.json")
    end)

    it("uploads charts over time always, or once there are as many runs as they show", function()
      local function uploads()
        local text = box:read "uploads" or ""
        box:write("uploads", "")
        return text
      end
      run "day_001_x"
      uploads()
      run "day_002_x"
      assert.truthy(uploads():find("geomean_over_time.svg", 1, true))
      local full = PUBLISH:gsub("comment = true,", "%0 over_time = 'full',", 1)
      box:write("a.lua", CONFIG:format(full))
      run "day_003_x"
      assert.are.equal("s_float32.svg\n", uploads())
      assert.are.equal("file", box:kind "benchmark_logs/geomean_over_time.svg")
      box:write("a.lua", CONFIG:format(full .. "archive = { path = 'archive', over_time = 3 },"))
      run "day_004_x"
      assert.truthy(uploads():find("geomean_over_time.svg", 1, true))
    end)

    it("loses nothing when the comment fails, and tries again", function()
      box:write("gh", "#!/bin/sh\necho no network >&2\nexit 1\n")
      box:shell "chmod +x gh"
      local status, out, err = run "day_001_x"
      assert.are.equal(4, status)
      assert.truthy(out:find("Executive summary", 1, true))
      assert.truthy(err:find "\nbenchrun: [^\n]*no network[^\n]*gh issue comment[^\n]*\n$", err)
      assert.are.equal("file", box:kind "archive/day_001_x/comment.md")
      assert.are.equal(1, lookup_lines())
      box:write("gh", "#!/bin/sh\necho \"$@\" >> posts\n")
      box:shell "chmod +x gh"
      for _ = 1, 2 do assert.are.equal(0, (box:run("publish", "benchmark_logs"))) end
      local _, posts = box:read("posts"):gsub("\n", "")
      assert.are.equal(1, posts)
      local _, uploads = box:read("uploads"):gsub("\n", "")
      assert.are.equal(1, uploads)
    end)

    it("renews the archived copy when it is published later", function()
      box:write("up", "#!/bin/sh\nexit 1\n")
      box:shell "chmod +x up"
      assert.are.equal(4, (run "day_001_x"))
      assert.is_nil(box:read("archive/day_001_x/c.txt"):find("https", 1, true))
      box:write("up", "#!/bin/sh\necho https://i.example/$(basename $1)\n")
      box:shell "chmod +x up"
      assert.are.equal(0, (box:run("publish", "benchmark_logs")))
      assert.truthy(box:read("archive/day_001_x/c.txt"):find("https://i.example", 1, true))
      assert.are.equal(box:read "posted", box:read "archive/day_001_x/comment.md")
    end)

    it("says before anything runs which program is missing, and runs all the same", function()
      box:shell "rm gh"
      local status, _, err = run "day_001_x"
      assert.are.equal(4, status)
      assert.truthy(err:find "^benchrun: there is no program %./gh for the comment; [^\n]*\n%[1/2",
        err)
      assert.are.equal(1, lookup_lines())
    end)

    it("must say where to before anything runs", function()
      box:write("a.lua", CONFIG:format(PUBLISH:gsub("issue = 7", "")))
      local status, _, err = run "day_001_x"
      assert.are.equal(3, status)
      assert.truthy(err:find "^benchrun: a%.lua:%d+: publish%.", err)
    end)
  end)

  it("removes a file of an earlier report that this one has nothing to say for", function()
    box:write("a.lua", CONFIG:format(PUBLISH:match "report.*"))
    run "day_001_x"
    local _, _, err = run "day_002_x"
    assert.are.equal("file", box:kind "benchmark_logs/b.txt", err)
    box:run("report", "a.lua", "--no-detect-regressions")
    assert.is_nil(box:kind "benchmark_logs/b.txt")
  end)
end)
