-- A summary that a past run left in its folder: texts by compiler and suite. The file is data of
-- this program's older versions or of others.

local csv = require "benchrun.core.csv"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local paths = require "benchrun.paths"

local past_summary = {}

-- A run of one group names its files plainly, and so it does those of the first of several; see
-- groups.lua for the suffixes of the others.
local function path_of(run, name, group, config)
  local suffixes = { "_" .. group.device .. "_" .. group.dtype }
  if group.device == config.devices[1] then
    table.insert(suffixes, 1, "_" .. group.dtype)
    if not run.dtype or run.dtype == group.dtype then table.insert(suffixes, 1, "") end
  end
  for _, suffix in ipairs(suffixes) do
    local path = paths.join(run.folder, name .. suffix .. ".csv")
    if lfs.attributes(path, "mode") == "file" then return path end
  end
end

-- Compiler → row, and the old names that were read as new ones: not where the new one is there as
-- well, or the old one is still asked for.
local function rows_of(frame, config)
  local rows, read_as, names = {}, {}, frame:col("Compiler"):to_table()
  for row = 1, names.n do rows[names[row] or ""] = row end
  local renamed = config.archive and config.archive.renamed or {}
  for _, old in ipairs(lists.sorted_keys(renamed)) do
    local new = renamed[old]
    if rows[old] and not rows[new] and not lists.contains(config.compilers, old) then
      rows[new] = rows[old]
      read_as[#read_as + 1] = { old = old, new = new }
    end
  end
  return rows, read_as
end

local Summary = {}
Summary.__index = Summary

--- True if it has a column for the suite.
function Summary:has_suite(suite) return self.frame:has(suite) end

--- True if it has a row for the compiler.
function Summary:has_compiler(compiler) return self.rows[compiler] ~= nil end

--- The text of a compiler and suite, nil where it has none.
function Summary:text(compiler, suite)
  local row = self.rows[compiler]
  return row and self.frame:has(suite) and self.frame:get(row, suite) or nil
end

--- The summary `name` of a run ({ folder =, dtype = or nil }) for a group ({ device =, dtype = }).
--- config: its devices, compilers and archive.renamed count. Returns a box with the methods above
--- and read_as, a list of { old =, new = } names of compilers; or nil and a problem, which is nil
--- where there is no file.
function past_summary.read(run, name, group, config)
  local path = path_of(run, name, group, config)
  if not path then return nil end
  local frame, problem = csv.read(path, { strings = true, ragged = "pad" })
  if not frame then return nil, problem end
  if not frame:has "Compiler" then
    return nil, path .. ":1: the header has no column 'Compiler'"
  end
  local rows, read_as = rows_of(frame, config)
  return setmetatable({ frame = frame, rows = rows, read_as = read_as }, Summary)
end

return past_summary
