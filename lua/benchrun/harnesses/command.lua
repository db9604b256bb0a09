-- The harness `command`: an external program, whose words the config gives, writes the cell's log.
--
-- A suite's `command` is a list of words with placeholders, or a function of the cell, the config
-- and the placeholders' values that gives words. Placeholders: {testing} {suite} {device} {dtype}
-- {compiler} {mode}, {output} (path of the log), {args} (the compiler's row), {dtype_args}
-- {device_args} (words of dtype_table, device_table), {extra} (extra_args), {benchmarks} (names of
-- the benchmarks to run), {skip} (names to leave out).

local lists = require "benchrun.lists"
local schema = require "benchrun.schema"
local words = require "benchrun.words"

local command = {
  help = "an external program, whose words the config gives, writes the log",
}

local ROW = { type = "string|list|function", of = { type = "string" } }
local WORDS = { type = "list", of = { type = "string" } }

-- What a function of the config gives must be words too.
local function called(config, key_path, field, fn, ...)
  local value = config.call(key_path, fn, ...)
  local _, problem = schema.check_value(field, value, key_path)
  if problem then config.fail(key_path, problem .. ", from its function") end
  return value
end

local function row_words(cell, config)
  local row = cell.row
  if type(row) == "function" then
    local key_path = { "compiler_table", cell.mode, cell.compiler }
    row = called(config, key_path, { type = "string|list", of = ROW.of }, row, cell, config)
  end
  if type(row) == "string" then return words.split(row) end
  return row
end

local function values_of(cell, config)
  return {
    testing = cell.testing, suite = cell.suite, device = cell.device, dtype = cell.dtype,
    compiler = cell.compiler, mode = cell.mode, output = cell.log, args = row_words(cell, config),
    dtype_args = cell.dtype_words, device_args = cell.device_words, extra = config.extra_args,
    benchmarks = lists.pluck(cell.benchmarks or {}, "name"), skip = cell.skipped,
  }
end

local function words_of(template, cell, config, key_path)
  local values = values_of(cell, config)
  if type(template) == "function" then
    return called(config, key_path, WORDS, template, cell, config, values)
  end
  return words.fill(template, values, config, key_path)
end

--- The words of the cell's command. A placeholder that is not known is a config error, and so is a
--- command without a program.
function command.command(cell, config)
  local template, key_path = cell.suite_row.command, { "suite_table", cell.suite, "command" }
  local list = words_of(template, cell, config, key_path)
  local problem = words.problem(list)
  if problem then
    config.fail(key_path, ("%s, for %s: %s"):format(schema.path_text(key_path), cell.compiler,
      problem))
  end
  return list
end

local function check_command(row, key_path)
  local text = schema.path_text(key_path)
  if not row.command then
    return key_path, text .. ": key 'command' is missing: the words that start it"
  end
  key_path[#key_path + 1] = "command"
  if type(row.command) == "table" and #row.command == 0 then
    return key_path, text .. ".command: it has no words"
  end
end

--- A suite of this harness needs a command, and rows that are words. Returns nil, or the key path
--- of the first problem and its message.
function command.check(config, suite)
  local key_path, problem = check_command(config.suite_table[suite], { "suite_table", suite })
  if key_path then return key_path, problem end
  for _, name in ipairs(config.compilers) do
    local row = config.compiler_table[config.mode][name] or {}
    key_path, problem = schema.check_value(ROW, row, { "compiler_table", config.mode, name })
    if key_path then return key_path, problem end
  end
end

return command
