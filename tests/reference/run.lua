-- Runs benchrun over the reference cases and says how each went, as TAP; see scripts/reference.
--
-- Each case runs in a folder of its own with a copy of its in/. In PATH in/bin comes first, then
-- tests/reference/bin: stand-ins for other programs. As many cases run at once as there are
-- processors. Start it from the root of the tree.

package.path = "tests/?.lua;" .. package.path

local lfs = require "lfs"
local compare = require "reference.compare"
local files = require "reference.files"

local CASES = "tests/golden/reference"
local CONFIG = "tests/golden/reference.lua"
local SKIPLISTS = "tests/reference/skiplists.json"
local STAND_INS = "tests/reference/bin"
local SECONDS = 60
local MOST_SHOWN = 12

local function quote(word) return "'" .. word:gsub("'", [['\'']]) .. "'" end

local function command_line(words)
  local quoted = {}
  for i, word in ipairs(words) do quoted[i] = quote(word) end
  return table.concat(quoted, " ")
end

local function append(list, ...)
  for _, other in ipairs { ... } do table.move(other, 1, #other, #list + 1, list) end
  return list
end

local function absolute(path)
  return path:find "^/" and path or lfs.currentdir() .. "/" .. path
end

local function shell(format, ...)
  local line = format:format(...)
  assert(os.execute(line), "cannot do: " .. line)
end

local function output_of(command)
  local pipe <close> = assert(io.popen(command))
  return assert(pipe:read "l", command .. " said nothing")
end

local function environment(folder)
  return { "LC_ALL=C.UTF-8", "NO_COLOR=1", "BENCHRUN_SKIPLISTS=" .. absolute(SKIPLISTS),
    ("PATH=%s/bin:%s:%s"):format(folder, absolute(STAND_INS), os.getenv "PATH") }
end

-- Makes the folder of a case's run, `at`/run, and `at`/start, a script that runs it and leaves its
-- output and exit status there.
local function prepare(id, at)
  local folder = at .. "/run"
  shell("rm -rf %s && mkdir -p %s", quote(at), quote(folder))
  if files.is_there(CASES .. "/" .. id .. "/in") then
    shell("cp -R %s/. %s", quote(CASES .. "/" .. id .. "/in"), quote(folder))
  end
  local words = append({ "env" }, environment(folder), { "timeout", SECONDS .. "s" },
    { absolute(os.getenv "BENCHRUN"), absolute(CONFIG) }, compare.case(CASES .. "/" .. id).argv)
  local file <close> = assert(io.open(at .. "/start", "w"))
  file:write(("cd %s && %s >../stdout.txt 2>../stderr.txt </dev/null\n"):format(quote(folder),
    command_line(words)), "echo $? >../exit.txt\nmv ../stdout.txt ../stderr.txt ../exit.txt .\n")
end

-- Runs the cases side by side.
local function run_all(ids, work)
  local starts = {}
  for i, id in ipairs(ids) do starts[i] = ("%s/%s/start"):format(work, id) end
  shell("printf '%%s\\0' %s | xargs -0 -n 1 -P \"$(nproc)\" sh", command_line(starts))
end

local function print_result(number, id, verdict, lines)
  print(("%s %d - %s%s"):format(verdict == "fail" and "not ok" or "ok", number, id,
    verdict == "skip" and " # SKIP it has nothing to compare" or ""))
  for i = 1, math.min(#lines, MOST_SHOWN) do print("# " .. lines[i]:gsub("\n", "\n# ")) end
  if #lines > MOST_SHOWN then print(("# and %d more"):format(#lines - MOST_SHOWN)) end
end

local function is_case(name) return files.is_file(("%s/%s/case.json"):format(CASES, name)) end

local function all_cases()
  local list = {}
  for name in lfs.dir(CASES) do
    if is_case(name) then list[#list + 1] = name end
  end
  table.sort(list)
  return list
end

local function refuse(format, ...)
  print("Bail out! " .. format:format(...))
  os.exit(2)
end

-- { cases = the names given, keep = a folder or nil }
local function options(words)
  local found, i = { cases = {} }, 1
  while words[i] do
    if words[i] == "--keep" then
      i = i + 1
      found.keep = words[i] or refuse "--keep needs a folder"
    else
      if not is_case(words[i]) then refuse("no case '%s' in %s", words[i], CASES) end
      found.cases[#found.cases + 1] = words[i]
    end
    i = i + 1
  end
  if #found.cases == 0 then found.cases = all_cases() end
  return found
end

local function main(words)
  local given = options(words)
  local work = given.keep and absolute(given.keep) or output_of "mktemp -d"
  for _, id in ipairs(given.cases) do prepare(id, work .. "/" .. id) end
  run_all(given.cases, work)
  local failed = 0
  for number, id in ipairs(given.cases) do
    local verdict, lines = compare.verdict(CASES .. "/" .. id, ("%s/%s/run"):format(work, id))
    print_result(number, id, verdict, lines)
    if verdict == "fail" then failed = failed + 1 end
  end
  if not given.keep then shell("rm -rf %s", quote(work)) end
  print("1.." .. #given.cases)
  return failed == 0 and #given.cases > 0
end

local program = os.getenv "BENCHRUN" or ""
if not files.is_file(program) then refuse("there is no program '%s'; run make", program) end
os.exit(main(arg))
