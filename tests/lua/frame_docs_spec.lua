-- Every example of the frame library's docstrings, run.

local docs = require "benchrun.docs"
local frame = require "benchrun.frame"
local lfs = require "lfs"
local stats = require "benchrun.stats"

local FILES = { "lua/benchrun/stats.lua" }
for name in lfs.dir "lua/benchrun/frame" do
  if name:find "%.lua$" then FILES[#FILES + 1] = "lua/benchrun/frame/" .. name end
end
table.sort(FILES)

-- Files whose functions are for benchrun's own modules.
local INTERNAL = { mistake = true, handle = true, kernels = true }

describe("every example", function()
  for _, path in ipairs(FILES) do
    it("of " .. path .. " gives what it says", function()
      local differences = docs.check(path)
      assert.same({}, differences)
    end)
  end
end)

describe("every public function", function()
  local function check(what, methods)
    for name, method in pairs(methods) do
      if type(method) == "function" and not name:find "wrap" and not name:find "^is_" then
        local entry = docs.of(method)
        assert.truthy(entry and entry.text:find "%S", what .. name)
        assert.truthy(entry.signature:find "%(", what .. name)
      end
    end
  end

  it("has a docstring", function()
    check("frame.", { read_csv = frame.read_csv, new = frame.new, concat = frame.concat })
    check("stats.", stats)
    local f = frame.from_table { a = { 1 } }
    check("f:", getmetatable(f).methods)
    check("c:", getmetatable(f:col "a").methods)
    check("g:", getmetatable(f:group_by "a").methods)
  end)

  it("has an example, but those that are made in a loop", function()
    for _, path in ipairs(FILES) do
      local name = path:match "([%w_]+)%.lua$"
      if not INTERNAL[name] and name ~= "display" then
        for _, entry in ipairs(docs.module(path)) do
          local is_public = entry.name:find "^[fcg]:" or entry.name:find "^frame%."
          assert.truthy(not is_public or #entry.examples > 0, entry.name)
        end
      end
    end
  end)
end)

describe("the manual", function()
  it("is what the docstrings say; scripts/gen-manual writes it", function()
    local file <close> = assert(io.open "lua/benchrun/frame/MANUAL.md")
    assert.is_true(file:read "a" == require("benchrun.frame.manual").markdown(),
      "lua/benchrun/frame/MANUAL.md is out of date: run scripts/gen-manual")
  end)

  it("is a topic of help", function()
    local manual = require "benchrun.manual"
    assert.truthy(manual.topic("frame"):find("\nf:filter(what, op, value)\n", 1, true))
    assert.truthy(manual.topic("stats"):find("\nstats.geomean(", 1, true))
    assert.truthy(manual.topic("readers"):find("hyperfine .+    times %(boolean%): a row for each"))
  end)
end)

describe("the tour", function()
  it("gives what it says", function()
    local steps = docs.steps "lua/benchrun/frame/TOUR.md"
    assert.is_true(#steps > 30)
    assert.same({}, docs.differences("TOUR.md", steps))
  end)

  it("names only methods that there are", function()
    local file <close> = assert(io.open "lua/benchrun/frame/TOUR.md")
    local f = frame.from_table { a = { 1 } }
    local classes = { f = f, c = f:col "a" }
    for class, name in file:read("a"):gmatch "%f[%w]([fc]):([%w_]+)" do
      assert.equal("function", type(classes[class][name]), name)
    end
  end)
end)

describe("docs", function()
  it("finds differences", function()
    local found = docs.differences("x", { { code = "1 + 1", expected = { "3" } },
      { code = "y = 2", expected = {} }, { code = "y", expected = { "2" } },
      { code = "error 'no'", expected = { "error: no" } },
      { code = "print(1, nil)", expected = { "1  nil" } },
      { code = "1 +", expected = {} } })
    assert.equal(2, #found)
    assert.truthy(found[1]:find("expected:\n3\ngot:\n2", 1, true))
    assert.truthy(found[2]:find("unexpected symbol", 1, true))
  end)

  it("reads a function's own docstring", function()
    local entry = docs.of(frame.concat)
    assert.equal("frame.concat(frames, ...)", entry.signature)
    assert.truthy(entry.text:find "^Puts the rows")
    assert.equal(3, #entry.examples)
    assert.is_nil(docs.of(print))
    assert.is_nil(docs.of(function() end))
    assert.equal("c:median(options)", docs.of(frame.column({ 1 }).median).signature)
    assert.truthy(docs.text(entry):find("^frame.concat%(frames, %.%.%.%)\n\n  Puts the rows"))
  end)
end)
