-- What is run where nobody says otherwise.

return {
  suites = { "torchbench", "huggingface", "timm_models" },
  devices = { "cuda" },
  dtypes = { "float32" },
  compilers = { "eager", "aot_eager", "inductor", "inductor_no_cudagraphs" },
  flag_compilers = { "inductor", "inductor_no_cudagraphs" },

  -- Their first compilation is timed from a cold start, unless --no-cold-start-latency.
  cold_start_compilers = { "inductor", "inductor_no_cudagraphs" },

  -- --quick: suite → words that leave a few models.
  quick_filters = {
    torchbench = { "-k", "resnet..$" },
    huggingface = { "-k", "Albert" },
    timm_models = { "-k", "^resnet", "-k", "^inception" },
  },
}
