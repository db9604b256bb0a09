-- Facts of the machine and of the config's repository.

local environment = require "benchrun.environment"
local sys = require "benchrun.core.sys"

local function by_title(facts)
  local values = {}
  for _, fact in ipairs(facts) do
    assert.equal("string", type(fact.value))
    assert.is_nil(values[fact.title])
    values[fact.title] = fact.value
  end
  return values
end

describe("environment.facts", function()
  it("tells version, date, host, system and machine", function()
    local facts = by_title(environment.facts { folder = "/", file = "/c.lua" })
    assert.equal(require "benchrun.version", facts.benchrun)
    assert.is_truthy(facts.date:find("^%d%d%d%d%-%d%d%-%d%d %d%d:%d%d:%d%d UTC$"))
    assert.equal("/c.lua", facts.config)
    assert.is_truthy(facts.host)
    assert.is_truthy(facts.system:find("Linux", 1, true))
    assert.is_true(tonumber(facts.processors) >= 1)
    assert.is_truthy(facts.memory:find("^[%d.]+ GiB$"))
  end)

  it("tells no commit outside a repository", function()
    local facts = by_title(environment.facts { folder = "/proc", file = "c.lua" })
    assert.is_nil(facts.commit)
    assert.is_nil(facts["working tree"])
  end)

  it("quotes the command line", function()
    local facts = by_title(environment.facts({ folder = "/", file = "c.lua" },
      { "benchrun", "a b.lua" }))
    assert.equal("benchrun 'a b.lua'", facts.command)
  end)

  describe("in a repository", function()
    local folder

    local function git(words)
      local command = "git -C '%s' -c user.name=n -c user.email=e %s >/dev/null 2>&1"
      return os.execute(command:format(folder, words))
    end

    before_each(function()
      folder = os.tmpname()
      os.remove(folder)
      assert(require("lfs").mkdir(folder))
      assert(git "init -b trunk")
    end)

    after_each(function() os.execute(("rm -rf '%s'"):format(folder)) end)

    it("tells the commit, the branch and whether files differ", function()
      assert(git "commit --allow-empty -m first")
      assert(sys.write_file(folder .. "/f", ""))
      assert(git "add f")
      local facts = by_title(environment.facts { folder = folder, file = "c.lua" })
      assert.is_truthy(facts.commit:find("^%x+$"))
      assert.equal(40, #facts.commit)
      assert.equal("first", facts["commit's title"])
      assert.equal("branch trunk, with uncommitted changes", facts["working tree"])
    end)

    it("tells them in a folder of the repository too", function()
      assert(git "commit --allow-empty -m first")
      assert(sys.make_directory(folder .. "/a/b"))
      local facts = by_title(environment.facts { folder = folder .. "/a/b", file = "c.lua" })
      assert.equal("first", facts["commit's title"])
    end)

    it("stands a repository without commits", function()
      local facts = by_title(environment.facts { folder = folder, file = "c.lua" })
      assert.is_nil(facts.commit)
    end)
  end)
end)
