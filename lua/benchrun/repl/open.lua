-- What the arguments of `benchrun repl` and open(path) load: configs, runs, archives, files.
--
-- Each thing is put into the session's environment under the name that is said, with one line that
-- tells what it is. What can't be loaded raises a failure of one line.

local archive = require "benchrun.archive"
local chunk = require "benchrun.repl.chunk"
local compute = require "benchrun.core.compute"
local cores = require "benchrun.core.frame"
local csv = require "benchrun.core.csv"
local fail = require "benchrun.fail"
local frame = require "benchrun.frame"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local log_text = require "benchrun.log_text"
local paths = require "benchrun.paths"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local open = {}

-- Saying ------------------------------------------------------------------------------------------

local function with_commas(n)
  return (("%d"):format(n):reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", ""))
end

local function count_text(n, what)
  return ("%s %s%s"):format(with_commas(n), what, n == 1 and "" or "s")
end

local function size_text(value)
  return count_text(value:nrow(), "row") .. " × " .. count_text(value:ncol(), "column")
end

-- The name under which a thing goes: those of one name stay beside each other, as logs and logs_2;
-- what is opened again takes its own place.
local function own_name(session, name)
  local owners, candidate, n = session.owners, name, 1
  while owners[candidate] and owners[candidate] ~= session.opening do
    n = n + 1
    candidate = ("%s_%d"):format(name, n)
  end
  owners[candidate] = session.opening
  return candidate
end

-- Puts a frame into the session under a name and says so.
local function put(session, name, value, what)
  name = own_name(session, name)
  session.env[name] = value
  session:write(("%-9s %s, %s\n"):format(name, size_text(value), text.clean(what)))
  return value
end

local function put_table(session, name, value, what)
  name = own_name(session, name)
  session.env[name] = value
  session:write(("%-9s %s\n"):format(name, text.clean(what)))
  return value
end

-- Logs --------------------------------------------------------------------------------------------

local FACTS = { "compiler", "suite", "dtype", "mode", "device", "testing" }

-- Suites whose names have "_" in them, as log names do between their parts.
local LONG_SUITES = { "timm_models" }

local function split_front(front)
  for _, suite in ipairs(LONG_SUITES) do
    local compiler = front:match("^(.+)_" .. suite .. "$")
    if compiler then return compiler, suite end
  end
  return front:match("^(.+)_([^_]+)$")
end

--- The facts that a log's name tells: compiler, suite, dtype, mode, device, testing; nil for a name
--- that is no log's.
function open.log_facts(name)
  local front, dtype, mode, device, testing =
    name:match("^(.+)_([^_]+)_([^_]+)_([^_]+)_(%a+)%.csv$")
  if testing ~= "performance" and testing ~= "accuracy" then return nil end
  local compiler, suite = split_front(front)
  if not compiler then return nil end
  return { compiler = compiler, suite = suite, dtype = dtype, mode = mode, device = device,
    testing = testing }
end

local function names_in(folder)
  local ok, each, state = pcall(lfs.dir, folder)
  if not ok then fail.cannot("%s", fail.one_line(each)) end
  local names = {}
  for name in each, state do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- The logs in a folder: { path =, facts = } each, with some facts more.
local function logs_in(folder, more)
  local list = {}
  for _, name in ipairs(names_in(folder)) do
    local facts, path = open.log_facts(name), paths.join(folder, name)
    local stat = facts and lfs.attributes(path)
    if stat and stat.mode == "file" and stat.size > 0 then
      list[#list + 1] = { path = path, facts = lists.put_all(facts, more) }
    end
  end
  return list
end

-- A column of text as whole numbers or numbers if that is what all its cells are.
local function typed(column)
  for _, kind in ipairs { "i64", "f64" } do
    local ok, numbers = pcall(column.cast, column, kind, "error")
    if ok and numbers and numbers:null_count() == column:null_count() then return numbers end
  end
  return column
end

local function blank_as_null(column)
  return compute.where(column, compute.negate(compute.is_in(column, { "" })))
end

-- A log, read as one that a run reports on: its rows as texts with its facts in front.
local function read_one(log, fact_names, notice)
  local bytes, problem = sys.read_file(log.path)
  if not bytes then return nil, problem end
  local cell = { log = log.path, id = log.path, testing = log.facts.testing }
  local texts, why = log_text.parse(cell, bytes, false, function(line)
    notice(("%s: %s"):format(log.path, line))
  end)
  if not texts then return nil, why end
  local columns = {}
  for i, name in ipairs(fact_names) do
    columns[i] = { name = name, values = compute.fill(compute.nulls("string", texts:nrow()),
      log.facts[name] or "") }
  end
  for _, name in ipairs(texts:names()) do
    if not lists.contains(fact_names, name) then
      columns[#columns + 1] = { name = name, values = texts:col(name) }
    end
  end
  return cores.new(columns)
end

-- Many logs at once -------------------------------------------------------------------------------

local FILE = "\1file" -- a column for where a row comes from

-- The first line of a file if it is the header of an orderly log, else nil.
local function header_of(path)
  local file <close> = io.open(path, "rb")
  local line = file and file:read "l"
  local is_plain = line and line:find("^dev,.*name") and not line:find("[\"\r%c]")
  return is_plain and ("," .. line .. ","):find(",name,", 1, true) and line or nil
end

-- The logs by their headers; nil where any has none.
local function by_header(logs)
  local groups = {}
  for _, log in ipairs(logs) do
    local header = header_of(log.path)
    if not header then return nil end
    if not groups[header] then
      groups[header] = {}
      groups[#groups + 1] = groups[header]
    end
    table.insert(groups[header], log)
  end
  return groups
end

-- Whether rows are of orderly logs: no header among them, nor a mark of a merge, nor NULs.
local function is_orderly(rows)
  local devices = compute.texts(compute.distinct(rows, { "dev" }):col "dev")
  for _, device in ipairs(devices) do
    if device == "dev" or device:find("^[<|=>]") or device:find("\0", 1, true) then return false end
  end
  return true
end

local function facts_frame(logs, fact_names)
  local columns = { { name = FILE, values = lists.pluck(logs, "path"), type = "string" } }
  for i, name in ipairs(fact_names) do
    local values = {}
    for k, log in ipairs(logs) do values[k] = log.facts[name] or "" end
    columns[i + 1] = { name = name, values = values, type = "string" }
  end
  return cores.new(columns)
end

-- Logs with the same header, read at once: as read_one gives each; nil where that can't be.
local function read_group(logs, fact_names)
  local ok, rows = pcall(csv.read, lists.pluck(logs, "path"), { strings = true, ragged = "pad",
    file_column = FILE })
  if not ok or not rows or not is_orderly(rows) then return nil end
  for _, name in ipairs(fact_names) do
    if rows:has(name) then return nil end
  end
  local columns = rows:join(facts_frame(logs, fact_names), { FILE }, "left")
  local names = table.move(fact_names, 1, #fact_names, 1, {})
  for _, name in ipairs(rows:names()) do
    if name ~= FILE then names[#names + 1] = name end
  end
  return columns:select(names)
end

-- Parts as read_one gives them for all the logs, or nil where any of them has to be looked at
-- closely.
local function read_at_once(logs, fact_names)
  local groups, parts = by_header(logs), {}
  for i, group in ipairs(groups or {}) do
    parts[i] = read_group(group, fact_names)
    if not parts[i] then return nil end
  end
  return groups and parts
end

-- Any logs ---------------------------------------------------------------------------------------

local NOTICES = 5 -- lines of them that are shown

local function tell(session, notices)
  for i = 1, math.min(#notices, NOTICES) do session:note("%s", notices[i]) end
  if #notices > NOTICES then session:note("… and %d notices more", #notices - NOTICES) end
end

local TEXTS = lists.set { "dev", "name", "accuracy" }

-- What can't be read is a notice.
local function read_each(session, logs, fact_names)
  local parts, notices = {}, {}
  local function notice(line) notices[#notices + 1] = line end
  for _, log in ipairs(logs) do
    local part, problem = read_one(log, fact_names, notice)
    if part then parts[#parts + 1] = part else notice(problem .. "; left out") end
  end
  tell(session, notices)
  return parts
end

-- Logs below each other as one frame.
local function read_logs(session, logs, fact_names)
  local parts = read_at_once(logs, fact_names) or read_each(session, logs, fact_names)
  if #parts == 0 then return nil end
  local all, facts, columns = fail.check(cores.concat(parts)), lists.set(fact_names), {}
  for i, name in ipairs(all:names()) do
    local column = all:col(name)
    if not facts[name] and not TEXTS[name] then column = typed(blank_as_null(column)) end
    columns[i] = { name = name, values = column }
  end
  return frame.wrap(cores.new(columns))
end

-- Folders -----------------------------------------------------------------------------------------

local function is_pipe(path)
  return path == "-" or lfs.attributes(path, "mode") == "named pipe"
end

-- A file as a frame, or nil and why not. What comes through a pipe is CSV: none can look ahead.
local function read_frame(path)
  return (is_pipe(path) and frame.read_csv or frame.read)(path)
end

-- The other tables that a run left: its outcomes and summaries.
local function put_summaries(session, folder)
  local found, names = {}, {}
  for _, name in ipairs(names_in(folder)) do
    local stem = name:match("^([%w_]+)%.csv$")
    local is_table = stem and not open.log_facts(name) and stem ~= "outcomes" and stem ~= "lookup"
    local read = is_table and read_frame(paths.join(folder, name))
    if read then
      found[stem], names[#names + 1] = read, stem
    end
  end
  local outcomes = lfs.attributes(paths.join(folder, "outcomes.csv"), "mode")
    and read_frame(paths.join(folder, "outcomes.csv"))
  if outcomes then put(session, "outcomes", outcomes, "how each cell ended") end
  if #names > 0 then
    put_table(session, "summaries", found, "tables " .. table.concat(names, ", "))
  end
end

local function open_run(session, folder, logs)
  local read = read_logs(session, logs, FACTS)
  if not read then fail.cannot("%s: none of its %d logs can be read", folder, #logs) end
  put(session, "logs", read, ("%s of %s"):format(count_text(#logs, "log"), folder))
  put_summaries(session, folder)
  return read
end

local function put_runs(session, opened, folder)
  local columns = { { name = "name" }, { name = "date" }, { name = "day" }, { name = "mode" },
    { name = "dtype" }, { name = "folder" } }
  for _, column in ipairs(columns) do
    column.values, column.type, column.n = {}, "string", #opened.runs
    for i, run in ipairs(opened.runs) do
      column.values[i] = column.name == "date" and archive.date_of(run.name) or run[column.name]
    end
  end
  return put(session, "runs", frame.wrap(cores.new(columns)), "the index of " .. folder)
end

local function open_archive(session, folder)
  local opened, logs = archive.open(folder), {}
  tell(session, opened.notices)
  local runs = put_runs(session, opened, folder)
  for _, run in ipairs(opened.runs) do
    local is_there = lfs.attributes(run.folder, "mode") == "directory"
    local found = is_there and logs_in(run.folder, { run = run.name,
      date = archive.date_of(run.name) }) or {}
    table.move(found, 1, #found, #logs + 1, logs)
  end
  if #logs > 0 then
    local facts = table.move(FACTS, 1, #FACTS, 3, { "run", "date" })
    local read = read_logs(session, logs, facts)
    if read then
      put(session, "logs", read, ("%s of %s"):format(count_text(#logs, "log"),
        count_text(#opened.runs, "run")))
    end
  end
  return runs
end

-- Configs -----------------------------------------------------------------------------------------

-- The frames of results for the user: suite → metric → frame, by group where there are several.
local function tables_of(results)
  local by_group = {}
  for _, group in ipairs(results.groups) do
    local suites = {}
    for _, suite in ipairs(group.suites) do
      suites[suite.name] = {}
      for name, core in pairs(suite.tables) do suites[suite.name][name] = frame.wrap(core) end
    end
    by_group[group.label] = suites
  end
  return #results.groups == 1 and by_group[results.groups[1].label] or by_group
end

-- A summary as a frame: a row a compiler, a column a suite.
local function summary_frame(group, made)
  local columns = { { name = "compiler", type = "string", values = group.compilers } }
  for _, suite in ipairs(group.suites) do
    local values = {}
    for i, compiler in ipairs(group.compilers) do
      values[i] = made.values[compiler][suite.name]
    end
    columns[#columns + 1] = { name = suite.name, type = "f64", values = values,
      n = #group.compilers }
  end
  return frame.wrap(cores.new(columns))
end

local function summaries_of(results)
  local by_group = {}
  for _, group in ipairs(results.groups) do
    local summaries = {}
    for _, made in ipairs(group.summaries) do summaries[made.name] = summary_frame(group, made) end
    by_group[group.label] = summaries
  end
  return #results.groups == 1 and by_group[results.groups[1].label] or by_group
end

-- A config that wants options of the command line has none here.
local function open_job(path)
  local layer = require("benchrun.config").load(path)
  local ok, job = pcall(require("benchrun.run").open, layer, {}, true)
  if ok then return job end
  local failure = fail.of(job)
  if not failure or failure.status ~= fail.status.usage then error(job, 0) end
  fail.cannot("%s wants an option (%s), which there is none of here; open the folder of its logs",
    path, failure.message)
end

local function open_config(session, path)
  local job = open_job(path)
  local folder = job.config.output_dir
  put_table(session, "config", job.config, "the config " .. path)
  if lfs.attributes(folder, "mode") ~= "directory" or #logs_in(folder) == 0 then
    session:note("no results yet: there are no logs in %s", folder)
    return job.config
  end
  local collected = require("benchrun.results").collect(job.config, job.plan,
    require("benchrun.outcome").read(job.plan, folder), job.registry)
  tell(session, collected.notices)
  local results = tables_of(collected)
  put_table(session, "results", results, ("tables by suite and metric: %s"):format(table.concat(
    lists.sorted_keys(results), ", ")))
  put_table(session, "summaries", summaries_of(collected), "tables of compilers and suites")
  local logs = logs_in(folder)
  local read = #logs > 0 and read_logs(session, logs, FACTS)
  if read then
    put(session, "logs", read, ("%s of %s"):format(count_text(#logs, "log"), folder))
  end
  return results
end

-- Files -------------------------------------------------------------------------------------------

local TAKEN = lists.set { "_", "frame", "stats", "plot", "open", "show", "help", "f" }

--- The name of a variable for a file: its own without folder and suffixes, as a word of Lua.
function open.variable_name(path)
  local stem = path:match("([^/]*)$"):gsub("%.gz$", ""):gsub("%.zst$", "")
  stem = stem:gsub("(.)%.%w+$", "%1")
  local name = stem:gsub("[^%w_]+", "_"):gsub("^%f[%d]", "_"):gsub("^$", "_")
  local is_taken = TAKEN[name] or chunk.keywords[name] or _G[name] ~= nil
  return is_taken and name .. "_" or name
end

-- Puts what a reader made of a file or folder into the session.
local function put_file(session, path, read)
  local name = is_pipe(path) and "input" or open.variable_name(path)
  put(session, name, read, path)
  if session.env.f == nil then
    session.env.f = read
    session:write(("%-9s the same\n"):format("f"))
  end
  return read
end

local function open_file(session, path)
  local read, problem = read_frame(path)
  if not read then fail.cannot("%s", problem) end
  return put_file(session, path, read)
end

local function open_folder(session, path)
  local is_archive = lfs.attributes(paths.join(path, "lookup.csv"), "mode")
  if is_archive then return open_archive(session, path) end
  local logs = logs_in(path)
  if #logs > 0 then return open_run(session, path, logs) end
  local read = frame.read(path)
  if not read then
    fail.cannot("%s: neither a run nor an archive: it has neither logs (…_performance.csv) nor a "
      .. "lookup.csv; give a file, or a folder that has", path)
  end
  return put_file(session, path, read)
end

-- All --------------------------------------------------------------------------------------------

--- Loads what a path or the name of a preset stands for into the session. Returns its main frame or
--- table.
function open.open(session, path)
  if type(path) ~= "string" then error("open: a path expected, got " .. type(path), 2) end
  session.owners, session.opening = session.owners or {}, path
  if path == "-" then return open_file(session, path) end
  local located = require("benchrun.config").locate(path)
  local kind = lfs.attributes(located, "mode")
  if located ~= path and kind == "file" then return open_config(session, located) end
  kind = lfs.attributes(path, "mode")
  if not kind then
    fail.cannot("%s: no such file or folder, nor a preset of that name", path)
  end
  if kind == "directory" then return open_folder(session, path) end
  if path:find("%.lua$") then return open_config(session, path) end
  return open_file(session, path)
end

return open
