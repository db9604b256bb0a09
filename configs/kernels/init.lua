-- A real workload that needs nothing but C compilers: ten kernels of different nature, compilers
-- and their options as rows. quickstart.lua extends it; so can a config of yours that has a
-- compiler to add.

local benchrun = require "benchrun"

local function gcc(...) return { cc = "gcc", flags = { ... } } end
local function clang(...) return { cc = "clang", flags = { ... } } end

-- How far the values of a kernel may be from the baseline's: 30 times what fused multiply-adds
-- change.
local tolerance = { float32 = 1e-5, float64 = 1e-11 }

return benchrun.config {
  harness = "native",
  baseline = "gcc_O0",

  compiler_table = {
    run = {
      gcc_O0 = gcc("-O0"),
      gcc_O1 = gcc("-O1"),
      gcc_O2 = gcc("-O2"),
      gcc_O3 = gcc("-O3"),
      gcc_Ofast = gcc("-Ofast"),
      gcc_O3_native = gcc("-O3", "-march=native"),
      gcc_O2_lto = gcc("-O2", "-flto"),
      clang_O2 = clang("-O2"),
      clang_O3_native = clang("-O3", "-march=native"),
      clang_Ofast = clang("-Ofast"),
    },
  },

  dtype_table = {
    float32 = { "-DREAL=float" },
    float64 = { "-DREAL=double" },
  },

  suite_table = {
    numeric = {
      help = "floating-point kernels: linear algebra, physics, transforms, summation",
      directory = benchrun.here(),
      tolerance = tolerance,
      benchmarks = {
        { name = "matmul", source = "matmul.c" },
        { name = "spmv", source = "spmv.c" },
        { name = "nbody", source = "nbody.c" },
        { name = "fft", source = "fft.c" },
        { name = "stencil", source = "stencil.c" },
        { name = "kahan", source = "kahan.c" },
      },
      quick = { "kahan" },
    },
    data = {
      help = "data-moving and branching kernels: sorting, hashing, searching",
      directory = benchrun.here(),
      tolerance = tolerance,
      benchmarks = {
        { name = "sort", source = "sort.c" },
        { name = "hash", source = "hash.c" },
        { name = "search", source = "search.c" },
      },
      quick = { "hash" },
    },
    interpreter = {
      help = "dispatch of bytecode: indirect jumps",
      directory = benchrun.here(),
      tolerance = tolerance,
      benchmarks = { { name = "vm", source = "vm.c" } },
    },
  },
}
