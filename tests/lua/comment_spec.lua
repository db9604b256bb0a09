-- The joined comment: what goes where it is too long.

local comment = require "benchrun.comment"
local fixture = require "report_fixture"
local sys = require "benchrun.core.sys"

local render = require("benchrun.registry").new(nil):get("renderers", "github").render

-- A table whose rows all say `word`.
local function table_block(caption, rows, word)
  local names = {}
  for i = 1, rows do names[i] = word or "cell" .. i end
  return { kind = "table", caption = caption, columns = { "name", "bs" }, cells = { names, names } }
end

local function details(...)
  return { kind = "details", summary = "more", blocks = { ... } }
end

local function paragraph(text) return { kind = "paragraph", text = text } end

local function has(text, part) return text:find(part, 1, true) ~= nil end

-- Every fence and every <details> of a text is closed.
local function is_closed(text)
  local fence, depth = nil, 0
  for line in text:gmatch "[^\n]+" do
    local run = line:match "^~~~+$"
    if fence then
      if run == fence then fence = nil end
    elseif run then
      fence = run
    elseif line == "<details>" then
      depth = depth + 1
    elseif line == "</details>" then
      depth = depth - 1
    end
  end
  return fence == nil and depth == 0
end

describe("comment.join", function()
  it("strips each text at its right and puts one empty line between", function()
    assert.are.equal("a\n\n  b\nc\n", comment.join { "a\n\n", "  b\nc \t\n" })
  end)

  it("leaves out what says nothing", function()
    assert.are.equal("a\n\nb\n", comment.join { "", "a", " \n\n", "b" })
    assert.are.equal("", comment.join {})
    assert.are.equal("", comment.join { "", "\n" })
  end)
end)

describe("comment.fit", function()
  local function fit(parts, limit) return comment.fit(parts, render, limit, "archive/run_1") end

  -- Three tables, the middle one in details the largest.
  local function parts()
    return { { file = "a.txt", blocks = { paragraph "first", table_block("Small", 3) } },
      { file = "b.txt", blocks = { details(table_block("Large", 40), paragraph "inside") } },
      { file = "c.txt", blocks = { table_block("Middle", 20), paragraph "last" } } }
  end

  local function whole(list)
    local texts = {}
    for i, part in ipairs(list) do texts[i] = render(part.blocks) end
    return comment.join(texts)
  end

  it("is the joined parts where they fit, to the character", function()
    local list = parts()
    local text = whole(list)
    local same, dropped = fit(list, #text)
    assert.are.equal(text, same)
    assert.are.equal(0, dropped)
    local shorter, lost = fit(list, #text - 1)
    assert.is_true(#shorter < #text)
    assert.are.equal(1, lost)
  end)

  it("drops the largest table first, also within details, and says where it is", function()
    local list = parts()
    local text, dropped = fit(list, #whole(list) - 100)
    assert.are.equal(1, dropped)
    assert.is_true(has(text, "Small\n~~~") and has(text, "Middle\n~~~"))
    assert.is_false(has(text, "Large\n~~~"))
    assert.is_true(has(text, "Large (40 rows) is left out, the comment would be too long; it is "
      .. "whole in b.txt at archive/run_1"), text)
    assert.is_true(has(text, "inside") and has(text, "last"))
    assert.is_true(is_closed(text))
  end)

  it("drops no more than it must", function()
    local list = parts()
    local without_large = fit(list, #whole(list) - 1)
    local text, dropped = fit(list, #without_large)
    assert.are.same({ without_large, 1 }, { text, dropped })
    text, dropped = fit(list, #without_large - 1)
    assert.are.equal(2, dropped)
    assert.is_true(has(text, "Small\n~~~") and has(text, "Middle (20 rows)"))
  end)

  it("leaves the blocks as they are", function()
    local list, same = parts(), parts()
    local kept = list[2].blocks[1].blocks[1]
    fit(list, 600)
    assert.are.same(same, list)
    assert.are.equal(kept, list[2].blocks[1].blocks[1])
  end)

  it("keeps a table that is smaller than what would stand for it", function()
    local list = { { file = "a.txt", blocks = { table_block("T", 1, "x") } },
      { file = "b.txt", blocks = { paragraph(("word "):rep(200)), table_block("U", 30) } } }
    local text, dropped = fit(list, 900)
    assert.are.equal(1, dropped)
    assert.is_true(has(text, "T\n~~~") and has(text, "the whole is at `archive/run_1`"))
  end)

  it("drops the last of several of one size", function()
    local list = { { blocks = { table_block("One", 30), table_block("Two", 30) } } }
    local text, dropped = fit(list, #whole(list) - 1)
    assert.are.equal(1, dropped)
    assert.is_true(has(text, "One\n~~~"))
    assert.is_true(has(text, "Two (30 rows)"))
    assert.is_false(has(text, " at archive"))
  end)

  it("names a table without caption, and one with a single long row", function()
    local text = fit({ { blocks = { table_block(nil, 30) } } }, 200)
    assert.is_true(has(text, "A table (30 rows)"))
    text = fit({ { blocks = { table_block("  Wide ", 1, ("x"):rep(300)) } } }, 200)
    assert.is_true(has(text, "Wide (1 row) is left out"), text)
  end)

  it("counts characters, not bytes", function()
    local list = { { blocks = { table_block("日本", 50, "日本語") } } }
    local text = whole(list)
    assert.is_true(#text > utf8.len(text))
    local same, dropped = fit(list, utf8.len(text))
    assert.are.equal(text, same)
    assert.are.equal(0, dropped)
  end)

  it("stands hostile captions", function()
    for _, caption in ipairs(fixture.hostile) do
      local text = fit({ { file = "a.txt", blocks = { details(table_block(caption, 60)) } } }, 400)
      assert.is_true(is_closed(text), text)
      assert.is_true(utf8.len(text) <= 400)
    end
  end)

  it("stands no parts and parts without blocks", function()
    assert.are.equal("", (fit({}, 10)))
    assert.are.equal("", (fit({ { file = "a", blocks = {} } }, 0)))
  end)

  it("cuts what is too long without any table", function()
    local list = { { file = "a.txt", blocks = { details(paragraph(("line\n"):rep(500)),
      table_block("T", 50)) } } }
    local text, dropped = fit(list, 700)
    assert.are.equal(1, dropped)
    assert.is_true(#text <= 700)
    assert.is_true(has(text, "the whole is at `archive/run_1`"))
    assert.is_true(is_closed(text))
  end)

  it("takes a few ms for fifteen tables of 100 rows and 11 compilers", function()
    local list = {}
    for suite = 1, 3 do
      local tables = {}
      for metric = 1, 5 do
        local block = { kind = "table", caption = "metric " .. metric, columns = {}, cells = {} }
        for column = 1, 13 do
          local cells = {}
          for row = 1, 100 do cells[row] = tostring(row * metric + column / 8) end
          block.columns[column], block.cells[column] = "inductor_no_cudagraphs" .. column, cells
        end
        tables[metric] = block
      end
      list[suite] = { file = "suite" .. suite, blocks = { details(table.unpack(tables)) } }
    end
    local calls = 0
    local function counted(blocks)
      calls = calls + 1
      return render(blocks)
    end
    local before = sys.monotonic()
    local text, dropped = comment.fit(list, counted, comment.LIMIT, "there")
    local seconds = sys.monotonic() - before
    assert.is_true(utf8.len(text) <= comment.LIMIT and #text > comment.LIMIT // 3)
    assert.is_true(dropped >= 10 and dropped < 15, dropped)
    assert.is_true(calls <= 2 * 3 + 2 * 15, calls)
    assert.is_true(seconds < 1, seconds)
  end)
end)

describe("comment.cut", function()
  it("is the text itself up to the limit", function()
    assert.are.equal("äöü\n", comment.cut("äöü\n", 4, "there"))
  end)

  it("cuts at every limit, closes what is open and is never too long", function()
    local text = render { paragraph "before", details(table_block("T", 6), details(paragraph "deep",
      { kind = "code", text = "~~~\n<details>\n~~~~ x\n```" }), paragraph "behind") }
    text = comment.join { text, render { { kind = "code", text = "<details>\nsome code" } },
      ("tail ä\n"):rep(20) }
    assert.is_true(is_closed(text))
    for limit = 0, utf8.len(text) - 1 do
      local cut = comment.cut(text, limit, "there")
      assert.is_true(utf8.len(cut) <= limit, limit)
      if limit >= 70 then
        assert.is_true(is_closed(cut), cut)
        assert.is_truthy(cut:find("the whole is at `there`\n$"), cut)
      end
    end
  end)

  it("keeps as many lines as there is room for", function()
    local text = ("0123456789\n"):rep(100)
    local cut = comment.cut(text, 500, "there")
    assert.is_true(#cut > 500 - 11 and #cut <= 500)
  end)

  it("stands a single line, bytes that are no UTF-8, and a place with marks", function()
    assert.are.equal("\nCut", comment.cut(("x"):rep(100), 4, "there"))
    local cut = comment.cut(("\xff\xfe line\n"):rep(50), 200, "a`b\nc")
    assert.is_true(#cut <= 200)
    assert.is_true(has(cut, "`a?b?c`"))
  end)
end)
