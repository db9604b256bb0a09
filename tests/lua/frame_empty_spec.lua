-- Every method of frames, columns and groupings over frames of 0 rows, one row, nulls alone and no
-- columns. A method that is new fails here until it has a line.

local frame = require "benchrun.frame"

local NAMES = { "s", "i", "x", "b", "t" }
local TYPES = { s = "string", i = "i64", x = "f64", b = "bool", t = "timestamp" }

local function of_nulls(n)
  local specs = {}
  for k, name in ipairs(NAMES) do
    specs[k] = { name = name, type = TYPES[name], values = {}, n = n }
  end
  return frame.new(specs)
end

local function one_row()
  return frame.from_rows({ { s = "a", i = 1, x = 0.5, b = true, t = "2024-02-29" } },
    { columns = NAMES }):cast { t = "timestamp" }
end

local SHAPES = {
  { what = "0 rows", make = function() return of_nulls(0) end },
  { what = "one row", make = one_row },
  { what = "one row of nulls", make = function() return of_nulls(1) end },
  { what = "nulls alone", make = function() return of_nulls(3) end },
}

local function is_text(value) assert.equal("string", type(value)) end

-- That a call gives a frame of so many rows.
local function has_rows(n)
  return function(made) assert.equal(n, #made) end
end

-- What each method is asked, and what must hold: a function of the result, the frame and its rows.
local FRAME = {
  cast = { { i = "f64", x = "string", t = "string" } },
  col = { "s", check = function(c, _, n) assert.equal(n, c:len()) end },
  cumsum = { "x" }, describe = { rows = function() return #NAMES end }, diff = { "t" },
  distinct = { rows = function(n) return math.min(n, 1) end },
  drop = { "s", "b" },
  eval = { "x * 2 + i", check = function(c, _, n) assert.equal(n, #c) end },
  ewm = { "x", { span = 3 } }, fill = { { x = 0, s = "none" } },
  filter = { "x == x or x == nil" },
  get = { 1, "s", least = 1 }, group_by = { "s", check = function(g) is_text(tostring(g)) end },
  has = { "s", check = function(yes) assert.is_true(yes) end },
  head = {}, interpolate = { "x" },
  join = { "other", "x", "left" },
  melt = { { id = "s", columns = { "i", "x" } }, rows = function(n) return 2 * n end },
  names = { check = function(names) assert.same(NAMES, names) end },
  ncol = { check = function(n) assert.equal(#NAMES, n) end },
  nrow = { check = function(found, _, n) assert.equal(n, found) end },
  pct_change = { "i" },
  pivot = { { index = "s", columns = "b", values = "x" },
    rows = function(n) return math.min(n, 1) end },
  quantile = { "x", 0.5, check = function(q) assert.equal("number", type(q)) end },
  rank = { "t" }, rename = { { s = "z" } }, rolling = { "x", 2, "median", { min = 1 } },
  row = { 1, least = 1, check = function(row) assert.equal("table", type(row)) end },
  rows = { check = function(step, f)
    local seen = 0
    for _ in step do seen = seen + 1 end
    assert.equal(#f, seen)
  end },
  running = { "x", "max" }, sample = { 0, rows = function() return 0 end },
  select = { "x", "s" }, shift = { "s", -1 },
  show = { check = is_text }, slice = { 1 }, sort = { "t", "-s", "x", "b" }, tail = {},
  take = { {}, rows = function() return 0 end },
  to_csv = { check = function(csv, _, n)
    local back = frame.parse_csv(csv, { types = TYPES })
    assert.equal(n, #back)
    assert.equal(csv, back:to_csv())
  end },
  to_html = { check = is_text },
  to_json = { check = function(json, _, n) assert.equal(n, #frame.parse_json(json)) end },
  to_markdown = { check = is_text },
  to_rows = { check = function(rows, _, n) assert.equal(n, #rows) end },
  to_sqlite = { "path", "t", { mode = "replace" }, check = function(done, _, n, path)
    assert.is_true(done)
    assert.equal(n, #frame.read_sqlite(path, "select * from t"))
  end },
  to_table = { check = function(cells, _, n) assert.equal(n, cells.t.n) end },
  types = { check = function(types) assert.equal("timestamp", types[5]) end },
  value_counts = { "s", rows = function(n) return math.min(n, 1) end },
  with = { { z = "x + 1", w = 7 } },
}

local COLUMN = { cast = { "string" }, fill = { 0 }, get = { 1, least = 1 }, len = {},
  null_count = {}, show = {}, to_table = {}, type = {}, unique = {} }

local GROUPING = {
  agg = { { m = "mean(x)", f = "first(s)", n = "count()", q = "max(t)" } },
  count = {}, first = {}, last = {}, head = {}, quantile = { "x", { 0.1, 0.9 } },
  each = { check = function(step, n)
    local seen = 0
    for _ in step do seen = seen + 1 end
    assert.equal(n, seen)
  end },
}

-- Calls a method as its line says; nil where the frame is too small for it.
local function call(object, name, line, n, path)
  if n < (line.least or 0) then
    assert.is_false(pcall(object[name], object, table.unpack(line)))
    return nil
  end
  local args = table.pack(table.unpack(line))
  for k = 1, args.n do
    if args[k] == "path" then args[k] = path elseif args[k] == "other" then args[k] = object end
  end
  return object[name](object, table.unpack(args, 1, args.n))
end

local function each_line(object, lines, check)
  for name in pairs(getmetatable(object).methods) do
    if lines[name] then check(name, lines[name]) end
  end
end

describe("every method", function()
  local path
  before_each(function() path = os.tmpname() end)
  after_each(function() os.remove(path) end)

  it("has a line here", function()
    local f = one_row()
    for object, lines in pairs { [f] = FRAME, [f:group_by "s"] = GROUPING } do
      for name in pairs(getmetatable(object).methods) do assert.truthy(lines[name], name) end
      for name in pairs(lines) do assert.equal("function", type(object[name])) end
    end
  end)

  for _, shape in ipairs(SHAPES) do
    it("of a frame of " .. shape.what, function()
      local f = shape.make()
      local n = #f
      each_line(f, FRAME, function(name, line)
        local made = call(f, name, line, n, path)
        if line.check and made ~= nil then
          line.check(made, f, n, path)
        elseif frame.is_frame(made) then
          has_rows(line.rows and line.rows(n) or n)(made)
        end
      end)
    end)

    it("of its columns and groups, where it has " .. shape.what, function()
      local f = shape.make()
      for _, name in ipairs(NAMES) do
        local c = f:col(name)
        for method in pairs(getmetatable(c).methods) do
          local line = COLUMN[method]
          if line and not (method == "fill" and TYPES[name] ~= "f64") then
            call(c, method, line, #f)
          elseif not line and name == "x" then
            assert.equal("number", type(c[method](c)), method)
          end
        end
      end
      for _, keys in ipairs { { "s" }, { "t", "b" }, {} } do
        local g = f:group_by(keys)
        each_line(g, GROUPING, function(name, line)
          local made, groups = call(g, name, line, #f), math.min(#f, 1)
          if line.check then
            line.check(made, groups)
          else
            assert.is_true(#made <= math.max(#f, #keys == 0 and 1 or 0), name)
          end
        end)
      end
    end)
  end

  it("of a frame without columns says what is missing, or gives nothing", function()
    local f = frame.new {}
    each_line(f, FRAME, function(name, line)
      local ok, made = pcall(call, f, name, line, 1, path)
      if not ok then
        assert.truthy(made:find "^[^\n]*frame_empty_spec%.lua:%d+: [^\n]+$", name .. ": " .. made)
      elseif frame.is_frame(made) and name ~= "with" then
        assert.equal(0, #made, name)
      end
    end)
  end)
end)
