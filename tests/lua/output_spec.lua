local fail = require "benchrun.fail"
local lfs = require "lfs"
local output = require "benchrun.output"
local sandbox = require "sandbox"

describe("output", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function failure_of(...)
    local status, message = box:failure_of(...)
    assert.are.equal(fail.status.cannot, status)
    return message
  end

  -- A directory as a run leaves it, with these files on its manifest.
  local function finished(names)
    local made = output.prepare(box:at "out")
    made:add(names)
    for _, name in ipairs(names) do box:write("out/" .. name, "old") end
    made:close()
  end

  it("makes the directory, its parents too", function()
    output.prepare(box:at "a/b/out"):close()
    assert.are.equal("directory", box:kind "a/b/out")
  end)

  it("removes what the last run made, and nothing else", function()
    finished { "a.csv", "output/a.out", "report.md" }
    box:write("out/.benchrun.work/deep/binary", "x")
    box:write("out/notes.txt", "mine")
    box:write("out/output/mine.txt", "mine")
    output.prepare(box:at "out"):close()
    assert.is_nil(box:kind "out/a.csv")
    assert.is_nil(box:kind "out/report.md")
    assert.is_nil(box:kind "out/output/a.out")
    assert.is_nil(box:kind "out/.benchrun.work")
    assert.are.equal("mine", box:read "out/notes.txt")
    assert.are.equal("mine", box:read "out/output/mine.txt")
  end)

  it("removes its own folders once they are empty", function()
    finished { "output/a.out" }
    output.prepare(box:at "out"):close()
    assert.is_nil(box:kind "out/output")
  end)

  it("keeps all when asked, and remembers what it made", function()
    finished { "a.csv" }
    local made = output.prepare(box:at "out", "keep")
    made:add { "b.csv" }
    made:close()
    assert.are.equal("old", box:read "out/a.csv")
    assert.are.equal("# Files that benchrun made here; the next run removes them.\na.csv\nb.csv\n",
      box:read "out/.benchrun")
  end)

  it("adds to somebody else's directory when asked, and later removes its own alone", function()
    box:write("out/workshop/theirs", "x")
    box:write("out/theirs.csv", "x")
    local made = output.prepare(box:at "out", "keep")
    made:add { "ours.csv" }
    box:write("out/ours.csv", "x")
    made:close()
    output.prepare(box:at "out"):close()
    assert.are.same({ "x", "x" }, { box:read "out/workshop/theirs", box:read "out/theirs.csv" })
    assert.is_nil(box:kind "out/ours.csv")
  end)

  it("refuses a directory that holds things that it did not make, and leaves no trace", function()
    box:write("out/precious.txt", "mine")
    assert.are.equal("BOX/out holds files that benchrun did not make (precious.txt); choose "
      .. "another --output-dir, or --keep-output-dir to add to it",
      failure_of(output.prepare, box:at "out", false))
    local names = {}
    for name in lfs.dir(box:at "out") do names[#names + 1] = name end
    assert.are.equal(3, #names)
    assert.are.equal("mine", box:read "out/precious.txt")
  end)

  it("refuses a file", function()
    box:write("out", "I am a file")
    assert.are.equal("BOX/out is a file, not a directory; choose another --output-dir",
      failure_of(output.prepare, box:at "out", false))
    assert.are.equal("I am a file", box:read "out")
  end)

  it("refuses a path through a file, and a link to nowhere", function()
    box:write("file", "")
    assert.truthy(failure_of(output.prepare, box:at "file/out", false):find("BOX/file", 1, true))
    lfs.link(box:at "nowhere/x", box:at "link", true)
    assert.truthy(failure_of(output.prepare, box:at "link", false):find("BOX/link", 1, true))
  end)

  it("believes of a manifest only what lies inside", function()
    box:write("victim", "precious")
    finished { "a.csv" }
    box:write("out/sub/deep/file", "precious")
    box:write("out/sub/file", "listed")
    box:write("out/.benchrun", table.concat({ "# comment", "../victim", box:at "victim",
      "sub/deep/file", "sub/../../victim", "./../victim", "sub/..", "..", ".", "", "/", "//",
      "sub//file", "-rf", "sub/file\0x", ".benchrun.lock", "sub/file", "a.csv" }, "\n"))
    output.prepare(box:at "out"):close()
    assert.are.equal("precious", box:read "victim")
    assert.are.equal("precious", box:read "out/sub/deep/file")
    assert.is_nil(box:kind "out/sub/file")
    assert.is_nil(box:kind "out/a.csv")
  end)

  it("does not follow links out of the directory", function()
    box:write("theirs/file.out", "precious")
    box:write("theirs/tool", "precious")
    finished { "output/file.out", "a.csv" }
    os.remove(box:at "out/output/file.out")
    lfs.rmdir(box:at "out/output")
    os.remove(box:at "out/a.csv")
    lfs.link(box:at "theirs/tool", box:at "out/a.csv", true)
    output.prepare(box:at "out"):close()
    assert.are.equal("precious", box:read "theirs/tool")
    assert.is_nil(box:kind "out/a.csv")
    for _, name in ipairs { "output", ".benchrun.work" } do
      lfs.link(box:at "theirs", box:at("out/" .. name), true)
      local ok, failure = pcall(output.prepare, box:at "out", false)
      assert.is_false(ok)
      assert.truthy(failure.message:find("out/" .. name .. " is a link, not a directory", 1, true))
      os.remove(box:at("out/" .. name))
    end
    assert.are.same({ "precious", "precious" },
      { box:read "theirs/file.out", box:read "theirs/tool" })
  end)

  it("sweeps up what a write that was killed left, and takes it for no foreign file", function()
    box:write("out/.benchrun.99.0.tmp", "half a manifest")
    output.prepare(box:at "out"):close()
    assert.is_nil(box:kind "out/.benchrun.99.0.tmp")
  end)

  it("lists files by their names, however the directory is called", function()
    local lists_as = function(folder, file)
      local made <close> = output.prepare(folder, true)
      made:add_paths { file }
      return box:read "out/.benchrun"
    end
    lfs.mkdir(box:at "out")
    assert.truthy(lists_as(box:at "out", box:at "out/report.md"):find("\nreport.md\n", 1, true))
    assert.truthy(lists_as(box:at "out/", box:at "out/tables.csv"):find("\ntables.csv\n", 1, true))
  end)

  it("does not empty what a lock that is a link leads to", function()
    box:write("victim", "precious")
    finished {}
    os.remove(box:at "out/.benchrun.lock")
    lfs.link(box:at "victim", box:at "out/.benchrun.lock", true)
    local ok, failure = pcall(output.prepare, box:at "out", false)
    assert.is_false(ok)
    assert.truthy(failure.message:find(".benchrun.lock is a link, not a file", 1, true))
    assert.are.equal("precious", box:read "victim")
  end)

  it("is held by one run at a time, and free again when that ends", function()
    box:write("hold.lua", ([[
      local made = require("benchrun.output").prepare(%q, false)
      made:add { "a.csv" }
      io.stdout:write("held\n"):flush()
      io.stdin:read "l"]]):format(box:at "out"))
    local holder = io.popen(("LUA_PATH='%s' LUA_CPATH='%s' lua5.4 %s >%s"):format(package.path,
      package.cpath, box:at "hold.lua", box:at "said"), "w")
    for _ = 1, 500 do
      if box:read "said" == "held\n" then break end
      os.execute "sleep 0.01"
    end
    assert.are.equal("BOX/out is in use by another benchrun; wait for it, or choose another "
      .. "--output-dir", failure_of(output.prepare, box:at "out", false))
    assert.truthy(box:read("out/.benchrun"):find("a.csv", 1, true))
    holder:write "go\n"
    holder:close()
    output.prepare(box:at "out"):close()
  end)

  it("says when it can't write there", function()
    local _, id = box:shell "id -u"
    if id == "0\n" then return end -- root may write anywhere
    lfs.mkdir(box:at "out")
    os.execute("chmod 555 " .. box:at "out")
    assert.are.equal("can't write to BOX/out/.benchrun.lock: Permission denied; choose another "
      .. "--output-dir", failure_of(output.prepare, box:at "out", false))
    os.execute("chmod 755 " .. box:at "out")
  end)

  it("removes all there is when told that a run owns it, and follows no link", function()
    box:write("out/deep/down/x", "x")
    box:write("out/y.csv", "x")
    box:write("elsewhere/z", "mine")
    assert(lfs.link(box:at "elsewhere", box:at "out/deep/link", true))
    output.prepare(box:at "out", "all"):close()
    assert.is_nil(box:kind "out/deep")
    assert.is_nil(box:kind "out/y.csv")
    assert.are.equal("mine", box:read "elsewhere/z")
  end)

  it("never removes the working directory or one around it, the home, a checkout", function()
    assert.are.same({ 4, "", "benchrun: . holds the working directory and is not emptied; choose "
      .. "another --output-dir, or --keep-output-dir to add to it\n" },
      { box:run("dynamo", "--training", "--output-dir", ".") })
    local status, _, err = box:run("dynamo", "--training", "--print-run-commands", "--output-dir",
      "..")
    assert.are.equal(4, status)
    assert.truthy(err:find("^benchrun: %.%. holds the working directory"))
    assert.truthy(failure_of(output.check_removable, "/"):find("holds the working", 1, true))
    local home = assert(os.getenv "HOME")
    assert.is_string(failure_of(output.check_removable, home))
    box:write("repo/.git/HEAD", "x")
    assert.are.equal("BOX/repo is a checkout and is not emptied; choose another --output-dir, or "
      .. "--keep-output-dir to add to it", failure_of(output.prepare, box:at "repo", "all"))
    output.check_removable(box:at "not there")
    assert(lfs.mkdir(box:at "real"))
    assert(lfs.link(box:at "real", box:at "link", true))
    for _, ending in ipairs { "", "/", "/.", "/./" } do
      assert.truthy(failure_of(output.check_removable, box:at "link" .. ending)
        :find("is a link and what it leads to is not emptied", 1, true), ending)
    end
  end)

  it("remembers the name of the run", function()
    local made = output.prepare(box:at "out")
    assert.is_nil(output.run_name(box:at "out"))
    made:name_run "day_001"
    made:add { "a.csv" }
    made:close()
    assert.are.equal("day_001", output.run_name(box:at "out"))
    output.existing(box:at "out"):add { "b.csv" }
    assert.are.equal("day_001", output.run_name(box:at "out"))
    output.prepare(box:at "out"):close()
    assert.is_nil(output.run_name(box:at "nowhere"))
  end)

  it("closes twice, and by itself at the end of its block", function()
    local made = output.prepare(box:at "out")
    made:close()
    made:close()
    do local _ <close> = output.prepare(box:at "out") end
    output.prepare(box:at "out"):close()
  end)

  describe("of finished logs", function()
    it("is no manifest's where none is, and stays so", function()
      box:write("logs/a.csv", "x")
      output.existing(box:at "logs"):add { "report.md" }
      assert.is_nil(box:kind "logs/.benchrun")
    end)

    it("adds to the manifest that is there, by path", function()
      finished { "a.csv" }
      output.existing(box:at "out"):add_paths { box:at "out/report.md" }
      assert.truthy(box:read("out/.benchrun"):find("\na.csv\nreport.md\n", 1, true))
    end)

    it("must be there and a directory", function()
      assert.are.equal("BOX/no: no such directory; name the one with the logs with --output-dir",
        failure_of(output.existing, box:at "no"))
      box:write("file", "")
      assert.are.equal("BOX/file is a file, not a directory of logs",
        failure_of(output.existing, box:at "file"))
    end)
  end)
end)
