-- A subject: one benchmark under one compiler, which the native harness builds and runs.
--
-- What it makes lies in a folder of its own, COMPILER/SUITE/DTYPE/DEVICE/BENCHMARK in the work
-- folder of the output directory: binary, command (that built it), output (what it prints, kept).
-- Cells that run side by side share the baseline's: what one of them is writing bears the names of
-- its testing and compiler, and is renamed when it is whole. What goes wrong is said on standard
-- error, which is the cell's own log of words, with the command that shows it again.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local output = require "benchrun.output"
local paths = require "benchrun.paths"
local proc = require "benchrun.core.proc"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"
local words = require "benchrun.words"

local subject = {}

local DEFAULT = {
  build = { "{cc}", "{flags}", "{dtype_args}", "{device_args}", "{extra}", "-I", "{directory}",
    "-o", "{binary}", "{source}", "-lm" },
  run = { "{binary}" },
}
local MESSAGES_MAX = 1 << 16 -- bytes of a compiler's or program's messages that are looked at
local REASON_MAX = 200
local FILE_MAX = 64 << 20 -- bytes that a benchmark may write to a file: none fills the disk

local Subject = {}
Subject.__index = Subject

-- Words -------------------------------------------------------------------------------------------

-- The words of a benchmark's command with their key path: its own, its suite's or the default ones;
-- nil where there is none. key: "build" or "run".
local function template_of(benchmark, suite, suite_row, key)
  local own, of_suite = benchmark[key], suite_row[key]
  local template, key_path = own, { "suite_table", suite, key }
  if own ~= nil then key_path = { "suite_table", suite, "benchmarks" } else template = of_suite end
  if template == nil and (key == "run" or benchmark.source) then template = true end
  if template == true then template = DEFAULT[key] end
  return template or nil, key_path
end

-- The values of the placeholders.
local function values_of(cell, config, benchmark, compiler)
  local row = config.compiler_table[cell.mode][compiler]
  return { cc = row.cc or "cc", flags = row.flags or {}, dtype_args = cell.dtype_words,
    device_args = cell.device_words, extra = config.extra_args, name = benchmark.name,
    suite = cell.suite, dtype = cell.dtype, device = cell.device, compiler = compiler,
    mode = cell.mode, source = benchmark.source, directory = "", binary = "" }
end

--- Fills the commands of a cell's benchmark without building anything: an unknown placeholder is an
--- error of the config.
function subject.check(cell, config, benchmark)
  local values = values_of(cell, config, benchmark, cell.compiler)
  for _, key in ipairs { "build", "run" } do
    local template, key_path = template_of(benchmark, cell.suite, cell.suite_row, key)
    if template then words.fill(template, values, config, key_path) end
  end
end

--- The folder of a suite's sources, which need not be there.
function subject.directory(config, suite_row)
  return paths.join(config.folder, suite_row.directory or ".")
end

-- Makes the folder of a subject. Names of the config hold no "/": no two subjects share one.
local function work_folder(cell, config, benchmark, compiler)
  local folder = table.concat({ output.work_folder(config.output_dir), compiler, cell.suite,
    cell.dtype, cell.device, benchmark.name }, "/")
  fail.check(sys.make_directory(folder))
  return fail.check(sys.real_path(folder))
end

--- The subject for a benchmark of a cell under a compiler. Makes its folder.
function subject.new(cell, config, benchmark, compiler)
  local row = config.compiler_table[cell.mode][compiler]
  local self = setmetatable({ cell = cell, config = config, benchmark = benchmark,
    compiler = compiler }, Subject)
  self.directory = fail.check(sys.real_path(subject.directory(config, cell.suite_row)))
  self.source = benchmark.source and paths.join(self.directory, benchmark.source)
  self.folder = work_folder(cell, config, benchmark, compiler)
  self.binary, self.output = self.folder .. "/binary", self.folder .. "/output"
  self.env = lists.put_all(lists.put_all({}, cell.env), row.env)
  self.values = lists.put_all(values_of(cell, config, benchmark, compiler),
    { directory = self.directory, source = self.source, binary = self.binary })
  return self
end

--- The path of a file that this cell alone writes. kind: what it is.
function Subject:own_path(kind)
  return ("%s/%s.%s_%s"):format(self.folder, kind, self.cell.testing, self.cell.compiler)
end

--- The words of its command, nil where there is none. key: "build" or "run".
function Subject:words(key)
  local template, key_path = template_of(self.benchmark, self.cell.suite, self.cell.suite_row, key)
  return template and words.fill(template, self.values, self.config, key_path)
end

-- Processes ---------------------------------------------------------------------------------------

--- Says what went wrong and, where key is "build" or "run", how to see it again. Returns the
--- status.
function Subject:complain(status, reason, key)
  io.stderr:write(("%s: %s under %s: %s\n"):format(self.benchmark.name, status, self.compiler,
    text.clean(reason)))
  if key then
    local line = words.command_line_with(self.env, self:words(key))
    io.stderr:write("  to see it again: cd ", words.quote(self.directory), " && ", line, "\n")
  end
  return status
end

local function start_of(path)
  local file <close> = io.open(path, "rb")
  return file and file:read(MESSAGES_MAX) or ""
end

-- Why a process did not end well; log: the file with its messages.
local function reason_of(result, log, deadline)
  if result.outcome == "timeout" then return ("not done after %g s"):format(deadline) end
  if result.signal_name == "SIGXFSZ" then
    return ("it wrote more than %d MB and was ended"):format(FILE_MAX >> 20)
  end
  if result.outcome == "signaled" then return "died of " .. result.signal_name end
  if result.outcome ~= "exited" then return "it was " .. result.outcome end
  local messages = start_of(log)
  local first = messages:match("[^\n]*error[^\n]*") or messages:match("[^\n]+")
  return ("exit status %d%s"):format(result.exit_code,
    first and ": " .. first:sub(1, REASON_MAX) or "")
end

-- Runs a command. Returns its result, or nil, a reason and the process's outcome.
function Subject:process(argv, stdout, stderr)
  local deadline = self.config.native.run_deadline
  local result, problem = proc.run { argv = argv, env = self.env, cwd = self.directory,
    stdout = stdout, stderr = stderr, deadline = deadline, grace = 1, file_limit = FILE_MAX }
  if not result then return nil, problem end
  if result.outcome == "exited" and result.exit_code == 0 then return result end
  return nil, reason_of(result, stderr, deadline), result.outcome
end

-- Building ----------------------------------------------------------------------------------------

local function newest(directory)
  local latest = 0
  for name in lfs.dir(directory) do
    local at = lfs.attributes(directory .. "/" .. name)
    if at and at.mode == "file" then latest = math.max(latest, at.modification) end
  end
  return latest
end

-- True when the binary was built by this very command from the files as they are.
function Subject:is_built(command_line)
  local built = lfs.attributes(self.binary, "modification")
  return built ~= nil and sys.read_file(self.folder .. "/command") == command_line
    and newest(self.directory) < built
end

function Subject:run_build(argv, command_line)
  local fresh, log = self:own_path "binary", self:own_path "messages"
  local fresh_argv = {}
  for i, word in ipairs(argv) do fresh_argv[i] = word == self.binary and fresh or word end
  local result, reason = self:process(fresh_argv, log, log)
  if result and not lfs.attributes(fresh) then reason = "it built nothing at " .. self.binary end
  os.remove(log)
  if reason then
    os.remove(fresh)
    return nil, self:complain("fail_to_compile", reason, "build")
  end
  os.remove(self.output)
  fail.check(os.rename(fresh, self.binary))
  fail.check(sys.write_file(self.folder .. "/command", command_line))
  return result.wall
end

--- Builds the binary, unless may_reuse and it is there. Returns the seconds that it took, nil where
--- nothing was built; or nil and a status word.
function Subject:build(may_reuse)
  local argv = self:words "build"
  if not argv then return nil end
  if self.source and not lfs.attributes(self.source) then
    return nil, self:complain("model_fail_to_load", "there is no " .. self.source)
  end
  local command_line = words.command_line_with(self.env, argv)
  if may_reuse and self:is_built(command_line) then return nil end
  return self:run_build(argv, command_line)
end

--- True when the output of an earlier run, kept at self.output, is that of the binary as it is.
function Subject:is_kept_output()
  return self:words "build" ~= nil and lfs.attributes(self.output) ~= nil
end

--- Runs it once; its output goes to the file `stdout`, if given, which is there only if it ends
--- well. Returns the process's result, or nil and a status word.
function Subject:run(stdout)
  local errors = self:own_path "errors"
  local result, reason, ending = self:process(self:words "run", stdout, errors)
  os.remove(errors)
  if result then return result end
  if stdout then os.remove(stdout) end
  return nil, self:complain(ending == "timeout" and "timeout" or "fail_to_run", reason, "run")
end

return subject
