-- Models that are left out: suite → list. `always` counts in every cell, the others in those of
-- that mode or device. The names are those that the suites' own skip lists have.
-- A config that extends this one replaces the lists of a suite by setting skip_lists.SUITE.

return {
  torchbench = {
    always = {
      "detectron2_maskrcnn", "fambench_xlmr", "tacotron2", "hf_Bert", "hf_Bert_large", "maml",
      "clip", "simple_gpt_tp_manual",
    },
    training = {
      "pyhpc_equation_of_state", "pyhpc_isoneutral_mixing", "pyhpc_turbulent_kinetic_energy",
      "maml", "llama", "llama_v2_7b_16h", "simple_gpt", "phi_1_5",
      "detectron2_fasterrcnn_r_101_c4", "detectron2_fasterrcnn_r_101_dc5",
      "detectron2_fasterrcnn_r_101_fpn", "detectron2_fasterrcnn_r_50_c4",
      "detectron2_fasterrcnn_r_50_dc5", "detectron2_fasterrcnn_r_50_fpn",
      "detectron2_maskrcnn_r_101_c4", "detectron2_maskrcnn_r_101_fpn",
      "detectron2_maskrcnn_r_50_fpn",
    },
    cpu = {
      "hf_T5_generate", "cm3leon_generate", "nanogpt", "sam", "llama_v2_7b_16h",
      "stable_diffusion", "torchrec_dlrm", "simple_gpt", "hf_Whisper",
      "stable_diffusion_text_encoder",
    },
    cuda = {
      "gat", "gcn", "sage",
    },
  },
  huggingface = {
    always = {
      "Reformer", "BlenderbotForConditionalGeneration", "GPTNeoForCausalLM",
      "GPTNeoForSequenceClassification", "GPTJForCausalLM", "GPTJForQuestionAnswering",
      "google/gemma-3-4b-it", "openai/gpt-oss-20b", "mistralai/Mistral-7B-Instruct-v0.3",
    },
    training = {
      "M2M100ForConditionalGeneration",
    },
    cpu = {
      "meta-llama/Llama-3.2-1B", "google/gemma-2-2b", "google/gemma-3-4b-it",
      "openai/whisper-tiny", "Qwen/Qwen3-0.6B", "mistralai/Mistral-7B-Instruct-v0.3",
      "openai/gpt-oss-20b",
    },
  },
  timm_models = {},
}
