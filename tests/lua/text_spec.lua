-- Safe, measured and wrapped text.

local text = require "benchrun.text"

describe("text.clean", function()
  it("leaves plain and foreign text as it is", function()
    for _, each in ipairs { "", "a b", "gcc -O2", "é", "日本語", "e\u{301}", "🙂", "×" } do
      assert.equal(each, text.clean(each))
    end
  end)

  it("shows control characters as escapes", function()
    assert.equal("\\x1b[31mred", text.clean("\27[31mred"))
    assert.equal("a\\nb\\rc\\td\\x00e\\x7f", text.clean("a\nb\rc\td\0e\127"))
    assert.equal("\\xc2\\x9b31m", text.clean("\u{9b}31m"))
  end)

  it("shows bytes that are no UTF-8 as escapes and keeps the rest", function()
    assert.equal("\\xff\\xfeé\\xc3", text.clean("\xff\xfeé\xc3"))
    assert.equal("\\xed\\xa0\\x80", text.clean("\xed\xa0\x80"))
  end)

  it("shows marks that hide or turn the direction", function()
    assert.equal("\\u{202e}txt.exe", text.clean("\u{202e}txt.exe"))
    assert.equal("a\\u{200b}b\\u{2028}", text.clean("a\u{200b}b\u{2028}"))
  end)

  it("gives valid UTF-8 without control characters for any bytes", function()
    local state = 7
    for _ = 1, 100 do
      local bytes = {}
      for i = 1, 12 do
        state = (state * 1103515245 + 12345) % 2147483648
        bytes[i] = string.char(state // 65536 % 256)
      end
      local clean = text.clean(table.concat(bytes))
      assert.is_truthy(utf8.len(clean))
      assert.is_nil(clean:find("%c"))
    end
  end)
end)

describe("text.width", function()
  it("counts columns, not bytes", function()
    assert.equal(0, text.width(""))
    assert.equal(3, text.width("abc"))
    assert.equal(1, text.width("é"))
    assert.equal(6, text.width("日本語"))
    assert.equal(1, text.width("e\u{301}"))
    assert.equal(2, text.width("🙂"))
  end)

  it("knows the widest of a list", function()
    assert.are.equal(0, text.widest {})
    assert.are.equal(4, text.widest { "abc", "日本", "é" })
  end)
end)

describe("text.elide", function()
  it("leaves what fits", function() assert.equal("abc", text.elide("abc", 3)) end)

  it("leaves something out in the middle and takes exactly the room", function()
    assert.equal("abcde…yz", text.elide("abcdefuvwxyz", 8))
    for width = 2, 12 do assert.equal(width, text.width(text.elide(("x"):rep(40), width))) end
  end)

  it("never takes more than the room with wide characters", function()
    for width = 0, 9 do assert.is_true(text.width(text.elide("日本語日本語", width)) <= width) end
  end)
end)

describe("text.pad", function()
  it("aligns, an odd blank to the right of what is centred", function()
    assert.equal("ab   ", text.pad("ab", 5))
    assert.equal("   ab", text.pad("ab", 5, "right"))
    assert.equal(" ab  ", text.pad("ab", 5, "center"))
    assert.equal("日本 ", text.pad("日本", 5))
    assert.equal("abc", text.pad("abc", 2))
  end)
end)

describe("text.wrap", function()
  it("breaks at blanks", function()
    assert.same({ "the quick", "brown fox" }, text.wrap("the quick brown fox", 10))
  end)

  it("cuts words that are longer than a line", function()
    assert.same({ "abc", "def", "g h" }, text.wrap("abcdefg h", 3))
    assert.same({ "日", "本" }, text.wrap("日本", 1))
  end)

  it("gives one empty line for nothing", function()
    assert.same({ "" }, text.wrap("", 10))
    assert.same({ "" }, text.wrap("   ", 10))
  end)
end)

describe("text.lines", function()
  it("parts at any line end and trims", function()
    assert.same({ "a", "b", "", "c\\x1b" }, text.lines("\n  a\r\nb \r\n\n c\27\n\n"))
    assert.same({ "  a", "    b" }, text.lines("  a\n\tb", true))
    assert.same({}, text.lines(""))
  end)
end)
