-- Loaded before the specs of the second pass: a collector that never rests frees at once what
-- nobody holds, so that a use of it shows.
if os.getenv("BENCHRUN_GC") == "aggressive" then
  collectgarbage("incremental", 100, 1000, 0)
end
