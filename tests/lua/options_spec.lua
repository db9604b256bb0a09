local keys = require "benchrun.keys"
local options = require "benchrun.options"

describe("options", function()
  -- The overrides that arguments come to, or false and the message.
  local function parse(...)
    local parser = require "argparse" "x"
    parser:argument "config"
    options.add(parser, nil, { "inference", "training" })
    local ok, result = parser:pparse(options.normalize { "c.lua", ... })
    if not ok then return false, result end
    return result.overrides
  end

  local function refusal(...)
    local ok, message = parse(...)
    assert.is_false(ok)
    return message
  end

  it("set nothing when none is given", function() assert.is_nil(parse()) end)

  it("gather what is given several times, under any of its names", function()
    assert.are.same({ suites = { "a", "b", "c" }, dtypes = { "f" } },
      parse("--suites", "a", "--suite", "b", "--suites=c", "--dtype", "f"))
  end)

  it("take underscores for dashes in names, not in values", function()
    assert.are.same({ output_dir = "my_dir", keep_output_dir = true, suites = { "--a_b" } },
      parse("--output_dir", "my_dir", "--keep_output_dir", "--suites=--a_b"))
    assert.are.same({ "-a_b", "--", "--a-b=c_d", "e_f" },
      options.normalize { "-a_b", "--", "--a_b=c_d", "e_f" })
  end)

  it("part words at blanks where words are meant", function()
    assert.are.same({ extra_args = { "-g", "--x" } }, parse("--extra-args=-g --x"))
    assert.are.same({ extra_args = { "y" } }, parse("--extra-args=-g --x", "--extra-args", "y"))
  end)

  it("convert numbers", function()
    local got = parse("-j", "4", "--deadline", "2.5")
    assert.are.same({ jobs = 4, deadline = 2.5 }, got)
    assert.are.equal("integer", math.type(got.jobs))
    assert.are.equal("--jobs: a whole number expected, got 'two'", refusal("--jobs", "two"))
    for _, word in ipairs { "1.5", "4.0", "1e1", "0x10", "", "_1", "1 2" } do
      assert.are.equal(("--jobs: a whole number expected, got '%s'"):format(word),
        refusal("-j", word))
    end
    assert.are.same({ jobs = 1000 }, parse("-j", "1_000"))
    assert.are.same({ jobs = 4 }, parse("-j=4"))
    assert.are.same({ jobs = -5 }, parse("--jobs", "-5"))
    assert.are.same({ jobs = -5 }, parse("-j", "-5"))
    assert.are.equal("--deadline: a number expected, got 'nan'", refusal("--deadline", "nan"))
  end)

  it("set what a shorthand stands for, one of them at most", function()
    assert.are.same({ mode = "training" }, parse "--training")
    assert.are.same({ charts = { formats = {} } }, parse "--no-charts")
    assert.are.equal("option '--training' can not be used together with option '--inference'",
      refusal("--inference", "--training"))
  end)

  it("may be cut short where they can mean but one", function()
    assert.are.same({ output_dir = "x", keep_output_dir = true },
      parse("--output", "x", "--keep_out"))
    assert.truthy(refusal("--no"):find("unknown option '--no'", 1, true))
    assert.are.same({ compilers = { "a" }, suites = { "b" } }, parse("--compil", "a", "--sui", "b"))
  end)

  it("take a value that begins with a dash if it holds a blank", function()
    assert.are.same({ extra_args = { "--repeat", "5" } }, parse("--extra-args", "--repeat 5"))
    assert.are.equal("option '--extra-args' requires an argument",
      refusal("--extra-args", "--quick"))
  end)

  it("part words as a shell does", function()
    assert.are.same({ extra_args = { "a b", "c'd", "$HOME" } },
      parse("--extra-args", [['a b' "c'd" $HOME]]))
    assert.are.equal("--extra-args: a quote is not closed in 'a",
      refusal("--extra-args", "'a"))
  end)

  it("put what stands in a table there, beside what others put there", function()
    assert.are.same({ archive = { path = "p", name = "n", update = "never" } },
      parse("--archive-path", "p", "--no-update-archive", "--archive-name", "n"))
  end)

  it("of a config's own keys come before ours of the same name", function()
    local fields = table.move(keys, 1, #keys, 1, {})
    fields[#fields + 1] = { name = "mine", type = "boolean", is_declared = true, help = "mine",
      option = { flags = "--no-charts -n" } }
    local parser = require "argparse" "x"
    options.add(parser, fields)
    assert.are.same({ mine = true }, parser:parse({ "--no-charts" }).overrides)
    assert.are.same({ mine = true }, parser:parse({ "-n" }).overrides)
  end)

  it("without a long name take a value that begins with a dash", function()
    local fields = table.move(keys, 1, #keys, 1, {})
    fields[#fields + 1] = { name = "ratio", type = "number", is_declared = true, help = "ratio",
      option = { flags = "-r", metavar = "N" } }
    local parser = require "argparse" "x"
    options.add(parser, fields)
    assert.are.same({ ratio = -0.5 },
      parser:parse(options.normalize({ "-r", "-.5" }, fields)).overrides)
  end)

  it("tell which argument may be the config", function()
    assert.are.same({ 1 }, options.candidates { "run" })
    assert.are.same({ 2, 3 }, options.candidates { "--quick", "a.lua", "b.lua" })
    assert.are.same({ 3 }, options.candidates { "--jobs", "2", "a.lua" })
    assert.are.same({ 3, 2 }, options.candidates { "--theirs", "2", "a.lua" })
  end)

  it("know their choices", function()
    assert.are.same({ testings = { "accuracy" } }, parse("--testings", "accuracy"))
    assert.are.equal("argument for option '--testings' must be one of 'performance', 'accuracy'",
      refusal("--testings", "speed"))
  end)
end)
