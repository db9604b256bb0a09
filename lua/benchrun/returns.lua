-- What the functions of a user's entries (metrics, sections, renderers, executors, harnesses) must
-- return, and the guard that holds them to it: an error in one is the user's to mend, so it becomes
-- one line that names the file, never a traceback.

local fail = require "benchrun.fail"
local lists = require "benchrun.lists"
local schema = require "benchrun.schema"
local words = require "benchrun.words"

local returns = {}

local text = { type = "string", nul = true } -- raw: a renderer deals with what it can't show
local texts = { type = "list", of = text }

local function text_field(name, is_required)
  return { name = name, type = "string", nul = true, required = is_required }
end

-- The fields of a block, by its kind.
local BLOCKS = {
  heading = { { name = "level", type = "integer", min = 1, max = 4, required = true },
    text_field("text", true) },
  paragraph = { text_field("text", true) },
  notice = { text_field("text", true) },
  code = { text_field("text", true) },
  list = { { name = "items", type = "list", of = text, required = true } },
  table = {
    text_field "caption",
    { name = "columns", type = "list", of = text, filled = true, required = true },
    { name = "cells", type = "list", of = texts, required = true },
    { name = "align", type = "list",
      of = { type = "string", choices = { "left", "right", "center" } } },
    { name = "marks", type = "table" },
    { name = "keys", type = "integer", min = 0 },
    { name = "whole", type = "boolean" },
  },
  chart = { text_field("name", true), text_field "alt", text_field "url",
    { name = "files", type = "table", required = true,
      fields = { { name = "png", type = "string" }, { name = "svg", type = "string" } } } },
  details = { text_field("summary", true), { name = "documents", type = "boolean" },
    { name = "blocks", type = "list", required = true } },
}
for _, fields in pairs(BLOCKS) do fields[#fields + 1] = { name = "kind", type = "string" } end

local DEEPEST = 8 -- details within details

local function check_marks(block, where)
  for column, marks in pairs(block.marks or {}) do
    if type(marks) ~= "table" then
      return ("%s.marks[%s]: a table expected, got %s"):format(where, tostring(column),
        schema.describe(marks))
    end
  end
end

-- A table's columns are as many as its headers, each as long as the first.
local function check_cells(block, where)
  if #block.cells ~= #block.columns then
    return ("%s: %d columns, but cells of %d"):format(where, #block.columns, #block.cells)
  end
  for i, column in ipairs(block.cells) do
    if #column ~= #block.cells[1] then
      return ("%s.cells[%d]: %d texts, but %d in the first column"):format(where, i, #column,
        #block.cells[1])
    end
  end
  return check_marks(block, where)
end

local check_blocks

local function check_block(block, key_path, depth)
  local where = schema.path_text(key_path)
  if type(block) ~= "table" then
    return ("%s: a table expected, got %s"):format(where, schema.describe(block))
  end
  local fields = BLOCKS[block.kind]
  if not fields then
    local known = lists.sorted_keys(BLOCKS)
    return ("%s.kind: %s is no kind of block%s"):format(where, schema.describe(block.kind),
      schema.suggestion(block.kind, known, true))
  end
  local _, problem = schema.check_value({ type = "table", fields = fields }, block, key_path)
  if problem then return problem end
  if block.kind == "table" then return check_cells(block, where) end
  if block.kind == "details" then
    return check_blocks(block.blocks, where .. ".blocks", depth + 1)
  end
end

function check_blocks(blocks, where, depth)
  local _, problem = schema.check_value({ type = "list" }, blocks, { where })
  if problem then return problem end
  if depth > DEEPEST then return ("%s: blocks within blocks, too deep"):format(where) end
  for i, block in ipairs(blocks) do
    problem = check_block(block, { where, i }, depth)
    if problem then return problem end
  end
end

local OUTCOME = { type = "table", fields = {
  { name = "cell", type = "table", required = true },
  { name = "outcome", type = "string", required = true,
    choices = { "ok", "fail", "timeout", "signal", "oom", "skip", "lost" } },
  { name = "reason", type = "string", required = true },
  { name = "wall", type = "number", min = 0, required = true },
  { name = "peak_bytes", type = "number", min = 0 },
} }

local function check_outcomes(outcomes, path, plan)
  if outcomes == nil then
    local _, problem = schema.check_value({ type = "string", filled = true }, path, { "path" })
    return problem
  end
  local _, problem =
    schema.check_value({ type = "list", of = OUTCOME }, outcomes, { "outcomes" })
  if problem or #outcomes == #plan then return problem end
  return ("outcomes: one for each of the %d cells expected, got %d"):format(#plan, #outcomes)
end

local function expects(type_names)
  return function(value)
    if value == nil and type_names:find("nil", 1, true) then return nil end
    local _, problem = schema.check_value({ type = type_names, nul = true }, value, { "result" })
    return problem
  end
end

--- What a function must return, by "<kind>.<function>": a test of its first two results and of its
--- first argument that gives the problem, or nil. Functions that are not here may return anything.
returns.checks = {
  ["sections.blocks"] = function(blocks) return check_blocks(blocks, "blocks", 1) end,
  ["renderers.render"] = expects "string",
  ["executors.run"] = check_outcomes,
  ["harnesses.command"] = words.problem,
  ["harnesses.unavailable"] = expects "nil|string",
  ["harnesses.check"] = function(key_path, problem)
    if key_path == nil then return nil end
    return expects "list" (key_path) or expects "string" (problem)
  end,
}

--- fn behind a guard: an error in it, or a result that `check` (may be nil) finds fault with,
--- raises a config error that begins with `what`. Failures that are a user's already pass through.
--- The guarded function returns the first two results of fn.
function returns.guarded(fn, check, what)
  return function(...)
    local ok, first, second = pcall(fn, ...)
    if not ok then
      if fail.of(first) then error(first, 0) end
      fail.config("%s%s", what, fail.one_line(first))
    end
    local problem = check and check(first, second, (...))
    if problem then fail.config("%s%s", what, problem) end
    return first, second
  end
end

return returns
