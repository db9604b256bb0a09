local sandbox = require "sandbox"

local CONFIG = [==[
local benchrun = require "benchrun"
local LOG = "printf 'dev,name,batch_size,accuracy\ncpu,x,1,pass\n' > \"$1\"; printf '%s\n' "
  .. "\"$A|$2|$3\" >> got"
return benchrun.config {
  testings = { "accuracy" }, output_dir = "out put", env = { A = "it's $HOME" },
  compiler_table = { run = { a = { "w 'x' $(id)", "\n" }, b = { "`id`", "*" }, c = "" } },
  suite_table = {
    s = { command = { "sh", "-c", LOG, "sh", "{output}", "{args}" },
          skip = function(cell) return cell.compiler == "c" and "not\nthis; rm -rf x" end } },
}
]==]

describe("the executor script", function()
  it("writes a script that does by itself what the plan says, and runs nothing", function()
    local box <close> = sandbox.new()
    box:write("a.lua", CONFIG)
    local status, out, err = box:run("a.lua", "--print-run-commands")
    assert.are.same({ 0, "Running commands are generated in file run_run_cpu_float32_s_a_b_c.sh. "
      .. "Please run (bash run_run_cpu_float32_s_a_b_c.sh).\n", "" }, { status, out, err })
    assert.is_nil(box:kind "out put")
    local text = box:read "run_run_cpu_float32_s_a_b_c.sh"
    assert.are.equal("#!/bin/bash\n# Made by benchrun from a.lua\nset -x\ncd -- " .. box.path
      .. " || exit\n# Setup the output directory\nmkdir -p -- 'out put/output'\nrm -f -- ",
      text:match "^.-rm %-f %-%- ")
    assert.truthy(text:find("\n\n# Commands for s for device=cpu, dtype=float32 for run and for "
      .. "accuracy testing\n", 1, true))
    assert.truthy(text:find("\n# c_s_float32_run_cpu_accuracy is skipped: not this; rm -rf x\n", 1,
      true))
    box:write("out put/a_s_float32_run_cpu_accuracy.csv", "old")
    assert.are.equal(0, (box:shell "bash run_run_cpu_float32_s_a_b_c.sh"))
    assert.are.equal("it's $HOME|w 'x' $(id)|\n\nit's $HOME|`id`|*\n", box:read "got")
    assert.are.equal("dev,name,batch_size,accuracy\ncpu,x,1,pass\n",
      box:read "out put/a_s_float32_run_cpu_accuracy.csv")
    local reported = box:run("report", "a.lua")
    assert.are.equal(0, reported)
  end)

  it("can be started from anywhere, keeps what commands say, and bars no run after it", function()
    local box <close> = sandbox.new()
    local log = "printf 'dev,name,batch_size,accuracy\\ncpu,x,1,pass\\n' > \"$1\"; "
      .. "echo out; echo err >&2"
    box:write("it's here/a.lua", ([[return require("benchrun").config { testings = { "accuracy" },
      charts = { formats = {} }, compiler_table = { run = { a = "" } }, suite_table = { s = {
      command = { "sh", "-c", %q, "sh", "{output}" } } } }]]):format(log))
    local folder = "it's here/benchmark_logs/"
    box:shell("cd it*; " .. sandbox.program .. " a.lua --print-run-commands")
    assert.are.equal(0, (box:shell "cd / && bash \"$OLDPWD\"/it*/run_*.sh"))
    local id = "a_s_float32_run_cpu_accuracy"
    assert.are.same({ "out\n", "err\n", "dev,name,batch_size,accuracy\ncpu,x,1,pass\n" }, {
      box:read(folder .. "output/" .. id .. ".out"), box:read(folder .. "output/" .. id .. ".err"),
      box:read(folder .. id .. ".csv") })
    local names = ("\n%s.csv\noutput/%s.out\noutput/%s.err\n"):format(id, id, id)
    assert.truthy(box:read(folder .. ".benchrun"):find(names, 1, true))
    box:write(folder .. "output/" .. id .. ".out", "stale")
    local status, _, err = box:shell("cd it*; " .. sandbox.program .. " a.lua")
    assert.are.equal(0, status, err)
    assert.are.equal("out\n", box:read(folder .. "output/" .. id .. ".out"))
  end)

  it("leaves on the manifest what an earlier run listed", function()
    local box <close> = sandbox.new()
    box:write("a.lua", CONFIG)
    box:write("out put/.benchrun", "# ours\nreport.md\n")
    box:write("out put/report.md", "old")
    box:run("a.lua", "--print-run-commands")
    assert.are.equal(0, (box:shell "bash run_*.sh"))
    assert.truthy(box:read "out put/.benchrun":find("\nreport.md\n", 1, true))
  end)

  it("may be the config's own executor, with a name cut short", function()
    local box <close> = sandbox.new()
    box:write("a.lua",
      'local rows = {}\nfor i = 1, 90 do rows[("compiler%02d"):format(i)] = "" end\n'
      .. 'return benchrun.config { executor = "script", compiler_table = { run = rows },\n'
      .. 'keep_output_dir = true, suite_table = { s = { command = { "true" } } } }\n')
    local status, out = box:run "a.lua"
    assert.are.equal(0, status)
    local name = out:match "file (%S+%.sh)%."
    assert.truthy(name:find("_and_more%.sh$"))
    assert.is_true(#name < 256)
    assert.is_nil(box:read(name):find("rm -f", 1, true))
  end)
end)
