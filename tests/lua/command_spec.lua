-- The words of a cell's command, where a config gives what no program can be started with.

local config = require "benchrun.config"
local fail = require "benchrun.fail"
local plan = require "benchrun.plan"
local registry = require "benchrun.registry"
local sandbox = require "sandbox"

describe("the harness command", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function failure_of(body)
    config.reset()
    local path = box:write("a.lua",
      'local benchrun = require "benchrun"\nreturn benchrun.config {\n' .. body .. "\n}\n")
    local ok, err = pcall(plan.make, config.resolve(config.load(path)), registry.new(nil))
    assert.is_false(ok)
    assert.are.equal(fail.status.config, fail.of(err).status)
    return (fail.of(err).message:gsub("^.*/a%.lua", "a.lua"))
  end

  it("refuses a command that nothing can start, at its line", function()
    local CASES = {
      ['function() return {} end'] = "suite_table.s.command, for a: it has no words",
      ['function() return { "" } end'] =
        "suite_table.s.command, for a: its first word, the program, is empty",
      ['{ "{args}" }'] = "suite_table.s.command, for a: it has no words",
      ['{ "", "x" }'] = "suite_table.s.command, for a: its first word, the program, is empty",
      ['function() return { "a\\0b" } end'] = "suite_table.s.command[1]: a text without a NUL "
        .. 'byte expected, got "a\\0b", from its function',
    }
    for command, message in pairs(CASES) do
      assert.are.equal("a.lua:4: " .. message, (failure_of(
        'compiler_table = { run = { a = "" } }, suite_table = { s = {\ncommand = ' .. command
          .. " } }")))
    end
  end)
end)
