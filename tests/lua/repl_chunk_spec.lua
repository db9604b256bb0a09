local chunk = require "benchrun.repl.chunk"

describe("without_locals", function()
  local function check(given, expected)
    assert.are.equal(expected, chunk.without_locals(given))
  end

  it("makes variables of the session of the outermost locals", function()
    check("local x = 1", "x = 1")
    check("local a, b = 1, 2", "a, b = 1, 2")
    check("local function f() return 1 end", "function f() return 1 end")
    check("local s = 'local x' -- local y\nlocal t = 2", "s = 'local x' -- local y\n t = 2")
  end)

  it("gives those without a value nil", function()
    check("local x", "x=nil")
    check("local a, b local c = 1", "a, b=nil  c = 1")
  end)

  it("leaves inner ones alone", function()
    for _, code in ipairs { "do local x = 1 end", "for i = 1, 2 do local x = i end",
      "if x then local y = 1 end", "repeat local z = 1 until z", "f(function() local q = 1 end)",
      "while true do local a = 1 break end" } do
      check(code, code)
    end
    check("if x then local y = 1 end local z = 2", "if x then local y = 1 end  z = 2")
  end)

  it("drops <const> and keeps what is to be closed", function()
    assert.is_nil(chunk.without_locals("local x <const> = 1"):find "const")
    check("local f <close> = nil", "local f <close> = nil")
  end)

  it("leaves alone what is no Lua", function() check("local = 3 (", "local = 3 (") end)
end)

describe("compile", function()
  local function compile(text) return chunk.compile(text, {}) end

  it("takes expressions without return, with one, with = and with a comment", function()
    for _, text in ipairs { "1 + 1", "return 1 + 1", "=1 + 1", "1 + 1 -- two", "2, nil, 3" } do
      local fn, _, kind = compile(text)
      assert.are.equal(2, (fn()))
      assert.are.equal("expression", kind)
    end
    assert.are.equal(3, select("#", compile "2, nil, 3" ()))
  end)

  it("returns all that came with what is assigned to one name", function()
    local env = { t = {}, f = function() return nil, "why", "io" end }
    for _, text in ipairs { "x = f()", "local x = f()", "t.x = f()", "x = -- why\n  f()" } do
      local fn, source, kind = chunk.compile(text, env)
      assert.are.equal("assignment", kind)
      assert.is_nil(source:find "local")
      assert.are.same({ nil, "why", "io", n = 3 }, table.pack(fn()))
    end
    chunk.compile("t.x = 1, 2", env)()
    assert.are.equal(1, env.t.x)
  end)

  it("knows other statements", function()
    for _, text in ipairs { "a, b = 1, 2", "a = 1 b = 2", "t[1] = 2", "f()g()", "a = 1; a = 2",
      "local function f() end", "::x:: goto x" } do
      assert.are.equal("statements", select(3, compile(text)), text)
    end
  end)

  it("knows what more lines may make whole", function()
    for _, text in ipairs { "f(", "x = {", "for i = 1, 2 do", "a = [[text", "function f()", "x =",
      "1 +", "--[[ comment", "x = 'a\\" } do
      local fn, message, is_more = compile(text)
      assert.is_nil(fn)
      assert.is_string(message)
      assert.is_true(is_more, text)
    end
  end)

  it("knows what nothing can mend", function()
    for _, text in ipairs { "x = = 1", "end", "x = 'abc", "f)", "1 1" } do
      local fn, message, is_more = compile(text)
      assert.is_nil(fn)
      assert.is_truthy(message:find "^input:1: ")
      assert.is_false(is_more, text)
    end
  end)

  it("goes on with the last result behind a colon", function()
    local _, source = compile ":head(3)"
    assert.are.equal("_:head(3)", source)
  end)
end)

describe("tokens", function()
  it("cover any text, whole or not", function()
    local texts = { "a.b:c'x' \"y", "[[ long", "--[==[ c ]==] 1.5e3", "'a\\'b' ..", "\0\255" }
    for _, text in ipairs(texts) do
      local at = 0
      for _, token in ipairs(chunk.tokens(text)) do
        assert.is_true(token.first > at and token.last >= token.first)
        at = token.last
      end
      assert.is_true(at <= #text)
    end
  end)
end)
