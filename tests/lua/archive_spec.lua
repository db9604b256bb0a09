-- The archive: its index, names for runs, what is copied into it.

local archive = require "benchrun.archive"
local fail = require "benchrun.fail"
local lfs = require "lfs"
local sandbox = require "sandbox"

-- For programs started without the sanitizer's runtime.
local PLAIN_CPATH = package.cpath:gsub("/asan/", "/")

describe("archive", function()
  local box

  before_each(function() box = sandbox.new() end)
  after_each(function() box:remove() end)

  local function failure_of(...) return box:failure_of(...) end

  local function open_with(index)
    box:write("a/lookup.csv", index)
    return archive.open(box:at "a")
  end

  local function names_of(runs)
    local names = {}
    for i, run in ipairs(runs) do names[i] = run.name end
    return table.concat(names, " ")
  end

  local function files_in(folder)
    local names = {}
    for name in lfs.dir(box:at(folder)) do
      if name ~= "." and name ~= ".." then names[#names + 1] = name end
    end
    table.sort(names)
    return table.concat(names, " ")
  end

  -- Lua programs with our modules, all at once. Returns exit status and standard error.
  local function run_scripts(scripts, before)
    local commands = {}
    for i, script in ipairs(scripts) do
      local path = box:write("script" .. i .. ".lua", script)
      commands[i] = ("LUA_PATH='%s' LUA_CPATH='%s' lua5.4 %s & pids=\"$pids $!\""):format(
        package.path, PLAIN_CPATH, path)
    end
    local status, _, err = box:shell((before or "") .. "cd '" .. lfs.currentdir() .. "'\n"
      .. table.concat(commands, "\n") .. "\nfor pid in $pids; do wait $pid || exit 1; done")
    return status, err
  end

  describe("names", function()
    it("may be anything that is one folder's name", function()
      for _, name in ipairs { "x", "day_082_23_03_23_performance_float32_123", "my-nightly.7",
        "a b", "a'b\"c,d;$e`f", "日本語", "NA", ("x"):rep(255) } do
        assert.is_nil(archive.check_name(name), name)
      end
    end)

    it("never lead elsewhere, break a line or look like an option", function()
      local problems = { [""] = "is empty", ["a/b"] = "holds a '/'", ["/"] = "holds a '/'",
        ["../x"] = "holds a '/'", [".."] = "holds '..'", ["a..b"] = "holds '..'",
        ["."] = "begins with a '.'", [".lookup.lock"] = "begins with a '.'",
        ["-rf"] = "begins with a '-'", ["a\nb"] = "holds control characters",
        ["a\0"] = "holds control characters", [" a"] = "begins with a blank",
        ["a "] = "ends with a blank", ["lookup.csv"] = "is the name of the archive's index",
        [("x"):rep(256)] = "is longer than 255 bytes", ["\xff"] = "is not UTF-8" }
      for name, problem in pairs(problems) do
        assert.are.equal(problem, archive.check_name(name))
      end
    end)

    it("tell the day and the date", function()
      local name = "day_082_23_03_23_performance_float32_123"
      assert.are.equal("082", archive.day_of(name))
      assert.are.equal("2023-03-23", archive.date_of(name))
      assert.are.equal("366", archive.day_of "day_366_31_12_24")
      assert.are.equal("2024-12-31", archive.date_of "day_366_31_12_24")
    end)

    it("need not tell any", function()
      assert.are.equal("000", archive.day_of "my-nightly.7")
      for _, name in ipairs { "my-nightly.7", "day_082_x", "day_082_99_03_23_x", "day_1_01_13_23_x",
        "day_082_23_03_2023" } do
        assert.is_nil(archive.date_of(name), name)
      end
    end)

    local NOON = 1679572800 -- 2023-03-23 12:00 UTC

    it("are made from the day and the dtype", function()
      local name = archive.generate_name(nil, "float32", NOON + 0.5)
      assert.truthy(name:find("^day_082_23_03_23_performance_float32_[1-9]%d%d$"))
      assert.is_nil(archive.check_name(name))
    end)

    it("are none that the archive has as a folder or in its index", function()
      local stem, index = "day_082_23_03_23_performance_float32_", {}
      for number = 100, 999 do
        if number < 300 then box:write("a/" .. stem .. number .. "/geomean.csv", "")
        elseif number ~= 555 then
          index[#index + 1] = ("082,performance,float32,%s%d\n"):format(stem, number)
        end
      end
      box:write("a/lookup.csv", table.concat(index))
      for _ = 1, 3 do
        assert.are.equal(stem .. "555", archive.generate_name(box:at "a", "float32", NOON))
      end
      box:write("a/" .. stem .. "555", "a file")
      box:write("a/" .. stem .. "1000/x", "")
      assert.are.equal(stem .. "1001", archive.generate_name(box:at "a", "float32", NOON))
    end)

    it("once claimed are taken", function()
      local stem, index = "day_082_23_03_23_performance_float32_", {}
      for number = 102, 999 do
        index[#index + 1] = ("082,performance,float32,%s%d\n"):format(stem, number)
      end
      box:write("lookup.csv", table.concat(index))
      local claimed = {}
      for i = 1, 3 do
        claimed[i] = archive.claim_name(box.path, "float32", NOON)
        assert.are.equal("directory", box:kind(claimed[i]))
      end
      table.sort(claimed)
      assert.same({ stem .. 100, stem .. 1000, stem .. 101 }, claimed)
      local status, message = failure_of(archive.claim_name, box:at "none", "float32", NOON)
      assert.are.equal(fail.status.cannot, status)
      assert.truthy(message:find("can't make BOX/none/day_082", 1, true))
    end)
  end)

  describe("index", function()
    it("gives its runs in order, with their folders", function()
      local opened = open_with("060,performance,float32,first\n061,performance,amp,second\n")
      assert.same({ day = "060", mode = "performance", dtype = "float32", name = "first", line = 1,
        folder = box:at "a/first", label = box:at "a/first" }, opened.runs[1])
      assert.are.equal("first second", names_of(opened.runs))
      assert.same({}, opened.notices)
    end)

    it("is empty where it or its folder is not there", function()
      for _, path in ipairs { box.path, box:at "none" } do
        assert.same({ path = path, runs = {}, notices = {} }, archive.open(path))
      end
      assert.same({}, open_with("").runs)
    end)

    it("gives the runs of one dtype, without those of other kinds", function()
      local opened = open_with("060,performance,float32,a\n060,accuracy,float32,b\n"
        .. "060,performance,amp,c\n061,performance,float32,d\n")
      assert.are.equal("a d", names_of(archive.select(opened, "float32")))
      assert.are.equal("c", names_of(archive.select(opened, "amp")))
      assert.same({}, archive.select(opened, "bfloat16"))
    end)

    it("may have a header, blanks, empty lines, CRLF, a BOM and no end of line", function()
      local opened = open_with("\xEF\xBB\xBFday,mode,prec,path\r\n\r\n  \n"
        .. " 060 , performance ,float32, a b \r\n061,performance,float32,c")
      assert.are.equal("a b c", names_of(opened.runs))
      assert.are.equal("060", opened.runs[1].day)
      assert.are.equal(5, opened.runs[2].line)
      assert.same({}, opened.notices)
    end)

    it("may quote its fields", function()
      local opened = open_with('060,performance,float32,"a,""b"\n"061","performance",amp,c\n')
      assert.are.equal('a,"b c', names_of(opened.runs))
      assert.are.equal("amp", opened.runs[2].dtype)
    end)

    it("counts a run that it lists twice once, where it stands last", function()
      local opened = open_with("060,performance,float32,a\n061,performance,float32,b\n"
        .. "062,performance,float32,a\n062,performance,amp,a\n")
      assert.are.equal("b a", names_of(archive.select(opened, "float32")))
      assert.are.equal(3, archive.select(opened, "float32")[2].line)
      assert.are.equal(1, #archive.select(opened, "amp"))
    end)

    it("tells the lines that it skips, and why", function()
      local opened = open_with(table.concat({ "060,performance,float32,a", "no run",
        "061,performance,float32,../x", "x,performance,float32,b", "062,performance,,c",
        "1,2,3,4,5", "063,performance,float32,..", '064,performance,float32,"open',
        "065,performance,float32,/etc", "066,performance,float32,z" }, "\n"))
      assert.are.equal("a z", names_of(opened.runs))
      local index = box:at "a/lookup.csv" .. ": "
      assert.same({
        index .. "lines 2, 6, 8 are skipped: not of the form day,mode,dtype,folder",
        index .. "lines 3, 9 are skipped: the folder's name holds a '/'",
        index .. "line 4 is skipped: its day is not a day of the year",
        index .. "line 5 is skipped: its mode or dtype is empty",
        index .. "line 7 is skipped: the folder's name holds '..'" }, opened.notices)
    end)

    it("does not list endless lines", function()
      local opened = open_with(("junk\n"):rep(500))
      assert.are.equal(1, #opened.notices)
      assert.truthy(opened.notices[1]:find("lines 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 490 more are",
        1, true))
    end)

    it("survives any bytes", function()
      local junk = {}
      for byte = 0, 255 do junk[#junk + 1] = string.char(byte) .. ',"' .. string.char(byte) end
      assert.same({}, open_with(table.concat(junk)).runs)
    end)

    it("that can't be read counts as empty, and says so", function()
      lfs.mkdir(box:at "a")
      lfs.mkdir(box:at "a/lookup.csv")
      assert.same({ box:at "a/lookup.csv" .. " is a directory, not a file; the archive counts as "
        .. "empty" }, archive.open(box:at "a").notices)
      box:write("file", "")
      assert.truthy(archive.open(box:at "file").notices[1]:find("Not a directory", 1, true))
    end)

    it("of ten thousand runs is read in a blink", function()
      local lines = {}
      for i = 1, 10000 do
        lines[i] = ("%03d,performance,float32,day_%03d_01_01_23_performance_float32_%d\n"):format(
          i % 366 + 1, i % 366 + 1, i)
      end
      box:write("a/lookup.csv", table.concat(lines))
      collectgarbage "stop" -- the time is to be the reading's, also in the pass that never rests
      local before = os.clock()
      local opened = archive.open(box:at "a")
      local taken = os.clock() - before
      collectgarbage "restart"
      assert.are.equal(10000, #opened.runs)
      assert.is_true(taken < 2)
    end)
  end)

  describe("prepare", function()
    it("makes the folder, its parents too, and may be called again", function()
      archive.prepare(box:at "a/b")
      archive.prepare(box:at "a/b", box:at "out")
      assert.are.equal("directory", box:kind "a/b")
    end)

    it("fails where the folder can't be", function()
      box:write("file", "")
      local status, message = failure_of(archive.prepare, box:at "file")
      assert.are.equal(fail.status.cannot, status)
      assert.are.equal("the archive BOX/file is a file, not a directory", message)
      status, message = failure_of(archive.prepare, box:at "file/a")
      assert.are.equal(fail.status.cannot, status)
      assert.truthy(message:find("BOX/file", 1, true))
    end)

    it("fails where it may not write", function()
      local _, id = box:shell "id -u"
      if id == "0\n" then return end -- root may write anywhere
      lfs.mkdir(box:at "a")
      os.execute("chmod 555 " .. box:at "a")
      local _, message = failure_of(archive.prepare, box:at "a")
      os.execute("chmod 755 " .. box:at "a")
      assert.truthy(message:find("can't write to the archive: BOX/a/.lookup.lock", 1, true))
    end)

    it("fails where the index is no file or the lock is a link", function()
      lfs.mkdir(box:at "a")
      lfs.mkdir(box:at "a/lookup.csv")
      local _, message = failure_of(archive.prepare, box:at "a")
      assert.are.equal("BOX/a/lookup.csv is a directory, not a file", message)
      lfs.rmdir(box:at "a/lookup.csv")
      lfs.link(box:at "victim", box:at "a/.lookup.lock", true)
      _, message = failure_of(archive.prepare, box:at "a")
      assert.are.equal("BOX/a/.lookup.lock is a link, not a file of benchrun's; the archive needs "
        .. "it; move it away or mend its permissions",
        message)
      assert.is_nil(box:kind "victim")
    end)

    it("fails within the output directory, and leaves nothing there", function()
      lfs.mkdir(box:at "out")
      for _, path in ipairs { "out", "out/a", "out/../out/a/" } do
        local status, message = failure_of(archive.prepare, box:at(path), box:at "out")
        assert.are.equal(fail.status.cannot, status)
        assert.truthy(message:find("lies within the output directory BOX/out", 1, true))
      end
      assert.are.equal("", files_in "out")
      archive.prepare(box:at "output", box:at "out")
    end)
  end)

  describe("store", function()
    it("copies the plain files and those of output, and nothing else", function()
      box:write("out/geomean.csv", "1")
      box:write("out/empty.txt", "")
      box:write("out/output/cell.err", "2")
      box:write("out/output/deeper/x", "no")
      box:write("out/other/x", "no")
      box:write("out/.benchrun.work/x", "no")
      box:write("out/.benchrun.lock", "no")
      box:write("out/.benchrun", "no")
      box:write("secret", "no")
      lfs.link(box:at "secret", box:at "out/link.csv", true)
      archive.store(box:at "a", "run", box:at "out")
      assert.are.equal("empty.txt geomean.csv output", files_in "a/run")
      assert.are.equal("cell.err", files_in "a/run/output")
      assert.are.equal("1", box:read "a/run/geomean.csv")
      assert.are.equal("", box:read "a/run/empty.txt")
      assert.are.equal("2", box:read "a/run/output/cell.err")
    end)

    it("brings what is newer, and keeps what is only there", function()
      box:write("out/a.csv", "old")
      archive.store(box:at "a", "run", box:at "out")
      box:write("out/a.csv", "new")
      box:write("out/b.csv", "b")
      box:write("a/run/kept.csv", "kept")
      archive.store(box:at "a", "run", box:at "out")
      assert.are.equal("new", box:read "a/run/a.csv")
      assert.are.equal("a.csv b.csv kept.csv", files_in "a/run")
    end)

    it("keeps the times, which tell what is out of date", function()
      lfs.touch(box:write("out/a.csv", "x"), 1000000, 1000000)
      archive.store(box:at "a", "run", box:at "out")
      assert.are.equal(1000000, lfs.attributes(box:at "a/run/a.csv", "modification"))
    end)

    it("copies what is longer than a piece", function()
      local bytes = ("0123456789abcdef"):rep(200000) .. "end"
      box:write("out/long.csv", bytes)
      archive.store(box:at "a", "run", box:at "out")
      assert.is_true(box:read "a/run/long.csv" == bytes)
    end)

    it("replaces a link, not what it leads to", function()
      box:write("victim", "precious")
      box:write("out/a.csv", "x")
      lfs.mkdir(box:at "a")
      lfs.mkdir(box:at "a/run")
      lfs.link(box:at "victim", box:at "a/run/a.csv", true)
      archive.store(box:at "a", "run", box:at "out")
      assert.are.equal("precious", box:read "victim")
      assert.are.equal("x", box:read "a/run/a.csv")
    end)

    it("refuses a link in a folder's place", function()
      box:write("theirs/x", "precious")
      box:write("out/output/x", "x")
      lfs.mkdir(box:at "a")
      lfs.link(box:at "theirs", box:at "a/run", true)
      local _, message = failure_of(archive.store, box:at "a", "run", box:at "out")
      assert.are.equal("BOX/a/run is a link, not a directory of the archive; move it away", message)
      lfs.mkdir(box:at "a/other")
      lfs.link(box:at "theirs", box:at "a/other/output", true)
      _, message = failure_of(archive.store, box:at "a", "other", box:at "out")
      assert.truthy(message:find("BOX/a/other/output is a link", 1, true))
      assert.are.equal("precious", box:read "theirs/x")
    end)

    it("refuses names that lead elsewhere", function()
      box:write("out/a.csv", "x")
      local status, message = failure_of(archive.store, box:at "a", "../b", box:at "out")
      assert.are.equal(fail.status.usage, status)
      assert.are.equal("the archive name ../b holds a '/'; give another", message)
      assert.is_nil(box:kind "b")
    end)

    it("refuses an archive within what is copied, by whatever way", function()
      box:write("out/a.csv", "x")
      lfs.mkdir(box:at "out/archive")
      lfs.link(box:at "out/archive", box:at "way", true)
      for _, path in ipairs { "out/archive", "way", "out" } do
        local _, message = failure_of(archive.store, box:at(path), "run", box:at "out")
        assert.truthy(message:find("lies within the output directory BOX/out", 1, true))
      end
      assert.are.equal("", files_in "out/archive")
    end)

    it("has nothing to do where the run is in the archive already", function()
      box:write("a/run/a.csv", "x")
      archive.store(box:at "a", "run", box:at "a/run")
      assert.are.equal("a.csv", files_in "a/run")
      assert.are.equal("x", box:read "a/run/a.csv")
    end)

    it("fails where there is nothing to copy from", function()
      local status, message = failure_of(archive.store, box:at "a", "run", box:at "none")
      assert.are.equal(fail.status.cannot, status)
      assert.truthy(message:find("BOX/none", 1, true))
    end)

    it("copies all that it can before it says what it could not", function()
      box:write("out/a.csv", "a")
      box:write("out/b.csv", "b")
      box:write("a/run/a.csv/in_the_way", "")
      local status, message = failure_of(archive.store, box:at "a", "run", box:at "out")
      assert.are.equal(fail.status.cannot, status)
      assert.truthy(message:find("^1 of the files in BOX/out could not be put into the archive %("
        .. "BOX/a/run/a.csv: .+%); they are still there$"))
      assert.are.equal("a.csv b.csv", files_in "a/run")
      assert.are.equal("b", box:read "a/run/b.csv")
    end)

    it("leaves the old file where there is no room for the new one", function()
      box:write("out/a.csv", "old")
      archive.store(box:at "a", "run", box:at "out")
      box:write("out/a.csv", ("x"):rep(100000))
      local script = ([[local ok, err = pcall(require("benchrun.archive").store, %q, "run", %q)
        io.stderr:write(tostring(err))
        os.exit(ok and 1 or 0)]]):format(box:at "a", box:at "out")
      local status, err = run_scripts({ script }, "trap '' XFSZ\nulimit -f 8\n")
      assert.are.equal(0, status)
      assert.truthy(err:find("File too large", 1, true))
      assert.are.equal("old", box:read "a/run/a.csv")
      assert.are.equal("a.csv", files_in "a/run")
    end)
  end)

  describe("add", function()
    local function run(name, dtype)
      return { day = "082", mode = "performance", dtype = dtype or "float32", name = name }
    end

    it("makes the index and adds lines to it", function()
      archive.add(box.path, run "a")
      archive.add(box.path, run("b", "amp"))
      assert.are.equal("082,performance,float32,a\n082,performance,amp,b\n", box:read "lookup.csv")
    end)

    it("keeps what it can't read, and mends a missing line end", function()
      box:write("lookup.csv", "junk\r\n\xff\0,\n060,performance,float32,a")
      archive.add(box.path, run "b")
      assert.are.equal("junk\r\n\xff\0,\n060,performance,float32,a\n082,performance,float32,b\n",
        box:read "lookup.csv")
    end)

    it("lists no run twice, but one of several dtypes with each", function()
      archive.add(box.path, run "a")
      archive.add(box.path, run "a")
      archive.add(box.path, run("a", "amp"))
      assert.are.equal("082,performance,float32,a\n082,performance,amp,a\n", box:read "lookup.csv")
    end)

    it("writes what it reads again, whatever the name", function()
      for _, name in ipairs { "plain", "a,b", 'a"b', "a b", "it's; $(x) `y`", "日本語" } do
        archive.add(box.path, run(name))
      end
      local opened = archive.open(box.path)
      assert.same({}, opened.notices)
      assert.are.equal("plain a,b a\"b a b it's; $(x) `y` 日本語", names_of(opened.runs))
      assert.truthy(box:read("lookup.csv"):find('\n082,performance,float32,"a,b"\n', 1, true))
    end)

    it("refuses names that lead elsewhere", function()
      local status = failure_of(archive.add, box.path, run "..")
      assert.are.equal(fail.status.usage, status)
      assert.is_nil(box:kind "lookup.csv")
    end)

    it("writes to the file that an index is a link to", function()
      box:write("real.csv", "060,performance,float32,a\n")
      lfs.mkdir(box:at "a")
      lfs.link(box:at "real.csv", box:at "a/lookup.csv", true)
      archive.add(box:at "a", run "b")
      assert.are.equal("link", box:kind "a/lookup.csv")
      assert.truthy(box:read("real.csv"):find(",b\n", 1, true))
    end)

    it("does not take an index that it can't read for an empty one", function()
      lfs.mkdir(box:at "lookup.csv")
      local status, message = failure_of(archive.add, box.path, run "a")
      assert.are.equal(fail.status.cannot, status)
      assert.are.equal("BOX/lookup.csv is a directory, not a file", message)
    end)

    it("leaves the index as it was where there is no room for the new one", function()
      local old = ("060,performance,float32,a\n"):rep(400)
      box:write("lookup.csv", old)
      local script = ([[local ok, err = pcall(require("benchrun.archive").add, %q, { day = "082",
        mode = "performance", dtype = "float32", name = "b" })
        io.stderr:write(tostring(err))
        os.exit(ok and 1 or 0)]]):format(box.path)
      local status, err = run_scripts({ script }, "trap '' XFSZ\nulimit -f 8\n")
      assert.are.equal(0, status)
      assert.truthy(err:find("can't write " .. box:at "lookup.csv", 1, true))
      assert.are.equal(old, box:read "lookup.csv")
    end)

    it("loses no line of runs that end at once", function()
      local scripts = {}
      for i = 1, 6 do
        scripts[i] = ([[for j = 1, 15 do
          require("benchrun.archive").add(%q, { day = "082", mode = "performance",
            dtype = "float32", name = "run_%d_" .. j })
        end]]):format(box.path, i)
      end
      local status, err = run_scripts(scripts)
      assert.are.equal("", err)
      assert.are.equal(0, status)
      local opened = archive.open(box.path)
      assert.same({}, opened.notices)
      assert.are.equal(90, #opened.runs)
    end)

    it("waits for one that holds the lock, but not for ever", function()
      box:write("hold.lua", ([[
        local file = io.open(%q, "a")
        assert(require("lfs").lock(file, "w"))
        io.stdout:write("held\n"):flush()
        io.stdin:read "l"]]):format(box:at ".lookup.lock"))
      local holder = io.popen(("LUA_PATH='%s' LUA_CPATH='%s' lua5.4 %s >%s"):format(package.path,
        PLAIN_CPATH, box:at "hold.lua", box:at "said"), "w")
      for _ = 1, 500 do
        if box:read "said" == "held\n" then break end
        os.execute "sleep 0.01"
      end
      local wait = archive.lock_wait
      archive.lock_wait = 0.1
      local status, message = failure_of(archive.add, box.path, run "a")
      archive.lock_wait = wait
      assert.are.equal(fail.status.cannot, status)
      assert.are.equal("BOX/.lookup.lock is held by another benchrun for more than 0.1 s; the run "
        .. "is not listed in BOX/lookup.csv", message)
      holder:write "go\n"
      holder:close()
      archive.add(box.path, run "a")
      assert.are.equal(1, #archive.open(box.path).runs)
    end)
  end)
end)
