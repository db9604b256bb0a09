-- The dynamo preset with the skip lists of the file that BENCHRUN_SKIPLISTS names: the config that
-- the reference cases are run with.

local benchrun = require "benchrun"

local function skip_lists()
  local path = os.getenv "BENCHRUN_SKIPLISTS"
  if not path then return nil end
  local file <close> = assert(io.open(path))
  return require "cjson".decode(file:read "a")
end

return benchrun.config {
  extends = require "dynamo",
  skip_lists = skip_lists(),
}
