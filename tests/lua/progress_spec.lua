local outcome = require "benchrun.outcome"
local progress = require "benchrun.progress"

-- A progress that writes into a list of texts.
local function watched(total, is_terminal)
  local texts = {}
  local out = { flush = function() end }
  function out:write(...)
    table.move({ ... }, 1, select("#", ...), #texts + 1, texts)
    return self
  end
  local it_is = progress.new(total, out, 99)
  it_is.is_terminal = is_terminal
  return it_is:watch(), function() return table.concat(texts) end, it_is
end

local function ended(cell, word, reason, wall)
  return outcome.new(cell, word, reason, { wall = wall })
end

describe("progress", function()
  local a, b, c = { id = "a" }, { id = "b" }, { id = "c" }

  it("shows durations as people read them", function()
    assert.are.equal("0:00", progress.duration(0.4))
    assert.are.equal("1:05", progress.duration(65.2))
    assert.are.equal("1:00", progress.duration(59.6))
    assert.are.equal("2:03:10", progress.duration(7390))
  end)

  it("writes a plain line for every cell that ends where there is no terminal", function()
    local watch, text = watched(12, false)
    watch.started(a)
    watch.tick()
    watch.finished(ended(a, "ok", "", 65))
    watch.finished(ended(b, "skip", "not today", 0))
    watch.finished(ended(c, "timeout", "bad\27[31m\nname", 1))
    assert.are.equal("[ 1/12] ok      a 1:05\n[ 2/12] skip    b 0:00: not today\n"
      .. "[ 3/12] timeout c 0:01: bad\\x1b[31m\\nname\n", text())
  end)

  it("rewrites one line on a terminal, and keeps lines of what went wrong alone", function()
    local watch, text, it_is = watched(3, true)
    watch.started(a)
    assert.are.equal("\r[0/3] · running a\27[K", text())
    watch.started(b)
    assert.truthy(text():find("running a and 1 more\27[K", 1, true))
    watch.finished(ended(a, "ok", "", 1))
    assert.is_nil(text():find("\n"))
    assert.truthy(it_is:status_line(80):find("^%[1/3%] · 1 ok · about 0:00 left · running b$"))
    watch.finished(ended(b, "fail", "exit status 1", 1))
    assert.truthy(text():find("\r\27[K[2/3] fail    b 0:01: exit status 1\n", 1, true))
    it_is:clear()
    assert.are.equal("\r\27[K", text():sub(-4))
  end)

  it("keeps the rewritten line within the terminal", function()
    local watch, text = watched(1, true)
    watch.started { id = ("x"):rep(500) }
    assert.is_true(#text() < 90)
  end)

  it("shortens the cell's id alone on a narrow terminal", function()
    local watch, _, it_is = watched(30, true)
    watch.started { id = "first_" .. ("x"):rep(80) .. "_last" }
    watch.started(b)
    assert.are.equal("[0/30] · running first_xx…last and 1 more", it_is:status_line(41))
    assert.are.equal("[0/30] · running … and 1 more", it_is:status_line(29))
    assert.are.equal("[0/30]", it_is:status_line(28))
    assert.are.equal("[0/3", it_is:status_line(4))
  end)

  it("estimates from what ran, not from what was skipped", function()
    local watch, _, it_is = watched(4, false)
    watch.finished(ended(a, "skip", "r", 0))
    assert.is_nil(it_is:estimate())
    it_is.begun = it_is.begun - 10
    watch.finished(ended(b, "ok", "", 10))
    assert.is_true(math.abs(it_is:estimate() - 20) < 1)
  end)
end)
