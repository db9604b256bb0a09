-- The build summary: what was built and run, in the words of the programs that know.
--
-- The config names the repositories, environment variables and probes (commands) to ask. All probes
-- run at once, each with a deadline, and beside whatever else is done from their start to the time
-- that their answers are needed. What is absent or fails is
-- told as such and stops nothing. What is worth asking is for the config to say.

local environment = require "benchrun.environment"
local lfs = require "lfs"
local proc = require "benchrun.core.proc"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"
local words = require "benchrun.words"

local build_summary = {}

local TICK = 0.25 -- seconds between looks at interrupts
local GRACE = 1 -- seconds from TERM to KILL
local OUTPUT_MAX = 1 << 20 -- bytes that a probe may write
local LINES_MAX = 60
local REASON_MAX = 200

--- Seconds that a probe may take.
build_summary.deadline = 20

-- Repositories ------------------------------------------------------------------------------------

-- A folder within some other repository is none itself.
local function open_repository(path)
  if not lfs.attributes(path .. "/.git", "mode") then return nil end
  return (require("benchrun.core.vcs").open(path))
end

local function repository_lines(each)
  local repository = open_repository(each.path)
  if not repository then return { each.name .. " Absent" } end
  local box <close> = repository
  local head, problem = box:head()
  if not head then return { ("%s: %s"):format(each.name, problem) } end
  if head.id == "" then return { each.name .. ": no commit yet" } end
  return { ("%s commit: %s"):format(each.name, head.id),
    ("%s commit date: %s"):format(each.name, os.date("!%Y-%m-%d %H:%M:%S UTC", head.time)) }
end

local function commit_lines(config, asked)
  local repositories = asked.repositories or {}
  if config.base_sha then
    local first = repositories[1]
    return { ("%scommit: %s"):format(first and first.name .. " " or "", config.base_sha) }
  end
  local lines = {}
  for _, each in ipairs(repositories) do
    for _, line in ipairs(repository_lines(each)) do lines[#lines + 1] = line end
  end
  return lines
end

-- Probes ------------------------------------------------------------------------------------------

-- nil where there is no place for one; the output is lost then.
local function temporary_file()
  local made, path = pcall(os.tmpname)
  return made and path or nil
end

local function start(command)
  local problem = words.problem(command)
  if problem then return { lines = { "failed: " .. problem } } end
  local probe = { output = temporary_file(), errors = temporary_file() }
  local child, message, code = proc.start { argv = command, stdout = probe.output,
    stderr = probe.errors, deadline = build_summary.deadline, grace = GRACE,
    file_limit = OUTPUT_MAX }
  probe.child = child
  if not child then probe.lines = { code == "notfound" and "absent" or "failed: " .. message } end
  return probe
end

local function wait_for(probes)
  local children = {}
  for _, probe in ipairs(probes) do children[#children + 1] = probe.child end
  while #children > 0 and not sys.interrupted() do
    local which = proc.wait(children, TICK)
    if which then table.remove(children, which) end
  end
end

local function output_lines(path)
  local lines = text.lines(path and sys.read_file(path) or "", true)
  local more = #lines - LINES_MAX
  if more > 0 then lines = table.move(lines, 1, LINES_MAX, 1, { [LINES_MAX + 1] =
    ("… and %d more lines"):format(more) }) end
  if #lines == 0 then lines[1] = "(it printed nothing)" end
  return lines
end

local function last_words(path)
  local lines = text.lines(path and sys.read_file(path) or "")
  return #lines > 0 and ": " .. text.split(lines[#lines], REASON_MAX) or ""
end

local function lines_of(probe)
  local result = probe.child:result()
  if not result then return { "not asked to the end: interrupted" } end
  if result.outcome == "timeout" then
    return { ("failed: not done after %g s"):format(build_summary.deadline) }
  end
  if result.signal_name then return { "failed: died of " .. result.signal_name } end
  if result.outcome ~= "exited" then return { "failed: " .. result.outcome } end
  if result.exit_code == 0 then return output_lines(probe.output) end
  return { ("failed: exit status %d%s"):format(result.exit_code, last_words(probe.errors)) }
end

local function close(probe)
  if probe.child then probe.child:close() end
  for _, name in ipairs { "output", "errors" } do
    if probe[name] then os.remove(probe[name]) end
    probe[name] = nil
  end
end

-- Probes that have been started: list of those that differ, and for each asked one which it is.
local Probes = {}
Probes.__index = Probes

--- Ends what still runs. Repeatable.
function Probes:close()
  for _, probe in ipairs(self.list) do close(probe) end
end
Probes.__close = Probes.close

-- Waits for all. Returns the lines of each that was asked.
local function answers_of(probes)
  local lines = {}
  wait_for(probes.list)
  for _, probe in ipairs(probes.list) do probe.lines = probe.lines or lines_of(probe) end
  for i, probe in ipairs(probes.asked) do lines[i] = probe.lines end
  probes:close()
  return lines
end

--- Starts the probes that the config asks for, equal ones once. Returns a box to be closed.
function build_summary.start(config)
  local probes, by_command = setmetatable({ list = {}, asked = {} }, Probes), {}
  for i, asked in ipairs(config.build_summary and config.build_summary.probes or {}) do
    local key = table.concat(asked.command, "\0")
    if not by_command[key] then
      by_command[key] = start(asked.command)
      table.insert(probes.list, by_command[key])
    end
    probes.asked[i] = by_command[key]
  end
  return probes
end

-- All together ------------------------------------------------------------------------------------

local function environment_lines(names)
  local lines = {}
  for i, name in ipairs(names or {}) do
    lines[i] = ("%s = %s"):format(name, os.getenv(name) or "None")
  end
  return lines
end

local function machine_lines(config, results)
  local facts, lines = results.facts or {}, {}
  if #facts == 0 then facts = environment.facts(config) end
  for i, fact in ipairs(facts) do lines[i] = ("%s: %s"):format(fact.title, fact.value) end
  return lines
end

--- What the config's build_summary asks for, and the facts of the machine: a list of { title =,
--- lines = raw texts }. probes: of build_summary.start, nil: they are started now. Takes as long as
--- the slowest of them.
function build_summary.collect(config, results, probes)
  local asked, groups = config.build_summary or {}, {}
  local function add(title, lines)
    if #lines > 0 then groups[#groups + 1] = { title = title, lines = lines } end
  end
  local answers = answers_of(probes or build_summary.start(config))
  add("Run name", { results.run_name })
  add("Commit hashes", commit_lines(config, asked))
  for i, probe in ipairs(asked.probes or {}) do add(probe.title, answers[i]) end
  add("Environment variables", environment_lines(asked.environment))
  add("Machine", machine_lines(config, results))
  return groups
end

local made = setmetatable({}, { __mode = "k" }) -- results → their groups

--- As collect, once for each results: several files may show it. results.probes: of
--- build_summary.start, or nil.
function build_summary.of(results)
  made[results] = made[results]
    or build_summary.collect(results.config, results, results.probes)
  return made[results]
end

return build_summary
