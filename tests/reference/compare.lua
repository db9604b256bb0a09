-- Compares what the program left in a folder with what a case expects.
--
-- A case is a folder: case.json tells its arguments and, in `compare`, how it is judged; expected/
-- holds what the reference runner wrote, wanted/ what is right where that one is wrong. What is
-- judged is a working directory after a run, with stdout.txt, stderr.txt and exit.txt beside the
-- program's files. Compared are numbers, tables, names, commands and which files exist; prose is
-- free.

local cjson = require "cjson"
local commands = require "reference.commands"
local files = require "reference.files"
local tables = require "reference.tables"
local texts = require "reference.texts"

local compare = {}

-- Lists about a run, which are no files of it.
local LISTS = { ["exit.txt"] = true, ["stdout.txt"] = true, ["png_list.txt"] = true,
  ["archive_copy_list.txt"] = true, ["removed.txt"] = true }

-- Files -----------------------------------------------------------------------------------------

-- A summary never holds a name that the program made up.
local function diff_summary(path, expected, actual, say)
  texts.diff_csv(path, expected, actual, say, false)
end

-- By a file's name: functions of (path, expected text, actual text, say, is_generated).
local COMPARERS = {
  ["geomean.csv"] = diff_summary,
  ["passrate.csv"] = diff_summary,
  ["comp_time.csv"] = diff_summary,
  ["memory.csv"] = diff_summary,
  ["lookup.csv"] = texts.diff_csv,
  ["python_calls.txt"] = commands.diff_calls,
  ["uploader_calls.txt"] = texts.diff_uploads,
  ["gh_calls.txt"] = texts.diff_calls,
}

-- nil for a file that need only be there.
local function comparer_of(base)
  return COMPARERS[base]
    or base:find "^run_.*%.sh$" and commands.diff_script
    or base:find "^gh_.*%.txt$" and texts.diff_report
    or nil
end

local function is_compared(path, part)
  local base = files.base(path)
  if LISTS[path] then return false end
  if part == "summary_only" then
    return COMPARERS[base] == diff_summary or base == "gh_executive_summary.txt"
  end
  return not (part == "tables_only" and path:find "^archive/")
end

local function diff_files(expected, actual, part, say, is_generated)
  for _, path in ipairs(files.below(expected)) do
    local compared, found = is_compared(path, part), actual .. "/" .. path
    local comparer = comparer_of(files.base(path))
    if compared and not files.is_file(found) then
      say(path .. ": missing")
    elseif compared and comparer then
      comparer(path, files.read(expected .. "/" .. path), files.read(found), say, is_generated)
    end
  end
end

-- What stands around the files ------------------------------------------------------------------

local function status_of(folder) return tonumber(files.read(folder .. "/exit.txt") or "") end

local function diff_status(expected, actual, say)
  local wanted, found = status_of(expected), status_of(actual)
  if wanted and found and (wanted == 0) ~= (found == 0) then
    say(("exit status %d, expected %d"):format(found, wanted))
  end
end

local function diff_stdout(expected, actual, say)
  local wanted, found = files.read(expected .. "/stdout.txt"), files.read(actual .. "/stdout.txt")
  if wanted and found then texts.diff_output(wanted, found, say) end
end

-- Each line is a picture and its size in pixels, which is free.
local function diff_graphs(expected, actual, say)
  for _, line in ipairs(files.list(expected .. "/png_list.txt")) do
    local stem = files.stem(line:match "^(.*) [^ ]*$" or line)
    local path = actual .. "/" .. stem
    if not (files.is_filled(path .. ".png") or files.is_filled(path .. ".svg")) then
      say(stem .. ": no such graph (.png or .svg)")
    end
  end
end

local function diff_copies(expected, actual, say, is_generated)
  local copied = {}
  for _, path in ipairs(files.below(actual .. "/archive")) do
    copied[texts.patterned("archive/" .. path, is_generated)] = true
  end
  for _, line in ipairs(files.list(expected .. "/archive_copy_list.txt")) do
    if not line:find "%.png$" and not copied[texts.patterned(line, is_generated)] then
      say(line .. ": not copied to the archive")
    end
  end
end

local function diff_removed(expected, actual, say)
  for _, line in ipairs(files.list(expected .. "/removed.txt")) do
    if files.is_there(actual .. "/" .. line) then say(line .. ": should have been removed") end
  end
end

local function is_named_by_program(case)
  for _, word in ipairs(case.argv or {}) do
    if word:find "^%-%-archive%-name" then return false end
  end
  return #(case.argv or {}) > 0
end

local function forbidden(case, actual)
  local list = {}
  for _, path in ipairs(case.must_not_exist or {}) do
    if files.is_there(actual .. "/" .. path) then list[#list + 1] = path .. ": must not exist" end
  end
  return list
end

--- The differences between a working directory and one of a case's folders.
-- @param expected string path of expected/ or wanted/
-- @param actual string   path of the working directory
-- @param case table      what case.json holds
-- @param part string?    "summary_only", "tables_only" or "full", which is the default
-- @return table          list of lines; none where all is equal
function compare.folders(expected, actual, case, part)
  local lines = {}
  local function say(line) lines[#lines + 1] = line end
  local is_generated = is_named_by_program(case)
  diff_files(expected, actual, part, say, is_generated)
  if part == "summary_only" then return lines end
  diff_status(expected, actual, say)
  diff_stdout(expected, actual, say)
  diff_graphs(expected, actual, say)
  if part ~= "tables_only" then diff_copies(expected, actual, say, is_generated) end
  diff_removed(expected, actual, say)
  return lines
end

-- Refusals --------------------------------------------------------------------------------------

local TRACES = { "Traceback %(most recent", "stack traceback:", "Segmentation",
  "Assertion [^\n]* failed" }

local function status_problem(case, status)
  if status == 0 then return "exit status 0, expected a failure" end
  if status < 0 or status >= 128 then return ("died of a signal (%d)"):format(status) end
  if case.kind == "cli" and status ~= 2 then
    return ("exit status %d, expected 2 (wrong usage)"):format(status)
  end
end

local function message_problems(case, text, status, say)
  for _, trace in ipairs(TRACES) do
    if text:find(trace) then
      say "shows a stack trace instead of a message"
      break
    end
  end
  if status and status ~= 0 and not text:find "%S" then say "no message at all" end
  for _, word in ipairs(case.message_should_mention or {}) do
    if not text:find(word, 1, true) then say(("the message does not mention '%s'"):format(word)) end
  end
end

--- What is wrong with the way in which the program refused a case: a list of lines.
function compare.refusal(case, actual)
  local lines = {}
  local function say(line) lines[#lines + 1] = line end
  local status = status_of(actual)
  local problem = status and status_problem(case, status)
  if problem then say(problem) end
  local text = (files.read(actual .. "/stdout.txt") or "")
    .. (files.read(actual .. "/stderr.txt") or "")
  message_problems(case, text, status, say)
  for _, path in ipairs(case.kind == "print" and files.below(actual) or {}) do
    if path:find "^run_[^/]*%.sh$" then say(path .. ": left behind although it failed") end
  end
  return lines
end

-- Verdicts --------------------------------------------------------------------------------------

local function append(list, ...)
  for _, other in ipairs { ... } do table.move(other, 1, #other, #list + 1, list) end
  return list
end

-- None where one of two lists is empty, else both.
local function either(first, one, second, other)
  if #one == 0 or #other == 0 then return {} end
  return append({ first }, one, { second }, other)
end

local function tables_below(folder, pattern)
  local list = {}
  for _, path in ipairs(files.below(folder)) do
    if files.base(path):find(pattern) then
      append(list, tables.read(files.read(folder .. "/" .. path)))
    end
  end
  for _, each in ipairs(list) do each.section = "" end
  return list
end

local function is_found(wanted, list)
  for _, each in ipairs(list) do
    local differences = {}
    tables.diff("", { wanted }, { each }, function(line) differences[#differences + 1] = line end)
    if #differences == 0 then return true end
  end
  return false
end

-- Every table of a model's numbers, of both folders, must stand in some report.
local function both_somewhere(folder, actual)
  local lines, have = {}, tables_below(actual, "^gh_.*%.txt$")
  for _, name in ipairs { "expected", "wanted" } do
    for _, pattern in ipairs { "^gh_training%.txt$", "^gh_inference%.txt$" } do
      for _, each in ipairs(tables_below(folder .. "/" .. name, pattern)) do
        if not is_found(each, have) then
          lines[#lines + 1] = ("no table '%s' as in %s/"):format(each.caption, name)
        end
      end
    end
  end
  return lines
end

-- By the value of `compare`: functions of (case, its folder, the working directory).
local JUDGES = {
  none = function() return {} end,
  wanted = function(case, folder, actual)
    return compare.folders(folder .. "/wanted", actual, case)
  end,
  wanted_or_failure = function(case, folder, actual)
    return either("not as wanted:", compare.folders(folder .. "/wanted", actual, case),
      "and no clean refusal:", compare.refusal(case, actual))
  end,
  expected_or_wanted = function(case, folder, actual)
    return either("not as expected:", compare.folders(folder .. "/expected", actual, case),
      "and not as wanted:", compare.folders(folder .. "/wanted", actual, case))
  end,
  both_somewhere_or_failure = function(case, folder, actual)
    return either("not both:", both_somewhere(folder, actual), "and no clean refusal:",
      compare.refusal(case, actual))
  end,
  failure_or_success = function(case, _, actual)
    return status_of(actual) == 0 and {} or compare.refusal(case, actual)
  end,
}

local function judge(case, folder, actual)
  local how = case.compare or "full"
  if JUDGES[how] then return JUDGES[how](case, folder, actual) end
  if case.expect_failure then return compare.refusal(case, actual) end
  return compare.folders(folder .. "/expected", actual, case, how)
end

--- What case.json of a case's folder holds.
function compare.case(folder) return cjson.decode(assert(files.read(folder .. "/case.json"))) end

--- Judges a working directory by a case.
-- @param folder string the case's folder
-- @param actual string path of the working directory
-- @return string       "pass", "fail", or "skip" where the case has nothing to compare
-- @return table        list of lines: what differs
function compare.verdict(folder, actual)
  local case = compare.case(folder)
  local lines = append(judge(case, folder, actual), forbidden(case, actual))
  for _, text in ipairs(case.stdout_must_not_contain or {}) do
    if (files.read(actual .. "/stdout.txt") or ""):find(text, 1, true) then
      lines[#lines + 1] = ("stdout contains '%s'"):format(text)
    end
  end
  local has_nothing = case.compare == "none" and #(case.must_not_exist or {}) == 0
  return #lines > 0 and "fail" or has_nothing and "skip" or "pass", lines
end

return compare
