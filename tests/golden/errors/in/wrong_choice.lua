return benchrun.config {
  testings = { "performance", "acuracy" },
}
