-- What configs and scripts see: require "benchrun".

local benchrun = { version = require "benchrun.version" }

--- Declares a config; see `benchrun help config` for its keys. Returns what a config file returns.
--- An unknown or ill-typed key is an error at its line.
function benchrun.config(values) return require("benchrun.config").layer(values) end

--- The absolute folder of the config file that calls it: for paths that must hold whatever extends
--- it.
function benchrun.here()
  local source = debug.getinfo(2, "S").source:gsub("^@", "")
  local folder = require("benchrun.paths").dirname(source)
  return require("benchrun.core.sys").real_path(folder) or folder
end

return benchrun
