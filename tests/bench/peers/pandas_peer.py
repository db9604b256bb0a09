# pandas: read_csv and the frame operations.
#   python3 pandas_peer.py read|many|ops FILE [LEFT RIGHT]
# Prints lines "MEASURE WALL_S USER_S" and "peak_mb N".
import glob
import os
import resource
import sys
import time

import numpy
import pandas


def timed(name, work):
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
    value = work()
    used = resource.getrusage(resource.RUSAGE_SELF).ru_utime - before
    print(name, time.perf_counter() - begun, used)
    return value


def operations(path):
    d = pandas.read_csv(path)
    timed("group_geomean",
          lambda: numpy.exp(numpy.log(d["speedup"]).groupby(d["name"]).mean()))
    timed("pivot_mean", lambda: d.pivot_table(index="name", columns="batch_size", values="speedup"))
    timed("p95", lambda: d.groupby("name")["speedup"].quantile(0.95))
    timed("sort_frame", lambda: d.sort_values("abs_latency"))


def join(left, right):
    a, b = pandas.read_csv(left), pandas.read_csv(right)
    timed("join", lambda: a.merge(b, on=["k1", "k2", "k3"]))


what, path = sys.argv[1:3]
if what == "read":
    timed("read", lambda: pandas.read_csv(path))
elif what == "many":
    files = glob.glob(os.path.join(path, "*.csv"))
    timed("many", lambda: pandas.concat([pandas.read_csv(file) for file in files]))
else:
    operations(path)
    join(*sys.argv[3:5])
print("peak_mb", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
