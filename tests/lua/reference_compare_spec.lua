-- The comparer of the reference cases must notice what is wrong and nothing else: a case's own
-- expected files, laid over its inputs, stand for a good result, which is then changed.

package.path = "tests/?.lua;" .. package.path

local cjson = require "cjson"
local lfs = require "lfs"
local commands = require "reference.commands"
local compare = require "reference.compare"
local files = require "reference.files"
local sandbox = require "sandbox"
local sys = require "benchrun.core.sys"
local tables = require "reference.tables"
local texts = require "reference.texts"
local words = require "benchrun.words"

-- A restless collector would find nothing here, Lua alone, and take minutes.
collectgarbage "generational"

local CASES = assert(sys.real_path "tests/golden/reference")

-- Results ---------------------------------------------------------------------------------------

-- Makes what a list of the case names but the case does not hold: pictures, copies.
local function add_listed(box, name, pattern)
  for _, line in ipairs(files.list(box:at(name))) do
    local path = line:match(pattern)
    if not box:kind(path) then box:write(path, "x") end
  end
end

-- The case's folder of results laid over its in/, in a new folder.
local function stand_in(id)
  local case, box = compare.case(CASES .. "/" .. id), sandbox.new()
  local result = case.compare:find "^wanted" and "wanted" or "expected"
  for _, name in ipairs { "in", result } do
    local folder = ("%s/%s/%s"):format(CASES, id, name)
    if lfs.attributes(folder) then
      assert(box:shell(words.command_line { "cp", "-R", folder .. "/.", "." }) == 0)
    end
  end
  add_listed(box, "png_list.txt", "^(.*) ")
  add_listed(box, "archive_copy_list.txt", "^.*$")
  return box
end

local function verdict(id, box)
  local found, lines = compare.verdict(CASES .. "/" .. id, box.path)
  return found, table.concat(lines, "\n")
end

local function case_names()
  local list = {}
  for id in lfs.dir(CASES) do
    if id:find "^%l" then list[#list + 1] = id end
  end
  table.sort(list)
  return list
end

-- Changes: functions of a file's text -----------------------------------------------------------

local function every(pattern, put) return function(text) return (text:gsub(pattern, put)) end end

local function once(pattern, put) return function(text) return (text:gsub(pattern, put, 1)) end end

-- Changes the list of the first table's rows in place.
local function rows(change)
  return function(text)
    local before, body, after =
      text:match "^(.-\n%+[-+]+%+\n|[^\n]*\n%+[-+]+%+\n)(.-)(\n%+[-+]+%+\n.*)$"
    local list = files.lines(body)
    change(list)
    return before .. table.concat(list, "\n") .. after
  end
end

local function next_digit(digit, rest) return tostring((digit + 1) % 10) .. rest end

local another_number = once("(%d)( *|\n)", next_digit)

local REPORT = "benchmark_logs/gh_"
local SCRIPT = "run_inference_cuda_float32_torchbench_huggingface_timm_models_"
  .. "eager_aot_eager_inductor_inductor_no_cudagraphs.sh"

-- By case: { what, file, change, what is said }. Where nothing is said the change is free.
local CHANGES = {
  vis_slowdowns_included = {
    { "a digit in a summary file", "benchmark_logs/geomean.csv", once("%d(%dx\n)", "7%1"),
      "geomean.csv: line 2, field 4" },
    { "a header in a summary file", "benchmark_logs/memory.csv", once("Compiler", "compilers"),
      "memory.csv: line 1, field 2" },
    { "a field missing", "benchmark_logs/passrate.csv", once(",[^,\n]*\n", "\n"),
      "passrate.csv: line 1: 3 fields, expected 4" },
    { "a line missing", "benchmark_logs/comp_time.csv", once("eager[^\n]*\n", ""),
      "comp_time.csv: 4 lines, expected 5" },
    { "quotes in a summary file", "benchmark_logs/comp_time.csv", every("eager", '"eager"'),
      "comp_time.csv: line 3, field 1" },
    { "quotes around a field", "benchmark_logs/comp_time.csv", once("\neager", '\n"eager"') },
    { "other line ends", "benchmark_logs/comp_time.csv", every("\n", "\r\n") },
    { "an empty file", "benchmark_logs/geomean.csv", every(".", ""), "0 lines, expected 5" },

    { "a digit in a table", REPORT .. "training.txt", another_number, "column 'inductor_no_cudag" },
    { "a row dropped", REPORT .. "training.txt",
      rows(function(list) table.remove(list, 3) end), "row missing" },
    { "a row doubled", REPORT .. "training.txt",
      rows(function(list) table.insert(list, 3, list[3]) end), "unexpected row" },
    { "rows out of order", REPORT .. "training.txt",
      rows(function(list) list[1], list[9] = list[9], list[1] end), "wrong order from row 1" },
    { "rows of a summary out of order", REPORT .. "executive_summary.txt",
      rows(function(list) list[1], list[2] = list[2], list[1] end), "wrong order from row 1" },
    { "a column's name", REPORT .. "training.txt", once("| bs ", "| size "),
      "columns are name | size" },
    { "two columns exchanged", REPORT .. "executive_summary.txt",
      once("torchbench( +|) huggingface", "huggingface%1 torchbench"), "columns are Compiler | h" },
    { "another caption", REPORT .. "training.txt", once("\n[^\n]*\n~~~\n%+", "\nFigures\n~~~\n+"),
      "unexpected: figures" },
    { "other marks and capitals in a caption", REPORT .. "executive_summary.txt",
      once("\nGeometric mean speedup", "\n**geometric Mean  Speedup:**") },
    { "a heading without its suite", REPORT .. "training.txt",
      once("torchbench suite with", "first suite with"), "heading does not name torchbench" },
    { "other padding", REPORT .. "training.txt", every("| +", "|   ") },
    { "other prose", REPORT .. "executive_summary.txt", once("We evaluate[^\n]*", "Some words.") },
    { "a table missing", REPORT .. "training.txt", once("\n%+%-.-\n~~~", "\n"), "; missing: " },

    { "another precision", REPORT .. "title.txt", once("float32", "double"),
      "does not name the precision 'float32'" },
    { "another run", REPORT .. "build_summary.txt", once("(### Run name ###\n)[^\n]*", "%1none"),
      "does not name the run" },
    { "another exit status", "exit.txt", once("0", "1"), "exit status 1, expected 0" },
  },

  dash_two_runs = {
    { "rows of warnings out of order", REPORT .. "warnings.txt",
      rows(function(list) table.insert(list, 1, table.remove(list)) end), "wrong order" },
    { "rows of a diff in another order", REPORT .. "summary_diff.txt",
      rows(function(list) list[1], list[2] = list[2], list[1] end) },
    { "another value in a diff", REPORT .. "summary_diff.txt", once("(%d)(x *|\n)", next_digit),
      "column 'cur_value'" },
    { "a regression left out", REPORT .. "metric_regression.txt",
      rows(function(list) table.remove(list, 1) end), "row missing" },
    { "a regression of another compiler", REPORT .. "metric_regression.txt",
      rows(function(list) list[1] = list[1]:gsub("inductor[%w_]*", "eager") end),
      "unexpected row: eager | " },
    { "regressions of another suite", REPORT .. "metric_regression.txt",
      once("Regressions for %S+", "Regressions for all"), "heading does not name torchbench" },
    { "another run compared", REPORT .. "summary_diff.txt",
      once("(Current report name: %S+)%d", "%1x"), "does not name the run day_" },
  },

  dash_ten_runs_upload = {
    { "another commit", REPORT .. "build_summary.txt", every("a1b2c3d4", "b1b2c3d4"),
      "does not name the commit 'a1b2c3d4'" },
    { "another image address", REPORT .. "graphs.txt", once("img%.example/", "img.example/z"),
      "images missing" },
    { "another image format", REPORT .. "graphs.txt", every("%.png", ".svg") },
    { "a digit in the comment", "gh_comment_posted.txt", another_number, "gh_comment_posted.txt" },
    { "a digit on standard output", "stdout.txt", another_number, "stdout: [" },
    { "a field of lookup.csv", "archive/lookup.csv", every("performance,float32", "x,float32"),
      "lookup.csv: line 1, field 2" },
    { "a line of lookup.csv missing", "archive/lookup.csv", once("[^\n]*\n$", ""),
      "lookup.csv: 10 lines, expected 11" },
    { "an upload left out", "uploader_calls.txt", once("^[^\n]*\n", ""), "missing: torchbench" },
    { "another format of uploads", "uploader_calls.txt", every("%.png", ".svg") },
    { "another issue", "gh_calls.txt", once("93518", "93794"),
      "'ARG 93794', expected 'ARG 93518'" },
  },

  dash_default_name = {
    { "another name made up", "archive/lookup.csv",
      once("%d+(,performance,float32,)day_[%d_]+_performance_float32_%d+\n$",
        "001%1day_001_01_01_25_performance_float32_999\n") },
    { "a name made up badly", "archive/lookup.csv", once("_float32_%d+\n$", "_float32_9\n"),
      "lookup.csv: line " },
  },

  print_inference_default = {
    { "an -x left out", SCRIPT, once(" %-x maml", ""), "-x differs; missing: maml" },
    { "an -x too many", SCRIPT, once(" %-x maml", " -x maml -x more"), "unexpected: more" },
    { "another order of -x", SCRIPT, every("(%-x %S+) (%-x %S+)", "%2 %1") },
    { "other comments and settings", SCRIPT, function(text)
      return "#!/bin/sh\nset -eu\n" .. text:gsub("# Commands for", "  # These are for")
    end },
    { "other quotes", SCRIPT, every("%-%-output=(%S+)", "'--output'=\"%1\"") },
    { "quotes that the shell keeps", SCRIPT, every("%-%-output=(%S+)", "--output='\"%1\"'"),
      'performance.csv"' },
    { "another option", SCRIPT, once(" %-%-dashboard", " --no-dashboard"), "'--no-dashboard'" },
    { "a command left out", SCRIPT, once("python[^\n]*\n", ""), "25 commands, expected 26" },
    { "two commands exchanged", SCRIPT, once("(python[^\n]*)\n(python[^\n]*)", "%2\n%1"),
      "command 3, word" },
    { "a script that is not named", "stdout.txt", every("run_", "ran_"),
      "stdout: does not name run_" },
  },

  run_end_to_end = {
    { "another call of the harness", "python_calls.txt", once("%-%-accuracy", "--performance"),
      "python_calls.txt: command 3, word 2" },
  },
}

-- By case: files that must be there, and what is said of one that is not.
local MUST_BE = {
  vis_slowdowns_included = {
    ["benchmark_logs/geomean.csv"] = "geomean.csv: missing",
    ["benchmark_logs/gh_warnings.txt"] = "gh_warnings.txt: missing",
    ["benchmark_logs/torchbench_float32.png"] = "torchbench_float32: no such graph",
  },
  print_inference_default = { [SCRIPT] = SCRIPT .. ": missing" },
  dash_ten_runs_upload = {
    ["gh_calls.txt"] = "gh_calls.txt: missing",
    ["archive/day_082_23_03_23_performance_float32_555/geomean.csv"] = "not copied to the archive",
  },
}

describe("the reference comparer", function()
  local boxes = {}

  teardown(function()
    for _, box in pairs(boxes) do box:remove() end
  end)

  -- The verdict on a good result of the case with another text, or none, in one of its files.
  local function verdict_with(id, name, change)
    boxes[id] = boxes[id] or stand_in(id)
    local box = boxes[id]
    local text = box:read(name)
    local changed = change(text)
    assert.is_true(text ~= changed, "nothing was changed")
    if changed then box:write(name, changed) else assert(os.remove(box:at(name))) end
    local found, lines = verdict(id, box)
    box:write(name, text)
    return found, lines
  end

  it("finds nothing wrong with the cases' own results", function()
    for _, id in ipairs(case_names()) do
      if not compare.case(CASES .. "/" .. id).expect_failure then
        local box <close> = stand_in(id)
        assert.are.same({ id, "pass", "" }, { id, verdict(id, box) })
      end
    end
  end)

  for id, changes in pairs(CHANGES) do
    for _, each in ipairs(changes) do
      local what, name, change, message = table.unpack(each, 1, 4)
      it((message and "notices " or "allows ") .. what, function()
        local found, lines = verdict_with(id, name, change)
        assert.are.equal(message and "fail" or "pass", found, lines)
        assert.is_truthy(lines:find(message or "", 1, true), lines)
      end)
    end
  end

  for id, paths in pairs(MUST_BE) do
    for path, message in pairs(paths) do
      it("notices that there is no " .. path, function()
        local found, lines = verdict_with(id, path, function() return nil end)
        assert.are.equal("fail", found)
        assert.is_truthy(lines:find(message, 1, true), lines)
      end)
    end
  end

  it("takes a drawing for a picture, but no empty file", function()
    local box <close> = stand_in "vis_slowdowns_included"
    local picture = "benchmark_logs/torchbench_float32"
    os.rename(box:at(picture .. ".png"), box:at(picture .. ".svg"))
    assert.are.equal("pass", (verdict("vis_slowdowns_included", box)))
    box:write(picture .. ".svg", "")
    assert.are.equal("fail", (verdict("vis_slowdowns_included", box)))
  end)

  it("allows the flag compilers' columns in another order", function()
    local function table_of(...) return { { section = "", caption = "Speedup warnings", ... } } end
    local expected = table_of()
    expected[1].head, expected[1].rows = { "suite", "name", "a", "b" }, { { "s", "x", "1", "2" } }
    local actual = table_of()
    actual[1].head, actual[1].rows = { "suite", "name", "b", "a" }, { { "s", "x", "2", "1" } }
    local lines = {}
    local function say(line) lines[#lines + 1] = line end
    tables.diff("x", expected, actual, say)
    assert.are.same({}, lines)
    actual[1].rows[1] = { "s", "x", "1", "2" }
    tables.diff("x", expected, actual, say)
    assert.are.same({ "x: [] Speedup warnings: row 's | x', column 'a': '2', expected '1'",
      "x: [] Speedup warnings: row 's | x', column 'b': '1', expected '2'" }, lines)
  end)
end)

-- Ways to judge ---------------------------------------------------------------------------------

-- A case of its own in a sandbox: expected/ and wanted/ hold a value each.
local function own_case(case)
  local box = sandbox.new()
  case.argv = case.argv or {}
  box:write("case/case.json", cjson.encode(case))
  for _, name in ipairs { "expected", "wanted" } do
    box:write(("case/%s/geomean.csv"):format(name), name .. "\n")
    box:write(("case/%s/gh_training.txt"):format(name),
      ("Speedup\n+---+\n| name |\n+---+\n| %s |\n+---+\n"):format(name))
    box:write(("case/%s/exit.txt"):format(name), "0\n")
    box:write(("case/%s/archive/lookup.csv"):format(name), name .. "\n")
  end
  return box
end

-- The verdict on a result like one of the case's folders, or on a refusal ("refused", "crashed").
local function judged(case, like)
  local box <close> = own_case(case)
  if like == "expected" or like == "wanted" then
    assert(box:shell("cp -R case/" .. like .. " result") == 0)
  else
    box:write("result/exit.txt", "1\n")
    box:write("result/stderr.txt", like == "refused" and "no such file: x.csv\n"
      or "stack traceback:\n")
  end
  return (compare.verdict(box:at "case", box:at "result"))
end

local LIKE = { "expected", "wanted", "refused", "crashed" }

describe("a case is judged", function()
  for how, verdicts in pairs {
    full = "pass fail fail fail",
    summary_only = "pass fail fail fail",
    tables_only = "pass fail fail fail",
    wanted = "fail pass fail fail",
    expected_or_wanted = "pass pass fail fail",
    wanted_or_failure = "fail pass pass fail",
    both_somewhere_or_failure = "fail fail pass fail",
    failure_or_success = "pass pass pass fail",
    none = "skip skip skip skip",
  } do
    it("by its kind: " .. how, function()
      local found = {}
      for i, like in ipairs(LIKE) do found[i] = judged({ compare = how }, like) end
      assert.are.equal(verdicts, table.concat(found, " "))
    end)
  end

  it("by both of its results where both must be somewhere", function()
    local box <close> = own_case { compare = "both_somewhere_or_failure" }
    for _, name in ipairs { "expected", "wanted" } do
      box:write("result/gh_" .. name .. ".txt", box:read("case/" .. name .. "/gh_training.txt"))
    end
    assert.are.equal("pass", (compare.verdict(box:at "case", box:at "result")))
  end)

  it("without its archive where tables only count, by its summary where that does", function()
    local function changed(how, path)
      local box <close> = own_case { compare = how }
      assert(box:shell "cp -R case/expected result" == 0)
      box:write("result/" .. path, "other\n")
      return (compare.verdict(box:at "case", box:at "result"))
    end
    assert.are.equal("pass", changed("tables_only", "archive/lookup.csv"))
    assert.are.equal("fail", changed("tables_only", "geomean.csv"))
    assert.are.equal("fail", changed("full", "archive/lookup.csv"))
    assert.are.equal("pass", changed("summary_only", "gh_training.txt"))
    assert.are.equal("fail", changed("summary_only", "geomean.csv"))
  end)

  it("by what must not be there", function()
    local case = { compare = "none", must_not_exist = { "left.txt" } }
    local box <close> = own_case(case)
    box:write("result/exit.txt", "0\n")
    assert.are.equal("pass", (compare.verdict(box:at "case", box:at "result")))
    box:write("result/left.txt", "")
    local found, lines = compare.verdict(box:at "case", box:at "result")
    assert.are.same({ "fail", { "left.txt: must not exist" } }, { found, lines })
  end)

  it("by what must be gone and by what must not be said", function()
    local box <close> = own_case { compare = "full", stdout_must_not_contain = { "secret" } }
    box:write("case/expected/removed.txt", "old.csv\n")
    assert(box:shell "cp -R case/expected result" == 0)
    assert.are.equal("pass", (compare.verdict(box:at "case", box:at "result")))
    box:write("result/old.csv", "")
    box:write("result/stdout.txt", "a secret\n")
    local _, lines = compare.verdict(box:at "case", box:at "result")
    assert.are.same({ "old.csv: should have been removed", "stdout contains 'secret'" }, lines)
  end)
end)

describe("a refusal", function()
  local function problems(case, status, message)
    local box <close> = sandbox.new()
    box:write("exit.txt", status .. "\n")
    box:write("stderr.txt", message)
    if case.kind == "print" then box:write("run_x.sh", "") end
    return table.concat(compare.refusal(case, box.path), "; ")
  end

  it("is fine with a status and a message", function()
    assert.are.equal("", problems({ kind = "cli" }, 2, "unknown option"))
    assert.are.equal("", problems({ message_should_mention = { "x.csv" } }, 3, "no x.csv"))
  end)

  it("is none without them", function()
    assert.are.equal("exit status 0, expected a failure", problems({}, 0, "unknown option"))
    assert.are.equal("exit status 3, expected 2 (wrong usage)", problems({ kind = "cli" }, 3, "x"))
    assert.are.equal("died of a signal (139)", problems({}, 139, "x"))
    assert.are.equal("no message at all", problems({}, 2, " \n"))
    assert.are.equal("the message does not mention 'x.csv'",
      problems({ message_should_mention = { "x.csv" } }, 3, "no such file"))
    assert.are.equal("shows a stack trace instead of a message",
      problems({}, 1, "Traceback (most recent call last):"))
    assert.are.equal("run_x.sh: left behind although it failed",
      problems({ kind = "print" }, 2, "x"))
  end)
end)

-- Reading ---------------------------------------------------------------------------------------

describe("the comparer reads", function()
  it("a table with bars in cells, and one without rows", function()
    assert.are.same({
      { section = "One", caption = "*Caption*", head = { "n", "v" }, rows = { { "a|é", "1" } } },
      { section = "One", caption = "None", head = { "n" }, rows = {} },
    }, tables.read("## One ##\n*Caption*\n~~~\n+-----+---+\n|  n  | v |\n+-----+---+\n"
      .. "| a|é | 1 |\n+-----+---+\n~~~\nNone\n+---+\n| n |\n+---+\n+---+\n"))
  end)

  it("a table that breaks off", function()
    assert.are.same({ { section = "", caption = "", head = { "n" }, rows = { { "1" } } } },
      tables.read "+---+\n| n |\n+---+\n| 1 |")
    assert.are.same({ { section = "", caption = "", head = {}, rows = {} } }, tables.read "+---+")
    assert.are.same({}, tables.read "+ - +\n++\n+--\n")
  end)

  it("the words of a command as the shell does", function()
    for line, expected in pairs {
      ["a  b\tc"] = { "a", "b", "c" },
      ["'a b' \"c d\"e\\ f"] = { "a b", "c de f" },
      ["--output='it'\\''s'"] = { "--output=it's" },
      ['"\\$x \\"y\\" \\n" \'\''] = { '$x "y" \\n', "" },
      ["a#b # c"] = { "a#b" },
      ["  "] = {},
    } do
      assert.are.same(expected, commands.words(line), line)
    end
    for _, line in ipairs { "'a", 'b "', '"a\\"', "c \\" } do
      assert.is_nil(commands.words(line))
    end
  end)

  it("the rows of a CSV text", function()
    assert.are.same({ { "a", "b,c", 'd"e' }, { "", "" }, { "f\ng" } },
      texts.rows 'a,"b,c","d""e"\n\n,\n"f\ng"\n')
    assert.are.same({ { "a", "" } }, texts.rows "a,")
    assert.are.same({ { "a" }, { "open\n" } }, texts.rows 'a\n"open\n')
    assert.are.same({}, texts.rows "")
  end)

  it("names that the program made up as patterns", function()
    local name = "archive/day_082_23_03_23_performance_bfloat16_555"
    assert.are.equal("archive/day_DDD_performance_bfloat16_RRR/x day_1",
      texts.patterned(name .. "/x day_1", true))
    assert.are.equal(name, texts.patterned(name, false))
    assert.are.equal(name .. "5", texts.patterned(name .. "5", true))
  end)

  it("paths without their suffixes", function()
    for path, stem in pairs { ["a/b.c.png"] = "a/b.c", ["a.b/c"] = "a.b/c", [".x"] = ".x",
      ["a/.x.png"] = "a/.x", [""] = "" } do
      assert.are.equal(stem, files.stem(path))
    end
  end)
end)
