return benchrun.config { extends = require "wrong_type" }
