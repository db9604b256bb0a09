local lfs = require "lfs"
local lock = require "benchrun.lock"
local sandbox = require "sandbox"

describe("a lock", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function failure_of(...) return (select(2, box:failure_of(...))) end

  it("is taken again once it was given back", function()
    for _ = 1, 2 do
      local file = assert(lock.take(box:at "lock", "hint"))
      file:close()
    end
    assert.are.equal("file", box:kind "lock")
  end)

  it("leaves what the file holds", function()
    box:write("lock", "theirs")
    lock.take(box:at "lock", "hint"):close()
    assert.are.equal("theirs", box:read "lock")
  end)

  it("is no link, no pipe, no folder", function()
    lfs.link("elsewhere", box:at "link", true)
    lfs.mkdir(box:at "folder")
    assert.are.equal("BOX/link is a link, not a file of benchrun's; go away",
      failure_of(lock.take, box:at "link", "go away"))
    assert.are.equal("BOX/folder is a directory, not a file of benchrun's; go away",
      failure_of(lock.open, box:at "folder", "go away"))
    assert.is_nil(box:kind "elsewhere")
    assert.truthy(failure_of(lock.open, box:at "no/lock", "go"):find("^can't write to .*; go$"))
  end)
end)
