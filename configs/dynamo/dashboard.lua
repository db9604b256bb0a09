-- Where past runs are kept and where the comment goes, and what the dashboard's options mean for
-- benchrun's own keys `archive` and `publish`.

local dashboard = {
  archive = { utc_offset = -8, renamed = { inductor_cudagraphs = "inductor" } },
  publish = {
    over_time = "full",
    repository = "https://github.com/pytorch/pytorch.git",
    issue = { float32 = 93518, default = 93794 },
  },
}

local function archive_keys(config)
  local archive = { path = config.dashboard_archive_path }
  if config.update_dashboard then archive.update = "always" end
  if config.update_dashboard_test or config.archive.update == "never" then
    archive.update, archive.compare = "never", "archived"
  end
  return archive
end

local function publish_keys(config)
  local publish = { uploader = config.dashboard_image_uploader, gh = config.dashboard_gh_cli_path }
  local is_live = not config.update_dashboard_test
  local has_uploader = (publish.uploader or config.publish.uploader) ~= nil
  if config.update_dashboard then
    publish.upload = is_live and has_uploader and not config.no_graphs
    publish.comment = is_live and not config.no_gh_comment
  end
  return publish
end

--- The keys of benchrun that follow from this preset's.
function dashboard.derive(config)
  local report = {}
  if config.log_operator_inputs then report.enabled = false end
  if config.update_dashboard then report.show = "comment" end
  return { archive = archive_keys(config), publish = publish_keys(config), report = report }
end

return dashboard
