-- From finished cells to all that tells of them: files, comparison, archive, comment, exit status.
--
-- What can't be written (the disk may be full) or published is told when all that is known has been
-- shown: what was measured must not be lost with a file.

local ci = require "benchrun.ci"
local fail = require "benchrun.fail"
local history = require "benchrun.history"
local lists = require "benchrun.lists"
local paths = require "benchrun.paths"
local stdout = require "benchrun.stdout"
local sys = require "benchrun.core.sys"
local text = require "benchrun.text"

local reporting = {}

local function append(list, more) return table.move(more, 1, #more, #list + 1, list) end

--- Calls write with the arguments; where it fails that is kept as job.failure, for the end. Returns
--- its result.
function reporting.attempt(job, write, ...)
  local function with_traceback(err) return fail.of(err) or debug.traceback(tostring(err), 2) end
  local ok, result = xpcall(write, with_traceback, ...)
  if ok then return result end
  if not fail.of(result) then error(result, 0) end
  job.failure = job.failure or result
end

local attempt = reporting.attempt

-- Results -----------------------------------------------------------------------------------------

-- True if any section that is to be written shows the build summary.
local function shows_build_summary(settings)
  local shown = lists.set(#settings.renderers > 0 and settings.sections or {})
  for _, file in ipairs(settings.files) do lists.put_all(shown, lists.set(file.sections)) end
  return shown.build_summary
end

local function start_probes(config)
  if shows_build_summary(config.report) then
    return require("benchrun.build_summary").start(config)
  end
end

local function collect(job, outcomes)
  local results = require("benchrun.results").collect(job.config, job.plan, outcomes, job.registry)
  results.facts = require("benchrun.environment").facts(job.config)
  results.run_name = job.run_name
  return results
end

-- Names of the summaries' files and of the whole reports.
local function report_files(job, results)
  local names = lists.pluck(require("benchrun.results").summary_files(results), "file")
  for _, name in ipairs(job.config.report.renderers) do
    names[#names + 1] = "report" .. job.registry:get("renderers", name).extension
  end
  return names
end

local function chart_files(charts)
  local files = {}
  for _, chart in ipairs(charts) do
    for _, format in ipairs { "png", "svg" } do files[#files + 1] = chart.files[format] end
  end
  return files
end

local function all_charts(results)
  local over_time = results.over_time and results.over_time.charts or {}
  return append(append({}, results.charts), over_time)
end

-- Files with some of the sections -----------------------------------------------------------------

-- Removes those that an earlier report left and this one has nothing to say for.
local function remove_stale(job, output, parts)
  local written = lists.set(lists.pluck(parts, "file"))
  for _, each in ipairs(job.config.report.files) do
    local name = require("benchrun.report").file_name(job.config, each)
    local is_ours = output.listed[name] or job.config.clean == "all"
    if not written[name] and is_ours then
      os.remove(paths.join(job.config.output_dir, name))
    end
  end
end

local function render_parts(job, parts, image)
  local github, texts = job.registry:get("renderers", "github"), {}
  for i, part in ipairs(parts) do texts[i] = github.render(part.blocks, { image = image }) end
  return texts
end

-- True if nothing of a part but headings would be seen: its pictures have no addresses.
local function is_bare(part, image)
  for _, block in ipairs(part.blocks) do
    if block.kind ~= "heading" and (block.kind ~= "chart" or image(block)) then return false end
  end
  return part.blocks[1].level ~= 1
end

local function comment_of(job, parts, image, limit)
  local seen = {}
  for _, part in ipairs(parts) do
    if not is_bare(part, image) then seen[#seen + 1] = part end
  end
  local github = job.registry:get("renderers", "github")
  return (require("benchrun.comment").fit(seen,
    function(blocks) return github.render(blocks, { image = image }) end, limit,
    history.place(job)))
end

local function no_image() return nil end

-- Writes the files and the comment, without pictures: their addresses are not known.
local function write_parts(job, output, results)
  local settings, folder = job.config.report, job.config.output_dir
  local parts = require("benchrun.report").parts(results, job.registry)
  if #parts == 0 then return {} end
  remove_stale(job, output, parts)
  output:add(lists.pluck(parts, "file"))
  local files = {}
  for i, part in ipairs(render_parts(job, parts, no_image)) do
    files[i] = paths.join(folder, parts[i].file)
    fail.check(sys.write_file(files[i], part))
  end
  if settings.comment then
    output:add { settings.comment }
    job.comment = comment_of(job, parts, no_image, require("benchrun.comment").LIMIT)
    files[#files + 1] = paths.join(folder, settings.comment)
    fail.check(sys.write_file(files[#files], job.comment))
  end
  job.parts = parts
  return files
end

-- Publishing --------------------------------------------------------------------------------------

local function publishes(job, results)
  local settings = job.config.publish
  return job.parts and (settings.comment or settings.upload) and results.measured > 0
    and not results.missing[1] and not sys.interrupted()
end

-- The charts that are to be uploaded.
local function charts_to_publish(config, results)
  if not config.publish.upload then return {} end
  local over_time = results.over_time
  local is_short = over_time and #over_time.labels < config.archive.over_time
  if is_short and config.publish.over_time == "full" then return results.charts end
  return all_charts(results)
end

local function publish_state(job, results)
  local publish = require "benchrun.publish"
  local charts = charts_to_publish(job.config, results)
  local names = lists.set(lists.pluck(charts, "name"))
  local function image(block) return names[block.name] and publish.place(block.name) or nil end
  local texts, parts = render_parts(job, job.parts, image), {}
  for i, part in ipairs(job.parts) do parts[i] = { file = part.file, text = texts[i] } end
  local comment = job.config.report.comment
    and comment_of(job, job.parts, image, publish.limit(charts))
  return publish.prepare(job.config, parts, charts, comment, history.place(job))
end

-- Uploads the charts and posts the comment, as far as the config asks for it.
local function publish_all(job, output, results)
  local publish, folder = require "benchrun.publish", job.config.output_dir
  local state = publish_state(job, results)
  state.copy_to = job.is_stored and sys.real_path(history.place(job)) or nil
  output:add(publish.files(state))
  publish.write(folder, state)
  publish.run(folder, function(line) io.stderr:write(text.clean(line), "\n") end, state)
end

-- Writing -----------------------------------------------------------------------------------------

local function write_rendered(job, results, name, path)
  local renderer = job.registry:get("renderers", name)
  fail.check(sys.write_file(path, renderer.render({}, { results = results,
    registry = job.registry, title = job.config.report.title })))
  return path
end

-- What a CI system reads: the files that the config asks for, annotations, the step summary.
local function write_for_ci(job, results)
  local files = {}
  for _, name in ipairs { "junit", "json" } do
    local path = job.config[name]
    if path then files[#files + 1] = attempt(job, write_rendered, job, results, name, path) end
  end
  ci.annotate(results, os.getenv, stdout)
  if ci.is_github(os.getenv) then
    local markdown = require("benchrun.report").markdown(results, job.registry)
    local problem = ci.summary(markdown, os.getenv)
    if problem then io.stderr:write("benchrun: ", text.clean(problem), "\n") end
  end
  return files
end

-- Draws and writes all files of the report. Returns those that could be written.
local function write_report(job, output, results)
  local folder = job.config.output_dir
  attempt(job, output.add, output, report_files(job, results))
  local files = attempt(job, require("benchrun.results").write_csvs, results, folder) or {}
  attempt(job, history.compare, job, results)
  ci.note(job.config, results)
  require("benchrun.charts").draw(results, job.registry)
  local charts = chart_files(all_charts(results))
  attempt(job, output.add_paths, output, charts)
  append(files, attempt(job, require("benchrun.report").write, results, job.registry) or {})
  append(files, attempt(job, write_parts, job, output, results) or {})
  return append(files, charts)
end

local function keep_and_publish(job, output, results)
  attempt(job, history.store, job)
  attempt(job, history.list, job, results)
  if not publishes(job, results) then return end
  attempt(job, publish_all, job, output, results)
  job.comment = sys.read_file(paths.join(job.config.output_dir, job.config.report.comment or ""))
    or job.comment
end

-- Showing -----------------------------------------------------------------------------------------

local KINDS = { md = "report", txt = "report", png = "chart", svg = "chart", csv = "table",
  xml = "results", json = "results" }

-- The files by what they are: the report, then charts, then tables.
local function print_files(files)
  for _, kind in ipairs { "report", "chart", "table", "results" } do
    for _, file in ipairs(files) do
      if (KINDS[file:match("%.(%w+)$")] or "results") == kind then
        stdout:write(("%-8s"):format(kind), text.clean(file), "\n")
      end
    end
  end
end

local function print_report(job, results, files)
  if job.config.report.show == "comment" and job.comment then
    stdout:write(job.comment)
  else
    stdout:write(require("benchrun.report").terminal(results, job.registry, {
      width = sys.terminal_columns(1) or 100,
      colour = sys.is_terminal(1) and stdout.wants_colour(os.getenv),
    }))
  end
  stdout:write("\n")
  print_files(files)
  if job.is_stored then stdout:write("archive ", text.clean(history.place(job)), "\n") end
end

local function exit_status(job, results)
  if sys.interrupted() then return fail.status.interrupted end
  if results.measured == 0 then
    io.stderr:write("benchrun: nothing was measured; see the outcomes and warnings above\n")
    return fail.status.cannot
  end
  return ci.status(job.config, results)
end

-- A report that leaves logs out unasked must not look like a whole one.
local function check_missing(results)
  local missing, all = results.missing, #results.plan
  if #missing == 0 then return end
  fail.cannot("%d of %d logs are missing or can't be read: %s; the report is made without. Choose "
    .. "what to report on with --suites, --devices, --dtypes and --compilers", #missing, all,
    table.concat(missing, ", "))
end

--- Reports on cells that have been run, or on finished logs. outcomes: nil where they are not
--- known. Returns the exit status.
function reporting.report_on(job, output, outcomes)
  attempt(job, output.name_run, output, job.run_name)
  attempt(job, history.store, job)
  local probes <close> = start_probes(job.config)
  local results = collect(job, outcomes)
  results.probes = probes
  local files = write_report(job, output, results)
  append(files, write_for_ci(job, results))
  keep_and_publish(job, output, results)
  ci.shield(os.getenv, stdout, function() print_report(job, results, files) end)
  stdout.flush()
  if job.failure then error(job.failure, 0) end
  check_missing(results)
  return exit_status(job, results)
end

return reporting
