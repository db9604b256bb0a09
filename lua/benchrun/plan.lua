-- The plan: the ordered list of cells of a run. A cell is one (testing, suite, device, dtype,
-- compiler): one command, one log. Nothing here runs anything or touches the output directory.
--
-- A cell is a table:
--   index, id            position in the plan; name of its log without ".csv"
--   testing, suite, device, dtype, compiler, mode
--   row, suite_row       what the config's tables hold for its compiler and suite
--   benchmarks           list of tables with at least a name, after skips and --quick; nil when the
--                        suite does not list them
--   skipped              names of benchmarks that the skip list leaves out
--   log, stdout, stderr  paths of what it writes
--   argv, env, deadline  its command (list of words), environment, seconds (0: no limit)
--   skip                 the reason, when the cell is not to be run

local fail = require "benchrun.fail"
local lists = require "benchrun.lists"
local paths = require "benchrun.paths"
local schema = require "benchrun.schema"

local plan = {}

-- Names -------------------------------------------------------------------------------------------

-- Names become parts of file names: hostile ones must not lead elsewhere.
local function check_plain(config, key_path, name)
  if paths.is_plain_name(name) then return end
  config.fail(key_path, ("%s: %s can't be part of a file name"):format(key_path[1],
    schema.describe(name)))
end

local function check_known(config, key_path, what, name, known)
  if known[name] then return end
  config.fail(key_path, ("unknown %s '%s'%s"):format(what, name,
    schema.suggestion(name, lists.sorted_keys(known), true)))
end

-- The columns that stand beside the compilers in tables.
local RESERVED = { dev = true, name = true, bs = true, suite = true }

local function check_column(config, key_path, name)
  if not RESERVED[name] then return end
  config.fail(key_path, ("%s: '%s' is the name of a column of every table; call the compiler "
    .. "otherwise"):format(key_path[1], name))
end

-- Checks the names at a key: plain, known (where there is a table of them), each there once.
local function check_selection(config, key, what, known)
  local seen = {}
  for i, name in ipairs(config[key]) do
    check_plain(config, { key, i }, name)
    if known then check_known(config, { key, i }, what, name, known) end
    if what == "compiler" then check_column(config, { key, i }, name) end
    if seen[name] then config.fail({ key, i }, ("%s: '%s' is listed twice"):format(key, name)) end
    seen[name] = true
  end
end

local function or_any(known) return next(known) and known or nil end

local function the_mode(config)
  local modes = lists.sorted_keys(config.compiler_table)
  if #modes == 0 then
    config.fail({ "compiler_table" }, "compiler_table: it has no mode with compilers to run")
  end
  if not config.mode and #modes > 1 then
    fail.usage("which mode? Give one of --%s", table.concat(modes, ", --"))
  end
  local mode = config.mode or modes[1]
  check_known(config, { "mode" }, "mode", mode, config.compiler_table)
  check_plain(config, { "compiler_table", mode }, mode)
  return mode
end

-- All compilers of the mode: the baseline first, then by name.
local function default_compilers(rows, baseline)
  local names = rows[baseline] and { baseline } or {}
  for _, name in ipairs(lists.sorted_keys(rows)) do
    if name ~= baseline then names[#names + 1] = name end
  end
  return names
end

local function without(names, left_out)
  local rest = {}
  for _, name in ipairs(names) do
    if name ~= left_out then rest[#rest + 1] = name end
  end
  return rest
end

-- Flagging one twice changes nothing.
local function each_once(names)
  local list, seen = names and {}, {}
  for _, name in ipairs(names or {}) do
    if not seen[name] then list[#list + 1] = name end
    seen[name] = true
  end
  return list
end

local function check_baseline(config, rows)
  if not config.baseline then return end
  check_known(config, { "baseline" }, "compiler", config.baseline, rows)
  check_plain(config, { "baseline" }, config.baseline)
end

-- A trailing slash says nothing; without it names of files can be made and taken apart alike.
local function the_output_folder(config)
  local folder = config.output_dir:gsub("(.)/+$", "%1")
  if folder == "" then config.fail({ "output_dir" }, "output_dir: a folder's name expected") end
  return folder
end

--- Fills in what the config leaves to the plan (mode, suites, compilers, flag_compilers) and checks
--- every name against its table; where finished logs are read (reading), those of suites and
--- compilers may be unknown. Changes config. Raises a config or usage error that lists the known
--- names.
function plan.complete(config, reading)
  config.mode = the_mode(config)
  local rows = config.compiler_table[config.mode]
  config.output_dir = the_output_folder(config)
  config.suites = config.suites or lists.sorted_keys(config.suite_table)
  config.compilers = config.compilers or default_compilers(rows, config.baseline)
  config.flag_compilers = each_once(config.flag_compilers)
    or without(config.compilers, config.baseline)
  local known_rows, known_suites = rows, config.suite_table
  if reading then known_rows, known_suites = nil, nil end
  check_selection(config, "suites", "suite", known_suites)
  check_selection(config, "devices", "device", or_any(config.device_table))
  check_selection(config, "dtypes", "dtype", or_any(config.dtype_table))
  check_selection(config, "compilers", "compiler", known_rows)
  check_selection(config, "flag_compilers", "compiler", known_rows)
  check_selection(config, "testings", "testing")
  check_selection(config, "metrics", "metric")
  check_baseline(config, rows)
  if config.report.sort_by then
    check_known(config, { "report", "sort_by" }, "compiler", config.report.sort_by, rows)
  end
  for _, key in ipairs { "suites", "devices", "dtypes", "compilers", "testings" } do
    if #config[key] == 0 then config.fail({ key }, key .. ": at least one is needed") end
  end
end

-- Benchmarks --------------------------------------------------------------------------------------

local SKIP_FIELD = { type = "string|boolean|list", of = { type = "string" } }

-- The skip list of a cell as names, and the reason if it leaves the whole cell out.
local function skip_list(cell, config)
  local skip = cell.suite_row.skip
  if type(skip) ~= "function" then return skip or {} end
  local where = { "suite_table", cell.suite, "skip" }
  local answer = config.call(where, skip, cell, config)
  if not answer then return {} end
  local key_path, problem = schema.check_value(SKIP_FIELD, answer, where)
  if key_path then config.fail(where, problem .. ", from its function") end
  if answer == true then return {}, "left out by the suite's skip list" end
  if type(answer) == "string" then return {}, answer end
  return answer
end

-- The benchmarks of a suite as tables, nil when it does not list them.
local function listed_benchmarks(suite_row)
  if not suite_row.benchmarks then return nil end
  local list = {}
  for i, each in ipairs(suite_row.benchmarks) do
    list[i] = type(each) == "string" and { name = each } or each
  end
  return list
end

local function choose_benchmarks(cell, config)
  cell.skipped, cell.skip = skip_list(cell, config)
  local all = listed_benchmarks(cell.suite_row)
  if not all then return end
  local quick = cell.suite_row.quick or { all[1] and all[1].name }
  local left_out, wanted = lists.set(cell.skipped), cell.quick and lists.set(quick)
  cell.benchmarks = {}
  for _, each in ipairs(all) do
    if not left_out[each.name] and (not wanted or wanted[each.name]) then
      table.insert(cell.benchmarks, each)
    end
  end
  if #cell.benchmarks == 0 then
    cell.skip = cell.skip or "no benchmark of its suite is left to run"
  end
end

-- A suite lists each benchmark once, and in `quick` only what it lists.
local function check_benchmarks(config, suite)
  local row, known = config.suite_table[suite], {}
  for i, each in ipairs(listed_benchmarks(row) or {}) do
    if known[each.name] then
      config.fail({ "suite_table", suite, "benchmarks", i },
        ("suite_table.%s.benchmarks: '%s' is listed twice"):format(suite, each.name))
    end
    known[each.name] = true
  end
  for i, name in ipairs(row.benchmarks and row.quick or {}) do
    check_known(config, { "suite_table", suite, "quick", i }, "benchmark", name, known)
  end
end

-- Cells -------------------------------------------------------------------------------------------

--- The name of a cell's log, without ".csv".
function plan.log_name(cell)
  return table.concat({ cell.compiler, cell.suite, cell.dtype, cell.mode, cell.device,
    cell.testing }, "_")
end

local function place_files(cell, config)
  cell.id = plan.log_name(cell)
  cell.log = paths.join(config.output_dir, cell.id .. ".csv")
  cell.stdout = paths.join(config.output_dir, "output/" .. cell.id .. ".out")
  cell.stderr = paths.join(config.output_dir, "output/" .. cell.id .. ".err")
end

local function make_cell(config, axes)
  local cell = axes
  cell.mode, cell.quick = config.mode, config.quick
  cell.row = config.compiler_table[config.mode][cell.compiler]
  cell.suite_row = config.suite_table[cell.suite] or {}
  cell.dtype_words = config.dtype_table[cell.dtype] or {}
  cell.device_words = config.device_table[cell.device] or {}
  cell.deadline = cell.suite_row.deadline or config.deadline
  cell.env = lists.put_all(lists.put_all({}, config.env), cell.suite_row.env)
  place_files(cell, config)
  choose_benchmarks(cell, config)
  return cell
end

-- Calls visit with the axes of every cell, in the order of the plan.
local function each_axes(config, visit)
  for _, testing in ipairs(config.testings) do
    for _, suite in ipairs(config.suites) do
      for _, device in ipairs(config.devices) do
        for _, dtype in ipairs(config.dtypes) do
          for _, compiler in ipairs(config.compilers) do
            visit { testing = testing, suite = suite, device = device, dtype = dtype,
              compiler = compiler }
          end
        end
      end
    end
  end
end

local function check_harness(harness, config, suite)
  if not harness.check then return end
  local key_path, problem = harness.check(config, suite)
  if key_path then config.fail(key_path, problem) end
end

local function harness_of(suite, config, registry)
  local own = config.suite_table[suite].harness
  local name, key_path = own or config.harness, { "harness" }
  if own then key_path = { "suite_table", suite, "harness" } end
  registry:demand("harnesses", name, config, key_path)
  return registry:get("harnesses", name)
end

-- Names are joined by "_", so different axes may come to one name: two cells would share a log.
local function check_id(config, cell, others)
  local other = others[cell.id]
  others[cell.id] = cell
  if not other then return end
  config.fail({ "compilers" }, ("two cells would write %s: compiler '%s' on suite '%s' in %s, "
    .. "and compiler '%s' on suite '%s' in %s; rename one"):format(cell.log, other.compiler,
    other.suite, other.dtype, cell.compiler, cell.suite, cell.dtype))
end

local function check_suites(config, registry)
  for _, suite in ipairs(config.suites) do
    if config.suite_table[suite] then
      check_benchmarks(config, suite)
      check_harness(harness_of(suite, config, registry), config, suite)
    end
  end
end

-- Gives a cell its command. One that is only read may be of a suite or compiler without.
local function add_command(cell, config, registry)
  if not cell.row or not config.suite_table[cell.suite] then return end
  local harness = harness_of(cell.suite, config, registry)
  cell.argv = harness.command(cell, config)
  if not cell.skip and harness.unavailable then cell.skip = harness.unavailable(cell, config) end
end

--- The plan of a config, which it completes. registry: for the harnesses; reading: see
--- plan.complete. Raises config errors.
function plan.make(config, registry, reading)
  plan.complete(config, reading)
  check_suites(config, registry)
  local cells, by_id = {}, {}
  each_axes(config, function(axes)
    local cell = make_cell(config, axes)
    cell.index = #cells + 1
    check_id(config, cell, by_id)
    add_command(cell, config, registry)
    cells[cell.index] = cell
  end)
  return cells
end

return plan
