-- Logs: from the CSV that a cell wrote to a frame, and from the frames of several compilers to rows
-- that stand beside each other.
--
-- A log is data of programs that may have died half-way. What can be read is read (log_text.lua
-- says how), repeated rows, numbers that are none. A log that can't be read is a problem with its
-- path (and line), for the caller to report; it never stops the others.
-- Names are text, whatever they look like. No cell is visited from Lua.

local compute = require "benchrun.core.compute"
local fail = require "benchrun.fail"
local frames = require "benchrun.core.frame"
local lists = require "benchrun.lists"
local log_text = require "benchrun.log_text"
local sys = require "benchrun.core.sys"

local logs = {}

local KEYS = { "dev", "name" }

-- What writers of CSV say where they have nothing to say.
local NO_WORD = { "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND",
  "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null" }

-- Reading -----------------------------------------------------------------------------------------

local function batch_sizes(texts, name)
  if not name then return compute.fill(compute.nulls("i64", texts:nrow()), 0) end
  return compute.fill(compute.truncate(texts:col(name):cast("f64", "null")), 0)
end

-- Whole numbers stay whole only if the log has nothing else in the column.
local function numbers(column)
  local whole = column:cast("i64", "error")
  if whole and whole:null_count() == 0 then return whole end
  return column:cast("f64", "null")
end

local function words(column)
  return compute.where(column, compute.negate(compute.is_in(column, NO_WORD)))
end

local function typed(texts, names, metrics)
  local columns = {
    { name = "dev", values = compute.fill(texts:col(names.dev), "") },
    { name = "name", values = texts:col(names.name) },
    { name = "batch_size", values = batch_sizes(texts, names.batch_size) },
  }
  local taken = lists.set { "dev", "name", "batch_size" }
  for _, metric in ipairs(metrics) do
    local name = names[metric.column:lower()]
    if name and not taken[metric.column] then
      taken[metric.column] = true
      local column = texts:col(name)
      columns[#columns + 1] = { name = metric.column,
        values = metric.type == "number" and numbers(column) or words(column) }
    end
  end
  return frames.new(columns)
end

--- "a, b, c": the distinct names of a frame's rows; of many only the first, and how many more.
function logs.names_text(frame)
  local names = compute.texts(compute.distinct(frame, { "name" }):col("name"))
  local shown = table.concat(names, ", ", 1, math.min(#names, 10))
  return #names > 10 and ("%s and %d more"):format(shown, #names - 10) or shown
end

local function last_rows(frame, cell, notices)
  local last = compute.is_distinct(frame, KEYS, "last")
  local earlier = frame:mask(compute.negate(last))
  if earlier:nrow() == 0 then return frame end
  notices[#notices + 1] = ("%s: more than one row for %s; the last one counts"):format(cell.id,
    logs.names_text(earlier))
  return frame:mask(last)
end

local function with_names(texts, name, cell, notices)
  local named = texts:filter(name, "notnull")
  local lost = texts:nrow() - named:nrow()
  if lost > 0 then
    notices[#notices + 1] = ("%s: %d rows without a name are left out"):format(cell.id, lost)
  end
  return named
end

--- The log of a cell as a frame: dev, name, batch_size (whole; 0 where unknown), then the columns
--- of those metrics (a list of entries; nil: none) that the log has. Numbers that can't be read and
--- missing words are null. Of rows that agree in dev and name the last counts. is_cut: what wrote
--- it did not end well. Returns the frame and a list of notices, or nil, problem and a code:
--- "notfound" where there is no file.
function logs.read(cell, metrics, is_cut)
  local bytes, message, code = sys.read_file(cell.log)
  if not bytes then return nil, message, code end
  local notices = {}
  local texts, names = log_text.parse(cell, bytes, is_cut, function(line)
    notices[#notices + 1] = ("%s: %s"):format(cell.id, line)
  end)
  if not texts then return nil, names, "parse" end
  texts = with_names(texts, names.name, cell, notices)
  return last_rows(typed(texts, names, metrics or {}), cell, notices), notices
end

-- Merging -----------------------------------------------------------------------------------------

-- The rows of `first` that have another size in some log than there: { name =, message = }.
local function other_sizes(parts, first)
  local list = {}
  for _, part in ipairs(parts) do
    local other = part.frame:filter("batch_size", "~=", 0):join(first, KEYS, "inner", " of another")
    for row = 1, other:nrow() do
      local size, wanted = other:get(row, "batch_size"), other:get(row, "batch_size of another")
      if size ~= wanted then
        local name = other:get(row, "name")
        list[#list + 1] = { name = name, message = ("%s was run with batch size %d in %s and %d in "
          .. "%s: these can't be compared"):format(name, wanted,
          parts[other:get(row, "part")].log, size, part.log) }
      end
    end
  end
  return list
end

-- dev, name, batch_size and the part they come from, of all rows of all parts.
local function all_keys(parts)
  local list = {}
  for i, part in ipairs(parts) do
    local keys = part.frame:select { "dev", "name", "batch_size" }
    list[i] = keys:with("part", compute.fill(compute.nulls("i64", keys:nrow()), i))
  end
  return frames.concat(list)
end

-- The first size other than 0 of each row that has one, with the part it is of; and the rows that
-- have several.
local function known_sizes(parts, keys)
  local known = keys:filter("batch_size", "~=", 0)
  local first = compute.distinct(known, KEYS)
  local distinct = compute.distinct(known, { "dev", "name", "batch_size" })
  return first:drop { "part" }, distinct:nrow() > first:nrow() and other_sizes(parts, first) or {}
end

-- The parts without the rows of those names.
local function without_rows(parts, names)
  local list = {}
  for i, part in ipairs(parts) do
    local kept = compute.negate(compute.is_in(part.frame:col "name", names))
    list[i] = lists.put_all(lists.put_all({}, part), { frame = part.frame:mask(kept) })
  end
  return list
end

--- The parts of logs.merge without the benchmarks that were run with different batch sizes, and a
--- line for each of those.
function logs.comparable(parts)
  if #parts < 2 then return parts, {} end
  local _, others = known_sizes(parts, all_keys(parts))
  if #others == 0 then return parts, {} end
  return without_rows(parts, lists.pluck(others, "name")), lists.pluck(others, "message")
end

local function planned_rows(rows, planned)
  if not planned then return rows end
  local there, names = lists.set(compute.texts(rows:col("name"))), {}
  for _, name in ipairs(planned.names) do
    if not there[name] then names[#names + 1] = name end
  end
  local devs = compute.fill(compute.nulls("string", #names), planned.dev)
  return frames.concat { rows, frames.new {
    { name = "dev", values = devs },
    { name = "name", type = "string", values = names },
  } }
end

local NO_ROWS = { { name = "dev", type = "string", values = {} },
  { name = "name", type = "string", values = {} }, { name = "bs", type = "i64", values = {} } }

local function merged_rows(parts, planned)
  local rows, sizes
  if #parts > 0 then
    local keys = all_keys(parts)
    local known, others = known_sizes(parts, keys)
    if #others > 0 then fail.cannot("%s", others[1].message) end
    sizes = known
    rows = compute.distinct(keys:select(KEYS), KEYS)
  else
    rows = frames.new(NO_ROWS)
    sizes = rows:rename { bs = "batch_size" }
    rows = rows:drop { "bs" }
  end
  rows = planned_rows(rows, planned)
  local joined = rows:join(sizes, KEYS, "left")
  return rows:with("bs", compute.fill(joined:col("batch_size"), 0))
end

--- Rows of several logs side by side, matched by dev and name.
--- parts: list of { compiler=, frame=, log= }, frame as logs.read gives it; planned: nil or { dev=,
--- names= } of benchmarks that get a row even if no log has one.
--- Returns rows (a frame of dev, name, bs in order of first appearance) and a table: compiler →
--- frame with as many rows, which holds the log's columns, all null where the log has no row.
--- bs is the size that any log knows. Two logs that know different ones raise.
function logs.merge(parts, planned)
  local rows, aligned = merged_rows(parts, planned), {}
  local keys = rows:select(KEYS)
  for _, part in ipairs(parts) do aligned[part.compiler] = keys:join(part.frame, KEYS, "left") end
  return rows, aligned
end

return logs
