// SPDX-License-Identifier: Apache-2.0
// C channels, F inner, N layers, L labels, r ranks, m channels of a bottleneck.
#include "tests/models/tuning_plans.h"

#include <fmt/format.h>

namespace thaw {

std::vector<TuningPlan> bert_plans(const TunedSizes& s, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = labels * c + labels;
  const int64_t r = 3, m = 5;
  const std::string head_too = "train classifier.*\n";
  const int64_t layer = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c;
  const int64_t all_products = 4 * (r * c + c * r) + 2 * r * (c + f);
  const int64_t top = n - n / 3;  // the first layer of the top third
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze bert.*", head},
      {"upper half", fmt::format("freeze bert.embeddings.*\nfreeze bert.encoder.layer.{{0..{}}}.*", n / 2 - 1),
       (n - n / 2) * layer + c * c + c + head},
      {"BitFit", "freeze *\ntrain *bias\n" + head_too,
       n * (4 * c + f + c + 2 * c) + c + c + head},  // layers, the embeddings' norm, the pooler
      {"norms", "freeze *\ntrain *LayerNorm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"rows", "freeze *\ntrain *word_embeddings.weight rows 3:7\n" + head_too, 4 * c + head},
      {"rows apart", "freeze *\ntrain *word_embeddings.weight rows 1,3:5,8\n" + head_too, 4 * c + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"rsLoRA everywhere", fmt::format("lora *.layer.*.{{query,key,value,dense}} r={} alpha=4 rs\n", r) + head_too,
       n * all_products + head},
      {"LoRA, top third", fmt::format("lora *.layer.{{{}..{}}}.*.{{query,value}} r={}\n", top, n - 1, r) + head_too,
       (n - top) * 2 * 2 * r * c + head},
      {"DoRA", fmt::format("lora r={} alpha=6 dora\n", r) + head_too, n * 2 * (2 * r * c + c) + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"Houlsby", fmt::format("adapter size={}\n", m) + head_too, n * 2 * (2 * m * c + m + c) + head},
      {"Pfeiffer", fmt::format("adapter *.layer.{{0..{}}}.output.dense size={}\n", n - 1, m) + head_too,
       n * (2 * m * c + m + c) + head},
      {"LoRA and norms", fmt::format("lora r={}\ntrain *LayerNorm*\n", r) + head_too,
       n * 2 * 2 * r * c + 2 * c * (2 * n + 1) + head},
      {"Houlsby, attention", fmt::format("adapter size={} after=attention\n", m) + head_too,
       n * (2 * m * c + m + c) + head},
      {"Pfeiffer by name", fmt::format("adapter size={} after=outer\n", m) + head_too, n * (2 * m * c + m + c) + head},
      {"prompt", "prompt n=6\n" + head_too, 6 * c + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
      {"prefix, top third", fmt::format("prefix *.layer.{{{}..{}}}.* n=4\n", top, n - 1) + head_too,
       (n - top) * 2 * 4 * c + head},
      {"prefix and prompt", "prefix n=4\nprompt n=3\n" + head_too, n * 2 * 4 * c + 3 * c + head},
      {"prefix and LoRA", fmt::format("prefix n=4\nlora r={}\n", r) + head_too,
       n * 2 * 4 * c + n * 2 * 2 * r * c + head},
      {"prompt and LoRA", fmt::format("prompt n=3\nlora r={}\n", r) + head_too, 3 * c + n * 2 * 2 * r * c + head},
  };
}

std::vector<TuningPlan> vit_plans(const TunedSizes& s, int64_t positions, int64_t labels, const std::string& trunk) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = labels * c + labels;
  const int64_t r = 3, m = 5;
  const std::string head_too = "train classifier.*\n";
  const int64_t layer = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c;
  const int64_t all_products = 4 * (r * c + c * r) + 2 * r * (c + f);
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze " + trunk + ".*", head},
      {"upper half", fmt::format("freeze {0}.embeddings.*\nfreeze {0}.encoder.layer.{{0..{1}}}.*", trunk, n / 2 - 1),
       (n - n / 2) * layer + 2 * c + head},
      {"BitFit", "freeze *\ntrain *bias\n" + head_too, n * (4 * c + f + c + 2 * c) + c + c + head},
      {"norms", "freeze *\ntrain *layernorm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"positions", "freeze *\ntrain *position_embeddings\n" + head_too, positions * c + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"rsLoRA everywhere", fmt::format("lora *.layer.*.{{query,key,value,dense}} r={} alpha=4 rs\n", r) + head_too,
       n * all_products + head},
      {"DoRA", fmt::format("lora r={} alpha=6 dora\n", r) + head_too, n * 2 * (2 * r * c + c) + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"Houlsby", fmt::format("adapter size={}\n", m) + head_too, n * 2 * (2 * m * c + m + c) + head},
      {"LoRA and norms", fmt::format("lora r={}\ntrain *layernorm*\n", r) + head_too,
       n * 2 * 2 * r * c + 2 * c * (2 * n + 1) + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
      {"prefix and LoRA", fmt::format("prefix n=4\nlora r={}\n", r) + head_too,
       n * 2 * 4 * c + n * 2 * 2 * r * c + head},
  };
}

std::vector<TuningPlan> vilt_plans(const TunedSizes& s, int64_t positions, int64_t answers) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, pooler = c * c + c;
  const int64_t head = 2 * c * c + 2 * c + 4 * c + 2 * c * answers + answers;
  const int64_t r = 3;
  const std::string head_too = "train classifier.*\n";
  const int64_t layer = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c;
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze vilt.*", head},
      {"upper half", fmt::format("freeze vilt.embeddings.*\nfreeze vilt.encoder.layer.{{0..{}}}.*", n / 2 - 1),
       (n - n / 2) * layer + 2 * c + pooler + head},
      {"norms", "freeze *\ntrain *layernorm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"words", "freeze *\ntrain *word_embeddings*\n" + head_too, s.vocabulary * c + head},
      {"pictures' positions", "freeze *\ntrain *position_embeddings\n" + head_too, positions * c + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
  };
}

std::vector<TuningPlan> ast_plans(const TunedSizes& s, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = 2 * c + labels * c + labels;
  const int64_t r = 3;
  const std::string head_too = "train classifier.*\n";
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze audio_spectrogram_transformer.*", head},
      {"norms", "freeze *\ntrain *layernorm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
  };
}

std::vector<TuningPlan> whisper_plans(const TunedSizes& s, int64_t positions, int64_t inner, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = labels * inner + labels;
  const int64_t r = 3;
  const std::string head_too = "train classifier.*\n";
  return {
      {"all that is read", "train *\nfreeze encoder.embed_positions.weight", s.numbers - positions * c},
      {"head", "freeze encoder.*", inner * c + inner + head},
      {"norms", "freeze *\ntrain *layer_norm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
  };
}

std::vector<TuningPlan> gpt2_plans(const TunedSizes& s, int64_t positions, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = labels * c;
  const int64_t r = 3, m = 5;
  const bool says_words = labels == 0;
  const std::string head_too = says_words ? "" : "\ntrain score.*";
  const TuningPlan head_alone = says_words ? TuningPlan{"head and words", "freeze *\ntrain lm_head.*", s.vocabulary * c}
                                           : TuningPlan{"head", "freeze transformer.*", head};
  const int64_t products = 4 * c * c + 2 * c * f, biases = 5 * c + f;
  const int64_t layer = products + biases + 4 * c;
  const int64_t norms = 2 * c * (2 * n + 1);
  return {
      {"all", "train *", s.numbers},
      head_alone,
      {"upper half", fmt::format("freeze *.{{wte,wpe}}.*\nfreeze *.h.{{0..{}}}.*", n / 2 - 1),
       (n - n / 2) * layer + 2 * c + head},
      {"BitFit", "freeze *\ntrain *bias" + head_too, n * (biases + 2 * c) + c + head},
      {"norms", "freeze *\ntrain *ln_*" + head_too, norms + head},
      {"frozen pretrained transformer", "freeze *\ntrain *ln_*\ntrain *wpe*" + head_too, norms + positions * c + head},
      {"rows", "freeze *\ntrain *wte.weight rows 3:7" + head_too, 4 * c + head},
      {"LoRA", fmt::format("lora r={}", r) + head_too, n * r * 4 * c + head},
      {"LoRA everywhere", fmt::format("lora *.h.*.{{c_attn,c_proj,c_fc}} r={} alpha=4 rs", r) + head_too,
       n * (r * 4 * c + r * 2 * c + 2 * r * (c + f)) + head},
      {"LoRA on the head", fmt::format("lora {} r={}", says_words ? "lm_head" : "score", r) + head_too,
       r * (c + (says_words ? s.vocabulary : labels)) + head},
      {"DoRA", fmt::format("lora r={} alpha=6 dora", r) + head_too, n * (r * 4 * c + 3 * c) + head},
      {"IA3", "ia3" + head_too, n * (3 * c + f) + head},
      {"Houlsby", fmt::format("adapter size={}", m) + head_too, n * 2 * (2 * m * c + m + c) + head},
      {"prompt", "prompt n=6" + head_too, 6 * c + head},
      {"prefix", "prefix n=6" + head_too, n * 2 * 6 * c + head},
      {"prefix, prompt and LoRA", fmt::format("prefix n=4\nprompt n=3\nlora r={}", r) + head_too,
       n * 2 * 4 * c + 3 * c + n * r * 4 * c + head},
  };
}

std::vector<TuningPlan> gpt1_plans(const TunedSizes& s, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = labels * c;
  const int64_t r = 2, m = 4;
  const std::string head_too = "train score.*\n";
  const int64_t layer = 4 * c * c + 2 * c * f + 5 * c + f + 4 * c;
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze transformer.*", head},
      {"last layer", fmt::format("freeze transformer.*\ntrain *.h.{}.*", n - 1), layer + head},
      {"norms", "freeze *\ntrain *ln_*\n" + head_too, n * 4 * c + head},
      {"positions", "freeze *\ntrain *positions_embed*\n" + head_too, 32 * c + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * r * 4 * c + head},
      {"LoRA, last layer", fmt::format("lora *.h.{}.* r={}\n", n - 1, r) + head_too,
       r * 4 * c + r * 2 * c + 2 * r * (c + f) + head},
      {"DoRA", fmt::format("lora r={} dora\n", r) + head_too, n * (r * 4 * c + 3 * c) + head},
      {"IA3", "ia3\n" + head_too, n * (3 * c + f) + head},
      {"Pfeiffer", fmt::format("adapter size={} after=outer\n", m) + head_too, n * (2 * m * c + m + c) + head},
      {"prompt", "prompt n=5\n" + head_too, 5 * c + head},
      {"prefix, last layer", fmt::format("prefix *.h.{}.* n=4\n", n - 1) + head_too, 2 * 4 * c + head},
  };
}

std::vector<TuningPlan> mpnet_plans(const TunedSizes& s, int64_t buckets, int64_t heads, int64_t labels) {
  const int64_t c = s.channels, f = s.inner, n = s.layers, head = c * c + c + labels * c + labels;
  const int64_t r = 3, m = 5, biases = buckets * heads;
  const std::string head_too = "train classifier.*\n";
  const int64_t layer = 4 * (c * c + c) + 2 * c * f + f + c + 4 * c;
  return {
      {"all", "train *", s.numbers},
      {"head", "freeze mpnet.*", head},
      {"upper half",
       fmt::format("freeze mpnet.embeddings.*\nfreeze mpnet.encoder.layer.{{0..{}}}.*\nfreeze *_bias.weight",
                   n / 2 - 1),
       (n - n / 2) * layer + head},
      {"layers and biases", "freeze mpnet.embeddings.*", n * layer + biases + head},
      {"biases by distance", "freeze *\ntrain *.relative_attention_bias.weight\n" + head_too, biases + head},
      {"BitFit", "freeze *\ntrain *.bias\n" + head_too, n * (4 * c + f + c + 2 * c) + c + head},
      {"norms", "freeze *\ntrain *LayerNorm*\n" + head_too, 2 * c * (2 * n + 1) + head},
      {"rows", "freeze *\ntrain *word_embeddings.weight rows 3:7\n" + head_too, 4 * c + head},
      {"LoRA", fmt::format("lora r={}\n", r) + head_too, n * 2 * 2 * r * c + head},
      {"LoRA everywhere", fmt::format("lora *.layer.*.{{q,k,v,o,dense}} r={}\n", r) + head_too,
       n * (4 * (r * c + c * r) + 2 * r * (c + f)) + head},
      {"DoRA", fmt::format("lora r={} alpha=6 dora\n", r) + head_too, n * 2 * (2 * r * c + c) + head},
      {"IA3", "ia3\n" + head_too, n * (2 * c + f) + head},
      {"Houlsby", fmt::format("adapter size={}\n", m) + head_too, n * 2 * (2 * m * c + m + c) + head},
      {"prompt", "prompt n=6\n" + head_too, 6 * c + head},
      {"prefix", "prefix n=6\n" + head_too, n * 2 * 6 * c + head},
      {"prefix and prompt", "prefix n=4\nprompt n=3\n" + head_too, n * 2 * 4 * c + 3 * c + head},
      {"prefix and LoRA", fmt::format("prefix n=4\nlora r={}\n", r) + head_too,
       n * 2 * 4 * c + n * 2 * 2 * r * c + head},
  };
}

std::vector<TuningPlan> t5_plans(const TunedSizes& s, int64_t buckets, int64_t heads, bool bias_in_every_layer) {
  const int64_t c = s.channels, f = s.inner, n = s.layers;
  const int64_t r = 2, m = 4;
  const int64_t attention = 4 * c * c + c, feed_forward = 2 * c * f + c;
  const int64_t biases = (bias_in_every_layer ? n : 1) * buckets * heads;
  const int64_t below = n * (attention + feed_forward) + c + biases;
  const int64_t above = n * (2 * attention + feed_forward) + c + biases;
  return {
      {"all", "train *", s.numbers},
      {"decoder", "freeze shared.*\nfreeze encoder.*", above},
      {"encoder", "freeze shared.*\nfreeze decoder.*", below},
      {"cross-attention", "freeze *\ntrain *.EncDecAttention.*", n * 4 * c * c},
      {"norms", "freeze *\ntrain *layer_norm*", c * (2 * n + 3 * n + 2)},
      {"rows", "freeze *\ntrain shared.weight rows 1:4", 3 * c},
      {"rows apart", "freeze *\ntrain shared.weight rows 0,2:4", 3 * c},
      {"LoRA", fmt::format("lora r={}", r), 3 * n * 2 * 2 * r * c},
      {"LoRA, decoder", fmt::format("lora decoder.*.{{q,k,v,o,wi,wo}} r={} alpha=3", r),
       n * (8 * 2 * r * c + 2 * r * (c + f))},
      {"LoRA on the head", fmt::format("lora lm_head r={}", r), r * (c + s.vocabulary)},
      {"DoRA", fmt::format("lora *.SelfAttention.{{q,v}} r={} dora", r), 2 * n * 2 * (2 * r * c + c)},
      {"IA3", "ia3", 3 * n * 2 * c + 2 * n * f},
      {"Houlsby", fmt::format("adapter size={}", m), 5 * n * (2 * m * c + m + c)},
      {"prompt", "prompt n=5", 5 * c},
      {"prefix", "prefix n=5", 2 * n * 2 * 5 * c},
      {"prefix, decoder", "prefix decoder.* n=5", n * 2 * 5 * c},
      {"prefix and prompt", "prefix encoder.* n=3\nprompt n=2", n * 2 * 3 * c + 2 * c},
  };
}

std::vector<TuningPlan> encoder_decoder_plans(const TunedSizes& s) {
  const int64_t c = s.channels, f = s.inner, n = s.layers;
  const int64_t r = 2, m = 4;
  const int64_t cross = 4 * (c * c + c) + 2 * c;
  return {
      {"all", "train *", s.numbers},
      {"decoder's words", "freeze *\ntrain decoder.*.word_embeddings.weight", s.vocabulary * c},
      {"cross-attention", "freeze *\ntrain *.crossattention.*", n * cross},
      {"norms", "freeze *\ntrain *LayerNorm*", 2 * c * (2 * n + 1 + 3 * n + 1 + 1)},
      {"rows", "freeze *\ntrain encoder.*.word_embeddings.weight rows 5:8", 3 * c},
      {"LoRA", fmt::format("lora r={}", r), 3 * n * 2 * 2 * r * c},
      {"LoRA everywhere", fmt::format("lora *.{{query,key,value,dense}} r={} alpha=3", r),
       n * (4 + 8) * 2 * r * c + 2 * n * 2 * r * (c + f) + 2 * r * c},
      {"LoRA on the head", fmt::format("lora decoder.cls.predictions.decoder r={}", r), r * (c + s.vocabulary)},
      {"DoRA", fmt::format("lora *.self.{{query,value}} r={} dora", r), 3 * n * 2 * (2 * r * c + c)},
      {"IA3", "ia3", 3 * n * 2 * c + 2 * n * f},
      {"Houlsby", fmt::format("adapter size={}", m), 5 * n * (2 * m * c + m + c)},
      {"prompt", "prompt n=5", 5 * c},
      {"prefix", "prefix n=5", 2 * n * 2 * 5 * c},
      {"prefix, decoder", "prefix decoder.* n=5", n * 2 * 5 * c},
      {"prefix and prompt", "prefix encoder.* n=3\nprompt n=2", n * 2 * 3 * c + 2 * c},
  };
}

}  // namespace thaw
