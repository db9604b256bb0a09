-- What a run has to do with those before it: its name, its place in the archive, the comparison
-- with them. Which of that is done is the config's archive and detect_regressions.

local archive = require "benchrun.archive"
local output = require "benchrun.output"
local sys = require "benchrun.core.sys"

local history = {}

local function first_dtype(config) return config.dtypes[1] end

--- True if this run is put into the archive; one without a report is not. reading: finished logs
--- are reported on.
function history.is_kept(config, reading)
  local settings = config.archive
  return settings.path ~= nil and config.report.enabled
    and (settings.update == "always" or (settings.update == "run" and not reading))
end

local function check_name(config)
  local name = config.archive.name
  local problem = name and archive.check_name(name)
  if problem then
    config.fail({ "archive", "name" }, ("the archive name %q %s; give another"):format(name,
      problem))
  end
end

--- Gives the job its run_name, and makes the archive where the run is to be kept. reading: as
--- above; then the name that the run left in its directory counts. Raises for a name or a path that
--- can't be.
function history.open(job, reading)
  local config = job.config
  check_name(config)
  job.is_kept = history.is_kept(config, reading)
  if job.is_kept then
    archive.prepare(config.archive.path, config.output_dir)
  end
  local make = job.is_kept and archive.claim_name or archive.generate_name
  job.run_name = config.archive.name or reading and output.run_name(config.output_dir)
    or make(config.archive.path, first_dtype(config), os.time())
end

--- Copies what is in the output directory into the archive, if the run is kept.
function history.store(job)
  if not job.is_kept then return end
  archive.store(job.config.archive.path, job.run_name, job.config.output_dir)
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

-- The runs before this one, and this one as it lies in the output directory.
local function with_current(job, runs)
  local list = {}
  for _, each in ipairs(runs) do
    if each.name == job.run_name then break end
    list[#list + 1] = each
  end
  list[#list + 1] = { name = job.run_name, label = history.place(job),
    folder = job.config.output_dir, dtype = first_dtype(job.config) }
  return list
end

--- Compares with the archive: sets results.comparison and results.over_time, whose charts are
--- drawn. Does nothing where there is no archive or it is not asked for.
function history.compare(job, results)
  local config = job.config
  if not config.archive.path or not config.detect_regressions then return end
  local past = archive.open(config.archive.path)
  table.move(past.notices, 1, #past.notices, #results.notices + 1, results.notices)
  local runs = archive.select(past, first_dtype(config))
  if config.archive.compare == "current" then runs = with_current(job, runs) end
  results.comparison = require("benchrun.regress").compare(config, job.registry, runs)
  local over_time = require "benchrun.over_time"
  results.over_time = over_time.collect(config, runs, job.registry)
  over_time.draw(config, results.over_time)
end

return history
