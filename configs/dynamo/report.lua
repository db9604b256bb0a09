-- The report: captions, which sections stand in which file and in what order, what the build
-- summary names, and how it asks for versions. A tool that is not there is reported as absent.

local FLAGS = [[
import importlib.util, os, re
spec = importlib.util.find_spec("torch")
if spec is None:
    raise SystemExit("torch is not installed")
path = os.path.join(os.path.dirname(spec.origin), "_dynamo", "config.py")
flag = re.compile(r"^(\w+)\s*(?::\s*bool)?\s*=\s*(True|False)\b", re.M)
with open(path) as file:
    for name, value in flag.findall(file.read()):
        print(f"torch._dynamo.config.{name} = {value}")
]]

local VERSION = [[
import importlib.metadata as metadata
for name in ("torch", "triton", "torchvision", "torchaudio"):
    try:
        print(f"{name}: {metadata.version(name)}")
    except metadata.PackageNotFoundError:
        print(f"{name}: absent")
]]

return {
  report = {
    title = "Performance Dashboard for {dtypes} precision",
    introduction = "Every compiler runs the same models, forward for inference, forward and "
      .. "backward for training; speedup is taken against eager. Batch sizes are those that fit "
      .. "the device. What fails the accuracy check counts for no other number.",
    sort_by = "inductor",
    renderers = {},
    comment = "comment.md",
    -- In the order of the comment.
    files = {
      { file = "gh_title.txt", sections = { "title" } },
      { file = "gh_executive_summary.txt", sections = { "executive_summary" } },
      { file = "gh_summary_diff.txt", sections = { "summary_diff" } },
      { file = "gh_warnings.txt", sections = { "failed_cells", "warnings" } },
      { file = "gh_regression.txt", sections = { "over_time" } },
      { file = "gh_metric_regression.txt", sections = { "regressions" } },
      { file = "gh_{mode}.txt", sections = { "suites" } },
      { file = "gh_graphs.txt", sections = { "charts" } },
      { file = "gh_build_summary.txt", sections = { "build_summary" } },
    },
    captions = {
      executive_summary = "Executive Summary",
      summary_diff = "Summary Statistics Diff",
      over_time = "Metrics over time",
      regressions = "Recent Regressions",
      charts = "Performance graphs",
      build_summary = "Build Summary",
      speedup = "Performance speedup",
      accuracy = "Accuracy",
      compilation_latency = "Compilation latency (sec)",
      compression_ratio = "Peak Memory Compression Ratio",
      abs_latency = "Absolute latency (ms)",
      passrate = "Passrate",
      geomean = "Geometric mean speedup",
      comp_time = "Mean compilation time (seconds)",
      memory = "Peak memory footprint compression ratio (higher is better)",
    },
  },
  build_summary = {
    environment = { "TORCH_CUDA_ARCH_LIST", "CUDA_HOME", "USE_LLVM" },
    repositories = {
      { name = "pytorch", path = "../pytorch" },
      { name = "torchbench", path = "../torchbenchmark" },
    },
    probes = {
      { title = "Torch version", command = { "python3", "-c", VERSION } },
      { title = "TorchDynamo config flags", command = { "python3", "-c", FLAGS } },
      { title = "GPU details", command = { "nvidia-smi",
        "--query-gpu=index,name,memory.total,driver_version", "--format=csv,noheader" } },
    },
  },
}
