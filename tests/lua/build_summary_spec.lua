-- What the build summary finds out, and what it says of what is absent or fails.

local build_summary = require "benchrun.build_summary"
local fixture = require "report_fixture"
local sandbox = require "sandbox"
local sys = require "benchrun.core.sys"

local function config(keys)
  local made = { build_summary = {}, folder = "/proc", file = "c.lua", report = {} }
  for key, value in pairs(keys or {}) do made[key] = value end
  return made
end

local function collect(keys, results)
  return build_summary.collect(config(keys), results or { run_name = "day_1", facts = {
    { title = "host", value = "bench-1" } } })
end

-- The lines of the group with a title, nil if there is none.
local function lines_of(groups, title)
  for _, group in ipairs(groups) do
    if group.title == title then return group.lines end
  end
end

local function probe(...)
  local asked = { probes = { { title = "P", command = { ... } } } }
  return lines_of(collect { build_summary = asked }, "P")
end

local function sh(script) return probe("sh", "-c", script) end

describe("the build summary's probes", function()
  local deadline = build_summary.deadline

  after_each(function() build_summary.deadline = deadline end)

  it("show what a program prints, line by line", function()
    assert.same({ "a", "  b", "c" }, sh "printf 'a\\n  b\\r\\nc\\n\\n'; echo no >&2")
  end)

  it("get their words as they are, without a shell", function()
    assert.same({ "$HOME;`id` 'x" }, probe("printf", "%s", "$HOME;`id` 'x"))
  end)

  it("tell a program that is absent", function()
    assert.same({ "absent" }, probe "benchrun-no-such-program")
    assert.same({ "absent" }, probe("/nowhere/python3", "-V"))
  end)

  it("tell a program that fails, with its last words", function()
    assert.same({ "failed: exit status 1" }, probe "false")
    assert.same({ "failed: exit status 3: it is late" }, sh "echo x; echo 'it is late' >&2; exit 3")
    assert.same({ "failed: died of SIGKILL" }, sh "kill -KILL $$")
    assert.is_truthy(probe("/proc/self/status")[1]:find("^failed: can't run /proc/self/status"))
    assert.same({ "failed: its first word, the program, is empty" }, probe "")
  end)

  it("end one that takes too long", function()
    build_summary.deadline = 0.2
    local begun = sys.monotonic()
    assert.same({ "failed: not done after 0.2 s" }, probe("sleep", "30"))
    assert.is_true(sys.monotonic() - begun < 10)
  end)

  it("end one that prints without end", function()
    assert.same({ "failed: died of SIGXFSZ" }, probe("cat", "/dev/zero"))
  end)

  it("cut what is long", function()
    local lines = probe("seq", "100")
    assert.equal(61, #lines)
    assert.same({ "60", "… and 40 more lines" }, { lines[60], lines[61] })
    assert.equal(60, #probe("seq", "60"))
  end)

  it("say so where nothing is printed", function()
    assert.same({ "(it printed nothing)" }, probe "true")
  end)

  it("run at the same time", function()
    local asked, begun = { probes = {} }, sys.monotonic()
    for i = 1, 4 do
      asked.probes[i] = { title = "P" .. i, command = { "sh", "-c", "sleep 0.5; echo " .. i } }
    end
    local groups = collect { build_summary = asked }
    assert.is_true(sys.monotonic() - begun < 1.5)
    assert.same({ "1" }, lines_of(groups, "P1"))
    assert.same({ "4" }, lines_of(groups, "P4"))
  end)

  it("run once where they are the same", function()
    local box <close> = sandbox.new()
    local command = { "sh", "-c", 'echo x >>"$0"; echo done', box:at "count" }
    local groups = collect { build_summary = { probes = {
      { title = "A", command = command }, { title = "B", command = command } } } }
    assert.equal("x\n", box:read "count")
    assert.same({ "done" }, lines_of(groups, "A"))
    assert.same({ "done" }, lines_of(groups, "B"))
  end)

  it("leave no files behind", function()
    local made, real = {}, os.tmpname
    os.tmpname = function() -- luacheck: ignore 122
      made[#made + 1] = real()
      return made[#made]
    end
    local groups = collect { build_summary = { probes = { { title = "A", command = { "true" } },
      { title = "B", command = { "benchrun-no-such-program" } } } } }
    os.tmpname = real -- luacheck: ignore 122
    assert.equal("absent", lines_of(groups, "B")[1])
    assert.equal(4, #made)
    for _, path in ipairs(made) do assert.is_nil(sys.read_file(path)) end
  end)

  it("lose only their output where there is no place for it", function()
    local real = os.tmpname
    os.tmpname = function() error "unable to generate a unique filename" end -- luacheck: ignore 122
    local lines = probe("echo", "x")
    os.tmpname = real -- luacheck: ignore 122
    assert.same({ "(it printed nothing)" }, lines)
  end)
end)

describe("the build summary's commits", function()
  it("are the one given, under the first repository's name", function()
    local repositories = { { name = "torch", path = "/nowhere" }, { name = "bench", path = "/" } }
    assert.same({ "torch commit: a1b2c3d4" }, lines_of(collect { base_sha = "a1b2c3d4",
      build_summary = { repositories = repositories } }, "Commit hashes"))
    assert.same({ "commit: a1b2c3d4" }, lines_of(collect { base_sha = "a1b2c3d4" },
      "Commit hashes"))
  end)

  it("are those of the checkouts, else Absent", function()
    local box <close> = sandbox.new()
    local commit = "git init -q -b trunk r && cd r && mkdir inner && git -c user.name=n "
      .. "-c user.email=e commit -q --allow-empty -m first && git rev-parse HEAD"
    local status, id = box:shell(commit)
    assert.equal(0, status)
    assert.equal(0, box:shell "git init -q bare-of-commits")
    local lines = lines_of(collect { build_summary = { repositories = {
      { name = "one", path = box:at "r" }, { name = "within", path = box:at "r/inner" },
      { name = "none", path = box:at "gone" }, { name = "new", path = box:at "bare-of-commits" },
    } } }, "Commit hashes")
    assert.equal("one commit: " .. id:match "%x+", lines[1])
    assert.is_truthy(lines[2]:find("^one commit date: %d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d UTC$"))
    assert.same({ "within Absent", "none Absent", "new: no commit yet" },
      table.move(lines, 3, 5, 1, {}))
  end)

  it("are left out where none are asked for", function()
    assert.is_nil(lines_of(collect(), "Commit hashes"))
  end)
end)

describe("the build summary", function()
  it("tells environment variables, None where they are not set", function()
    assert.same({ "PATH = " .. os.getenv "PATH", "BENCHRUN_NO_SUCH = None" },
      lines_of(collect { build_summary = { environment = { "PATH", "BENCHRUN_NO_SUCH" } } },
        "Environment variables"))
  end)

  it("tells the run's name and the machine, from the results where they know", function()
    local groups = collect()
    assert.same({ "day_1" }, lines_of(groups, "Run name"))
    assert.same({ "host: bench-1" }, lines_of(groups, "Machine"))
    local lines = lines_of(collect(nil, {}), "Machine")
    assert.is_truthy(table.concat(lines, "\n"):find("\nprocessors: %d"))
  end)

  it("is made once for the same results", function()
    local box <close> = sandbox.new()
    local results = fixture.results()
    results.config.build_summary = { probes = { { title = "P",
      command = { "sh", "-c", 'echo x >>"$0"', box:at "count" } } } }
    assert.equal(build_summary.of(results), build_summary.of(results))
    assert.equal("x\n", box:read "count")
    assert.is_nil(results.build_summary)
  end)
end)

describe("the section build_summary", function()
  local registry = fixture.registry()

  local function render(results)
    local blocks = registry:get("sections", "build_summary").blocks(results, registry)
    return registry:get("renderers", "github").render(blocks, {})
  end

  it("keeps the run's name and the commit to the letter", function()
    local results = fixture.results()
    results.run_name, results.config.base_sha = "_day_*062*_x_", "a1b2c3d4"
    local text = render(results)
    assert.is_truthy(text:find("\n### Run name\n\n~~~\n_day_*062*_x_\n~~~\n", 1, true))
    assert.is_truthy(text:find("\n### Commit hashes\n\n~~~\ncommit: a1b2c3d4\n~~~\n", 1, true))
    assert.is_truthy(text:find("^## Build summary\n\n<details>\n"))
  end)

  it("lets no output out of its block", function()
    local results = fixture.results()
    results.config.build_summary = { probes = { { title = "<b>|#1",
      command = { "printf", "~~~~\\n</details>\\033[31m\\0\\n" } } } }
    local text = render(results)
    assert.is_truthy(text:find("\n~~~~~\n~~~~\n</details>\\x1b[31m\\x00\n~~~~~\n", 1, true))
    assert.is_nil(text:find("<b>", 1, true))
  end)

  it("takes its heading of the config", function()
    local results = fixture.results()
    results.config.report.captions = { build_summary = "What was built" }
    assert.is_truthy(render(results):find("## What was built\n", 1, true))
  end)
end)
