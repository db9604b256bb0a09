local compare = require "benchrun.compare"

describe("compare.relative_difference", function()
  it("is taken over the larger magnitude", function()
    assert.are.equal(0.5, compare.relative_difference(1, 2))
    assert.are.equal(0.5, compare.relative_difference(-2, -1))
    assert.are.equal(2, compare.relative_difference(1, -1))
    assert.are.equal(1, compare.relative_difference(0, 1e-300))
    assert.are.equal(0, compare.relative_difference(0, 0))
  end)

  it("knows what is not finite", function()
    local inf, nan = math.huge, 0 / 0
    assert.are.equal(0, compare.relative_difference(nan, nan))
    assert.are.equal(0, compare.relative_difference(inf, inf))
    assert.are.equal(inf, compare.relative_difference(inf, 1))
    assert.are.equal(inf, compare.relative_difference(inf, -inf))
    assert.are.equal(inf, compare.relative_difference(nan, 1))
    assert.are.equal(inf, compare.relative_difference(1, nan))
  end)
end)

describe("compare.outputs", function()
  it("agrees within the tolerance", function()
    assert.is_nil(compare.outputs("n 5\nvalue a 1.0\n", "n 5\nvalue  a  1.001 \n", 1e-2))
    assert.is_nil(compare.outputs("value a 1", "value a 1.0", 0))
    assert.is_nil(compare.outputs("value a nan\nvalue b -inf", "value a -nan\nvalue b -INF", 0))
    assert.is_nil(compare.outputs("x\n\ny", "x\ny\n", 0))
  end)

  it("says which value differs beyond it, and by how much", function()
    assert.are.equal("a is 1.25, the baseline's 1: they differ by 0.2, allowed is 0.1",
      compare.outputs("value a 1", "value a 1.25", 0.1))
    assert.are.equal("a is inf, the baseline's 1: they differ by inf, allowed is 0.1",
      compare.outputs("value a 1", "value a inf", 0.1))
  end)

  it("wants other lines to the letter, in order, all of them", function()
    assert.are.equal("it printed 'sum 2', the baseline 'sum 1'",
      compare.outputs("sum 1", "sum 2", 9))
    assert.are.equal("it printed 'value b 1', the baseline 'value a 1'",
      compare.outputs("value a 1\nvalue b 1", "value b 1\nvalue a 1", 9))
    assert.are.equal("it printed 'value a x', the baseline 'value a 1'",
      compare.outputs("value a 1", "value a x", 9))
    assert.are.equal("it printed 1 lines, the baseline 2", compare.outputs("a\nb", "a", 0))
    assert.are.equal("it printed 3 lines, the baseline 1", compare.outputs("a", "a\nb\nc", 0))
    assert.are.equal("it printed nothing", compare.outputs("a", "\n\n", 0))
  end)

  it("shows garbage as what is safe to show, cut short", function()
    local problem = compare.outputs("a", "\27[2J\0\255" .. ("x"):rep(1000), 0)
    assert.is_nil(problem:find("[%c\255]"))
    assert.is_true(#problem < 200)
  end)
end)
