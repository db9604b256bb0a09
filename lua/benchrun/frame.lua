-- Frames: columnar tables for analysis, `local frame = require "benchrun.frame"`.
--
-- A frame never changes: every operation returns another, which shares the columns that stayed as
-- they were. Rows count from 1, nulls are nil. What fails for a reason outside of the script
-- (files) returns nil, a message and a code; mistakes in the script raise one line with its place.
-- The manual is frame/MANUAL.md, a tour for those who know pandas frame/TOUR.md.

local handle = require "benchrun.frame.handle"
local lists = require "benchrun.lists"
local mistake = require "benchrun.frame.mistake"

local frame = {}

require "benchrun.frame.basics"
require "benchrun.frame.query"
require "benchrun.frame.group"
require "benchrun.frame.describe"
require "benchrun.frame.window"
require "benchrun.frame.write"

for _, part in ipairs { require("benchrun.frame.make").public, require "benchrun.frame.csv",
  require "benchrun.frame.read", require("benchrun.frame.json").public,
  (require "benchrun.frame.column") } do
  lists.put_all(frame, part)
end
frame.csv_options = nil

--- For benchrun's own modules: a frame around one of the core, and the core's within.
frame.wrap, frame.unwrap = handle.wrap, handle.unwrap
frame.wrap_column, frame.unwrap_column = handle.wrap_column, handle.unwrap_column
frame.is_frame, frame.is_column = handle.is_frame, handle.is_column

--- Any value as the prompt shows it, see frame/display.lua.
frame.display = require("benchrun.frame.display").value

setmetatable(frame, { __index = function(_, name)
  local method = handle.Frame[name] and ("; it is a method, f:%s(…)"):format(name)
  mistake.raise("frame has no function '%s'%s", tostring(name),
    method or mistake.suggestion(name, lists.sorted_keys(frame)))
end })

return frame
