-- Modules that are loaded when they are first used: those with a library of the system behind them
-- (see open_plugin in core/main.c), and what a run may never come to.

--- Stands for the module of a name: its fields are the module's, which is loaded when the first is
--- looked at.
return function(name)
  return setmetatable({}, { __index = function(self, key)
    local module = require(name)
    getmetatable(self).__index = module
    return module[key]
  end })
end
