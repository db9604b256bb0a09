-- Fails when functions grow: the median at most 12 lines, nine in ten under 35, none over 60.
-- C functions are measured by ctags, Lua's by luac. Run from the root of the tree.

local LIMITS = { median = 12, ninth = 34, most = 60 }

local function lines_of(command)
  local pipe <close> = assert(io.popen(command))
  local lines = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  return lines
end

local function c_functions()
  local list = {}
  local tags = lines_of("ctags --languages=C --c-kinds=f --fields=+ne -o - -R core")
  for _, line in ipairs(tags) do
    local name, file = line:match("^([^\t]+)\t([^\t]+)\t")
    local first, last = line:match("line:(%d+)"), line:match("end:(%d+)")
    if first and last then
      list[#list + 1] = { name = file .. ": " .. name, size = last - first + 1 }
    end
  end
  return list
end

local function lua_functions()
  local list = {}
  for _, line in ipairs(lines_of("find lua -name '*.lua' | sort | xargs -n 1 luac5.4 -l -p")) do
    local file, first, last = line:match("^function <(.-):(%d+),(%d+)>")
    if file then list[#list + 1] = { name = file .. ":" .. first, size = last - first + 1 } end
  end
  return list
end

local function check(language, list)
  table.sort(list, function(a, b) return a.size < b.size end)
  local median = list[(#list + 1) // 2].size
  local ninth = list[math.ceil(#list * 0.9)].size
  print(("%s: %d functions, median %d, nine in ten at most %d, most %d"):format(language, #list,
    median, ninth, list[#list].size))
  local fine = median <= LIMITS.median and ninth <= LIMITS.ninth
  for _, each in ipairs(list) do
    if each.size > LIMITS.most then
      print(("%s: %d lines, at most %d"):format(each.name, each.size, LIMITS.most))
      fine = false
    end
  end
  return fine
end

local c_fine, lua_fine = check("C", c_functions()), check("Lua", lua_functions())
os.exit(c_fine and lua_fine)
