local benchrun = require "benchrun"
benchrun.config { mode = "run" }
