# R's data.table: fread and the frame operations.
#   Rscript data_table.R THREADS read|ops FILE [LEFT RIGHT]
# Prints lines "MEASURE WALL_S USER_S" and "peak_mb N".
suppressMessages(library(data.table))
arguments <- commandArgs(trailingOnly = TRUE)
setDTthreads(as.integer(arguments[1]))

timed <- function(name, expression) {
  time <- system.time(value <- force(expression), gcFirst = TRUE)
  cat(name, time[["elapsed"]], time[["user.self"]], "\n")
  invisible(value)
}

peak <- function() {
  status <- readLines("/proc/self/status")
  kb <- sub("VmHWM:\\s*([0-9]+) kB", "\\1", grep("VmHWM", status, value = TRUE))
  cat("peak_mb", as.numeric(kb) / 1024, "\n")
}

read <- function(path) fread(path, showProgress = FALSE)

if (arguments[2] == "read") {
  timed("read", read(arguments[3]))
} else if (arguments[2] == "many") {
  files <- list.files(arguments[3], full.names = TRUE)
  timed("many", rbindlist(lapply(files, read), idcol = "file"))
} else {
  d <- read(arguments[3])
  timed("group_geomean", d[, .(g = exp(mean(log(speedup)))), by = name])
  timed("pivot_mean", dcast(d, name ~ batch_size, value.var = "speedup", fun.aggregate = mean))
  timed("p95", d[, .(q = quantile(speedup, 0.95)), by = name])
  timed("sort_frame", d[order(abs_latency)])
  rm(d)
  invisible(gc())
  left <- read(arguments[4])
  right <- read(arguments[5])
  timed("join", merge(left, right, by = c("k1", "k2", "k3"), sort = FALSE))
}
peak()
