-- The numbers of each suite and compiler: a table a summary, a row a compiler, a column a suite.

local report = require "benchrun.report"

-- Where a lower number is the better one. Nothing is called worse there: compiling takes its time.
local LOWER_IS_BETTER = { comp_time = true }

-- The best of the numbers above 0; nil where all are the same.
local function best_of(numbers, lower)
  local least, most
  for _, number in pairs(numbers) do
    if number > 0 then
      least, most = math.min(least or number, number), math.max(most or number, number)
    end
  end
  if least == most then return nil end
  return lower and least or most
end

local function numbers_of(summary, compilers, suite)
  local numbers = {}
  for _, compiler in ipairs(compilers) do
    numbers[compiler] = (summary.values[compiler] or {})[suite]
  end
  return numbers
end

-- Marks of one column, by row.
local function marks_of(group, summary, suite)
  local lower = LOWER_IS_BETTER[summary.name]
  local numbers, marks = numbers_of(summary, group.compilers, suite), {}
  local best, baseline = best_of(numbers, lower), numbers[group.baseline]
  for row, compiler in ipairs(group.compilers) do
    local number = numbers[compiler]
    if number and number == best then marks[row] = "best"
    elseif number and baseline and not lower and number < baseline then marks[row] = "worse" end
  end
  return marks
end

local function texts_of(summary, compilers, suite)
  local texts = {}
  for row, compiler in ipairs(compilers) do
    texts[row] = (summary.cells[compiler] or {})[suite] or ""
  end
  return texts
end

local function summary_table(results, group, summary)
  local block = { kind = "table", columns = { "Compiler" },
    caption = report.caption(results, summary.name, summary.title),
    cells = { group.compilers }, marks = {}, whole = true }
  for s, suite in ipairs(group.suites) do
    block.columns[s + 1] = suite.name
    block.cells[s + 1] = texts_of(summary, group.compilers, suite.name)
    block.marks[s + 1] = marks_of(group, summary, suite.name)
  end
  return block
end

local function blocks(results)
  local list = { { kind = "heading", level = 2,
    text = report.caption(results, "executive_summary", "Executive summary") } }
  local introduction = results.config.report.introduction
  if introduction then list[#list + 1] = { kind = "paragraph", text = introduction } end
  if #results.groups == 0 then
    list[#list + 1] = { kind = "paragraph", text = "Nothing was measured." }
  end
  for _, group in ipairs(results.groups) do
    if #results.groups > 1 then
      list[#list + 1] = { kind = "heading", level = 3, text = group.label }
    end
    for _, summary in ipairs(group.summaries) do
      list[#list + 1] = summary_table(results, group, summary)
    end
  end
  return list
end

return {
  help = "pass rate, speedup, compile time and memory of each suite and compiler",
  blocks = blocks,
}
