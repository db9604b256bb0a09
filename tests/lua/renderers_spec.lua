-- The renderers: every kind of block, hostile text, and the form that each of them promises.

local fixture = require "report_fixture"
local registry = require("benchrun.registry").new(nil)
local text = require "benchrun.text"
local transposed = require "transposed"

local github, terminal = registry:get("renderers", "github"), registry:get("renderers", "terminal")

local function plain(output) return (output:gsub("\27%[[%d;]*m", "")) end

local function table_block(rows, columns, more)
  local block = { kind = "table", columns = columns or { "name", "a" }, cells = transposed(rows) }
  for i = 1, #block.columns do block.cells[i] = block.cells[i] or {} end
  for key, value in pairs(more or {}) do block[key] = value end
  return block
end

-- Every kind of block with `data` wherever data goes.
local function every_block(data)
  local blocks = { { kind = "paragraph", text = data }, { kind = "list", items = { data, data } },
    { kind = "notice", text = data }, { kind = "code", text = data },
    table_block({ { data, data }, { data } }, { "name", data }, { caption = data }),
    table_block({}, { "name", "a" }, { caption = "" }),
    { kind = "chart", name = data, alt = data, files = { png = "dir/" .. data, svg = data } },
    { kind = "chart", name = data, files = {} } }
  for level = 1, 4 do blocks[#blocks + 1] = { kind = "heading", level = level, text = data } end
  blocks[#blocks + 1] = { kind = "details", summary = data,
    blocks = { { kind = "notice", text = data } } }
  return blocks
end

describe("every renderer", function()
  for _, name in ipairs(registry:names("renderers")) do
    local renderer = registry:get("renderers", name)

    it(name .. " draws nothing from no blocks, or an empty document", function()
      local drawn = renderer.render({}, {})
      local is_document = name == "json" or name == "junit"
      assert.equal(is_document, drawn ~= "")
    end)

    it(name .. " draws every kind of block with hostile text as valid UTF-8", function()
      for _, data in ipairs(fixture.hostile) do
        local output = renderer.render(every_block(data), {})
        assert.is_truthy(utf8.len(output), data)
        assert.is_nil(output:find("[%z\1-\9\11-\31\127]"), data)
        assert.is_nil(output:find("\u{202e}", 1, true), data)
        assert.equal("\n", output:sub(-1))
      end
    end)
  end
end)

describe("the github renderer", function()
  local function render(...) return github.render({ ... }) end

  it("frames tables as text, cells centred, the caption right above the fence", function()
    local output = render(table_block({ { "inductor", "1.41x" }, { "eager", "1.00x" } },
      { "Compiler", "huggingface" }, { caption = "Geometric mean speedup" }))
    assert.equal([[
Geometric mean speedup
~~~
+----------+-------------+
| Compiler | huggingface |
+----------+-------------+
| inductor |    1.41x    |
|  eager   |    1.00x    |
+----------+-------------+
~~~
]], output)
  end)

  it("gives a table without rows its header", function()
    assert.equal("~~~\n+------+---+\n| name | a |\n+------+---+\n+------+---+\n~~~\n",
      render(table_block({})))
  end)

  it("lets no line of a table end its fence", function()
    for _, data in ipairs(fixture.hostile) do
      local fences = 0
      for line in render(table_block({ { data, data } }, { data, data })):gmatch("[^\n]+") do
        if not line:find("^[+|]") then fences = fences + 1 end
      end
      assert.equal(2, fences, data)
    end
  end)

  it("fences code longer than any fence in it", function()
    assert.equal("~~~~~\na\n~~~~\nb\n~~~~~\n", render { kind = "code", text = "a\n~~~~\nb" })
    assert.equal("~~~\n  a\n~~~\n", render { kind = "code", text = "  a" })
  end)

  it("escapes what Markdown would act on", function()
    local function paragraph(raw)
      return (render { kind = "paragraph", text = raw }:gsub("\n$", ""))
    end
    assert.equal("\\<script\\>", paragraph("<script>"))
    assert.equal("!\\[x\\](y)", paragraph("![x](y)"))
    assert.equal("\\# a", paragraph("# a"))
    assert.equal("1\\. a", paragraph("1. a"))
    assert.equal("\\- a", paragraph("- a"))
    assert.equal("\\~\\~\\~", paragraph("~~~"))
    assert.equal("\\`x\\` \\*b\\* \\|", paragraph("`x` *b* |"))
    assert.equal("\\&lt;", paragraph("&lt;"))
    assert.equal("\\_it\\_ timm_models a__b", paragraph("_it_ timm_models a__b"))
    assert.equal("\\_\\_init\\_\\_", paragraph("__init__"))
    assert.equal("\\[\\^1\\]", paragraph("[^1]"))
    assert.equal("code", paragraph("    code"))
  end)

  it("makes no mentions, references, links or formulas", function()
    local output = render { kind = "notice",
      text = "@all #12 o/r#3 gh-4 https://e.example www.e.example $x$" }
    assert.equal("- ⚠ @&#8203;all #&#8203;12 o/r#&#8203;3 gh-&#8203;4 https\\://e.example "
      .. "www\\.e.example <span>$</span>x<span>$</span>\n", output)
  end)

  it("keeps the lines of a paragraph", function()
    assert.equal("a\n\n\\- b\n", render { kind = "paragraph", text = "a\r\n\n- b\n" })
  end)

  it("escapes HTML in the summary and puts an empty line around the content", function()
    local output = render { kind = "details", summary = "</summary><b>&\"'",
      blocks = { { kind = "paragraph", text = "x" } } }
    assert.equal("<details>\n<summary>&lt;/summary&gt;&lt;b&gt;&amp;&quot;&apos;</summary>\n"
      .. "\nx\n\n</details>\n", output)
  end)

  it("has as many closing as opening tags whatever the data", function()
    for _, data in ipairs(fixture.hostile) do
      local output = github.render(every_block(data))
      local _, opened = output:gsub("\n<details>\n", "")
      local _, closed = output:gsub("\n</details>\n", "")
      assert.equal(1, opened, data)
      assert.equal(1, closed, data)
    end
  end)

  it("addresses charts beside the report, by numbers where needed", function()
    local output = render { kind = "chart", name = "s_f32", alt = "a]b",
      files = { png = "some dir/s)(f 32?.png", svg = "x.svg" } }
    assert.equal("s_f32 : ![a\\]b](s%29%28f%2032%3F.png)\n", output)
  end)

  it("shows notices as one list", function()
    local a, b = { kind = "notice", text = "a" }, { kind = "notice", text = "b" }
    assert.equal("- ⚠ a\n- ⚠ b\n", render(a, b))
  end)
end)

describe("the terminal renderer", function()
  local function render(options, ...) return terminal.render({ ... }, options) end

  local function widest(output)
    local width = 0
    for line in plain(output):gmatch("[^\n]*") do width = math.max(width, text.width(line)) end
    return width
  end

  local function wide_table()
    local columns, row = { "name", "bs" }, { ("benchmark_"):rep(6), "16" }
    for i = 1, 9 do columns[i + 2], row[i + 2] = "compiler_" .. i, ("%d.%d"):format(i, i) end
    return table_block({ row, row }, columns, { keys = 2, caption = ("caption "):rep(30) })
  end

  it("stays within its width, whatever the blocks", function()
    for _, width in ipairs { 20, 33, 80 } do
      for _, data in ipairs { "a", ("word "):rep(30), ("x"):rep(150), ("日本"):rep(45) } do
        local blocks = every_block(data)
        for i = #blocks, 1, -1 do
          if blocks[i].kind == "code" or blocks[i].kind == "chart" then table.remove(blocks, i) end
        end
        assert.is_true(widest(terminal.render(blocks, { width = width })) <= width)
      end
      assert.is_true(widest(render({ width = width }, wide_table())) <= width)
    end
  end)

  it("cuts a wide table into groups of columns, each with its leading columns", function()
    local output = render({ width = 60 }, wide_table())
    local _, groups = output:gsub("name ", "")
    assert.is_true(groups > 1)
    for i = 1, 9 do
      local _, count = output:gsub("compiler_" .. i, "")
      assert.equal(1, count)
    end
  end)

  it("wraps long texts within their column", function()
    local output = render({ width = 60 }, table_block({ { "a", "fail", ("reason "):rep(12) } },
      { "Cell", "Outcome", "Reason" }))
    local _, words = output:gsub("reason", "")
    assert.equal(12, words)
    assert.is_true(widest(output) <= 60)
  end)

  it("puts numbers point under point", function()
    local output = render({}, table_block({ { "x", "1.5" }, { "y", "12.125" }, { "z", "inf" },
      { "w", "7" } }))
    assert.equal([[
  name        a
  ────  ───────
  x       1.5
  y      12.125
  z     inf
  w       7
]], output)
  end)

  it("puts tables of the same rows side by side where there is room", function()
    local a = table_block({ { "gcc", "1.0" } }, { "Compiler", "s" }, { caption = "A" })
    local b = table_block({ { "gcc", "2.0" } }, { "Compiler", "s" }, { caption = "B" })
    local c = table_block({ { "tcc", "2.0" } }, { "Compiler", "s" }, { caption = "C" })
    assert.is_truthy(render({ width = 80 }, a, b):find("\n  gcc +1%.0 +gcc +2%.0\n"))
    assert.is_nil(render({ width = 30 }, a, b):find("gcc +1%.0 +gcc"))
    assert.is_nil(render({ width = 80 }, a, c):find("gcc +1%.0 +tcc"))
  end)

  it("colours only when asked to, without a change of the text", function()
    local blocks = every_block("x")
    blocks[#blocks + 1] = table_block({ { "a", "1" } }, nil, { marks = { [2] = { "best" } } })
    local coloured, bare = terminal.render(blocks, { colour = true }), terminal.render(blocks, {})
    assert.is_truthy(coloured:find("\27[1;32m1\27[0m", 1, true))
    assert.is_nil(bare:find("\27", 1, true))
    assert.equal(bare, plain(coloured))
  end)

  it("counts the rows that are too many", function()
    local output = render({ rows = 2 },
      table_block({ { "a" }, { "b" }, { "c" }, { "d" } }, { "n" }))
    assert.is_truthy(output:find("… 2 more rows", 1, true))
    assert.is_nil(output:find("\n  c", 1, true))
    output = render({ rows = 1 }, table_block({ { "a" }, { "b" } }, { "n" }, { whole = true }))
    assert.is_truthy(output:find("\n  b\n", 1, true))
  end)

  it("leaves out what is for documents", function()
    assert.equal("", render({}, { kind = "details", documents = true, summary = "s",
      blocks = { { kind = "code", text = "x" } } }))
  end)

  it("ends no line with blanks", function()
    for _, data in ipairs(fixture.hostile) do
      assert.is_nil(terminal.render(every_block(data), {}):find(" \n", 1, true), data)
    end
  end)
end)
