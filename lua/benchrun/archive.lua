-- The archive: a folder of past runs, one folder each, and its index lookup.csv.
--
-- The index has no header; a line is the day of the year, "performance", the dtype and the folder's
-- name. Other programs read and write it too, so it may hold anything: what can't be read is
-- skipped, never removed. Lines are only ever added at its end, under a lock and by replacing the
-- whole file, so that no two runs at once lose one and no kill leaves half of one. Names in it are
-- data: only plain ones become paths.

local csv = require "benchrun.core.csv"
local fail = require "benchrun.fail"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local lock_module = require "benchrun.lock"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local archive = {}

local INDEX = "lookup.csv"
local LOCK = ".lookup.lock"
local MOVE = "the archive needs it; move it away or mend its permissions"
local FIELDS = { "day", "mode", "dtype", "name" }
local MODE = "performance" -- of the lines that count; other programs may keep others
local NAME_MAX = 255 -- what file systems take
local FIRST_NUMBER, LAST_NUMBER = 100, 999 -- of generated names
local CHUNK = 1 << 20
local LINES_SHOWN = 10

--- Seconds to wait for the index while another run adds its line.
archive.lock_wait = 30

local function at(path, name) return path:gsub("(.)/+$", "%1"):gsub("^/$", "") .. "/" .. name end

-- Names -------------------------------------------------------------------------------------------

local RULES = {
  { "^$", "is empty" }, { "/", "holds a '/'" }, { "%.%.", "holds '..'" },
  { "%c", "holds control characters" }, { "^%.", "begins with a '.'" },
  { "^%-", "begins with a '-'" }, { "^%s", "begins with a blank" }, { "%s$", "ends with a blank" },
}

--- What keeps a name from being a run's in an archive, as in "holds a '/'"; nil if it is fine.
function archive.check_name(name)
  for _, rule in ipairs(RULES) do
    if name:find(rule[1]) then return rule[2] end
  end
  if name == INDEX then return "is the name of the archive's index" end
  if #name > NAME_MAX then return ("is longer than %d bytes"):format(NAME_MAX) end
  if not utf8.len(name) then return "is not UTF-8" end
end

local function demand_name(name)
  local problem = archive.check_name(name)
  if problem then fail.usage("the archive name %s %s; give another", words.quote(name), problem) end
end

--- The day of the year that a name tells, as it stands there: "082"; "000" where it tells none.
function archive.day_of(name) return name:match("day_(%d%d?%d?)_") or "000" end

--- The date that a name tells, "2023-03-23", or nil.
function archive.date_of(name)
  local day, month, year = name:match("day_%d+_(%d%d)_(%d%d)_(%d%d)%f[%D]")
  if not day or day < "01" or day > "31" or month < "01" or month > "12" then return nil end
  return ("20%s-%s-%s"):format(year, month, day)
end

-- Reading the index -------------------------------------------------------------------------------

local function trim(field) return field:match("^%s*(.-)%s*$") end

-- The four fields of a line, or nil. Quotes are rare: only then is it read as CSV.
local function fields_of(line)
  if not line:find('"', 1, true) then
    return line:match("^([^,]*),([^,]*),([^,]*),([^,]*)$")
  end
  local row = csv.parse(line .. "\n", { names = FIELDS, strings = true })
  if not row or row:nrow() ~= 1 then return nil end
  local fields = {}
  for i, name in ipairs(FIELDS) do fields[i] = row:get(1, name) or "" end
  return table.unpack(fields)
end

-- A line as a run without its paths, or nil and why it is none.
local function parse_line(line)
  local day, mode, dtype, name = fields_of(line)
  if not day then return nil, "not of the form day,mode,dtype,folder" end
  local run = { day = trim(day), mode = trim(mode), dtype = trim(dtype), name = trim(name) }
  if not run.day:find("^%d%d?%d?$") then return nil, "its day is not a day of the year" end
  if run.mode == "" or run.dtype == "" then return nil, "its mode or dtype is empty" end
  local problem = archive.check_name(run.name)
  if problem then return nil, "the folder's name " .. problem end
  return run
end

-- The index has no header, but people add one.
local function is_header(line, number)
  if number > 1 then return false end
  local day, mode = fields_of(line)
  return day ~= nil and (trim(day):lower() == "day" or trim(mode):lower() == "mode")
end

-- Runs by line, and reason → numbers of the lines that are none, the reasons in order as well.
local function parse_index(text)
  local runs, broken, number = {}, {}, 0
  for line in text:gsub("^\xEF\xBB\xBF", ""):gmatch("([^\n]*)\n?") do
    number = number + 1
    line = line:gsub("\r$", "")
    if line:find("%S") and not is_header(line, number) then
      local run, reason = parse_line(line)
      if run then
        run.line = number
        runs[#runs + 1] = run
      else
        if not broken[reason] then broken[#broken + 1], broken[reason] = reason, {} end
        table.insert(broken[reason], number)
      end
    end
  end
  return runs, broken
end

local function key_of(run) return table.concat({ run.mode, run.dtype, run.name }, "\0") end

-- A run that is listed twice stands where it is listed last.
local function last_of_each(runs)
  local last, kept = {}, {}
  for _, run in ipairs(runs) do last[key_of(run)] = run end
  for _, run in ipairs(runs) do
    if last[key_of(run)] == run then kept[#kept + 1] = run end
  end
  return kept
end

local function lines_text(numbers)
  local shown = table.concat(numbers, ", ", 1, math.min(#numbers, LINES_SHOWN))
  if #numbers == 1 then return "line " .. shown .. " is skipped" end
  local more = #numbers - LINES_SHOWN
  return ("lines %s%s are skipped"):format(shown, more > 0 and (" and %d more"):format(more) or "")
end

-- The bytes of the index, "" where there is none; nil and a message where it can't be read. What is
-- no file is not opened: reading a pipe might never end.
local function read_index(path)
  local index = at(path, INDEX)
  local kind = lfs.attributes(index, "mode")
  if kind and kind ~= "file" then return nil, ("%s is a %s, not a file"):format(index, kind) end
  local text, problem, code = sys.read_file(index)
  if text then return text end
  if code == "notfound" then return "" end
  return nil, problem
end

--- The archive at a path: { path=, runs=, notices= }. runs: in the index's order, each { day=,
--- mode=, dtype=, name=, folder=, label=, line= }; label is the folder as reports name it. Where
--- there is no index there are no runs. What can't be read is told in notices, a list of lines.
function archive.open(path)
  local text, problem = read_index(path)
  local opened = { path = path, notices = {} }
  if not text then opened.notices[1] = problem .. "; the archive counts as empty" end
  local runs, broken = parse_index(text or "")
  for _, reason in ipairs(broken) do
    table.insert(opened.notices, ("%s: %s: %s"):format(at(path, INDEX),
      lines_text(broken[reason]), reason))
  end
  opened.runs = last_of_each(runs)
  for _, run in ipairs(opened.runs) do
    run.folder = at(path, run.name)
    run.label = run.folder
  end
  return opened
end

--- The runs of an opened archive that were made with a dtype, in the index's order.
function archive.select(opened, dtype)
  local found = {}
  for _, run in ipairs(opened.runs) do
    if run.mode == MODE and run.dtype == dtype then found[#found + 1] = run end
  end
  return found
end

-- New names ---------------------------------------------------------------------------------------

-- (name) → true if the archive at path (nil: none) has it, in its index or as a folder.
local function name_check(path)
  if not path then return function() return false end end
  local listed = lists.set(lists.pluck(archive.open(path).runs, "name"))
  return function(name)
    return listed[name] or lfs.symlinkattributes(at(path, name), "mode") ~= nil
  end
end

--- A name for a run that the archive at path (nil: none) does not have yet:
--- day_DDD_dd_mm_yy_performance_DTYPE_RRR. now: seconds since 1970, by the clock that the
--- name is to tell.
function archive.generate_name(path, dtype, now)
  local date = os.date("!day_%j_%d_%m_%y", math.floor(now))
  local stem = ("%s_%s_%s_"):format(date, MODE, dtype)
  local is_taken, free = name_check(path), {}
  for number = FIRST_NUMBER, LAST_NUMBER do
    if not is_taken(stem .. number) then free[#free + 1] = number end
  end
  if #free > 0 then return stem .. free[math.random(#free)] end
  local number = LAST_NUMBER + 1
  while is_taken(stem .. number) do number = number + 1 end
  return stem .. number
end

--- As generate_name, and makes the folder: no other run can get the same name before this one is
--- stored. The archive must be there. Raises where nothing can be made in it.
function archive.claim_name(path, dtype, now)
  while true do
    local name = archive.generate_name(path, dtype, now)
    local made, problem = lfs.mkdir(at(path, name))
    if made then return name end
    if not lfs.symlinkattributes(at(path, name), "mode") then
      fail.cannot("can't make %s: %s", at(path, name), problem)
    end
  end
end

-- Places ------------------------------------------------------------------------------------------

-- What is wrong where the archive is within the folder that is copied into it (nil: none is): it
-- would swallow itself again and again.
local function nesting(path, from_folder)
  local inner, outer = sys.real_path(path), from_folder and sys.real_path(from_folder)
  if not inner or not outer then return nil end
  local prefix = outer:gsub("/$", "") .. "/"
  if (inner .. "/"):sub(1, #prefix) ~= prefix then return nil end
  return ("the archive %s lies within the output directory %s, which is copied into it; choose "
    .. "another place for one of them"):format(path, from_folder)
end

-- What stands where the archive keeps a thing of its own must be one, not a link or a pipe.
local function check_kind(path, name, wanted)
  local kind = lfs.symlinkattributes(at(path, name), "mode")
  if kind and kind ~= wanted then
    fail.cannot("%s is a %s, not a %s of the archive; move it away", at(path, name), kind, wanted)
  end
end

local function make_folder(path)
  local kind = lfs.attributes(path, "mode")
  if kind and kind ~= "directory" then
    fail.cannot("the archive %s is a %s, not a directory", path, kind)
  end
  fail.check(sys.make_directory(path))
  return kind == nil
end

--- Makes the archive's folder if need be, and sees whether a run can be put there: best before
--- hours of measuring. from_folder: what archive.store will copy, may be nil. Raises where the
--- folder can't be made or written to, its index is no file, or it lies within from_folder.
function archive.prepare(path, from_folder)
  local is_new = make_folder(path)
  local problem = nesting(path, from_folder)
  if problem and is_new then lfs.rmdir(path) end
  if problem then fail.cannot("%s", problem) end
  fail.check(read_index(path))
  lock_module.open(at(path, LOCK), MOVE):close()
end

-- Storing -----------------------------------------------------------------------------------------

local function copy_bytes(source, target)
  while true do
    local bytes, problem = source:read(CHUNK)
    if not bytes then return problem == nil, problem end
    local written, why = target:write(bytes)
    if not written then return nil, why end
  end
end

local function temporary_beside(path)
  return path:match("^.*/") .. (".benchrun.%016x.tmp"):format(math.random(0))
end

-- Copies a file, whatever its size, to a temporary name and renames that. Its time goes along: the
-- order in which files were written says which of them is out of date. Not synced to the disk, as
-- files of our own making are: the original stays, and a copy that a power cut took can be made
-- again. Returns true or nil and a problem.
local function copy_file(from, to)
  local source <close>, problem = io.open(from, "rb")
  if not source then return nil, problem end
  local stamp, temporary = lfs.attributes(from, "modification"), temporary_beside(to)
  local target, why = io.open(temporary, "wb")
  if not target then return nil, why end
  local done, what = copy_bytes(source, target)
  local closed, how = target:close()
  if done and closed then
    lfs.touch(temporary, stamp, stamp)
    done, what = os.rename(temporary, to)
  end
  if done and closed then return true end
  os.remove(temporary)
  return nil, ("%s: %s"):format(to, what or how)
end

-- What benchrun keeps for itself is not a result: what is left to publish is for one place only.
local function is_result(name) return name ~= "publish.json" and not name:find("^%.benchrun") end

-- Names of the plain files in a folder that are results, sorted.
local function files_of(folder)
  local ok, each, state = pcall(lfs.dir, folder)
  if not ok then fail.cannot("%s", fail.one_line(each)) end
  local names = {}
  for name in each, state do
    local kind = lfs.symlinkattributes(at(folder, name), "mode")
    if kind == "file" and is_result(name) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function copy_files(from, to, problems)
  fail.check(sys.make_directory(to))
  for _, name in ipairs(files_of(from)) do
    local done, problem = copy_file(at(from, name), at(to, name))
    if not done then problems[#problems + 1] = problem end
  end
end

--- Copies the plain files of from_folder, and of its folder "output", to the archive as the run
--- `name`: newer over older, each whole or not at all. Links, other folders and what benchrun keeps
--- for itself stay out. May be called again and again. Raises where the archive lies within
--- from_folder, and where files could not be copied, the others being there.
function archive.store(path, name, from_folder)
  demand_name(name)
  make_folder(path)
  local nested = nesting(path, from_folder)
  if nested then fail.cannot("%s", nested) end
  check_kind(path, name, "directory")
  local to, problems = at(path, name), {}
  if sys.real_path(to) == fail.check(sys.real_path(from_folder)) then return end
  copy_files(from_folder, to, problems)
  if lfs.symlinkattributes(at(from_folder, "output"), "mode") == "directory" then
    check_kind(to, "output", "directory")
    copy_files(at(from_folder, "output"), at(to, "output"), problems)
  end
  if #problems > 0 then
    fail.cannot("%d of the files in %s could not be put into the archive (%s); they are still "
      .. "there", #problems, from_folder, problems[1])
  end
end

-- Adding to the index -----------------------------------------------------------------------------

local function lock(path)
  local file = lock_module.take(at(path, LOCK), MOVE, archive.lock_wait)
  if file then return file end
  fail.cannot("%s is held by another benchrun for more than %g s; the run is not listed in %s",
    at(path, LOCK), archive.lock_wait, at(path, INDEX))
end

local function csv_field(field)
  if field:find('[,"]') then return '"' .. field:gsub('"', '""') .. '"' end
  return field
end

local function is_listed(text, run)
  for _, each in ipairs((parse_index(text))) do
    if key_of(each) == key_of(run) then return true end
  end
  return false
end

--- Lists a run in the archive's index, unless it is there already. run: { day=, mode=, dtype=,
--- name= }. All that the index holds stays as it is, but for a line end that its last line lacks.
--- Waits for other runs that do the same. Raises where the index can't be read or written.
function archive.add(path, run)
  demand_name(run.name)
  local _ <close> = lock(path)
  local text = fail.check(read_index(path))
  if is_listed(text, run) then return end
  if text ~= "" and text:sub(-1) ~= "\n" then text = text .. "\n" end
  local line = {}
  for i, field in ipairs(FIELDS) do line[i] = csv_field(run[field]) end
  local index = at(path, INDEX)
  fail.check(sys.write_file(sys.real_path(index) or index, text .. table.concat(line, ",") .. "\n"))
end

return archive
