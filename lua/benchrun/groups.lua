-- Groups: the cells of a plan by (device, dtype), with the compilers that have something to show.
-- Numbers of different groups are never put together.

local lfs = require "lfs"
local lists = require "benchrun.lists"

local groups = {}

local function add_once(list, item)
  if list[item] then return end
  list[item] = true
  list[#list + 1] = item
end

local function plain(list) return table.move(list, 1, #list, 1, {}) end

--- True if a cell's log is there.
function groups.has_log(cell) return lfs.attributes(cell.log, "mode") == "file" end

--- True if a cell's log is there and holds anything.
function groups.has_content(cell)
  return groups.has_log(cell) and lfs.attributes(cell.log, "size") > 0
end

--- Cell id → why it was not run, for cells that were not. Without outcomes a log that is there
--- speaks for itself.
function groups.skipped_cells(plan, outcomes)
  local skipped = {}
  for _, cell in ipairs(plan) do
    if cell.skip and not groups.has_log(cell) then skipped[cell.id] = cell.skip end
  end
  for _, each in ipairs(outcomes or {}) do
    skipped[each.cell.id] = each.outcome == "skip" and (each.reason or "skipped") or nil
  end
  return skipped
end

local function group_of(list, cell)
  local key = cell.device .. "\0" .. cell.dtype
  if not list[key] then
    list[key] = { device = cell.device, dtype = cell.dtype, cells = {}, suite_names = {},
      names = {}, run = {} }
    list[#list + 1] = list[key]
  end
  return list[key]
end

local function give_names(list)
  local devices = {}
  for _, group in ipairs(list) do add_once(devices, group.device) end
  for _, group in ipairs(list) do
    local several = #devices > 1
    group.label = several and group.device .. ", " .. group.dtype or group.dtype
    group.suffix = several and "_" .. group.device .. "_" .. group.dtype or "_" .. group.dtype
    if #list == 1 then group.suffix = "" end
  end
end

local function note_left_out(group, job)
  local reasons = {}
  for _, cell in ipairs(group.cells) do
    reasons[cell.compiler] = job.skipped[cell.id] or reasons[cell.compiler]
  end
  for _, name in ipairs(group.names) do
    if not group.run[name] then
      job:notice(("%s (%s): left out, all its cells were skipped: %s"):format(name, group.label,
        reasons[name]))
    end
  end
end

-- Compilers that ran at least one cell; all of them if none did.
local function choose_compilers(group, job)
  group.compilers = {}
  for _, name in ipairs(group.names) do
    if group.run[name] then table.insert(group.compilers, name) end
  end
  if #group.compilers == 0 then
    group.compilers = plain(group.names)
  else
    note_left_out(group, job)
  end
end

local function choose_flag_compilers(group, config)
  group.flag_compilers = {}
  for _, name in ipairs(config.flag_compilers or group.compilers) do
    local asked = config.flag_compilers or name ~= config.baseline
    if asked and lists.contains(group.compilers, name) then
      table.insert(group.flag_compilers, name)
    end
  end
end

--- The groups of job.plan: device, dtype, label, suffix, compilers, flag_compilers, baseline (see
--- results.lua), and for those who fill them: cells and suite_names. job: config, plan, skipped
--- (of groups.skipped_cells) and notice, a method that takes a line.
function groups.make(job)
  local list = {}
  for _, cell in ipairs(job.plan) do
    local group = group_of(list, cell)
    table.insert(group.cells, cell)
    add_once(group.suite_names, cell.suite)
    add_once(group.names, cell.compiler)
    if not job.skipped[cell.id] then group.run[cell.compiler] = true end
  end
  list = plain(list)
  give_names(list)
  for _, group in ipairs(list) do
    choose_compilers(group, job)
    choose_flag_compilers(group, job.config)
    group.baseline = job.config.baseline
  end
  return list
end

return groups
