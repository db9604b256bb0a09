local lfs = require "lfs"
local outcome = require "benchrun.outcome"
local sandbox = require "sandbox"

local function cell(id) return { id = id, log = "/nonesuch/x.csv", stderr = "/nonesuch/x.err" } end

describe("outcome", function()
  it("has a meaning for every word", function()
    for _, word in ipairs(outcome.words) do assert.is_string(outcome.help[word]) end
    assert.are.equal(7, #outcome.words)
  end)

  it("counts, best first", function()
    local list = {}
    for word in ("skip ok fail ok lost ok"):gmatch "%S+" do
      list[#list + 1] = outcome.new(cell "x", word)
    end
    assert.are.same({ ok = 3, skip = 1, fail = 1, lost = 1 }, outcome.count(list))
    assert.are.equal("3 ok, 1 fail, 1 skip, 1 lost", outcome.count_text(list))
    assert.are.equal("", outcome.count_text {})
  end)

  it("judges every way in which a process ends", function()
    local before = { stamp = "", oom_kills = math.huge }
    local function judged(result)
      result.wall, result.peak_bytes = 1.5, 4096
      local each = outcome.judge({ id = "x", log = "/nonesuch/x.csv", stderr = "/nonesuch/x.err",
        deadline = 2.5 }, result, before)
      assert.are.same({ 1.5, 4096 }, { each.wall, each.peak_bytes })
      return each.outcome .. ": " .. each.reason
    end
    assert.are.equal("lost: it ended well but wrote no log /nonesuch/x.csv",
      judged { outcome = "exited", exit_code = 0 })
    assert.are.equal("fail: exit status 3", judged { outcome = "exited", exit_code = 3 })
    assert.are.equal("signal: died of SIGSEGV",
      judged { outcome = "signaled", signal = 11, signal_name = "SIGSEGV" })
    assert.are.equal("signal: died of SIGKILL",
      judged { outcome = "signaled", signal = 9, signal_name = "SIGKILL" })
    assert.are.equal("signal: it wrote more than 1024 MB to a file and was ended",
      judged { outcome = "signaled", signal = 25, signal_name = "SIGXFSZ" })
    assert.are.equal("timeout: not done after 2.5 s", judged { outcome = "timeout" })
    assert.are.equal("lost: interrupted", judged { outcome = "killed" })
    assert.are.equal("lost: its supervisor died; nothing is known of it",
      judged { outcome = "lost" })
    before.oom_kills = -1
    assert.are.equal("oom: the kernel ended it for want of memory",
      judged { outcome = "signaled", signal = 9, signal_name = "SIGKILL" })
  end)

  it("judges a log that is newer than the outcomes, and trusts them of the others", function()
    local box <close> = sandbox.new()
    local plan = {}
    for i, id in ipairs { "again", "bad", "older", "none" } do
      plan[i] = { id = id, log = box:at(id .. ".csv"), testing = "accuracy" }
    end
    local old = {}
    for i, each in ipairs(plan) do old[i] = outcome.new(each, "fail", "exit status 3") end
    outcome.write(old, box.path)
    for _, id in ipairs { "again", "older" } do
      box:write(id .. ".csv", "dev,name,batch_size,accuracy\ncpu,x,1,pass\n")
    end
    box:write("bad.csv", "")
    local now = os.time()
    lfs.touch(outcome.path(box.path), now, now - 20)
    lfs.touch(box:at "older.csv", now, now - 30)
    local texts = {}
    for i, each in ipairs(outcome.read(plan, box.path)) do texts[i] = each.outcome end
    assert.are.same({ "ok", "lost", "fail", "fail" }, texts)
  end)
end)
