-- The command line: which command, its options, its exit status.
--
-- `benchrun CONFIG …` is `benchrun run CONFIG …`. What a command needs is loaded when it is called,
-- so that --version costs next to nothing.

local fail = require "benchrun.fail"
local stdout = require "benchrun.stdout"

local cli = {}

local EXIT_HELP = [[
exit status:
   0  all well
   1  regressions or failed benchmarks, where --fail-on asks for it
   2  the command line is wrong
   3  the config is wrong
   4  the run could not be done, or nothing was measured
 130  interrupted]]

-- What `run` does with the config: flag → { action, help }.
local ACTION_FLAGS = {
  ["--run"] = { "run", "run, then report (this is the default)" },
  ["--print-run-commands"] = { "script", "write a script that runs the cells, and run nothing" },
  ["--visualize-logs"] = { "report", "report on the logs that are in the output directory" },
}

-- A command over a config. Its options are made only if it is the one in use, or none is said to
-- be: a hundred of them take longer than a small run. taken: flags that it has already.
local function add_options(command, name, use, taken)
  use = use or {}
  if use.command and use.command ~= name then return end
  require("benchrun.options").add(command, use.fields, use.modes, taken)
end

local function new_config_command(parser, name, help)
  local command = parser:command(name, help)
  command:argument("config", "path of the config, a Lua script, or name of a preset")
    :argname("CONFIG")
  return command
end

local function add_config_command(parser, name, help, use)
  add_options(new_config_command(parser, name, help), name, use)
end

local function add_run(parser, use)
  local names = { "run", table.unpack(use and use.presets or {}) }
  local command = new_config_command(parser, table.concat(names, " "),
    "Run a config's matrix and report on it (also: benchrun CONFIG).")
  local flags, taken = {}, {}
  for i, name in ipairs(require("benchrun.lists").sorted_keys(ACTION_FLAGS)) do
    local action, help = table.unpack(ACTION_FLAGS[name])
    flags[i] = command:flag(name, help):action(function(result) result.action = action end)
    taken[name] = true
  end
  command:mutex(table.unpack(flags))
  add_options(command, "run", use, taken)
end

local function add_small_commands(parser)
  local init = parser:command("init", "Write a starter config/nightly.lua into a folder.")
  init:argument("folder", "where to write it; without: the working directory"):args("?")
  local publish = parser:command("publish",
    "Try again what of a run's publishing is not done: uploads, the comment.")
  publish:argument("folder", "output directory of the run"):argname("RUN")
  local help = parser:command("help",
    "Explain a topic: repl, config, metrics, sections, renderers, executors, harnesses, readers, "
    .. "frame (the library for scripts), stats.")
  help:argument("topic", "what to explain"):args("?")
  local repl = parser:command("repl", "A prompt with frames, statistics and charts.")
  repl:argument("things", "what to load: configs, folders of runs, archives, files (csv, json, …)")
    :args("*"):argname("CONFIG|RUN|ARCHIVE|FILE")
  local script = parser:command("script", "Run a script of Lua with the names of the prompt.")
  script:argument("file", "the script; - is standard input"):argname("FILE")
  script:argument("arguments", "what the script finds in arg and ..."):args("*"):argname("ARG")
  local completion = parser:command("completion", "Print a completion script for a shell.")
  completion:argument("shell", "which shell"):choices { "bash", "zsh", "fish" }
end

local function usage_error(message, topic)
  fail.usage("%s%s benchrun %s--help", message, message:find("%?$") and " See" or "; see",
    topic and topic .. " " or "")
end

-- The parser for a command in use: { command, fields, modes }; without command: whole, for help and
-- completion. use.presets: names that stand for "run" and themselves.
local function make_parser(use)
  local parser = require "argparse"("benchrun",
    "Run a matrix of benchmarks, read what they logged, report on it.", EXIT_HELP)
  parser:help_max_width(100)
  parser:flag("--version", "Print the version and exit.")
  parser:command_target("command"):require_command(false)
  add_run(parser, use)
  add_config_command(parser, "plan", "List a config's cells and their commands.", use)
  add_config_command(parser, "report", "Report on the logs that are in the output directory.", use)
  add_config_command(parser, "measure",
    "Measure one cell of a native suite (used by runs and scripts).", use)
  add_small_commands(parser)
  local topic = use and use.config
  if topic and use.command ~= "run" then topic = use.command .. " " .. topic end
  function parser.error(_, message)
    usage_error((message:gsub("\nDid you", "; did you")), topic)
  end
  return parser
end

-- Actions -----------------------------------------------------------------------------------------

-- The job of a command line. reading: finished logs are read, nothing is run.
local function open(options, reading)
  return require("benchrun.run").open(options.layer, options.overrides, reading)
end

local USES_CONFIG = { run = true, plan = true, report = true, measure = true }

local ACTIONS = {}

function ACTIONS.run(options)
  local run, job = require "benchrun.run", open(options, options.action == "report")
  if options.action == "script" then return run.print_script(job) end
  if options.action == "report" then return run.report(job) end
  return run.execute(job)
end

function ACTIONS.plan(options)
  return require("benchrun.run").print_plan(open(options), stdout)
end

function ACTIONS.report(options) return require("benchrun.run").report(open(options, true)) end

function ACTIONS.measure(options) return require("benchrun.run").measure(open(options)) end

function ACTIONS.publish(options)
  local clean = require("benchrun.text").clean
  require("benchrun.publish").run(options.folder, function(line)
    stdout:write(clean(line), "\n")
  end)
  return fail.status.ok
end

function ACTIONS.init(options)
  return require("benchrun.starter").write(options.folder or ".", stdout)
end

function ACTIONS.repl(options) return require("benchrun.repl").run(options.things) end

function ACTIONS.script(options)
  return require("benchrun.repl.script").run(options.file, options.arguments)
end

function ACTIONS.help(options, parser)
  local topic = options.topic
  stdout:write(topic and require("benchrun.manual").topic(topic) or parser:get_help() .. "\n")
  return fail.status.ok
end

-- What the presets have in common and each for itself, as make_parser takes it.
local function use_of_presets()
  local config, lists = require "benchrun.config", require "benchrun.lists"
  local use, seen, modes = { presets = config.presets(), fields = {} }, {}, {}
  for _, name in ipairs(use.presets) do
    local layer = config.load(config.locate(name))
    for _, field in ipairs(layer.fields) do
      if not seen[field.name] then table.insert(use.fields, field) end
      seen[field.name] = true
    end
    lists.put_all(modes, lists.set(config.modes(layer)))
  end
  use.modes = lists.sorted_keys(modes)
  return use
end

function ACTIONS.completion(options)
  local parser = make_parser(use_of_presets())
  stdout:write(parser["get_" .. options.shell .. "_complete"](parser))
  return fail.status.ok
end

-- Dispatch ----------------------------------------------------------------------------------------

local function print_version()
  stdout:write("benchrun ", require "benchrun.version", "\n")
  return fail.status.ok
end

-- A word that is neither a command nor a preset nor looks like a path is a slip of the pen.
local function check_command(word)
  if word:find("[./-]") or require("lfs").attributes(word) then return end
  if require("benchrun.config").locate(word) ~= word then return end
  local commands = require("benchrun.lists").sorted_keys(ACTIONS)
  local presets = require("benchrun.config").presets()
  table.move(presets, 1, #presets, #commands + 1, commands)
  usage_error(("no command or config '%s'%s"):format(word,
    require("benchrun.schema").suggestion(word, commands)))
end

-- `benchrun nightly.lua …` means `benchrun run nightly.lua …`, wherever the config stands among
-- options.
local function with_command(arguments)
  local first = arguments[1]
  if first == "-h" or first == "--help" or ACTIONS[first] then return arguments end
  check_command(first)
  table.insert(arguments, 1, "run")
  return arguments
end

-- Finds the config among the arguments and loads it: its own keys have options too. Returns nil
-- where there is none; the parser will say so.
local function load_config(arguments)
  local config = require "benchrun.config"
  for _, i in ipairs(require("benchrun.options").candidates(arguments)) do
    if i > 1 then
      local word = arguments[i]
      arguments[i] = config.locate(word)
      return config.load(arguments[i]), word
    end
  end
end

-- What make_parser and options.normalize need to know of the command in use.
local function use_of(arguments)
  local command = arguments[1]
  if not USES_CONFIG[command] then return nil end
  local layer, word = load_config(arguments)
  return { command = command, layer = layer, config = word, fields = layer and layer.fields,
    modes = layer and require("benchrun.config").modes(layer) }
end

-- The flags of `command` that no key has, as options.normalize takes them.
local function own_flags(command)
  local flags = { ["--help"] = true }
  for name in pairs(command == "run" and ACTION_FLAGS or {}) do flags[name] = true end
  return flags
end

-- What stands behind the file of `benchrun script FILE …` is the script's, options too.
local function take_script_arguments(arguments)
  if arguments[1] ~= "script" or not arguments[2] or arguments[2]:find("^%-.") then return nil end
  return { table.unpack(arguments, 1, 2) }, { table.unpack(arguments, 3) }
end

-- The options of a prompt or a script where nothing among the arguments is an option of ours: a
-- parser takes longer to make than a small script runs.
local function without_parser(arguments)
  local command = arguments[1]
  if command == "script" then
    local own, rest = take_script_arguments(arguments)
    return own and { command = command, file = own[2], arguments = rest }
  end
  if command ~= "repl" then return nil end
  for _, argument in ipairs(arguments) do
    if argument:sub(1, 1) == "-" then return nil end
  end
  return { command = command, things = { table.unpack(arguments, 2) } }
end

local function parse(arguments)
  arguments = with_command(arguments)
  local simple = without_parser(arguments)
  if simple then return simple end
  local use = use_of(arguments)
  if use then
    arguments = require("benchrun.options").normalize(arguments, use.fields, use.modes,
      own_flags(use.command))
  end
  local parser = make_parser(use)
  local options = parser:parse(arguments)
  options.layer = use and use.layer
  return options, parser
end

local function dispatch(arguments)
  if arguments[1] == "--version" then return print_version() end
  if not arguments[1] then
    io.stderr:write(make_parser():get_usage(), "\n")
    usage_error "a config or a command is needed"
  end
  local options, parser = parse(arguments)
  return ACTIONS[options.command](options, parser)
end

local function with_traceback(err) return fail.of(err) or debug.traceback(tostring(err), 2) end

local function dispatch_and_flush(arguments)
  local status = dispatch(arguments)
  stdout.flush()
  return status
end

--- Runs the program. argv: Lua's arg table. Returns the exit status. A failure of the user's is one
--- line on standard error, a defect of benchrun's a traceback.
function cli.main(argv)
  local arguments = table.move(argv, 1, #argv, 1, {})
  local ok, status = xpcall(dispatch_and_flush, with_traceback, arguments)
  if ok then return status end
  local failure = fail.of(status)
  if not failure then
    io.stderr:write("benchrun: internal error: ", status, "\n")
    return fail.status.cannot
  end
  io.stderr:write("benchrun: ", require("benchrun.text").clean(failure.message), "\n")
  return failure.status
end

return cli
