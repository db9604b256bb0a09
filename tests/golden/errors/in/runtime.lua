local x = nil
return benchrun.config { title = x.y }
