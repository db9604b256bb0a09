-- A run from end to end, where things go wrong around it.

local sandbox = require "sandbox"

-- One cell that is ok and one that fails. %s: shell commands that the first one runs before.
local CONFIG = [==[
local LOG = "%s; printf 'dev,name,batch_size,speedup\ncpu,x,1,2.0\n' > \"$1\""
return require("benchrun").config {
  testings = { "performance" }, output_dir = "out", charts = { formats = {} },
  compiler_table = { run = { a = { LOG }, b = { "exit 3" } } },
  suite_table = { s = { command = { "sh", "-c", "{args}", "sh", "{output}" } } },
}
]==]

describe("a run", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  -- Runs with a folder where a file is to be written, which stands for a full disk.
  local function run_without(name)
    box:write("a.lua", CONFIG:format("mkdir out/" .. name .. " out/" .. name .. "/x"))
    return box:run "a.lua"
  end

  for _, name in ipairs { "outcomes.csv", "passrate.csv", "report.md" } do
    it(("shows all that it knows where %s can't be written"):format(name), function()
      local status, out, err = run_without(name)
      assert.truthy(out:find("2 cells: 1 ok, 1 fail.", 1, true), out .. err)
      assert.truthy(out:find("exit status 3", 1, true), out)
      local errors = {}
      for line in err:gmatch "[^\n]+" do
        if line:find("^benchrun: ") then errors[#errors + 1] = line end
      end
      assert.are.equal(4, status)
      assert.are.equal(1, #errors, err)
      assert.truthy(errors[1]:find("out/" .. name, 1, true), errors[1])
    end)
  end

  it("shows the report before the error", function()
    box:write("a.lua", CONFIG:format "mkdir out/outcomes.csv out/outcomes.csv/x")
    local _, both = box:shell(sandbox.program .. " a.lua 2>&1")
    assert.truthy(both:find("Outcomes.*table   out/memory.csv\nbenchrun: [^\n]*\n$"), both)
  end)

  it("lists files in the manifest before it makes them", function()
    box:write("a.lua", CONFIG:format "cp out/.benchrun seen")
    assert.are.equal(0, (box:run "a.lua"))
    assert.truthy(box:read "seen":find("\noutcomes.csv\n", 1, true))
  end)

  it("has colour unless NO_COLOR says something or the terminal is dumb", function()
    local function wants(environment)
      return require("benchrun.stdout").wants_colour(function(name) return environment[name] end)
    end
    assert.is_true(wants {})
    assert.is_true(wants { NO_COLOR = "", TERM = "xterm" })
    assert.is_false(wants { NO_COLOR = "0", TERM = "xterm" })
    assert.is_false(wants { TERM = "dumb" })
  end)
end)
