-- The keys that this preset adds to a config's, with the options of the dynamo benchmark runner.

local function flag(flags, name, help)
  return { name = name, type = "boolean", default = false, help = help, option = { flags = flags } }
end

local function valued(flags, name, metavar, help, more)
  local field = { name = name, type = "string", help = help,
    option = { flags = flags, metavar = metavar } }
  for key, value in pairs(more or {}) do field[key] = value end
  return field
end

local function count(flags, name, help, least)
  return valued(flags, name, "N", help, { type = "integer", min = least or 0 })
end

local function words(flags, name, metavar, help)
  return { name = name, type = "list", of = { type = "string" }, help = help,
    option = { flags = flags, metavar = metavar, split = true,
      is_command = metavar == "COMMAND" } }
end

local names = { type = "list", of = { type = "string" } }

return {
  -- What the suites' scripts are given.
  count("--batch-size", "batch_size", "batch size of every model"),
  count("--threads -t", "threads", "threads of eager and inductor"),
  count("--total-partitions", "total_partitions", "number of partitions of each suite"),
  count("--partition-id", "partition_id", "the partition to run"),
  flag("--log-operator-inputs", "log_operator_inputs",
    "let the scripts log operator inputs; no logs are parsed then"),
  flag("--no-cold-start-latency", "no_cold_start_latency",
    "do not time inductor's first compilation from a cold start"),
  valued("--inductor-compile-mode", "inductor_compile_mode", "MODE",
    "mode of torch.compile, given to every compiler"),
  flag("--enable-cpu-launcher", "enable_cpu_launcher",
    "start the scripts through torch.backends.xeon.run_cpu"),
  words("--cpu-launcher-args", "cpu_launcher_args", "WORDS", "what that launcher is given"),
  { name = "cold_start_compilers", type = "list", of = { type = "string" }, default = {},
    help = "compilers that get --cold-start-latency" },
  { name = "quick_filters", type = "table", of = names, rows = true, default = {},
    help = "suite → words that --quick adds" },
  { name = "skip_lists", type = "table", of = { type = "table", of = names }, rows = true,
    default = {}, help = "suite → always, mode or device → models that are left out" },

  -- The dashboard.
  flag("--update-dashboard", "update_dashboard",
    "compare with the archive, put this run into it, upload the charts, post the comment"),
  flag("--no-graphs", "no_graphs", "upload no charts"),
  flag("--no-gh-comment", "no_gh_comment", "post no comment"),
  flag("--update-dashboard-test", "update_dashboard_test",
    "the same as --no-graphs --no-update-archive --no-gh-comment"),
  words("--dashboard-image-uploader", "dashboard_image_uploader", "COMMAND",
    "command that uploads a picture and prints its address"),
  valued("--dashboard-archive-path", "dashboard_archive_path", "DIR", "folder of the past runs"),
  words("--dashboard-gh-cli-path", "dashboard_gh_cli_path", "COMMAND", "the GitHub command"),
}
