// polars: read_csv and the frame operations.
//   POLARS_MAX_THREADS=N node polars.js read|ops FILE [LEFT RIGHT]
// Prints lines "MEASURE WALL_S USER_S" and "peak_mb N".
const pl = require("nodejs-polars");
const fs = require("fs");
const [what, file, left, right] = process.argv.slice(2);

function timed(name, work) {
  const begun = process.hrtime.bigint();
  const before = process.cpuUsage();
  const value = work();
  const used = process.cpuUsage(before);
  console.log(name, Number(process.hrtime.bigint() - begun) / 1e9, used.user / 1e6);
  return value;
}

function peak() {
  const [, kb] = fs.readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s*(\d+) kB/);
  console.log("peak_mb", kb / 1024);
}

function operations() {
  const d = pl.readCSV(file);
  timed("group_geomean", () =>
    d.groupBy("name").agg(pl.col("speedup").log().mean().exp().alias("g")));
  timed("pivot_mean", () => d.pivot("speedup",
    { index: "name", on: "batch_size", aggregateFunc: "mean" }));
  timed("p95", () => d.groupBy("name").agg(pl.col("speedup").quantile(0.95).alias("q")));
  timed("sort_frame", () => d.sort("abs_latency"));
}

function join() {
  const a = pl.readCSV(left);
  const b = pl.readCSV(right);
  timed("join", () => a.join(b, { on: ["k1", "k2", "k3"] }));
}

if (what === "read") {
  timed("read", () => pl.readCSV(file));
} else {
  operations();
  join();
}
peak();
