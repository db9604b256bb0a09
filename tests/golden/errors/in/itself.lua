return benchrun.config { extends = require "itself" }
