// DuckDB: CSV to a table and the operations, results kept as tables.
//   node duckdb.js THREADS read|many|ops FILE [LEFT RIGHT]
// Prints lines "MEASURE WALL_S USER_S" and "peak_mb N".
const { DuckDBInstance } = require("@duckdb/node-api");
const fs = require("fs");
const [threads, what, file, left, right] = process.argv.slice(2);
const quoted = (path) => `'${path.replaceAll("'", "''")}'`;

async function timed(connection, name, query) {
  const begun = process.hrtime.bigint();
  const before = process.cpuUsage();
  await connection.run(query);
  const used = process.cpuUsage(before);
  console.log(name, Number(process.hrtime.bigint() - begun) / 1e9, used.user / 1e6);
}

function peak() {
  const [, kb] = fs.readFileSync("/proc/self/status", "utf8").match(/VmHWM:\s*(\d+) kB/);
  console.log("peak_mb", kb / 1024);
}

const make = (table, path) => `create table ${table} as select * from read_csv(${quoted(path)})`;

async function operations(connection) {
  await connection.run(make("d", file));
  await timed(connection, "group_geomean",
    "create table g as select name, exp(avg(ln(speedup))) from d group by name");
  await timed(connection, "pivot_mean",
    "create table p as pivot d on batch_size using avg(speedup) group by name");
  await timed(connection, "p95",
    "create table q as select name, quantile_cont(speedup, 0.95) from d group by name");
  await timed(connection, "sort_frame", "create table s as select * from d order by abs_latency");
  await connection.run("drop table d; drop table s");
  await connection.run(make("l", left));
  await connection.run(make("r", right));
  await timed(connection, "join",
    "create table j as select l.*, r.v as w from l join r using (k1, k2, k3)");
}

async function main() {
  const instance = await DuckDBInstance.create(":memory:", { threads });
  const connection = await instance.connect();
  if (what === "read") await timed(connection, "read", make("d", file));
  else if (what === "many") await timed(connection, "many", make("d", `${file}/*.csv`));
  else await operations(connection);
  peak();
}

main();
