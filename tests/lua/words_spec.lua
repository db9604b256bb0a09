local words = require "benchrun.words"

describe("words.expand", function()
  local VALUES = { name = "x y", list = { "a", "b c" }, none = {}, number = 3 }

  local function expand(...) return words.expand({ ... }, VALUES) end

  it("makes a placeholder alone the words of its list", function()
    assert.are.same({ "run", "a", "b c", "x y", "3" }, expand("run", "{list}", "{none}", "{name}",
      "{number}"))
  end)

  it("joins a list within a word", function()
    assert.are.same({ "--x=a b c", "--y=", "x y/3" }, expand("--x={list}", "--y={none}",
      "{name}/{number}"))
  end)

  it("leaves braces that hold no name, and doubled ones as single", function()
    assert.are.same({ "{}", "{ name }", '{"a":1}', "{1}", "{name}", "${HOME}" },
      expand("{}", "{ name }", '{"a":1}', "{1}", "{{name}}", "${{HOME}}"))
  end)

  it("does not expand what a placeholder stands for", function()
    assert.are.same({ "{name}", "a{name}" }, words.expand({ "{x}", "a{x}" }, { x = "{name}" }))
  end)

  it("names an unknown placeholder", function()
    local list, unknown = expand("{name}", "a{nmae}b", "{other}")
    assert.is_nil(list)
    assert.are.equal("nmae", unknown)
  end)
end)

describe("words.problem", function()
  it("is none for a program and any words", function()
    assert.is_nil(words.problem { "true" })
    assert.is_nil(words.problem { "a b", "", "\n\27" })
  end)

  it("says what keeps words from being a command", function()
    assert.are.equal("it has no words", words.problem {})
    assert.are.equal("its first word, the program, is empty", words.problem { "", "x" })
    assert.are.equal("word 2 holds a NUL byte", words.problem { "x", "a\0" })
    assert.are.equal("word 1: a string expected, got 3", words.problem { 3 })
    assert.are.equal('a list of words expected, got "x y"', words.problem "x y")
  end)
end)

describe("words.split", function()
  it("parts at blanks alone", function()
    assert.are.same({ "--a", "'b", "c'", "$x" }, words.split("  --a 'b\tc'\n$x "))
    assert.are.same({}, words.split("  "))
  end)
end)

describe("words.command_line", function()
  local HOSTILE = { "", " ", "a b", "'", "''", '"', "\\", "\\'", "$HOME", "`id`", "$(id)", "a;b",
    "&", "|", "<", ">", "*", "?", "[a]", "~", "#x", "!", "{a,b}", "a\nb", "\n", "\t", "-n", "--",
    "x=1", "\27[31m", "ä→", "\255\1", "%s", "a'b'c", "\\n", "=x", "(", ")" }

  -- What a shell hands to a command, one word a NUL.
  local function read_back(shell, list)
    local pipe <close> = io.popen(("%s -c %s"):format(shell,
      words.quote("printf '%s\\0' " .. words.command_line { "--", table.unpack(list) }:sub(4))))
    local got = {}
    for word in pipe:read("a"):gmatch("([^%z]*)%z") do got[#got + 1] = word end
    return got
  end

  for _, shell in ipairs { "sh", "bash" } do
    it("is read back as the same words by " .. shell, function()
      assert.are.same(HOSTILE, read_back(shell, HOSTILE))
    end)
  end

  it("does not make a first word with '=' an assignment", function()
    assert.are.equal("'A=1' x B=2", words.command_line { "A=1", "x", "B=2" })
  end)

  it("leaves plain words unquoted", function()
    assert.are.equal("./a/b.c --x=1,2 @f %g +h",
      words.command_line { "./a/b.c", "--x=1,2", "@f", "%g",
      "+h" })
  end)

  it("puts the environment before it, sorted, hostile names as well", function()
    assert.are.equal("true x", words.command_line_with({}, { "true", "x" }))
    assert.are.equal("env A=1 'B=a b' 'c;id=$x' true",
      words.command_line_with({ B = "a b", A = "1", ["c;id"] = "$x" }, { "true" }))
    local pipe <close> = io.popen(words.command_line_with({ A = "it's $x\nok" },
      { "sh", "-c", 'printf %s "$A"' }))
    assert.are.equal("it's $x\nok", pipe:read "a")
  end)
end)

describe("words.shell_split", function()
  it("parts words as a POSIX shell does", function()
    local cases = {
      [""] = {}, ["  "] = {}, [" a  b "] = { "a", "b" }, ["''"] = { "" },
      ["a'b c'd"] = { "ab cd" }, ['"a \\" \\$ \\n"'] = { 'a " $ \\n' }, ["a\\ b"] = { "a b" },
      ["-k 'resnet..$' *"] = { "-k", "resnet..$", "*" }, ["'a\"b'\"c'd\""] = { "a\"bc'd" },
      ["a\tb\nc"] = { "a", "b", "c" }, ["\\"] = { "" },
    }
    for text, list in pairs(cases) do assert.are.same(list, words.shell_split(text), text) end
  end)

  it("takes back what words.command_line gives", function()
    local list = { "a", "b c", "it's", '"', "$x", "\\", "", "*" }
    assert.are.same(list, words.shell_split(words.command_line(list)))
  end)

  it("says where a quote is not closed", function()
    for _, text in ipairs { "'a", '"a', "a'", '"a\\"' } do
      assert.are.same({ nil, "a quote is not closed" }, { words.shell_split(text) }, text)
    end
  end)
end)
