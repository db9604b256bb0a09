-- The compiler TABLE of PyTorch's dynamo benchmarks: mode → compiler → words for the suite's
-- script. To add a compiler add a row, here or in a config that extends this one.

local AUTOTUNE = "--inductor-compile-mode max-autotune"
local AUTOTUNE_NO_CUDAGRAPHS =
  "--inductor-compile-mode max-autotune-no-cudagraphs --disable-cudagraphs"

return {
  training = {
    ts_nnc = "--training --speedup-ts",
    ts_nvfuser = "--training --nvfuser --speedup-dynamo-ts",
    eager = "--training --backend=eager",
    aot_eager = "--training --backend=aot_eager",
    cudagraphs = "--training --backend=cudagraphs",
    aot_nvfuser = "--training --nvfuser --backend=aot_ts_nvfuser",
    nvprims_nvfuser = "--training --backend=nvprims_nvfuser",
    inductor = "--training --inductor",
    inductor_no_cudagraphs = "--training --inductor --disable-cudagraphs",
    inductor_max_autotune = "--training --inductor " .. AUTOTUNE,
    inductor_max_autotune_no_cudagraphs = "--training --inductor " .. AUTOTUNE_NO_CUDAGRAPHS,
  },
  inference = {
    aot_eager = "--inference --backend=aot_eager",
    eager = "--inference --backend=eager",
    ts_nnc = "--inference --speedup-ts",
    ts_nvfuser = "--inference -n100 --speedup-ts --nvfuser",
    trt = "--inference -n100 --speedup-trt",
    ts_nvfuser_cudagraphs = "--inference --backend=cudagraphs_ts",
    inductor = "--inference -n50 --inductor",
    inductor_no_cudagraphs = "--inference -n50 --inductor --disable-cudagraphs",
    inductor_max_autotune = "--inference -n50 --inductor " .. AUTOTUNE,
    inductor_max_autotune_no_cudagraphs = "--inference -n50 --inductor " .. AUTOTUNE_NO_CUDAGRAPHS,
    ["torchscript-onnx"] = "--inference -n5 --torchscript-onnx",
    ["dynamo-onnx"] = "--inference -n5 --dynamo-onnx",
  },
}
