-- Results of small logs for the specs of what CI systems read, and programs to check it with.

local frames = require "benchrun.core.frame"
local logs_fixture = require "logs_fixture"
local registry = require("benchrun.registry").new(nil)
local results_module = require "benchrun.results"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local fixture = { registry = registry }

local ROWS = {
  performance = { { "dot", 8, "2.0" }, { "fft", 8, "4.0" }, { "sum", 8, "1.5" } },
  accuracy = { { "dot", "pass" }, { "fft", "fail_accuracy" }, { "sum", "pass" } },
}
local PASSES = { { "dot", "pass" }, { "fft", "pass" }, { "sum", "pass" } }

-- The outcome of a cell whose log was not written.
local function outcome_of(cell, given)
  local word, reason = table.unpack(given or { "ok", "" })
  return { cell = cell, outcome = word, reason = reason, wall = 1.5, peak_bytes = 4096 }
end

--- Collected results of compilers base (all well) and fast (fft fails accuracy). options:
---   axes      for logs_fixture.plan
---   outcomes  cell id → { word, reason }; such a cell writes no log, unless `writes` holds its id
---   rows      cell id → rows of its log
---   finished  true: no outcomes are known
---   config    keys of the config
function fixture.results(options)
  local folder = logs_fixture.folder()
  local plan, outcomes = logs_fixture.plan(folder, options.axes or {}), {}
  for i, cell in ipairs(plan) do
    local given = (options.outcomes or {})[cell.id]
    cell.argv, cell.env = { "harness", "--only", "a b" }, {}
    cell.benchmarks = { { name = "dot" }, { name = "fft" }, { name = "sum" } }
    if given and given[1] == "skip" then cell.skip = given[2] end
    if not given or (options.writes or {})[cell.id] then
      local is_well = cell.testing == "accuracy" and cell.compiler == "base"
      logs_fixture.log(folder, cell, (options.rows or {})[cell.id] or is_well and PASSES
        or ROWS[cell.testing])
    end
    outcomes[i] = outcome_of(cell, given)
  end
  local config = logs_fixture.config { report = {}, fail_on = "never", mode = "inference",
    file = "ci.lua", archive = {} }
  for key, value in pairs(options.config or {}) do config[key] = value end
  local collected = results_module.collect(config, plan, not options.finished and outcomes or nil,
    registry)
  folder:remove()
  collected.run_name = "day_001"
  collected.facts = { { title = "host", value = "bench-1" } }
  return collected
end

--- A comparison as regress.compare makes it. rows: list of { compiler, name, before, now }, of the
--- metric speedup.
function fixture.comparison(rows, label)
  local cells = { {}, {}, {}, {} }
  for r, row in ipairs(rows) do
    for c, text in ipairs(row) do cells[c][r] = text end
  end
  local tables = #rows > 0 and { { metric = registry:get("metrics", "speedup"), cells = cells,
    columns = { "compiler", "name", "prev_status", "cur_status" } } } or {}
  local diff = { label = label, current = "archive/b", previous = "archive/a", tables = {
    { name = "passrate", title = "Passrate",
      columns = { "compiler", "suite", "prev_value", "cur_value" },
      cells = { { "fast" }, { "numeric" }, { "100%, 3/3" }, { "67%, 2/3" } } } } }
  return { count = #rows, notices = { "a: no such log" }, summary_diffs = { diff },
    summary_diff = diff, suites = { { name = "numeric", label = label, tables = tables,
      pairs = { { compiler = "fast", current = "archive/b", previous = "archive/a" } } } } }
end

--- Names that try to get out of wherever they are put. No log holds them all; see hostile_results.
fixture.hostile = { '<&">\'', "a\nb", "]]>", "\xff\xfe", "\1\27[31m", "::error::x",
  "\u{fffe}\u{ffff}", "\u{202e}txt", "a\\/b", "--", "%0A,:", "\r\n::add-mask::x" }

local function text_column(name, values)
  return { name = name, type = "string", values = values }
end

--- Results whose benchmarks, suite and reasons are hostile names.
function fixture.hostile_results()
  local results = fixture.results { outcomes = {
    fast_numeric_float32_inference_cpu_performance = { "fail", table.concat(fixture.hostile) } } }
  local suite, names = results.groups[1].suites[1], fixture.hostile
  local sizes, numbers, texts, devs = {}, {}, {}, {}
  for i, name in ipairs(names) do
    sizes[i], numbers[i], texts[i], devs[i] = 1, i % 2 * 1.5, name, "cpu"
  end
  local keys = { text_column("dev", devs), text_column("name", names),
    { name = "bs", type = "i64", values = sizes } }
  local rows = frames.new(keys)
  local column = frames.column { type = "f64", values = numbers }
  local words_column = frames.column { type = "string", values = texts }
  suite.tables = { speedup = rows:with("base", column):with("fast", column),
    accuracy = rows:with("base", words_column):with("fast", words_column) }
  suite.name, results.run_name = table.concat(names), names[1]
  results.notices = names
  return results
end

-- Runs a program on a file with the text, outside the sanitizer's library. Returns true, or false
-- and what it says.
local function check(text, extension, ...)
  local base = os.tmpname()
  local path, out = base .. extension, base .. ".out"
  assert(sys.write_file(path, text))
  local _, _, status = os.execute(("unset LD_PRELOAD; %s %s >%s 2>&1"):format(
    words.command_line { ... }, words.quote(path), out))
  local said = sys.read_file(out)
  for _, file in ipairs { base, path, out } do os.remove(file) end
  return status == 0, said
end

--- True if the XML is valid by tests/data/junit.xsd; false and why else.
function fixture.is_junit(xml)
  return check(xml, ".xml", "xmllint", "--noout", "--nonet", "--schema", "tests/data/junit.xsd")
end

local VALIDATE = [[
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
def refuse(word): raise ValueError(word)
for text in open(sys.argv[2], "rb").read().split(b"\0"):
    try:
        validator.validate(json.loads(text.decode("utf-8"), parse_constant=refuse))
        print("valid")
    except (ValueError, jsonschema.ValidationError) as problem:
        print("not valid:", str(problem).replace("\n", " ")[:400])
]]

--- What is said of each of several texts as the json renderer's schema wants them: "valid", or
--- "not valid: …". All at once, since Python takes its time to start.
function fixture.judge_results(texts)
  local ok, said = check(table.concat(texts, "\0"), ".json", "/usr/bin/python3", "-c", VALIDATE,
    "lua/benchrun/renderers/json.schema.json")
  local lines = {}
  for line in said:gmatch("[^\n]+") do lines[#lines + 1] = line end
  assert(ok and #lines == #texts, said)
  return lines
end

--- What xmllint makes of an XPath expression, as text.
function fixture.xpath(xml, expression)
  local _, said = check(xml, ".xml", "xmllint", "--nonet", "--xpath", expression)
  return (said:gsub("\n$", ""))
end

return fixture
