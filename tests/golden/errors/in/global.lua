answer = 42
return benchrun.config {}
