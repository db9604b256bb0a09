-- Publishing, with the real gh talking to a server that answers as GitHub's API does.

local cjson = require "cjson"
local comment = require "benchrun.comment"
local fail = require "benchrun.fail"
local lfs = require "lfs"
local proc = require "benchrun.core.proc"
local publish = require "benchrun.publish"
local sandbox = require "sandbox"
local sys = require "benchrun.core.sys"

-- A config as the resolved one is, as far as publishing asks.
local function config(settings, dtype)
  local function config_fail(key_path, problem)
    fail.config(table.concat(key_path, ".") .. ": " .. problem)
  end
  return { publish = settings, dtypes = { dtype or "float32" }, fail = config_fail,
    report = { comment = "comment.md" } }
end

local function chart(name, ...)
  local files = {}
  for _, format in ipairs { ... } do files[format] = "out/" .. name .. "." .. format end
  return { name = name, files = files }
end

local function image_line(name) return name .. " : ![alt](" .. publish.place(name) .. ")" end

local function failure_of(status, fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  local failure = fail.of(err) or error(err, 0)
  assert.are.equal(status, failure.status, failure.message)
  assert.is_nil(failure.message:find("\n", 1, true))
  return failure.message
end

local function has(text, part)
  assert.is_truthy(text:find(part, 1, true), text .. " lacks " .. part)
end

describe("publish", function()
  local box, said, deadline

  before_each(function()
    box, said, deadline = sandbox.new(), {}, publish.deadline
    box:write("out/a.png", "picture a")
    box:write("out/b.svg", "picture b")
  end)
  after_each(function()
    box:remove()
    publish.deadline = deadline
  end)

  local function say(line) said[#said + 1] = line end

  local function run(state) return publish.run(box:at "out", say, state) end

  local function state_now() return cjson.decode(box:read "out/publish.json") end

  -- A command as a shell script: words for a config. $1 is its first argument.
  local function command(script) return { "sh", "-c", script, "sh" } end

  -- An uploader that notes its calls and prints an address.
  local function uploader(more)
    return command(("cd %s; %s; echo \"$1\" >> uploads; echo https://img.example/${1##*/}"):format(
      box.path, more or "true"))
  end

  local function gh(more)
    return command(("cd %s; %s; printf '%%s\\n' \"$@\" >> calls; cp \"$6\" posted"):format(
      box.path, more or "true"))
  end

  local PARTS = { { file = "gh_title.txt", text = "# Title\n" },
    { file = "gh_graphs.txt", text = "## Graphs\n\n" .. image_line "a" .. "\n\n" .. image_line "b"
      .. "\n\nend\n" } }
  local CHARTS = { chart("a", "png", "svg"), chart("b", "svg") }
  local GRAPHS = "## Graphs\n\na : ![alt](https://img.example/a.png)\n\n"
    .. "b : ![alt](https://img.example/b.svg)\n\nend\n"

  local function prepare(settings, dtype)
    for key, value in pairs { repository = "https://github.com/o/r.git", issue = 7 } do
      if settings[key] == nil then settings[key] = value end
    end
    local whole = comment.join { PARTS[1].text, PARTS[2].text }
    return publish.prepare(config(settings, dtype), PARTS, CHARTS, whole)
  end

  -- As run.lua does it: what is written is what is done.
  local function start(settings, dtype)
    local state = prepare(settings, dtype)
    publish.write(box:at "out", state)
    return run(state)
  end

  local function both(more_upload, more_gh)
    return { upload = true, uploader = uploader(more_upload), comment = true, gh = gh(more_gh) }
  end

  it("uploads, writes the files, posts, and then has nothing left to do", function()
    assert.is_true(start(both()))
    assert.are.equal(box:at "out/a.png" .. "\n" .. box:at "out/b.svg" .. "\n", box:read "uploads")
    assert.are.equal("# Title\n", box:read "out/gh_title.txt")
    assert.are.equal(GRAPHS, box:read "out/gh_graphs.txt")
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "out/comment.md")
    assert.are.equal(table.concat({ "issue", "comment", "--repo=https://github.com/o/r.git", "7",
      "-F", box:at "out/comment.md", "" }, "\n"), box:read "calls")
    assert.are.equal(box:read "out/comment.md", box:read "posted")
    assert.are.same({ "uploaded a.png: https://img.example/a.png",
      "uploaded b.svg: https://img.example/b.svg",
      "posted comment.md to issue 7 of https://github.com/o/r.git" }, said)
    local calls, uploads = box:read "calls", box:read "uploads"
    assert.is_false(run())
    assert.are.equal(("nothing is left to publish in %s: the comment is posted"):format(
      box:at "out"), said[4])
    assert.are.same({ calls, uploads }, { box:read "calls", box:read "uploads" })
  end)

  it("posts without images, and drops the lines of those that have no address", function()
    start { upload = false, comment = true, gh = gh() }
    assert.is_nil(box:read "uploads")
    assert.are.equal("## Graphs\n\nend\n", box:read "out/gh_graphs.txt")
    assert.are.equal("# Title\n\n## Graphs\n\nend\n", box:read "posted")
  end)

  it("uploads and writes the comment without posting it", function()
    start { upload = true, uploader = uploader(), comment = false, gh = gh() }
    assert.is_nil(box:read "calls")
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "out/comment.md")
    assert.is_false(run())
    assert.are.equal("nothing is left to publish in " .. box:at "out", said[3])
  end)

  it("writes the files where nothing is to be published", function()
    assert.is_true(start { upload = false, comment = false })
    assert.are.equal("# Title\n", box:read "out/gh_title.txt")
    assert.are.same({}, said)
  end)

  it("tries the other images where one fails, posts nothing, and goes on there later", function()
    local message = failure_of(4, start, both("case $1 in *a.png) test -e up || { echo starting; "
      .. "echo 'no quota' >&2; echo 'ask later' >&2; exit 9; };; esac"))
    has(message, "can't upload a.png: exit status 9: no quota; ask later; the command was: sh -c ")
    has(message, box:at "out/a.png" .. "; nothing is lost, 'benchrun publish " .. box:at "out")
    assert.is_nil(box:read "calls")
    assert.are.equal("## Graphs\n\nb : ![alt](https://img.example/b.svg)\n\nend\n",
      box:read "out/gh_graphs.txt")
    assert.are.equal("https://img.example/b.svg", state_now().images[2].url)
    failure_of(4, run)
    box:write("up", "")
    assert.is_true(run())
    assert.are.equal(box:at "out/b.svg" .. "\n" .. box:at "out/a.png" .. "\n", box:read "uploads")
    assert.are.equal(GRAPHS, box:read "out/gh_graphs.txt")
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "posted")
  end)

  it("keeps each address at once", function()
    start(both(("test ${1##*/} = a.png || cp out/publish.json seen")))
    local seen = cjson.decode(box:read "seen")
    assert.are.equal("https://img.example/a.png", seen.images[1].url)
    assert.is_nil(seen.images[2].url)
  end)

  it("takes the last line of the output, if it is an address", function()
    for printed, wanted in pairs {
      ["uploading\\nhttps://e.example/x.png\\r\\n\\n"] = "https://e.example/x.png",
      ["  HTTP://e.example:80/%20?a=b&c=~d#e \\n"] = "HTTP://e.example:80/%20?a=b&c=~d#e",
      ["/static/x-1_2.png"] = "/static/x-1_2.png", ["../x.png\\n"] = "../x.png",
    } do
      box:write("printed", (printed:gsub("\\n", "\n"):gsub("\\r", "\r")))
      start { upload = true, uploader = command("cat " .. box:at "printed") }
      assert.are.equal(wanted, state_now().images[1].url)
    end
  end)

  it("refuses what is no address, and names it", function()
    for _, printed in ipairs { "Error: no quota", "https://e.example/a b", "https://e.example/a)b",
      "x](y", "javascript:alert", "data:image/png;base64,AA==", "ftp://e.example/x", "https://",
      "https:x.png", "<x>", '"x"', "a\27[31m", "a\\b", "é.png", "`x`", "a|b" } do
      box:write("printed", "ok\n" .. printed)
      local message = failure_of(4, start,
        { upload = true, uploader = command("cat " .. box:at "printed") })
      has(message, "can't upload a.png: it printed no address but \"")
      assert.is_nil(state_now().images[1].url)
    end
    for _, script in ipairs { "true", "echo; echo '  '" } do
      has(failure_of(4, start, { upload = true, uploader = command(script) }),
        "can't upload a.png: it printed no address; ")
    end
  end)

  it("says why a command ended, and how much it had to say", function()
    publish.deadline = 0.3
    for script, reason in pairs {
      ["sleep 30"] = "not done after 0.3 s; ", ["kill -USR1 $$"] = "died of SIGUSR1; ",
      ["echo on output; exit 1"] = "exit status 1: on output; ", ["exit 3"] = "exit status 3; ",
      ["head -c 999999 /dev/zero | tr '\\0' x >&2; echo the end >&2; exit 2"] =
        "exit status 2: … x",
    } do
      local message = failure_of(4, start, { upload = true, uploader = command(script) })
      has(message, "can't upload a.png: " .. reason)
      assert.is_true(#message < 2000)
    end
    has(failure_of(4, start, { upload = true, uploader = { "no-such-uploader" } }),
      "no-such-uploader")
  end)

  it("makes no shell of hostile names and words", function()
    box:write("out/$(touch PWNED); a'b.png", "x")
    box:write("up 'loader", "#!/bin/sh\ntest -f \"$2\" && echo \"$1\" > " .. box:at "word"
      .. "\necho https://e.example/x")
    box:shell "chmod +x \"up 'loader\""
    local here = lfs.currentdir()
    assert(lfs.chdir(box.path))
    local ok, err = pcall(function()
      local settings = { upload = true, uploader = { "./up 'loader", "$HOME;`" } }
      local state = publish.prepare(config(settings),
        { { file = "p.txt", text = image_line "n" } },
        { { name = "n", files = { png = "out/$(touch PWNED); a'b.png" } } })
      assert(lfs.chdir "/") -- the program is the same from anywhere
      publish.write(box:at "out", state)
      run(state)
    end)
    assert(lfs.chdir(here))
    assert.is_true(ok, tostring(err))
    assert.are.equal("$HOME;`\n", box:read "word")
    assert.are.equal("n : ![alt](https://e.example/x)", box:read "out/p.txt")
    assert.is_nil(box:kind "PWNED")
  end)

  it("fails over the comment, names the command, and posts it later, once", function()
    local message = failure_of(4, start,
      both(nil, "test -e go || { echo 'HTTP 502' >&2; exit 1; }"))
    has(message, "can't post the comment to issue 7 of https://github.com/o/r.git: exit status 1: "
      .. "HTTP 502; the command was: sh -c ")
    has(message, "issue comment --repo=https://github.com/o/r.git 7 -F " .. box:at "out/comment.md")
    has(message, "'benchrun publish " .. box:at "out" .. "' tries again")
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "out/comment.md")
    assert.is_false(state_now().comment.posted)
    box:write("go", "")
    assert.is_true(run())
    assert.is_false(run())
    assert.are.equal(1, select(2, box:read "calls":gsub("issue\n", "")))
    assert.are.equal(2, select(2, box:read "uploads":gsub("\n", "")))
  end)

  it("says where it can't know whether the comment was posted", function()
    publish.deadline = 0.3
    has(failure_of(4, start, both(nil, "sleep 30")),
      "not done after 0.3 s; it may stand there all the same, look first; the command was")
  end)

  it("warns of a comment that is posted and can't be noted", function()
    local message = failure_of(4, start,
      both(nil, "rm out/publish.json; mkdir out/publish.json out/publish.json/x"))
    has(message, "the comment is posted to issue 7 of https://github.com/o/r.git, but that can't "
      .. "be noted: can't write " .. box:at "out/publish.json")
  end)

  it("makes one publication of two at once", function()
    local wait = "touch began; i=0; while test $i -lt 100 && ! test -e go; do sleep 0.05; "
      .. "i=$((i+1)); done"
    publish.write(box:at "out", prepare(both(nil, wait)))
    local other <close> = assert(proc.start { argv = { "lua5.4", "-e",
      "require('benchrun.publish').run(" .. ("%q"):format(box:at "out") .. ", print)" },
      stdout = box:at "first", stderr = box:at "first.err" })
    for _ = 1, 200 do
      if box:kind "began" then break end
      proc.wait({ other }, 0.05)
    end
    has(failure_of(4, run), "is being published by another benchrun; wait for it")
    box:write("go", "")
    assert.are.equal(1, proc.wait({ other }, 20))
    assert.are.equal(0, other:result().exit_code, box:read "first.err")
    assert.is_false(run())
    assert.are.equal(1, select(2, box:read "calls":gsub("issue\n", "")))
  end)

  it("writes what can be written where a file can't, and posts nothing", function()
    box:write("out/gh_title.txt/x", "")
    has(failure_of(4, start, both()), "can't write " .. box:at "out/gh_title.txt")
    assert.are.equal(GRAPHS, box:read "out/gh_graphs.txt")
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "out/comment.md")
    assert.is_nil(box:read "calls")
    box:shell "rm -r out/gh_title.txt"
    assert.is_true(run())
    assert.are.equal("# Title\n\n" .. GRAPHS, box:read "posted")
    assert.are.equal(2, select(2, box:read "uploads":gsub("\n", "")))
  end)

  it("has written the files when it begins to upload", function()
    start(both "cp out/gh_graphs.txt early")
    assert.are.equal("## Graphs\n\nend\n", box:read "early")
  end)

  it("posts nothing where the addresses can't be kept", function()
    local message = failure_of(4, start,
      both "test -d out/publish.json || { rm out/publish.json; mkdir -p out/publish.json/x; }")
    assert.are.equal("# Title\n", box:read "out/gh_title.txt")
    has(message, "can't write " .. box:at "out/publish.json")
    assert.is_nil(box:read "calls")
  end)

  it("cuts a comment that its addresses made too long", function()
    local long = { { file = "p.txt", text = ("word\n"):rep(13100) .. image_line "a" .. "\n" } }
    local far = "https://e.example/" .. ("x"):rep(300)
    local state = publish.prepare(config { upload = true, uploader = command("echo " .. far),
      comment = true, gh = gh(), repository = "o/r", issue = 1 }, long, { chart("a", "png") },
      long[1].text, "archive/run_1")
    publish.write(box:at "out", state)
    run(state)
    has(box:read "out/p.txt", "a : ![alt](" .. far .. ")")
    local posted = box:read "posted"
    assert.is_true(utf8.len(posted) <= comment.LIMIT)
    has(posted, "the whole is at `archive/run_1`\n")
  end)

  describe("prepare", function()
    it("finds the issue by the first dtype", function()
      local issue = { float32 = 11, default = 22 }
      assert.are.equal(11, prepare({ comment = true, gh = { "gh" }, issue = issue }).issue)
      assert.are.equal(22, prepare({ comment = true, gh = { "gh" }, issue = issue }, "amp").issue)
      assert.are.equal(7, prepare({ comment = true, gh = { "gh" } }, "amp").issue)
    end)

    it("raises an error of the config where something is missing", function()
      for message, settings in pairs {
        ["publish.issue: publish.issue: no number for dtype 'amp', and no `default`"] =
          { comment = true, gh = { "gh" }, issue = { float32 = 1 } },
        ["publish.comment: publish.comment: publish.repository is missing"] =
          { comment = true, gh = { "gh" }, repository = "" },
        ["publish.upload: publish.upload: there is no publish.uploader to do it"] =
          { upload = true },
      } do
        assert.are.equal(message, failure_of(3, prepare, settings, "amp"))
      end
      local nothing = config { comment = true, gh = { "gh" }, repository = "o/r" }
      has(failure_of(3, publish.check, nothing), "publish.comment: publish.issue: no number")
    end)

    it("uploads the png, else the svg, and names what it makes", function()
      local state = prepare(both())
      assert.are.same({ { name = "a", file = "a.png" }, { name = "b", file = "b.svg" } },
        state.images)
      assert.are.same({ "gh_title.txt", "gh_graphs.txt", "comment.md", "publish.json",
        ".benchrun.publish.lock" }, publish.files(state))
    end)

    it("keeps room for addresses", function()
      assert.are.equal(comment.LIMIT - 400, publish.limit(CHARTS))
      assert.are.equal(comment.LIMIT, publish.limit {})
    end)

    it("stands a report without comment and charts", function()
      local state = publish.prepare(config { comment = true, gh = { "gh" }, repository = "o/r",
        issue = 1 }, {}, {}, nil)
      publish.write(box:at "out", state)
      assert.is_true(run(state))
      assert.is_false(run())
    end)
  end)

  it("puts addresses into their own lines alone", function()
    box:write("out/x (1).png", "")
    local text = table.concat({ "x (1) : ![x](benchrun-image:x (1))", "",
      "x%20(1) : ![](benchrun-image:x%20%281%29)  ", "", "no benchrun-image:a here",
      "| ](benchrun-image:a) |", "", "gone : ![](benchrun-image:gone)", "", "last" }, "\n")
    local state = publish.prepare(config { upload = true, uploader = command "echo https://e/%41" },
      { { file = "p.txt", text = text } }, { { name = "x (1)", files = { png = "x (1).png" } } })
    publish.write(box:at "out", state)
    run(state)
    assert.are.equal(table.concat({ "x (1) : ![x](https://e/%41)", "",
      "x%20(1) : ![](https://e/%41)", "", "no benchrun-image:a here",
      "| ](benchrun-image:a) |", "", "last" }, "\n"), box:read "out/p.txt")
  end)

  describe("a folder's publish.json", function()
    local SETTINGS = { comment = true, gh = { "sh", "-c", "exit 0" } }

    local function written(change)
      local state = prepare(SETTINGS)
      if change then change(state) end
      publish.write(box:at "out", state)
    end

    it("must be there", function()
      has(failure_of(4, run), "nothing to publish in " .. box:at "out" .. ": ")
      assert.is_nil(box:kind "out/.benchrun.publish.lock")
      has(failure_of(4, publish.run, box:at "nowhere", say), "nowhere: no such directory")
      has(failure_of(4, publish.run, box:at "out/a.png", say), "a.png is a file, not an output")
    end)

    it("is obeyed only where nobody else can have written it", function()
      local function refusal(name, mode)
        written()
        box:shell(("chmod %s %s"):format(mode, name))
        local message = failure_of(4, run)
        box:shell("chmod go-w out out/publish.json")
        return message
      end
      has(refusal("out/publish.json", "g+w"), "out/publish.json can be written by others, who ")
      has(refusal("out/publish.json", "o+w"), "chmod go-w " .. box:at "out/publish.json")
      has(refusal("out", "g+w"), "chmod go-w " .. box:at "out")
      has(refusal("out", "o+w"), "out can be written by others")
      assert.is_true(run())
    end)

    it("is not obeyed through a link, nor as a pipe", function()
      written()
      os.rename(box:at "out/publish.json", box:at "theirs.json")
      lfs.link(box:at "theirs.json", box:at "out/publish.json", true)
      has(failure_of(4, run), "out/publish.json is a link; what it says to run is not run")
      os.remove(box:at "out/publish.json")
      box:shell "mkfifo out/publish.json"
      has(failure_of(4, run), "out/publish.json is a named pipe; ")
    end)

    it("of another user is not obeyed", function()
      written()
      local real = lfs.attributes
      lfs.attributes = function(path, what)
        if path == "/proc/self" then return 123456789 end
        return real(path, what)
      end
      local ok, message = pcall(failure_of, 4, run)
      lfs.attributes = real
      assert.is_true(ok, tostring(message))
      has(message, "out/publish.json belongs to another user")
      assert.is_nil(box:kind "calls")
    end)

    it("that is broken is one clear line", function()
      written()
      local whole = box:read "out/publish.json"
      local half = whole:sub(1, #whole // 2)
      for _, text in ipairs { "", "{", "[]", "[1]", "3", "null", '"x"', "\0", half, "{}",
        ("["):rep(5000), '{"version":1}' } do
        box:write("out/publish.json", text)
        local message = failure_of(4, run)
        has(message, "out/publish.json is broken: ")
        has(message, "; report again to make it anew")
      end
    end)

    it("with wrong values is refused, and nothing is run or written", function()
      for message, change in pairs {
        ["version 2 is not known"] = function(state) state.version = 2 end,
        ["version: an integer expected, got 1.5"] = function(state) state.version = 1.5 end,
        ["gh: a list expected, got \"gh\""] = function(state) state.gh = "gh" end,
        ["gh[1]: a string expected, got 3"] = function(state) state.gh = { 3 } end,
        ["gh[2]: a text without a NUL byte"] = function(state) state.gh = { "gh", "a\0b" } end,
        ["uploader: a list that is not empty"] = function(state) state.uploader = {} end,
        ["repository or issue is missing"] = function(state) state.issue = nil end,
        ["issue: at least 1 expected, got 0"] = function(state) state.issue = 0 end,
        ["issue: an integer expected, got \"7\""] = function(state) state.issue = "7" end,
        ["unknown key 'comand'"] = function(state) state.comand = "x" end,
        ["comment[1].file: \"../x\" is no"] = function(state) state.comment.file = "../x" end,
        ["parts[2].file: \"/etc/x\" is no"] = function(state) state.parts[2].file = "/etc/x" end,
        ["parts[1]: key 'text' is missing"] = function(state) state.parts[1].text = nil end,
        ["images[1].file: \"-rf\" is no name"] = function(state)
          state.images[1] = { name = "a", file = "-rf" }
        end,
        ["images[1].url: it printed no address but \"a b\""] = function(state)
          state.images[1] = { name = "a", file = "a.png", url = "a b" }
        end,
        ["comment.posted: a boolean expected"] = function(state) state.comment.posted = "no" end,
      } do
        written(change)
        has(failure_of(4, run), message)
        assert.is_nil(box:kind "out/gh_title.txt")
      end
    end)

    it("is never half written", function()
      written()
      local before = box:read "out/publish.json"
      assert.are.equal(1, select(2, before:gsub("\n", "")))
      local message = failure_of(4, publish.write, box:at "out/a.png", prepare(SETTINGS))
      has(message, "a.png")
      assert.are.equal(before, box:read "out/publish.json")
    end)

    it("stands a lock that is none", function()
      written()
      lfs.link(box:at "victim", box:at "out/.benchrun.publish.lock", true)
      has(failure_of(4, run), ".benchrun.publish.lock is a link, not a file of benchrun's")
      assert.is_nil(box:kind "victim")
    end)
  end)

  describe("with the real gh", function()
    local server, folder, address

    lazy_setup(function()
      folder = sandbox.new()
      server = assert(proc.start { stdout = folder:at "err", stderr = folder:at "err", argv = {
        "env", "-u", "LD_PRELOAD", "python3", "tests/github/server.py", folder.path } })
      for _ = 1, 200 do
        if folder:kind "port" or proc.wait({ server }, 0.1) then break end
      end
      local port = assert(folder:read "port", folder:read "err")
      address = "localhost:" .. port
    end)
    lazy_teardown(function()
      server:close()
      folder:remove()
    end)
    before_each(function()
      os.remove(folder:at "requests")
      os.remove(folder:at "status")
    end)

    local function settings()
      return { comment = true, repository = address .. "/o/r", upload = true, uploader = uploader(),
        gh = { "env", "-u", "LD_PRELOAD", "SSL_CERT_FILE=" .. folder:at "cert.pem",
          "GH_HOST=" .. address, "GH_ENTERPRISE_TOKEN=tok", "GH_PROMPT_DISABLED=1",
          "GH_NO_UPDATE_NOTIFIER=1", "HOME=" .. folder.path, "GH_CONFIG_DIR=" .. folder:at "gh",
          "gh" } }
    end

    -- What the server was asked, as "operation number"; the bodies of the comments.
    local function requests()
      local asked, bodies = {}, {}
      for line in (folder:read "requests" or ""):gmatch "[^\n]+" do
        local request = cjson.decode(line)
        assert.are.equal("/api/graphql token tok", request.path .. " " .. request.token)
        asked[#asked + 1] = request.operation
        if request.operation == "CommentCreate" then
          bodies[#bodies + 1] = request.variables.input.body
        else
          assert.are.same({ number = 7, owner = "o", repo = "r" }, request.variables)
        end
      end
      return asked, bodies
    end

    it("posts the comment as it is in the file", function()
      start(settings())
      local asked, bodies = requests()
      assert.are.same({ "IssueByNumber", "CommentCreate" }, asked)
      assert.are.same({ "# Title\n\n" .. GRAPHS }, bodies)
      assert.are.equal(("posted comment.md to issue 7 of %s/o/r: "
        .. "https://localhost/o/r/issues/7#issuecomment-1"):format(address), said[3])
      assert.is_true(state_now().comment.posted)
    end)

    it("loses nothing where the server fails, and posts once when it is well again", function()
      for status, said_by_gh in pairs {
        ["500"] = "HTTP 500: as the test wants it", ["401"] = "HTTP 401: as the test wants it",
        ["403 only comments"] = "403 Forbidden", gone = "Could not resolve to a Repository",
      } do
        folder:write("status", status)
        local message = failure_of(4, start, settings())
        has(message, "can't post the comment to issue 7 of " .. address .. "/o/r: exit status 1: ")
        has(message, said_by_gh)
        has(message, ("gh issue comment --repo=%s/o/r 7 -F %s"):format(address,
          box:at "out/comment.md"))
        has(message, "'benchrun publish " .. box:at "out" .. "' tries again")
        assert.are.equal("# Title\n\n" .. GRAPHS, box:read "out/comment.md")
      end
      assert.are.same({}, select(2, requests()))
      os.remove(folder:at "status")
      assert.is_true(run())
      assert.is_false(run())
      assert.are.same({ "# Title\n\n" .. GRAPHS }, select(2, requests()))
    end)

    it("ends a gh that never comes back", function()
      publish.deadline = 1
      folder:write("status", "hang")
      has(failure_of(4, start, settings()), "not done after 1 s; it may stand there all the same")
      assert.is_false(state_now().comment.posted)
    end)

    it("posts a comment of the largest size, in any writing", function()
      local line = "日本語 €𝄞 \\ \" <b> & `x` $y\n"
      local text = line:rep(comment.LIMIT // utf8.len(line))
      local wanted = settings()
      wanted.issue = 7
      local state = publish.prepare(config(wanted), {}, {}, text)
      publish.write(box:at "out", state)
      run(state)
      assert.are.same({ text }, select(2, requests()))
    end)
  end)

  it("writes a mode that its own check obeys", function()
    local _, out = box:shell "umask 022; touch x; stat -c %a x"
    assert.are.equal("644\n", out)
    publish.write(box:at "out", prepare { comment = false })
    assert.is_true(run())
    assert.is_truthy(sys.read_file(box:at "out/publish.json"))
  end)
end)
