return benchrun.config {
  extends = require "cycle_b",
}
