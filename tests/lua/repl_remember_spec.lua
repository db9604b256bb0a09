local remember = require "benchrun.repl.remember"
local sandbox = require "sandbox"

local function env(values) return function(name) return values[name] end end

describe("the history", function()
  it("is in the user's folder for state", function()
    assert.are.equal("/s/benchrun/history",
      remember.path(env { XDG_STATE_HOME = "/s", HOME = "/h" }))
    assert.are.equal("/h/.local/state/benchrun/history", remember.path(env { HOME = "/h" }))
    assert.are.equal("/h/.local/state/benchrun/history",
      remember.path(env { XDG_STATE_HOME = "relative", HOME = "/h" }))
    assert.is_nil(remember.path(env {}))
  end)

  it("gives back what was added, of several lines too", function()
    local box <close> = sandbox.new()
    local path = box:at "a/b/history"
    local entries = { "plain", "two\nlines", "a \\n that is none", "\\", "ü\27[31m" }
    assert.are.same({}, remember.load(path))
    for _, entry in ipairs(entries) do assert.is_true(remember.add(path, entry)) end
    assert.are.same(entries, (remember.load(path)))
  end)

  it("keeps nothing that is too long or no text, and nothing without a place", function()
    local box <close> = sandbox.new()
    local path = box:at "history"
    assert.is_true(remember.add(path, ("x"):rep(1 << 20)))
    assert.is_true(remember.add(path, "a\0b"))
    assert.is_true(remember.add(nil, "x"))
    assert.are.same({}, remember.load(path))
    assert.are.same({}, remember.load(nil))
  end)

  it("says what keeps it from being kept or read", function()
    local box <close> = sandbox.new()
    box:write("folder/x", "")
    local kept, notice = remember.add(box:at "folder", "x")
    assert.is_nil(kept)
    assert.is_truthy(notice:find "^the history can't be kept: ")
    local entries, why = remember.load(box:at "folder")
    assert.are.same({}, entries)
    assert.is_truthy(why:find "is no file")
  end)

  it("gives back the newest of many", function()
    local box <close> = sandbox.new()
    local lines = {}
    for i = 1, remember.entries + 10 do lines[i] = "entry " .. i end
    local path = box:write("history", table.concat(lines, "\n") .. "\n")
    local entries = remember.load(path)
    assert.are.equal(remember.entries, #entries)
    assert.are.equal("entry 11", entries[1])
  end)
end)
