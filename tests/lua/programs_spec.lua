local programs = require "benchrun.programs"
local sandbox = require "sandbox"

describe("programs.find", function()
  it("looks through PATH for what has no slash", function()
    assert.truthy(programs.find "sh":find("^/.*/sh$"))
    assert.is_nil(programs.find "no-such-program-at-all")
    assert.is_nil(programs.find "")
  end)

  it("takes a path as it is, when it is an executable file", function()
    local box <close> = sandbox.new()
    local path = box:write("tool", "#!/bin/sh\n")
    assert.is_nil(programs.find(path))
    os.execute("chmod +x " .. path)
    assert.are.equal(path, programs.find(path))
    assert.is_nil(programs.find(box.path))
    assert.is_nil(programs.find(box:at "nonesuch"))
  end)
end)
