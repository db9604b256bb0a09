-- As a step of a CI job: what the exit status says, annotations and the step summary.
--
-- GitHub Actions reads commands from lines of standard output that begin with "::". At most ten
-- annotations of a kind are shown for a step. Everything in them is data of the run: it is cleaned
-- and escaped, so that no line of it is a command of its own. Elsewhere nothing is written.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local results_module = require "benchrun.results"
local text = require "benchrun.text"
local words = require "benchrun.words"

local ci = {}

local MOST = 10               -- annotations of a kind
local SUMMARY_MAX = 1024 << 10 -- bytes of a step's summary

-- Exit status -------------------------------------------------------------------------------------

local function wants_failures(config)
  return config.fail_on == "failure" or config.fail_on == "any"
end

local function wants_regressions(config)
  return config.fail_on == "regression" or config.fail_on == "any"
end

local function is_failed(each) return each.outcome ~= "ok" and each.outcome ~= "skip" end

--- Raises an error at the config's key fail_on where it asks for what can't be seen: regressions
--- without an archive or a comparison. To be called before anything runs.
function ci.check(config)
  if not wants_regressions(config) then return end
  local what = ("fail_on: '%s' compares with earlier runs"):format(config.fail_on)
  if not config.archive.path then
    config.fail({ "fail_on" }, what .. ", which an archive keeps; set archive.path "
      .. "(--archive-path)")
  end
  if config.detect_regressions == false then
    config.fail({ "fail_on" }, what .. ", which detect_regressions (--no-detect-regressions) "
      .. "turns off")
  end
end

--- True if any cell or any benchmark's accuracy or performance failed.
function ci.has_failures(results)
  for _, each in ipairs(results.outcomes or {}) do
    if is_failed(each) then return true end
  end
  return results.failures > 0
end

--- True if something was compared with an earlier run.
function ci.has_compared(results)
  for _, suite in ipairs(results.comparison and results.comparison.suites or {}) do
    for _, pair in ipairs(suite.pairs) do
      if pair.previous then return true end
    end
  end
  return false
end

--- Adds a notice to results where config.fail_on asks for regressions and there was no earlier run:
--- a green light that has seen nothing must say so. To be called before the report is made.
function ci.note(config, results)
  if not wants_regressions(config) or ci.has_compared(results) then return end
  table.insert(results.notices, ("no earlier run to compare with: fail_on '%s' could see no "
    .. "regression"):format(config.fail_on))
end

--- The exit status that config.fail_on asks for: fail.status.failed or ok. Whether anything was
--- measured at all is for the caller to tell.
function ci.status(config, results)
  local comparison = results.comparison
  local is_worse = comparison ~= nil and comparison.count > 0
  if wants_failures(config) and ci.has_failures(results) then return fail.status.failed end
  if wants_regressions(config) and is_worse then return fail.status.failed end
  return fail.status.ok
end

-- Annotations -------------------------------------------------------------------------------------

local DATA = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A" }
local PROPERTY = { ["%"] = "%25", ["\r"] = "%0D", ["\n"] = "%0A", [":"] = "%3A", [","] = "%2C" }

-- lines: list of texts, each of one line.
local function command(kind, title, lines)
  local cleaned = {}
  for i, line in ipairs(lines) do cleaned[i] = text.clean(line) end
  return ("::%s title=%s::%s"):format(kind, text.clean(title):gsub("[%%\r\n:,]", PROPERTY),
    (table.concat(cleaned, "\n"):gsub("[%%\r\n]", DATA)))
end

local function in_suite(suite, label) return label and ("%s, %s"):format(suite, label) or suite end

local function failed_cells(results)
  local list = {}
  for _, each in ipairs(results.outcomes or {}) do
    if is_failed(each) then
      local cell, lines = each.cell, { each.reason or "" }
      if cell.argv then lines[2] = words.command_line_with(cell.env or {}, cell.argv) end
      list[#list + 1] = command("error", ("%s: %s"):format(each.outcome, cell.id), lines)
    end
  end
  return list
end

local function key_of(suite, label, metric, compiler, name)
  return table.concat({ suite, label or "", metric, compiler, name }, "\0")
end

-- Adds an annotation for each regression, and its key to known.
local function add_regressions(list, results, known)
  for _, suite in ipairs(results.comparison and results.comparison.suites or {}) do
    for _, each in ipairs(suite.tables) do
      local compilers, names, old, new = table.unpack(each.cells)
      for row, name in ipairs(names) do
        local metric, compiler = each.metric.name, compilers[row]
        known[key_of(suite.name, suite.label, metric, compiler, name)] = true
        list[#list + 1] = command("warning", ("regression: %s [%s]"):format(name, compiler),
          { ("%s: %s was %s, is %s"):format(in_suite(suite.name, suite.label), metric, old[row],
            new[row]) })
      end
    end
  end
end

-- The rows of a warning under a compiler. label: of the group, nil for the only one.
local function add_flagged(list, warning, compiler, label, known)
  local metric, columns = warning.metric, warning.frame:to_table()
  local texts = results_module.table_columns(warning.frame, { compiler })[1]
  for row, name in ipairs(columns.name) do
    local suite = columns.suite[row]
    local is_known = known[key_of(suite, label, metric.name, compiler, name)]
    if metric.flag(columns[compiler][row]) and not is_known then
      list[#list + 1] = command("warning", ("flagged: %s [%s]"):format(name, compiler),
        { ("%s: %s is %s"):format(in_suite(suite, label), metric.name,
          texts[row] ~= "" and texts[row] or "missing") })
    end
  end
end

-- What got worse comes first: of many warnings only the first are shown.
local function warnings(results)
  local list, known = {}, {}
  add_regressions(list, results, known)
  for _, group in ipairs(results.groups) do
    local label = #results.groups > 1 and group.label or nil
    for _, warning in ipairs(group.warnings) do
      for _, compiler in ipairs(group.flag_compilers) do
        add_flagged(list, warning, compiler, label, known)
      end
    end
  end
  return list
end

local function notices(results)
  local list = {}
  local function add(lines)
    for _, line in ipairs(lines) do list[#list + 1] = command("notice", "benchrun", { line }) end
  end
  add(results.notices)
  add(results.comparison and results.comparison.notices or {})
  return list
end

-- The line in the place of those that are too many is for the log: GitHub would not show it either.
local function write(out, list, what)
  for i = 1, math.min(#list, MOST) do out:write(list[i], "\n") end
  if #list > MOST then
    out:write(("benchrun: %d more %s; the report has them all\n"):format(#list - MOST, what))
  end
end

--- True in a job of GitHub Actions. getenv: as os.getenv.
function ci.is_github(getenv) return getenv "GITHUB_ACTIONS" == "true" end

--- Writes results as annotations of GitHub Actions: failed cells as errors, regressions and flagged
--- benchmarks as warnings, notices as notices; at most ten of a kind. Nothing in other places.
--- getenv: as os.getenv; out: with a method write.
function ci.annotate(results, getenv, out)
  if not ci.is_github(getenv) then return end
  write(out, failed_cells(results), "failed cells")
  write(out, warnings(results), "regressions and flagged benchmarks")
  write(out, notices(results), "notices")
end

--- Calls print, of which GitHub Actions takes no line for a command: a report shows names that are
--- data. getenv, out: as for ci.annotate. Errors pass through.
function ci.shield(getenv, out, print)
  if not ci.is_github(getenv) then return print() end
  local token = ("benchrun-%016x"):format(math.random(0))
  out:write("::stop-commands::", token, "\n")
  local _ <close> = setmetatable({}, { __close = function() out:write("::", token, "::\n") end })
  return print()
end

-- Step summary ------------------------------------------------------------------------------------

local NOTE = "\n… cut here: a step's summary takes no more. The report among the files is whole.\n"

local ENDING_MAX = 1 << 10 -- bytes kept free for the ending of what is cut

-- The whole lines of markdown that fit into `room` bytes with what is said of the cut, or nil.
local function cut(markdown, room)
  local head = markdown:sub(1, math.max(0, room - #NOTE - ENDING_MAX)):match("^.*\n")
  local made = head and head .. require("benchrun.comment").closing(head) .. NOTE
  return made and #made <= room and made or nil
end

-- Appends to a file of others. Returns nil and the problem where it can't.
local function append(path, bytes)
  local file, problem = io.open(path, "ab")
  if not file then return nil, problem end
  local ok
  ok, problem = file:write(bytes)
  local closed, at_end = file:close()
  return ok and closed, problem or at_end
end

local function size_of(path) return lfs.attributes(path, "size") or 0 end

--- Appends Markdown to the step summary of GitHub Actions, if there is one, as far as it has room.
--- Returns nil, or a line that says what could not be written. getenv: as os.getenv.
function ci.summary(markdown, getenv)
  local path = getenv "GITHUB_STEP_SUMMARY"
  if not ci.is_github(getenv) or not path or path == "" then return nil end
  local room = SUMMARY_MAX - size_of(path)
  if #markdown > room then markdown = cut(markdown, room) end
  if not markdown then return "the step summary is full; the report is not in it" end
  local ok, problem = append(path, markdown)
  if ok then return nil end
  return "the step summary can't be written: " .. text.clean(tostring(problem))
end

return ci
