-- What a run has to do with those before it: its name, its place in the archive, the comparison
-- with them. Which of that is done is the config's archive and detect_regressions.

local archive = require "benchrun.archive"
local lfs = require "lfs"
local output = require "benchrun.output"
local sys = require "benchrun.core.sys"

local history = {}

local RUNS_SEEN = 100

local function first_dtype(config) return config.dtypes[1] end

-- True if this run is put into the archive; one without a report is not. reading: finished logs are
-- reported on.
local function is_kept(config, reading)
  local settings = config.archive
  return settings.path ~= nil and config.report.enabled
    and (settings.update == "always" or (settings.update == "run" and not reading))
end

-- A new run must not be mixed with an archived one; finished logs may be reported on again.
local function is_taken(config, name)
  for _, run in ipairs(archive.open(config.archive.path).runs) do
    if run.name == name then return true end
  end
  return false
end

local function check_name(job, reading)
  local config = job.config
  local name = config.archive.name
  local problem = name and archive.check_name(name)
  if not problem and name and job.is_kept and not reading and is_taken(config, name) then
    problem = "is that of a run in the archive already"
  end
  if problem then
    config.fail({ "archive", "name" }, ("the archive name %q %s; give another"):format(name,
      problem))
  end
end

--- Gives the job its run_name, and makes the archive where the run is to be kept. reading: finished
--- logs are reported on; then the name that the run left in its directory counts. Raises for a name
--- or a path that can't be.
function history.open(job, reading)
  local config = job.config
  job.is_kept = is_kept(config, reading)
  check_name(job, reading)
  if job.is_kept then
    archive.prepare(config.archive.path, config.output_dir)
  end
  local make = job.is_kept and archive.claim_name or archive.generate_name
  job.run_name = config.archive.name or reading and output.run_name(config.output_dir)
    or make(config.archive.path, first_dtype(config), os.time() + config.archive.utc_offset * 3600)
end

--- Copies what is in the output directory into the archive, if the run is kept.
function history.store(job)
  if not job.is_kept then return end
  archive.store(job.config.archive.path, job.run_name, job.config.output_dir)
  job.is_stored = true
end

--- Lists the run in the archive, if it is kept and was neither interrupted nor measured nothing:
--- the next one must not be compared with a part.
function history.list(job, results)
  if not job.is_kept or results.measured == 0 or sys.interrupted() then return end
  archive.add(job.config.archive.path, { day = archive.day_of(job.run_name), mode = "performance",
    dtype = first_dtype(job.config), name = job.run_name })
end

--- Where a reader finds all of the run: its folder in the archive or the output directory.
function history.place(job)
  if job.is_kept then return job.config.archive.path .. "/" .. job.run_name end
  return job.config.output_dir
end

local function ends_with(text, ending) return text:sub(-#ending) == ending end

local function is_log(name)
  return ends_with(name, "_performance.csv") or ends_with(name, "_accuracy.csv")
end

-- True for a log of the config's mode on one of its devices.
local function is_of_config(name, config)
  for _, device in ipairs(config.devices) do
    for _, testing in ipairs { "performance", "accuracy" } do
      if ends_with(name, ("_%s_%s_%s.csv"):format(config.mode, device, testing)) then
        return true
      end
    end
  end
  return false
end

-- What the logs in a run's folder are of: true if any is of the config's mode and devices, false if
-- none is, nil where there are none.
local function is_comparable(run, config)
  local ok, each, state = pcall(lfs.dir, run.folder)
  if not ok then return nil end
  local found
  for name in each, state do
    if is_of_config(name, config) then return true end
    if is_log(name) then found = false end
  end
  return found
end

-- The index does not tell the mode that was exercised nor the devices: runs whose logs are all of
-- others are left out. Only the newest are looked into; nobody looks at more.
local function comparable(runs, config)
  local list, first = {}, math.max(1, #runs - RUNS_SEEN + 1)
  for i = first, #runs do
    if is_comparable(runs[i], config) ~= false then list[#list + 1] = runs[i] end
  end
  return list
end

-- The runs before this one, and this one as it lies in the output directory.
local function with_current(job, results, runs)
  local list = {}
  for _, each in ipairs(runs) do
    if each.name == job.run_name then break end
    list[#list + 1] = each
  end
  list[#list + 1] = { name = job.run_name, label = history.place(job),
    folder = job.config.output_dir, dtype = first_dtype(job.config), results = results }
  return list
end

--- Compares with the archive: sets results.comparison and results.over_time, whose charts are
--- drawn. Does nothing where there is no archive or it is not asked for.
function history.compare(job, results)
  local config = job.config
  if not config.archive.path or not config.detect_regressions then return end
  local past = archive.open(config.archive.path)
  table.move(past.notices, 1, #past.notices, #results.notices + 1, results.notices)
  local runs = comparable(archive.select(past, first_dtype(config)), config)
  if config.archive.compare == "current" then
    runs = with_current(job, results, runs)
  end
  results.comparison = require("benchrun.regress").compare(config, job.registry, runs)
  local over_time = require "benchrun.over_time"
  results.over_time = over_time.collect(config, runs, job.registry)
  over_time.draw(config, results.over_time)
end

return history
