-- Reading logs as programs leave them, and putting those of several compilers side by side.

local fail = require "benchrun.fail"
local fixture = require "logs_fixture"
local logs = require "benchrun.logs"

local SPEEDUP = { column = "speedup", type = "number" }
local RATIO = { column = "compression_ratio", type = "number" }
local ACCURACY = { column = "accuracy", type = "word" }

local function values(frame, column)
  local list = frame:col(column):to_table()
  local n = list.n
  list.n = nil
  return list, n
end

describe("logs.read", function()
  local folder

  before_each(function() folder = fixture.folder() end)
  after_each(function() folder:remove() end)

  -- Reads content as the log of a cell; raises its problem.
  local function read(content, metrics, testing)
    local cell = fixture.cell(folder, { compiler = "fast", testing = testing or "performance" })
    folder:write(cell.id .. ".csv", content)
    return logs.read(cell, metrics or { SPEEDUP })
  end

  local function names_of(content) return (values(assert(read(content)), "name")) end

  it("reads a log with its header, columns in any order, others ignored", function()
    local frame, notices = read { "extra,speedup,name,dev,batch_size", "x,1.5,kahan,cpu,8" }
    assert.same({ "dev", "name", "batch_size", "speedup" }, frame:names())
    assert.same({ "string", "string", "i64", "f64" }, frame:types())
    assert.equal(1.5, frame:get(1, "speedup"))
    assert.same({}, notices)
  end)

  it("reads a log without header, whose last columns may be absent", function()
    local frame = assert(read({ "cpu,kahan,8,1.5", "cpu,sum,4,2.5" }, { SPEEDUP, RATIO }))
    assert.same({ 1.5, 2.5 }, (values(frame, "speedup")))
    assert.same({}, (values(frame, "compression_ratio")))
    assert.same({ "kahan" }, names_of { "cpu,kahan,8,1.5,1,2,3,further,columns" })
  end)

  it("knows the columns of an accuracy log without header", function()
    local frame = assert(read({ "cpu,kahan,8,pass" }, { ACCURACY }, "accuracy"))
    assert.equal("pass", frame:get(1, "accuracy"))
  end)

  it("knows a header by its first field, in any case, behind a mark and blank lines", function()
    assert.same({ "kahan" }, names_of "\xEF\xBB\xBF\r\n\r\nDEV,Name,Batch_Size\r\ncpu,kahan,8\r\n")
    assert.same({ "kahan" }, names_of { '"dev" , "name","batch_size"', "cpu,kahan,8" })
    assert.same({ "devnet_18" }, names_of { "cpu,devnet_18,8,1.5" })
    assert.same({ "dev" }, names_of { "cpu,dev,8,1.5" })
  end)

  it("keeps names as text", function()
    assert.same({ "0169", "NA", "1e5", "nan" },
      names_of { fixture.header, "cpu,0169,8,1", "cpu,NA,8,1", "cpu,1e5,8,1", "cpu,nan,8,1" })
  end)

  it("makes batch sizes whole, 0 where there is none", function()
    local frame = assert(read { fixture.header, "cpu,a,8.0,1", "cpu,b,8.7,1", "cpu,c,,1",
      "cpu,d,many,1", "cpu,e,-3,1", "cpu,f,1e99,1", "cpu,g,nan,1" })
    assert.same({ 8, 8, 0, 0, -3, 0, 0 }, (values(frame, "batch_size")))
    assert.equal("i64", frame:col("batch_size"):type())
    assert.same({ 0 }, (values(assert(read { "dev,name,speedup", "cpu,a,1" }), "batch_size")))
  end)

  it("reads numbers that are none as null", function()
    local frame = assert(read { fixture.header, "cpu,a,1,infra_error", "cpu,b,1,0x10",
      "cpu,c,1,1_000", "cpu,d,1,", "cpu,e,1,+1.5", "cpu,f,1, 1.25 ", "cpu,g,1,1e3",
      "cpu,h,1,-inf" })
    assert.same({ [5] = 1.5, [6] = 1.25, [7] = 1000.0, [8] = -math.huge },
      (values(frame, "speedup")))
  end)

  it("keeps a column whole only if all of it is", function()
    local function type_of(a, b)
      return assert(read { fixture.header, "cpu,a,1," .. a, "cpu,b,1," .. b }):col("speedup"):type()
    end
    assert.equal("i64", type_of("1", "2"))
    assert.equal("f64", type_of("1", "2.0"))
    assert.equal("f64", type_of("1", ""))
    assert.equal("f64", type_of("1", "timeout"))
  end)

  it("reads words that say nothing as null", function()
    local frame = assert(read({ "dev,name,batch_size,accuracy", "cpu,a,1,pass", "cpu,b,1,",
      "cpu,c,1,NA", "cpu,d,1,0.0000", "cpu,e,1,nan" }, { ACCURACY }, "accuracy"))
    assert.same({ [1] = "pass", [4] = "0.0000" }, (values(frame, "accuracy")))
  end)

  it("fills short rows and takes commas that trail", function()
    local frame = assert(read { fixture.header, "cpu,a,0,infra_error", "cpu,b,4,2.5,1,1,1,,," })
    assert.same({ [2] = 2.5 }, (values(frame, "speedup")))
  end)

  it("leaves out headers among the rows", function()
    assert.same({ "a", "b", "c" }, names_of { fixture.header, "cpu,a,1,1", fixture.header,
      "cpu,b,1,1", "", fixture.header, "cpu,c,1,1" })
    assert.same({ "a", "b" }, names_of { "cpu,a,1,1", fixture.header, "cpu,b,1,1" })
  end)

  it("takes the last of several rows for a name, with a notice", function()
    local frame, notices = read { fixture.header, "cpu,a,1,1.5", "cpu,b,1,2.5", "cpu,a,1,3.5" }
    assert.same({ "b", "a" }, (values(frame, "name")))
    assert.same({ 2.5, 3.5 }, (values(frame, "speedup")))
    assert.equal(1, #notices)
    assert.is_truthy(notices[1]:find("more than one row for a;", 1, true))
  end)

  it("leaves out rows without a name, with a notice", function()
    local frame, notices = read { fixture.header, "cpu,,1,1.5", "cpu,a,1,2.5", ",,,,,," }
    assert.same({ "a" }, (values(frame, "name")))
    assert.is_truthy(notices[1]:find("2 rows without a name", 1, true))
  end)

  it("reads an empty log and one of a header alone as no rows", function()
    for _, content in ipairs { "", "\n\n", "\xEF\xBB\xBF", { fixture.header } } do
      local frame = assert(read(content))
      assert.equal(0, frame:nrow())
      assert.is_true(frame:has "speedup")
    end
  end)

  it("tells of a file that is not there", function()
    local cell = fixture.cell(folder, { compiler = "gone", testing = "accuracy" })
    local frame, problem, code = logs.read(cell)
    assert.is_nil(frame)
    assert.equal("notfound", code)
    assert.is_truthy(problem:find(cell.log, 1, true))
  end)

  it("drops headers among its rows, in any case and behind a mark", function()
    local frame = read { fixture.header, "cpu,a,1,1", "\xEF\xBB\xBF" .. fixture.header,
      "cpu,b,1,1", fixture.header:upper(), "cpu,c,1,1" }
    assert.same({ "a", "b", "c", n = 3 }, frame:col("name"):to_table())
  end)

  it("drops the marks of a merge conflict, and says where they begin", function()
    local frame, notices = read { fixture.header, "cpu,a,1,1", "<<<<<<< HEAD", "cpu,b,1,1",
      "=======", "cpu,b,1,2", ">>>>>>> abc123 (branch, x)", "cpu,c,1,1" }
    assert.same({ "a", "b", "c", n = 3 }, frame:col("name"):to_table())
    assert.equal(2, frame:get(2, "speedup"))
    assert.is_truthy(notices[1]:find("merge conflict, from line 3 on", 1, true), notices[1])
  end)

  it("drops a last line that was cut off, only where the program did not end well", function()
    local text = fixture.header .. "\ncpu,alexnet,1,1.25\ncpu,alexne"
    local path = folder:write("cut.csv", text)
    local cell = { log = path, id = "cut", testing = "performance" }
    assert.equal(2, logs.read(cell):nrow())
    local frame, notices = logs.read(cell, nil, true)
    assert.equal(1, frame:nrow())
    assert.same({ "cut: its last line was cut off and is left out" }, notices)
  end)

  it("drops NUL bytes, and says so", function()
    local frame, notices = read { fixture.header, "cpu,a,1,1\0\0\0", "cpu,\0b,1,1" }
    assert.same({ "a", "b", n = 2 }, frame:col("name"):to_table())
    assert.is_truthy(notices[1]:find("2 runs of NUL bytes", 1, true))
  end)

  it("reads what a merge left at its head, and quoted commas without header", function()
    local mark = "\xEF\xBB\xBF"
    local frame = read { "<<<<<<< HEAD", mark .. fixture.header, "=======",
      mark .. fixture.header, ">>>>>>> x", "cpu,a,1,1" }
    assert.same({ "a", n = 1 }, frame:col("name"):to_table())
    assert.same({ "a,x" }, names_of { 'cpu,"a,x",4,2' })
    assert.equal(1.5, read({ "dev,name,batch_size,speedup,speedup", "cpu,a,4,1.5,9" })
      :get(1, "speedup"))
  end)

  it("reads a header with empty and doubled names, as spreadsheets leave them", function()
    local frame = read { "dev,name,batch_size,speedup,,,speedup", "cpu,a,4,1.5,x,y,9" }
    assert.equal(1.5, frame:get(1, "speedup"))
  end)

  it("reads rows without header that are longer than the first", function()
    local frame = read { "cpu,a,0", "cpu,b,4,1.5,1,2,3,extra,extra" }
    assert.equal(1.5, frame:get(2, "speedup"))
  end)

  it("tells of a broken log with file and line", function()
    local broken = {
      [":3:"] = { fixture.header, "cpu,a,1,1", "cpu,b,1,1,1,1,1,surplus" },
      [":2:"] = { fixture.header, 'cpu,"a,1,1' },
      [":1: no log"] = { "Segmentation fault" },
      [":1: no log: neither"] = { "one,two,three", "cpu,a,1" },
      [":1: the header has no column 'name'"] = { "dev,batch_size,speedup", "cpu,1,1" },
      [":1: the header has no column 'dev' beside 'name'"] = { "name,batch_size,speedup", "a,1,1" },
      [": a header among its rows has 'abs_latency' where the first has 'speedup'"] = {
        "dev,name,batch_size,speedup,abs_latency", "cpu,a,1,1,2",
        "dev,name,batch_size,abs_latency,speedup", "cpu,b,1,2,1" },
    }
    for place, lines in pairs(broken) do
      local frame, problem, code = read(lines)
      assert.is_nil(frame)
      assert.equal("parse", code)
      assert.is_truthy(problem:find("_performance.csv" .. place, 1, true), problem)
    end
  end)
end)

describe("logs.merge", function()
  local folder

  before_each(function() folder = fixture.folder() end)
  after_each(function() folder:remove() end)

  local function part(compiler, lines)
    table.insert(lines, 1, fixture.header)
    local cell = fixture.cell(folder, { compiler = compiler, testing = "performance" })
    folder:write(cell.id .. ".csv", lines)
    return { compiler = compiler, log = cell.log, frame = assert(logs.read(cell, { SPEEDUP })) }
  end

  it("matches rows by dev and name, not by place", function()
    local rows, aligned = logs.merge {
      part("a", { "cpu,x,1,1.5", "cpu,y,1,2.5", "gpu,x,1,9.5" }),
      part("b", { "cpu,y,1,20.5", "cpu,z,1,30.5", "cpu,x,1,10.5" }),
    }
    assert.same({ "x", "y", "x", "z" }, (values(rows, "name")))
    assert.same({ "cpu", "cpu", "gpu", "cpu" }, (values(rows, "dev")))
    assert.same({ 1.5, 2.5, 9.5 }, (values(aligned.a, "speedup")))
    assert.same({ [1] = 10.5, [2] = 20.5, [4] = 30.5 }, (values(aligned.b, "speedup")))
  end)

  it("takes the batch size that any log knows", function()
    local rows = logs.merge {
      part("a", { "cpu,x,0,1.5", "cpu,y,8,2.5", "cpu,z,0,2.5" }),
      part("b", { "cpu,x,4,1.5", "cpu,y,8,2.5", "cpu,z,0,2.5" }),
    }
    assert.same({ 4, 8, 0 }, (values(rows, "bs")))
    assert.equal("i64", rows:col("bs"):type())
  end)

  it("refuses two batch sizes, naming benchmark, logs and sizes", function()
    local a = part("a", { "cpu,x,0,1.5", "cpu,y,16,2.5" })
    local b = part("b", { "cpu,x,32,1.5", "cpu,y,16,2.5" })
    local c = part("c", { "cpu,x,64,1.5", "cpu,y,16,2.5" })
    local ok, problem = pcall(logs.merge, { a, b, c })
    assert.is_false(ok)
    assert.equal(fail.status.cannot, fail.of(problem).status)
    for _, word in ipairs { "x was run", "32 in " .. b.log, "64 in " .. c.log } do
      assert.is_truthy(problem.message:find(word, 1, true), problem.message)
    end
  end)

  it("adds a row for benchmarks that were planned and are in no log", function()
    local rows, aligned = logs.merge({ part("a", { "cpu,x,1,1.5" }) },
      { dev = "cpu", names = { "x", "lost" } })
    assert.same({ "x", "lost" }, (values(rows, "name")))
    assert.same({ 1, 0 }, (values(rows, "bs")))
    assert.same({ 1.5 }, (values(aligned.a, "speedup")))
  end)

  it("has no rows without logs", function()
    local rows, aligned = logs.merge {}
    assert.same({ "dev", "name", "bs" }, rows:names())
    assert.equal(0, rows:nrow())
    assert.same({}, aligned)
    assert.equal(1, (logs.merge({}, { dev = "cpu", names = { "lost" } })):nrow())
  end)
end)

describe("logs.names_text", function()
  it("lists distinct names, of many only the first", function()
    local frames, names = require "benchrun.core.frame", {}
    local function text(list)
      return logs.names_text(frames.new { { name = "name", type = "string", values = list } })
    end
    assert.equal("a, b", text { "a", "b", "a" })
    for i = 1, 12 do names[i] = "n" .. i end
    assert.equal("n1, n2, n3, n4, n5, n6, n7, n8, n9, n10 and 2 more", text(names))
  end)
end)
