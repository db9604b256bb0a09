-- Publishing a report: its images by the user's uploader, its comment by GitHub's `gh`.
--
-- Addresses are known only when the images are uploaded, and either command may fail. What is to be
-- done, and what has been, is kept as publish.json in the output directory, so that a later
-- `benchrun publish FOLDER` goes on where this left off, without the config:
--
--   version   1
--   uploader  words of the command that uploads the file named by its last word and prints the
--             address as the last line of its output; nil: nothing is uploaded
--   gh        words of GitHub's command; nil: the comment is written but not posted
--   repository, issue       where the comment goes
--   where     what readers of a comment that is cut are told of the place of the whole
--   images    list of { name =, file =, url = }; without url: not uploaded yet
--   parts     list of { file =, text = }: files of the report
--   comment   { file =, text =, posted = } or nil
--   written   the files have been written with the addresses of all images
--   copy_to   another folder, of the archive, whose copies of the files are written too
--
-- Files are names in the directory. In a text an image's address stands as benchrun-image:NAME, at
-- the end of a line of its own, NAME : ![](benchrun-image:NAME). The line of an image that has no
-- address is left out.
--
-- Commands are lists of words, no shell sees them. Since publish.json names commands, only one that
-- nobody else can have written is obeyed.

local cjson = require "cjson"
local comment_module = require "benchrun.comment"
local fail = require "benchrun.fail"
local lfs = require "lfs"
local lists = require "benchrun.lists"
local lock_module = require "benchrun.lock"
local paths = require "benchrun.paths"
local proc = require "benchrun.core.proc"
local programs = require "benchrun.programs"
local schema = require "benchrun.schema"
local sys = require "benchrun.core.sys"
local words = require "benchrun.words"

local publish = {}

local STATE = "publish.json"
local LOCK = ".benchrun.publish.lock"
local VERSION = 1
local ADDRESS_MAX = 200 -- characters that a comment is kept free of for the address of an image
local OUTPUT_MAX = 1 << 14 -- bytes of a command's output that are looked at
local SAID_MAX = 400
local FILE_MAX = 64 << 20 -- bytes that a command may write to a file: none fills the disk

--- Seconds that an upload or a comment may take.
publish.deadline = 120

-- The state ---------------------------------------------------------------------------------------

local word_list = { type = "list", of = { type = "string" }, filled = true }
local file_name = { name = "file", type = "string", required = true }

local function fields_with(...) return { type = "table", fields = { file_name, ... } } end

local text_field = { name = "text", type = "string", nul = true, required = true }

local FIELDS = {
  { name = "version", type = "integer", required = true },
  lists.put_all({ name = "uploader" }, word_list),
  lists.put_all({ name = "gh" }, word_list),
  { name = "repository", type = "string", filled = true },
  { name = "issue", type = "integer", min = 1 },
  { name = "where", type = "string" },
  { name = "images", type = "list", required = true, of = fields_with(
    { name = "name", type = "string", filled = true, required = true },
    { name = "url", type = "string" }) },
  { name = "parts", type = "list", required = true, of = fields_with(text_field) },
  lists.put_all({ name = "comment" }, fields_with(text_field,
    { name = "posted", type = "boolean", required = true })),
  { name = "written", type = "boolean" },
  { name = "copy_to", type = "string", filled = true },
}

-- What keeps a text from being an address of an image, or nil. Nothing but the characters of an
-- address (RFC 3986, section 2) less what Markdown could take for its end.
local function address_problem(text)
  if text == "" then return "it printed no address" end
  local scheme, rest = text:match("^(%a[%w+.-]*):(.*)$")
  local has_host = not scheme or (scheme:lower():find("^https?$") and rest:find("^//[%w%[]"))
  if has_host and not text:find("[^%w._~:/?#@!$&'*+,;=%%-]") then return nil end
  return ("it printed no address but %s"):format(schema.describe(text))
end

local function file_problem(files, kind)
  for i, each in ipairs(files) do
    if not paths.is_plain_name(each.file) then
      return ("%s[%d].file: %s is no name of a file"):format(kind, i, schema.describe(each.file))
    end
    local bad = each.url and address_problem(each.url)
    if bad then return ("%s[%d].url: %s"):format(kind, i, bad) end
  end
end

-- What is wrong with a state, or nil.
local function state_problem(state)
  if type(state) ~= "table" then return "it holds " .. schema.describe(state) end
  local key_path, problem = schema.check(FIELDS, state)
  if key_path then return problem end
  if state.version ~= VERSION then
    return ("version %d is not known to this benchrun, which knows %d"):format(state.version,
      VERSION)
  end
  if state.gh and not (state.repository and state.issue) then
    return "repository or issue is missing"
  end
  return file_problem(state.images, "images") or file_problem(state.parts, "parts")
    or file_problem({ state.comment }, "comment")
end

--- Writes the state of a publication into a folder, in one piece. Raises where it can't.
function publish.write(folder, state)
  fail.check(sys.write_file(folder .. "/" .. STATE, cjson.encode(state) .. "\n"))
end

-- Who may have written it.
local function check_owner(path, kind)
  local at = lfs.symlinkattributes(path)
  if not at or at.mode ~= kind then
    fail.cannot("%s is %s; what it says to run is not run", path, at and "a " .. at.mode or "gone")
  end
  if at.permissions:find("^....w") or at.permissions:find("^.......w") then
    fail.cannot("%s can be written by others, who could have commands run in your name; look at "
      .. "%s, then: chmod go-w %s", path, STATE, words.quote(path))
  end
  return at.uid
end

local function check_trust(folder, path)
  check_owner(fail.check(sys.real_path(folder)), "directory")
  if check_owner(path, "file") ~= lfs.attributes("/proc/self", "uid") then
    fail.cannot("%s belongs to another user; whoever made it may publish it", path)
  end
end

local function check_there(folder, path)
  local kind = lfs.attributes(folder, "mode")
  if not kind then fail.cannot("%s: no such directory", folder) end
  if kind ~= "directory" then fail.cannot("%s is a %s, not an output directory", folder, kind) end
  if not lfs.symlinkattributes(path) then
    fail.cannot("nothing to publish in %s: no report with `publish` in its config left a %s there",
      folder, STATE)
  end
end

-- JSON knows no integers.
local function with_integers(state)
  if type(state) ~= "table" then return state end
  for _, key in ipairs { "version", "issue" } do
    if type(state[key]) == "number" then state[key] = math.tointeger(state[key]) or state[key] end
  end
  return state
end

--- The state that a folder holds. Raises where there is none, it may not be obeyed, or is broken.
function publish.read(folder)
  local path = folder .. "/" .. STATE
  check_there(folder, path)
  check_trust(folder, path)
  local text = fail.check(sys.read_file(path))
  local ok, state = pcall(cjson.decode, text)
  local problem = ok and state_problem(with_integers(state)) or not ok and tostring(state)
  if problem then fail.cannot("%s is broken: %s; report again to make it anew", path, problem) end
  return state
end

-- From a config -----------------------------------------------------------------------------------

local function issue_of(config)
  local issue = config.publish.issue
  if type(issue) ~= "table" then return issue end
  return issue[config.dtypes[1]] or issue.default
end

--- Raises an error of the config where it asks for what can't be published.
function publish.check(config)
  local settings = config.publish
  if settings.upload and #(settings.uploader or {}) == 0 then
    config.fail({ "publish", "upload" }, "publish.upload: there is no publish.uploader to do it")
  end
  if not settings.comment then return end
  if (settings.repository or "") == "" then
    config.fail({ "publish", "comment" }, "publish.comment: publish.repository is missing")
  end
  if not issue_of(config) then
    config.fail({ "publish", settings.issue and "issue" or "comment" },
      ("publish.issue: no number for dtype '%s', and no `default`"):format(config.dtypes[1] or ""))
  end
end

--- What of the config's publishing will fail for want of a program: a list of lines. Better known
--- before hours of measuring, though nothing to stop these.
function publish.missing_programs(config)
  local settings, lines = config.publish, {}
  for what, argv in pairs { upload = settings.uploader, comment = settings.gh } do
    if settings[what] and argv and not programs.find(argv[1]) then
      lines[#lines + 1] = ("there is no program %s for the %s; the run goes on, and 'benchrun "
        .. "publish %s' will try again"):format(argv[1], what, config.output_dir)
    end
  end
  return lines
end

-- The words of a command that means the same wherever it is given.
local function settled(command)
  local list = table.move(command, 1, #command, 1, {})
  if list[1]:find("/", 1, true) then list[1] = paths.join(lfs.currentdir(), list[1]) end
  return list
end

local function images_of(charts)
  local images = {}
  for _, chart in ipairs(charts) do
    local path = chart.files.png or chart.files.svg
    if path then images[#images + 1] = { name = chart.name, file = path:match("[^/]*$") } end
  end
  return images
end

--- The state for a report that is to be published as the config says. parts: list of { file =,
--- text = }; charts: list of { name =, files = { png = path, svg = path } }; comment_text: nil if
--- there is to be no comment; texts with addresses as above. where: see there, may be nil. Raises
--- as publish.check.
function publish.prepare(config, parts, charts, comment_text, where)
  publish.check(config)
  local settings = config.publish
  local state = { version = VERSION, where = where, images = {}, parts = {} }
  for i, part in ipairs(parts) do state.parts[i] = { file = part.file, text = part.text } end
  if settings.upload then
    state.uploader, state.images = settled(settings.uploader), images_of(charts)
  end
  if not comment_text then return state end
  state.comment = { file = config.report.comment or "comment.md", text = comment_text,
    posted = false }
  if settings.comment then
    state.gh, state.repository = settled(settings.gh), settings.repository
    state.issue = issue_of(config)
  end
  return state
end

--- What stands in a text for the address of an image.
function publish.place(name) return "benchrun-image:" .. name end

--- The limit for a comment whose charts have no addresses yet: there must be room for them.
function publish.limit(charts)
  return math.max(0, comment_module.LIMIT - #charts * ADDRESS_MAX)
end

--- Names, within the output directory, of the files that publishing makes.
function publish.files(state)
  local names = lists.pluck(state.parts, "file")
  names[#names + 1] = state.comment and state.comment.file
  return table.move({ STATE, LOCK }, 1, 2, #names + 1, names)
end

-- Commands ----------------------------------------------------------------------------------------

local function temporary()
  local ok, name = pcall(os.tmpname)
  if not ok then fail.cannot("can't make a temporary file for what a command prints") end
  return name
end

-- The end of a file, which is removed.
local function take(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local size = file:seek("end")
  file:seek("set", math.max(0, size - OUTPUT_MAX))
  local text = file:read("a") or ""
  file:close()
  os.remove(path)
  return text
end

-- What a command said, as one line; of much the end.
local function one_line(text)
  local line = text:gsub("^%s+", ""):gsub("%s+$", ""):gsub("%s*\n%s*", "; ")
  return #line <= SAID_MAX and line or "… " .. line:sub(-SAID_MAX)
end

local ENDS = {
  exited = function(result)
    return result.exit_code ~= 0 and "exit status " .. result.exit_code or nil
  end,
  timeout = function() return ("not done after %g s"):format(publish.deadline) end,
  signaled = function(result) return "died of " .. result.signal_name end,
  killed = function() return "interrupted" end,
  lost = function() return "its supervisor died" end,
}

-- Runs a command to its end. Returns its last line of output and nil, or "" and what went wrong;
-- then true where that is not known to have had no effect.
local function call(argv)
  local out, err = temporary(), temporary()
  local result, problem = proc.run { argv = argv, stdout = out, stderr = err,
    deadline = publish.deadline, file_limit = FILE_MAX }
  local printed, complained = take(out), take(err)
  if result then problem = ENDS[result.outcome](result) end
  if not problem then return printed:match("([^\r\n]*%S)%s*$") or "", nil end
  local said = one_line(complained:find("%S") and complained or printed)
  if result and said ~= "" then problem = problem .. ": " .. said end
  return "", problem, result and result.outcome ~= "exited"
end

-- The failure of a command, as a message for people.
local function failure_text(what, problem, argv, folder)
  return ("can't %s: %s; the command was: %s; nothing is lost, 'benchrun publish %s' tries again")
    :format(what, problem, words.command_line(argv), words.quote(folder))
end

-- Publishing --------------------------------------------------------------------------------------

-- Uploads one image. Returns nil, or why it could not be done.
local function upload(folder, state, image)
  local argv = table.move(state.uploader, 1, #state.uploader, 1, {})
  argv[#argv + 1] = fail.check(sys.real_path(folder)) .. "/" .. image.file
  local address, problem = call(argv)
  address = address:match("^%s*(.-)%s*$")
  problem = problem or address_problem(address)
  if problem then return failure_text("upload " .. image.file, problem, argv, folder) end
  image.url = address
end

-- Uploads what has no address yet. Returns nil, or the first failure.
local function upload_all(folder, state, say)
  local failure
  for _, image in ipairs(state.uploader and state.images or {}) do
    if not image.url then
      local problem = upload(folder, state, image)
      if image.url then
        publish.write(folder, state)
        say(("uploaded %s: %s"):format(image.file, image.url))
      end
      failure = failure or problem
      if problem and sys.interrupted() then break end
    end
  end
  return failure
end

local function unescaped(name)
  return (name:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

-- A text with the addresses in place. An empty line goes with a line that goes.
local function placed(text, addresses)
  local lines = {}
  for line in text:gmatch("[^\n]*") do
    local before, name = line:match("^(.*%]%()benchrun%-image:(.*)%)%s*$")
    local address = name and (addresses[name] or addresses[unescaped(name)])
    if address then line = before .. address .. ")" end
    if not name or address then lines[#lines + 1] = line
    elseif lines[#lines] == "" then lines[#lines] = nil end
  end
  return table.concat(lines, "\n")
end

-- Writes all files that can be written. Returns nil, or the first failure.
local function write_files(folder, state)
  local addresses, failure = {}, nil
  for _, image in ipairs(state.images) do addresses[image.name] = image.url end
  local folders = { folder }
  if state.copy_to and lfs.attributes(state.copy_to, "mode") == "directory" then
    folders[2] = state.copy_to
  end
  local function write(file, text)
    for _, each in ipairs(folders) do
      local ok, problem = sys.write_file(each .. "/" .. file, text)
      failure = failure or not ok and problem or nil
    end
  end
  for _, part in ipairs(state.parts) do write(part.file, placed(part.text, addresses)) end
  if state.comment then
    write(state.comment.file, comment_module.cut(placed(state.comment.text, addresses),
      comment_module.LIMIT, state.where or folder))
  end
  return failure
end

local function must_post(state)
  return state.gh ~= nil and state.comment ~= nil and not state.comment.posted
end

local function comment_command(folder, state)
  local argv = table.move(state.gh, 1, #state.gh, 1, {})
  local path = fail.check(sys.real_path(folder)) .. "/" .. state.comment.file
  return table.move({ "issue", "comment", "--repo=" .. state.repository, tostring(state.issue),
    "-F", path }, 1, 6, #argv + 1, argv)
end

local function post(folder, state, say)
  local argv = comment_command(folder, state)
  local where = ("issue %d of %s"):format(state.issue, state.repository)
  local printed, problem, is_uncertain = call(argv)
  if problem then
    if is_uncertain then problem = problem .. "; it may stand there all the same, look first" end
    fail.cannot("%s", failure_text("post the comment to " .. where, problem, argv, folder))
  end
  state.comment.posted = true
  local ok, err = pcall(publish.write, folder, state)
  if not ok then
    fail.cannot("the comment is posted to %s, but that can't be noted: %s; don't publish %s again",
      where, tostring(err), folder)
  end
  say(("posted %s to %s%s"):format(state.comment.file, where,
    address_problem(printed) and "" or ": " .. printed))
end

local function must_upload(state)
  for _, image in ipairs(state.uploader and state.images or {}) do
    if not image.url then return true end
  end
  return false
end

-- Two at once would post twice.
local function lock(folder)
  local file = lock_module.take(folder .. "/" .. LOCK, "move it away or mend its permissions")
  if file then return file end
  fail.cannot("%s is being published by another benchrun; wait for it", folder)
end

-- The files are there whatever the uploads come to, and whenever they are ended.
local function publish_rest(folder, state, say)
  local failure
  if must_upload(state) then
    write_files(folder, state)
    failure = upload_all(folder, state, say)
  end
  failure = write_files(folder, state) or failure
  if failure then fail.cannot("%s", failure) end
  if not state.written then
    state.written = true
    publish.write(folder, state)
  end
  if must_post(state) then post(folder, state, say) end
end

--- Does what is left: uploads the images that have no address, writes the files with the addresses
--- in place, posts the comment unless it is posted. say(line) is told of each step. state: as
--- publish.write has just written it; without, the folder's is read. Raises fail.cannot where an
--- upload fails, after the others were tried and the files written, or the comment. Returns whether
--- there was anything left.
function publish.run(folder, say, state)
  if not state then publish.read(folder) end -- before anything is made in a folder of others
  local _ <close> = lock(folder)
  state = state or publish.read(folder)
  if state.written and not must_upload(state) and not must_post(state) then
    say(("nothing is left to publish in %s%s"):format(folder,
      state.comment and state.comment.posted and ": the comment is posted" or ""))
    return false
  end
  publish_rest(folder, state, say)
  return true
end

return publish
