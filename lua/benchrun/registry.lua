-- Entries by kind and name: metrics, sections, renderers, executors, harnesses, readers.
--
-- An entry is a file: lua/benchrun/<kind>/<name>.lua, or the same beside the user's own config or
-- one that it extends (<folder of the config>/<kind>/<name>.lua), which takes the place of ours. It
-- returns a table that is checked against its kind's schema when it is first asked for. Names are
-- sorted.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local paths = require "benchrun.paths"
local returns = require "benchrun.returns"
local schema = require "benchrun.schema"
local stats = require "benchrun.core.stats"

local help = { name = "help", type = "string", required = true, help = "one line: what it is for" }

-- What a summary of a metric says.
local summary = {
  { name = "name", type = "string", required = true, help = "of its file, without .csv" },
  { name = "title", type = "string", required = true, help = "caption of its table" },
  { name = "kernel", type = "string", required = true, help = "the statistic" },
  { name = "floor", type = "number",
    help = "values below it count as it, unless the config includes slowdowns" },
  { name = "share", type = "boolean",
    help = "the number is one of all benchmarks; the format gets percent (half to even), number "
      .. "and all" },
  { name = "format", type = "string", required = true, help = "of the number, as string.format" },
  { name = "none", type = "string", help = "text when nothing passes" },
}

-- What an entry of a kind must give.
local KINDS = {
  metrics = {
    help,
    { name = "title", type = "string", required = true, help = "caption of its table" },
    { name = "column", type = "string", required = true, help = "column of the log" },
    { name = "testing", type = "string", required = true, choices = { "performance", "accuracy" } },
    { name = "type", type = "string", required = true, choices = { "number", "word" } },
    { name = "unit", type = "string", help = "behind a number: ×, ms, s" },
    { name = "better", type = "string", required = true, choices = { "higher", "lower", "pass" } },
    { name = "passes", type = "list", of = { type = "string" },
      help = "words of a benchmark whose numbers count in the summaries" },
    { name = "leaves_out", type = "list", of = { type = "string" },
      help = "words that, under any compiler, leave a benchmark out of the summaries" },
    { name = "flag", type = "function",
      help = "(value) → true for a problem; a missing number is 0.0, a missing word nil" },
    { name = "flag_help", type = "string", help = "when a value is flagged" },
    { name = "warning_title", type = "string", help = "caption of its warnings" },
    { name = "summaries", type = "list", required = true, of = { type = "table", fields = summary },
      help = "what a suite and compiler come to, of the values above 0 that pass" },
  },
  sections = {
    help,
    { name = "blocks", type = "function", required = true, help = "(results) → list of blocks" },
  },
  renderers = {
    help,
    { name = "extension", type = "string", required = true, help = "of the file it writes" },
    { name = "render", type = "function", required = true, help = "(blocks, options) → text" },
  },
  executors = {
    help,
    { name = "run", type = "function", required = true,
      help = "(plan, options, watch) → outcomes, or nil and a path" },
  },
  harnesses = {
    help,
    { name = "row", type = "table", help = "schema of a compiler's row" },
    { name = "command", type = "function", required = true, help = "(cell, config) → words" },
    { name = "measure", type = "function",
      help = "(cell, config): writes the cell's log by itself" },
    { name = "unavailable", type = "function", help = "(cell, config) → reason | nil" },
    { name = "check", type = "function", help = "(config, suite) → key path, problem | nil" },
  },
  readers = {
    help,
    { name = "detect", type = "function", required = true,
      help = "(path, the file's first bytes; nil for a folder) → whether it is one of its files" },
    { name = "read", type = "function", required = true,
      help = "(path, options) → frame | nil, message, code" },
    { name = "options", type = "list", of = { type = "table" },
      help = "schema of the options that read takes" },
    { name = "generic", type = "boolean", help = "asked only where no other knows a file" },
  },
}

local SINGULAR = { metrics = "metric", sections = "section", renderers = "renderer",
  executors = "executor", harnesses = "harness", readers = "reader" }

-- Checks of what a schema can't say ---------------------------------------------------------------

local RESERVED = { outcomes = true } -- names of our own .csv files

-- True if string.format takes what a summary gives it. A fraction tells apart what only takes whole
-- numbers.
local function formats(spec)
  if spec.share then return (pcall(string.format, spec.format, 1, 1, 1)) end
  return (pcall(string.format, spec.format, spec.kernel == "count" and 1.0 or 1.5))
end

local function check_summary(spec)
  if not paths.is_plain_name(spec.name) then
    return "name: " .. schema.describe(spec.name) .. " can't be part of a file name"
  end
  if RESERVED[spec.name] then
    return ("name: '%s' is the name of a file of benchrun's own"):format(spec.name)
  end
  local kernels = lists.pluck(stats.list(), "name")
  if not lists.contains(kernels, spec.kernel) then
    return ("kernel: no statistic named '%s'%s"):format(spec.kernel,
      schema.suggestion(spec.kernel, kernels, true))
  end
  if not formats(spec) then
    return ("format: string.format can't write %s with %s"):format(
      spec.share and "three numbers" or "a number", schema.describe(spec.format))
  end
end

local CHECKS = {}

function CHECKS.metrics(metric)
  for i, spec in ipairs(metric.summaries) do
    local problem = check_summary(spec)
    if problem then return ("summaries[%d].%s"):format(i, problem) end
  end
end

function CHECKS.renderers(renderer)
  if paths.is_plain_name("report" .. renderer.extension) then return end
  return "extension: " .. schema.describe(renderer.extension) .. " can't be part of a file name"
end

-- Registries --------------------------------------------------------------------------------------

local registry = {}
registry.__index = registry

--- A registry that also looks into `more` folders (those of the configs), which may be nil. What
--- is in a later one takes the place of the same in an earlier.
function registry.new(more)
  local folders = table.move(more or {}, 1, #(more or {}), 2, { paths.modules })
  return setmetatable({ folders = folders, loaded = {}, files = {} }, registry)
end

local function files_of(folder, kind, found)
  local directory = folder .. "/" .. kind
  if lfs.attributes(directory, "mode") ~= "directory" then return end
  for file in lfs.dir(directory) do
    local name = file:match("^([%w_]+)%.lua$")
    if name then found[name] = directory .. "/" .. file end
  end
end

local function entry_files(self, kind)
  if not self.files[kind] then
    local found = {}
    for _, folder in ipairs(self.folders) do files_of(folder, kind, found) end
    self.files[kind] = found
  end
  return self.files[kind]
end

--- The names of a kind's entries, sorted.
function registry:names(kind) return lists.sorted_keys(entry_files(self, kind)) end

-- Our own entries have defects, not mistakes of a user: those keep their tracebacks.
local function is_ours(file) return file:sub(1, #paths.modules + 1) == paths.modules .. "/" end

-- Every function of a user's entry behind a guard, see returns.lua.
local function guard(kind, entry, file)
  for _, field in ipairs(KINDS[kind]) do
    local fn = entry[field.name]
    if type(fn) == "function" then
      local what = ("%s: %s '%s': %s: "):format(file, SINGULAR[kind], entry.name, field.name)
      entry[field.name] = returns.guarded(fn, returns.checks[kind .. "." .. field.name], what)
    end
  end
end

local function load_entry(kind, name, file)
  local chunk, problem = loadfile(file, "t")
  if not chunk then fail.config("%s", problem) end
  local ok, entry = pcall(chunk, "benchrun." .. kind .. "." .. name, file)
  if not ok then fail.config("%s", fail.one_line(entry)) end
  if type(entry) ~= "table" then
    fail.config("%s:1: %s %s must return a table, it returned %s", file, SINGULAR[kind], name,
      entry == nil and "nothing" or "a " .. type(entry))
  end
  local _, wrong = schema.check(KINDS[kind], entry)
  if not wrong and CHECKS[kind] then wrong = CHECKS[kind](entry) end
  if wrong then fail.config("%s:1: %s %s: %s", file, SINGULAR[kind], name, wrong) end
  entry.name = name
  if not is_ours(file) then guard(kind, entry, file) end
  return entry
end

-- The file of an entry, or nil and what to say.
local function find_file(self, kind, name)
  local file = entry_files(self, kind)[name]
  if file then return file end
  return nil, ("no %s named '%s'%s"):format(SINGULAR[kind], name,
    schema.suggestion(name, self:names(kind), true))
end

--- The entry, loaded and checked once. Unknown: a config error that names the known ones.
function registry:get(kind, name)
  local key = kind .. "/" .. name
  if not self.loaded[key] then
    local file, problem = find_file(self, kind, name)
    if not file then fail.config("%s", problem) end
    self.loaded[key] = load_entry(kind, name, file)
  end
  return self.loaded[key]
end

--- Raises an error at the config's line where the entry that it names at key_path is unknown. A
--- user's is loaded too, so that its mistakes show before anything runs.
function registry:demand(kind, name, config, key_path)
  local file, problem = find_file(self, kind, name)
  if not file then config.fail(key_path, schema.path_text(key_path) .. ": " .. problem) end
  if not is_ours(file) then self:get(kind, name) end
end

--- The kinds, sorted.
function registry.kinds() return lists.sorted_keys(KINDS) end

return registry
