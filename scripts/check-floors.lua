-- Fails when a C file includes upward: base → frame → {csv, stats, sqlite, json};
-- base → {proc, vcs, edit, term}; {frame, stats} → {plot, window, expr}; all → bind → main.
-- Run from the root of the tree.

local ALLOWED = {
  base = {},
  frame = { "base" },
  csv = { "base", "frame" },
  stats = { "base", "frame" },
  expr = { "base", "frame", "stats" },
  window = { "base", "frame", "stats" },
  sqlite = { "base", "frame" },
  json = { "base", "frame" },
  proc = { "base" },
  vcs = { "base" },
  edit = { "base" },
  term = { "base" },
  plot = { "base", "frame", "stats" },
  bind = { "base", "frame", "csv", "stats", "expr", "window", "sqlite", "json", "proc", "vcs",
    "plot", "edit", "term" },
  main = { "bind" },
}

local function set(list)
  local result = {}
  for _, item in ipairs(list) do result[item] = true end
  return result
end

local problems = 0
local files <close> = assert(io.popen("find core -name '*.[ch]' | sort"))
for path in files:lines() do
  local floor = path:match("^core/(%w+)[/.]")
  local allowed = set(assert(ALLOWED[floor], "no floor is named for " .. path))
  local number = 0
  for line in io.lines(path) do
    number = number + 1
    local target = line:match('^#include "(%w+)/')
    if target and target ~= floor and not allowed[target] then
      problems = problems + 1
      print(("%s:%d: %s must not include %s"):format(path, number, floor, target))
    end
  end
end
os.exit(problems == 0)
