std = "lua54"
max_line_length = 100
max_cyclomatic_complexity = 12
codes = true
files["tests"] = { std = "+busted" }
files["tests/lua"] = { std = "+busted", max_cyclomatic_complexity = false }
