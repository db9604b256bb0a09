-- Facts that a reader of the results wants: machine, versions, commit, date.

local lfs = require "lfs"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"
local version = require "benchrun.version"
local words = require "benchrun.words"

local environment = {}

local function first(path, pattern)
  local content = sys.read_file(path)
  return content and content:match(pattern)
end

local function system_text(host)
  local distribution = first("/etc/os-release", 'PRETTY_NAME="?([^"\n]*)')
  local kernel = ("%s %s %s"):format(host.system, host.release, host.machine)
  return distribution and ("%s (%s)"):format(distribution, kernel) or kernel
end

-- Name and number of the processors; the kernel takes its time to list them.
local function processors()
  local list, count = "\n" .. (sys.read_file("/proc/cpuinfo") or ""), 0
  for _ in list:gmatch("\nprocessor%s*:") do count = count + 1 end
  local name = list:match("model name%s*:%s*([^\n]*)") or list:match("Processor%s*:%s*([^\n]*)")
  return name, count > 0 and tostring(count) or nil
end

local function memory()
  local kilobytes = tonumber(first("/proc/meminfo", "MemTotal:%s*(%d+) kB"))
  return kilobytes and ("%.1f GiB"):format(kilobytes / (1 << 20))
end

local function state_text(repository)
  local branch, dirty = repository:branch(), repository:dirty()
  local where = branch and "branch " .. branch or "no branch"
  return where .. (dirty and ", with uncommitted changes" or "")
end

-- True if a work tree may be around the folder: libgit2 takes longer to start than a whole report.
local function may_have_commit(folder)
  local path = sys.real_path(folder)
  while path do
    if lfs.attributes(paths.join(path, ".git"), "mode") then return true end
    path = path ~= "/" and paths.dirname(path) or nil
  end
  return false
end

-- Facts of the repository that the folder lies in; none where there is no such thing.
local function add_commit(add, folder)
  if not may_have_commit(folder) then return end
  local repository = require("benchrun.core.vcs").open(folder)
  if not repository then return end
  local box <close> = repository
  local head = box:head()
  if head and head.id ~= "" then
    add("commit", head.id)
    add("commit's title", head.summary)
    add("described as", box:describe())
  end
  add("working tree", state_text(box))
end

--- The facts for the environment section: a list of { title =, value = }. A fact that the system
--- doesn't tell is left out. command: words of the command line, may be nil.
function environment.facts(config, command)
  local facts, host = {}, sys.host()
  local function add(title, value)
    if value and value ~= "" then facts[#facts + 1] = { title = title, value = value } end
  end
  add("benchrun", version)
  add("date", os.date("!%Y-%m-%d %H:%M:%S UTC"))
  add("config", config.file)
  add("command", command and words.command_line(command))
  add("host", host and host.name)
  add("system", host and system_text(host))
  local processor, count = processors()
  add("processor", processor)
  add("processors", count)
  add("memory", memory())
  add_commit(add, config.folder)
  return facts
end

return environment
