-- The executor `script`: nothing is run; the plan becomes a bash script in the working directory
-- that does the same by itself, wherever it is started. Every word is quoted. It lists its files in
-- the manifest of the output directory, as a run does: the next one may remove them. A plain script
-- (the config's script.plain) has nothing of that, it only makes the directory anew.
-- --print-run-commands chooses this executor.

local fail = require "benchrun.fail"
local lfs = require "lfs"
local sys = require "benchrun.core.sys"
local outcome = require "benchrun.outcome"
local output = require "benchrun.output"
local words = require "benchrun.words"

local script = { help = "writes a bash script that runs the cells, and runs nothing" }

local NAME_MAX = 255 -- bytes that a file system takes
local CUT = "_and_more"

-- The script's name from its axes: run_MODE_DEVICES_DTYPES_SUITES_COMPILERS.sh. Longer than a
-- file system likes, it is cut short.
local function name_of(config)
  local parts = { "run", config.mode }
  for _, key in ipairs { "devices", "dtypes", "suites", "compilers" } do
    parts[#parts + 1] = table.concat(config[key], "_")
  end
  local name, room = table.concat(parts, "_"), NAME_MAX - #".sh"
  if #name > room then name = name:sub(1, room - #CUT) .. CUT end
  return name .. ".sh"
end

local function comment(text) return "# " .. text:gsub("%c", " ") end

local function group_heading(cell)
  return comment(("Commands for %s for device=%s, dtype=%s for %s and for %s testing"):format(
    cell.suite, cell.device, cell.dtype, cell.mode, cell.testing))
end

-- Adds the files of the cells to the manifest; what an earlier run listed stays listed.
local function add_manifest(lines, plan, folder)
  lines[#lines + 1] = ("cat >>%s <<'END'"):format(words.quote(folder .. "/" .. output.manifest))
  lines[#lines + 1] = output.header:match("[^\n]+")
  for _, cell in ipairs(plan) do
    lines[#lines + 1] = ("%s.csv\noutput/%s.out\noutput/%s.err"):format(cell.id, cell.id, cell.id)
  end
  lines[#lines + 1] = "END"
end

-- The directory is named as it was given.
local function plain_setup_lines(config)
  local folder = words.quote(config.overrides.output_dir or config.output_dir)
  local lines = { "# Setup the output directory" }
  if not config.keep_output_dir then lines[2] = "rm -rf -- " .. folder end
  lines[#lines + 1] = "mkdir -p -- " .. folder
  return lines
end

local function setup_lines(plan, config)
  local lines = { "# Setup the output directory",
    "mkdir -p -- " .. words.quote(config.output_dir .. "/output") }
  if not config.keep_output_dir then
    local old = { words.quote(outcome.path(config.output_dir)) }
    for _, cell in ipairs(plan) do old[#old + 1] = words.quote(cell.log) end
    lines[#lines + 1] = "rm -f -- " .. table.concat(old, " ")
  end
  add_manifest(lines, plan, config.output_dir)
  return lines
end

local function cell_line(cell, config)
  if cell.skip then return comment(cell.id .. " is skipped: " .. cell.skip) end
  if config.script.plain then return words.command_line_with(cell.env, cell.argv) end
  return ("%s >%s 2>%s"):format(words.command_line_with(cell.env, cell.argv),
    words.quote(cell.stdout), words.quote(cell.stderr))
end

local function text_of(plan, config)
  local lines = { "#!/bin/bash", comment("Made by benchrun from " .. config.file), "set -x",
    "cd -- " .. words.quote(lfs.currentdir()) .. " || exit" }
  local setup = config.script.plain and plain_setup_lines(config) or setup_lines(plan, config)
  table.move(setup, 1, #setup, #lines + 1, lines)
  local heading
  for _, cell in ipairs(plan) do
    local now = group_heading(cell)
    if now ~= heading then
      lines[#lines + 1] = ""
      lines[#lines + 1] = now
      heading = now
    end
    lines[#lines + 1] = cell_line(cell, config)
  end
  return table.concat(lines, "\n") .. "\n"
end

--- Writes the script. Raises where it would remove what no run may remove. Returns nil (there are
--- no outcomes) and its path.
function script.run(plan, options)
  local config = options.config
  if config.script.plain and not config.keep_output_dir then
    output.check_removable(config.output_dir)
  end
  local path = name_of(config)
  fail.check(sys.write_file(path, text_of(plan, config)))
  return nil, path
end

return script
