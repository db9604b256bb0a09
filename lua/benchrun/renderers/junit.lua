-- Results as JUnit XML, as CI systems read it: a testsuite a suite, a testcase a benchmark under a
-- compiler. There is no standard; this keeps to the elements and attributes that the schema of
-- Jenkins' xUnit plugin has, which pytest and others write too.
--
-- Names are data: what XML 1.0 can't hold is shown as an escape.

local cases = require "benchrun.cases"
local text = require "benchrun.text"
local words = require "benchrun.words"

local ENTITIES = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;",
  ["'"] = "&apos;" }

-- U+FFFE and U+FFFF are valid UTF-8 that XML forbids.
local FORBIDDEN = { ["\u{fffe}"] = "\\u{fffe}", ["\u{ffff}"] = "\\u{ffff}" }

local function escaped(raw)
  local line = text.clean(raw):gsub("\xEF\xBF[\xBE\xBF]", FORBIDDEN)
  return (line:gsub("[&<>\"']", ENTITIES))
end

-- pairs: names and values in turn.
local function attributes(...)
  local parts = {}
  for i = 1, select("#", ...), 2 do
    local name, value = select(i, ...)
    parts[#parts + 1] = value and (' %s="%s"'):format(name, escaped(tostring(value))) or ""
  end
  return table.concat(parts)
end

local function seconds_text(seconds)
  local is_finite = seconds and seconds - seconds == 0
  return is_finite and ("%.6f"):format(math.max(0, seconds)) or nil
end

local function count(list)
  local counts = { failure = 0, error = 0, skipped = 0 }
  for _, case in ipairs(list) do
    if case.verdict then counts[case.verdict] = counts[case.verdict] + 1 end
  end
  return counts
end

-- What can be done about it: the command, where a cell is to blame and not just left out.
local function body_of(case)
  local lines = { escaped(case.message) }
  if case.cell and case.verdict == "error" and case.cell.argv then
    lines[2] = escaped(words.command_line_with(case.cell.env or {}, case.cell.argv))
  end
  return table.concat(lines, "\n")
end

local function add_case(lines, suite, case)
  local open = "    <testcase" .. attributes("name", ("%s [%s]"):format(case.name, case.compiler),
    "classname", suite.title .. "." .. case.compiler, "time", seconds_text(case.seconds))
  if not case.verdict then
    lines[#lines + 1] = open .. "/>"
    return
  end
  lines[#lines + 1] = open .. ">"
  lines[#lines + 1] = ("      <%s%s>%s</%s>"):format(case.verdict,
    attributes("type", case.type, "message", case.message), body_of(case), case.verdict)
  lines[#lines + 1] = "    </testcase>"
end

local function add_suite(lines, suite, counts)
  lines[#lines + 1] = "  <testsuite" .. attributes("name", suite.title, "tests", #suite.cases,
    "failures", counts.failure, "errors", counts.error, "skipped", counts.skipped, "time",
    seconds_text(suite.wall)) .. ">"
  for _, case in ipairs(suite.cases) do add_case(lines, suite, case) end
  lines[#lines + 1] = "  </testsuite>"
end

local function add_suites(lines, suites)
  local all = { tests = 0, failure = 0, error = 0 }
  for _, suite in ipairs(suites) do
    local counts = count(suite.cases)
    add_suite(lines, suite, counts)
    all.tests = all.tests + #suite.cases
    all.failure, all.error = all.failure + counts.failure, all.error + counts.error
  end
  return all
end

--- JUnit XML of options.results, with the metrics of options.registry. Without results: of no
--- suites. The blocks are for readers and count for nothing here.
local function render(_, options)
  local results, lines = options.results, {}
  local all = add_suites(lines, results and cases.collect(results, options.registry) or {})
  table.insert(lines, 1, '<?xml version="1.0" encoding="UTF-8"?>')
  table.insert(lines, 2, "<testsuites" .. attributes("name", results and results.run_name
    or "benchrun", "tests", all.tests, "failures", all.failure, "errors", all.error) .. ">")
  lines[#lines + 1] = "</testsuites>"
  return table.concat(lines, "\n") .. "\n"
end

return { help = "JUnit XML for CI systems: a test case a benchmark and compiler",
  extension = ".xml", render = render }
