-- Measures the frame library and the CSV engine beside their peers; see scripts/bench.
--
-- Every tool reads the same files and times each piece of work by itself, within its process; tools
-- take turns, and of `ROUNDS` runs each the fastest counts. Files lie in a folder that goes away.

local build, rows_wanted = arg[1] or "build", math.tointeger(tonumber(arg[2] or 10700000))
package.path = "lua/?.lua;lua/?/init.lua;tests/bench/?.lua;" .. package.path
package.cpath = build .. "/lua/?.so;" .. package.cpath

local lists = require "benchrun.lists"
local measures = require "measures"
local sys = require "benchrun.core.sys"

local ROUNDS = math.tointeger(tonumber(os.getenv "BENCH_ROUNDS" or 3))
local PEERS = "tests/bench/peers/"
local MODULES = build .. "/peers/node_modules"

local program = sys.real_path(build .. "/benchrun")
local work = os.tmpname()
os.remove(work)
sys.make_directory(work)

-- Tools -----------------------------------------------------------------------------------------

-- Name → the command that measures `what` on `threads` threads, without its files.
local commands = {}

function commands.benchrun(threads, what)
  return ("'%s' script tests/bench/frames.lua %d %s"):format(program, threads, what)
end

commands["data.table"] = function(threads, what)
  return ("Rscript %sdata_table.R %d %s"):format(PEERS, threads, what)
end

function commands.polars(threads, what)
  return ("POLARS_MAX_THREADS=%d NODE_PATH='%s' node %spolars.js %s"):format(threads, MODULES,
    PEERS, what)
end

function commands.DuckDB(threads, what)
  return ("NODE_PATH='%s' node %sduckdb.js %d %s"):format(MODULES, PEERS, threads, what)
end

function commands.pandas(_, what)
  return ("/usr/bin/python3 %spandas_peer.py %s"):format(PEERS, what)
end

local PROBES = {
  ["data.table"] = "Rscript -e 'library(data.table)'",
  polars = ("NODE_PATH='%s' node -e 'require(\"nodejs-polars\")'"):format(MODULES),
  DuckDB = ("NODE_PATH='%s' node -e 'require(\"@duckdb/node-api\")'"):format(MODULES),
  pandas = "/usr/bin/python3 -c 'import pandas'",
}

-- Those that BENCH_PEERS names (words), by default all.
local function wanted_peers()
  local wanted = os.getenv "BENCH_PEERS"
  if not wanted then return lists.sorted_keys(PROBES) end
  local names = {}
  for name in wanted:gmatch "%S+" do
    assert(PROBES[name], ("BENCH_PEERS: no peer '%s'; there are %s"):format(name,
      table.concat(lists.sorted_keys(PROBES), ", ")))
    names[#names + 1] = name
  end
  return names
end

local function installed_peers()
  local found = {}
  for _, name in ipairs(wanted_peers()) do
    if os.execute(PROBES[name] .. " >/dev/null 2>&1") then
      found[#found + 1] = name
    else
      io.stderr:write("bench: without ", name, ", which is not installed; see scripts/bootstrap\n")
    end
  end
  return found
end

local function keep_least(into, values)
  for name, value in pairs(values) do into[name] = math.min(into[name] or value, value) end
end

-- The least wall time of each measure, and peak_mb, by tool.
local function compare(tools, threads, what, files, rounds)
  local found = {}
  for _, name in ipairs(tools) do found[name] = {} end
  for _ = 1, rounds or ROUNDS do
    for _, name in ipairs(tools) do
      local words = { commands[name](threads, what), table.unpack(files) }
      keep_least(found[name], measures.words_of(table.concat(words, " ")))
    end
  end
  return found
end

-- Rows ------------------------------------------------------------------------------------------

local function seconds(value) return ("%.3f s"):format(value) end

local function megabytes(value) return ("%.0f MB"):format(value) end

-- The cells behind "benchrun" and "peer": ratio, target, whether it is reached.
local function verdict(ours, theirs, limit)
  local ratio = ours / theirs
  if not limit then return ("%.2f×"):format(ratio), "", nil end
  return ("%.2f×"):format(ratio), ("≤ %.2f×"):format(limit), ratio <= limit
end

-- A row a peer. target: { peer, factor } as in "at most half of what the peer takes".
local function add_rows(label, found, measure, target, format)
  local ours = assert(found.benchrun[measure], measure)
  for _, name in ipairs(lists.sorted_keys(found)) do
    local theirs = found[name][measure]
    if name ~= "benchrun" and theirs then
      local limit = target and name == target[1] and target[2] or nil
      measures.row(("%s, %s"):format(label, name), format(ours), format(theirs),
        verdict(ours, theirs, limit))
    end
  end
end

local function add_limit(label, ours, limit)
  measures.row(label, seconds(ours), seconds(limit), "", "≤ " .. seconds(limit), ours <= limit)
end

-- Files -----------------------------------------------------------------------------------------

local function make(command, path)
  assert(os.execute(("'%s/tests/'%s '%s'"):format(build, command, path)), command)
  return path
end

-- The rows of a file as many small ones with its header.
local function split(path, folder, files, rows)
  sys.make_directory(folder)
  local source <close> = assert(io.open(path))
  local header = source:read "L"
  for i = 1, files do
    local log <close> = assert(io.open(("%s/%05d.csv"):format(folder, i), "w"))
    log:write(header)
    for _ = 1, rows do log:write(source:read "L" or "") end
  end
  return folder
end

local function threads_text(n) return n == 1 and "1 thread" or n .. " threads" end

-- Measures --------------------------------------------------------------------------------------

local function bench_reading(peers, plain, quoted)
  local tools = { "benchrun", table.unpack(peers) }
  for threads = 1, 2 do
    local label = ("CSV of %d rows, %s"):format(rows_wanted, threads_text(threads))
    local found = compare(tools, threads, "read", { plain })
    add_rows(label, found, "read", { "data.table", 0.5 }, seconds)
    add_rows("the same: peak memory", found, "peak_mb", { "data.table", 1 }, megabytes)
  end
  local found = compare(tools, 1, "read", { quoted })
  add_rows("the same, quoted fields, 1 thread", found, "read", { "data.table", 0.6 }, seconds)
end

local function bench_small(small)
  local argv = { program, "script", "tests/bench/frames.lua", "2", "read", small }
  add_limit("CSV 10 MB, whole process", measures.sample({ argv }, 15)[1].wall / 1000, 0.025)
end

local function bench_many(peers, folder)
  local tools = { "benchrun" }
  for _, name in ipairs(peers) do
    if name ~= "polars" then tools[#tools + 1] = name end
  end
  local found = compare(tools, 2, "many", { folder }, 1)
  add_limit("50,000 logs into one frame", found.benchrun.many, 3)
  add_rows("the same", found, "many", nil, seconds)
end

local OPERATIONS = {
  { "group_geomean", "group-by geomean by name", { "data.table", 0.5 } },
  { "sort_frame", "sort the whole frame", { "polars", 1 } },
  { "pivot_mean", "pivot (mean)", { "data.table", 1 } },
  { "p95", "p95 by name", { "polars", 1.2 } },
  { "join", "join 10 M × 10 M, 3 keys", { "DuckDB", 0.7 } },
}

local function bench_operations(peers, files)
  local tools = { "benchrun", table.unpack(peers) }
  for threads = 1, 2 do
    local found = compare(tools, threads, "ops", files)
    for _, operation in ipairs(OPERATIONS) do
      local name, label, target = table.unpack(operation)
      add_rows(label .. ", " .. threads_text(threads), found, name, target, seconds)
    end
  end
end

local peers = installed_peers()
local plain = make(("make_csv %d plain"):format(rows_wanted), work .. "/plain.csv")
local keys = { make("make_keys 10000000 1", work .. "/left.csv"),
  make("make_keys 10000000 2", work .. "/right.csv") }
bench_small(make("make_csv 107000 plain", work .. "/small.csv"))
bench_many(peers, split(plain, work .. "/logs", 50000, 100))
os.execute(("rm -r '%s/logs'"):format(work))
bench_operations(peers, { plain, table.unpack(keys) })
bench_reading(peers, plain, make(("make_csv %d quoted"):format(rows_wanted), work .. "/quoted.csv"))
measures.print_table()
os.execute(("rm -r '%s'"):format(work))
