local fail = require "benchrun.fail"
local executor = require("benchrun.registry").new(nil):get("executors", "local")
local lists = require "benchrun.lists"
local proc = require "benchrun.core.proc"
local sandbox = require "sandbox"
local sys = require "benchrun.core.sys"

local LOG = "printf 'dev,name,batch_size,accuracy\\ncpu,x,1,pass\\ncpu,y,1,pass\\n' > "

describe("the executor local", function()
  local box

  before_each(function()
    box = sandbox.new()
    fail.check(sys.make_directory(box:at "output"))
  end)
  after_each(function() box:remove() end)

  -- A cell whose command is a shell script; LOG in it is the path of its log.
  local function cell(id, script, more)
    local it_is = { id = id, log = box:at(id .. ".csv"), stdout = box:at("output/" .. id .. ".out"),
      stderr = box:at("output/" .. id .. ".err"), deadline = 20, env = {}, testing = "accuracy",
      suite = "s", device = "cpu", dtype = "f", compiler = id, mode = "m" }
    it_is.argv = { "sh", "-c", (script:gsub("LOG", { LOG = LOG .. it_is.log })) }
    return lists.put_all(it_is, more)
  end

  -- Outcomes as "word: reason", and the events in order.
  local function run(plan, jobs)
    local events = {}
    for i, each in ipairs(plan) do each.index = i end
    local outcomes = executor.run(plan, { config = { jobs = jobs or 1, grace = 1 } }, {
      started = function(each) events[#events + 1] = "+" .. each.id end,
      finished = function(each) events[#events + 1] = "-" .. each.cell.id end,
      tick = function() end,
    })
    local texts = {}
    for i, each in ipairs(outcomes) do
      assert.are.equal(plan[i], each.cell)
      texts[i] = each.outcome .. ": " .. each.reason
    end
    return texts, table.concat(events, " "), outcomes
  end

  it("gives one outcome a cell, of every kind", function()
    box:write("unchanged.csv", "dev,name,batch_size,accuracy\ncpu,x,1,pass\n")
    local texts = run({
      cell("ok", "LOG; echo out; echo err >&2"),
      cell("fail", "echo one >&2; echo 'two  ' >&2; echo >&2; exit 7"),
      cell("quiet", "exit 1"),
      cell("timeout", "LOG; sleep 60", { deadline = 0.2 }),
      cell("signal", "kill -USR1 $$"),
      cell("skip", "echo never > " .. box:at "never", { skip = "not today" }),
      cell("nolog", "true"),
      cell("unchanged", "true"),
      cell("short", "LOG", { benchmarks = { { name = "x" }, { name = "y" }, { name = "z" } } }),
      cell("whole", "LOG", { benchmarks = { { name = "x" }, { name = "y" } } }),
      cell("absent", "", { argv = { "no-such-program-at-all" } }),
    })
    assert.are.same({ "ok: ", "fail: exit status 7: two", "fail: exit status 1",
      "timeout: not done after 0.2 s", "signal: died of SIGUSR1", "skip: not today",
      "lost: it ended well but wrote no log " .. box:at "nolog.csv",
      "lost: it ended well but wrote no log " .. box:at "unchanged.csv",
      "lost: its log holds 2 of 3 benchmarks", "ok: " }, table.move(texts, 1, 10, 1, {}))
    assert.truthy(texts[11]:find("^fail: .*no%-such%-program%-at%-all"))
    assert.is_nil(texts[11]:find("\n"))
    assert.are.same({ "out\n", "err\n" }, { box:read "output/ok.out", box:read "output/ok.err" })
    assert.is_nil(box:kind "never")
    assert.are.equal("dev,name,batch_size,accuracy\ncpu,x,1,pass\n", box:read "unchanged.csv.old")
  end)

  it("loses a cell whose log can't be read, and says where", function()
    local texts = run { cell("bad", "printf 'dev,name\\n\"cpu,x\\n' > " .. box:at "bad.csv"),
      cell("empty", ": > " .. box:at "empty.csv") }
    assert.truthy(texts[1]:find("^lost: .*bad%.csv"), texts[1])
    assert.truthy(texts[2]:find("^lost: "), texts[2])
  end)

  it("reads the reason from the end of what may be long", function()
    local texts = run { cell("long",
      "head -c 3000000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; echo the end >&2; exit 2"),
      cell("wide", "head -c 9000 /dev/zero | tr '\\0' 'y' >&2; exit 2") }
    assert.are.equal("fail: exit status 2: the end", texts[1])
    assert.are.equal("fail: exit status 2: " .. ("y"):rep(200), texts[2])
  end)

  it("gives its cells environment, no input and a place in the plan's order", function()
    local script = 'test "$A" = "b c" && ! read line && LOG'
    local texts, events = run { cell("a", script, { env = { A = "b c" } }), cell("b", "LOG") }
    assert.are.same({ "ok: ", "ok: " }, texts)
    assert.are.equal("+a -a +b -b", events)
  end)

  it("runs as many at a time as asked, the rest as places get free", function()
    local wait = "for i in 1 2 3 4 5 6 7 8 9; do test -e GO && break; sleep 0.05; done; LOG"
    wait = wait:gsub("GO", box:at "go")
    local texts, events, outcomes = run({ cell("a", wait), cell("b", wait),
      cell("c", "touch " .. box:at "go" .. "; LOG"), cell("d", "LOG"), cell("e", "LOG") }, 3)
    assert.are.same({ "ok: ", "ok: ", "ok: ", "ok: ", "ok: " }, texts)
    assert.are.equal("+a +b +c", events:sub(1, 8))
    for _, each in ipairs(outcomes) do assert.is_true(each.wall > 0) end
  end)

  it("ends what a cell leaves in the background, too", function()
    run { cell("a", ("(setsid sleep 55 & echo $! > %s); LOG"):format(box:at "pid")) }
    assert.are_not.equal(0, (box:shell "kill -0 $(cat pid)"))
  end)

  it("survives an empty plan and one of skips alone", function()
    assert.are.same({}, (run {}))
    local texts = run({ cell("a", "", { skip = "one" }), cell("b", "", { skip = "two" }) }, 2)
    assert.are.same({ "skip: one", "skip: two" }, texts)
  end)

  it("ends a cell whose file grows without end", function()
    local texts = run { cell("big", "exec truncate -s 1025M " .. box:at "big"),
      cell("large", "truncate -s 1024M " .. box:at "large" .. " && LOG") }
    assert.are.same({ "signal: it wrote more than 1024 MB to a file and was ended", "ok: " }, texts)
  end)

  it("leaves no child", function()
    run({ cell("a", "LOG"), cell("b", "sleep 30", { deadline = 0.1 }) }, 2)
    local _, children = box:shell("cat /proc/" .. sys.real_path("/proc/self"):match "%d+$"
      .. "/task/*/children")
    for pid in children:gmatch "%d+" do
      assert.are_not.equal("benchrun-spawn\n", sys.read_file("/proc/" .. pid .. "/comm"))
    end
    assert.is_true(proc.cpu_count() > 0)
  end)
end)
