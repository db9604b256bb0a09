-- Shared by the specs of logs and results: a folder of small logs, and the plan they belong to.

local lfs = require "lfs"

local fixture = {}

--- A new folder with methods write and remove; folder.path is where it is.
function fixture.folder()
  local folder = { path = os.tmpname() }
  os.remove(folder.path)
  assert(lfs.mkdir(folder.path))

  --- Writes a file of lines (a list) or of bytes; returns its path.
  function folder:write(name, content)
    local path = self.path .. "/" .. name
    local file = assert(io.open(path, "wb"))
    file:write(type(content) == "table" and table.concat(content, "\n") .. "\n" or content)
    file:close()
    return path
  end

  function folder:read(name)
    local file = io.open(self.path .. "/" .. name, "rb")
    if not file then return nil end
    local bytes = file:read("a")
    file:close()
    return bytes
  end

  function folder:remove()
    for name in lfs.dir(self.path) do os.remove(self.path .. "/" .. name) end
    assert(lfs.rmdir(self.path))
  end

  return folder
end

--- A cell of the plan. axes: compiler, testing; suite, dtype, device have defaults.
function fixture.cell(folder, axes)
  local cell = { compiler = axes.compiler, testing = axes.testing, suite = axes.suite or "numeric",
    dtype = axes.dtype or "float32", device = axes.device or "cpu", mode = "inference" }
  cell.id = table.concat({ cell.compiler, cell.suite, cell.dtype, cell.mode, cell.device,
    cell.testing }, "_")
  cell.log = folder.path .. "/" .. cell.id .. ".csv"
  return cell
end

--- The cells of the axes, each a list, in the plan's order.
function fixture.plan(folder, axes)
  local plan = {}
  for _, testing in ipairs(axes.testings or { "performance", "accuracy" }) do
    for _, suite in ipairs(axes.suites or { "numeric" }) do
      for _, device in ipairs(axes.devices or { "cpu" }) do
        for _, dtype in ipairs(axes.dtypes or { "float32" }) do
          for _, compiler in ipairs(axes.compilers or { "base", "fast" }) do
            plan[#plan + 1] = fixture.cell(folder, { compiler = compiler, testing = testing,
              suite = suite, device = device, dtype = dtype })
            plan[#plan].index = #plan
          end
        end
      end
    end
  end
  return plan
end

fixture.header = "dev,name,batch_size,speedup,abs_latency,compilation_latency,compression_ratio"

--- Writes a cell's log: rows of name, batch size, speedup (and latencies 10, 5 and ratio 1 unless
--- given), or of name and accuracy.
function fixture.log(folder, cell, rows)
  local lines = { cell.testing == "performance" and fixture.header
    or "dev,name,batch_size,accuracy" }
  for _, row in ipairs(rows) do
    if cell.testing == "performance" then
      lines[#lines + 1] = table.concat({ cell.device, row[1], row[2], row[3], row[4] or "10.5",
        row[5] or "5.25", row[6] or "1.0" }, ",")
    else
      lines[#lines + 1] = table.concat({ cell.device, row[1], 4, row[2] }, ",")
    end
  end
  folder:write(cell.id .. ".csv", lines)
end

--- A config as results.collect reads it, with the given keys over the defaults.
function fixture.config(keys)
  local config = { baseline = "base", report = {}, include_slowdowns = false, metrics = { "speedup",
    "accuracy", "compilation_latency", "compression_ratio", "abs_latency" } }
  for key, value in pairs(keys or {}) do config[key] = value end
  return config
end

return fixture
