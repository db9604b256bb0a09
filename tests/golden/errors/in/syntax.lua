return benchrun.config { mode = = }
