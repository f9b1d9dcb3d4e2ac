// SPDX-License-Identifier: Apache-2.0
// What tasks of texts need to know of T5: its encoder, and how it writes.
#include "models/t5/family.h"

#include <fmt/format.h>

#include "models/t5/t5.h"
#include "models/t5/writer.h"
#include "models/text_family.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct T5Texts {
  using Config = T5EncoderConfig;
  using Input = PackedText;

  static TextLimits limits(const T5EncoderConfig& c) { return {.vocab_size = c.vocab_size}; }
  static int64_t width(const T5EncoderConfig& c) { return c.d_model; }

  static Fingerprint switches(const T5EncoderConfig& c) { return t5_switches(c); }

  static const T5Stack& trunk(const T5EncoderModel& model) { return model.encoder; }
  static void set_checkpointing(T5EncoderModel& model, bool on) { model.encoder.checkpointing = on; }
};

// T5's authors fine-tune by Adafactor at 1e-3 (Raffel et al. 2020); 3e-4 is common for AdamW. BERT's rate hardly moves
// it.
double t5_learning_rate(std::string_view optimizer) {
  if (optimizer == "adafactor") return 1e-3;
  return optimizer == "adamw" ? 3e-4 : usual_learning_rate;
}

// T5's heads need not be as wide together as a state, but are here; its authors' small models have 64 numbers a head.
Json fresh_t5_of(const char* model_type, const FreshSizes& sizes, const Tokenizer& tokenizer) {
  check(!sizes.positions,
        "positions {}: a T5 has none: its attention knows distances, a text may have any number of tokens",
        sizes.positions.value_or(0));
  T5Config c = T5Config::from_json(Json::object().set("model_type", model_type));
  c.json = Json::object();
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.d_model);
  c.vocab_size = static_cast<int64_t>(tokenizer.vocab_size());
  c.d_model = hidden_size;
  c.num_heads = heads;
  c.d_kv = hidden_size / heads;
  c.d_ff = intermediate_size;
  c.num_layers = c.num_decoder_layers = sizes.layers.value_or(c.num_layers);
  c.dropout_rate = sizes.dropout.value_or(c.dropout_rate);
  c.feed_forward_proj = sizes.activation.value_or(c.feed_forward_proj);
  c.pad_token_id = c.decoder_start_token_id = needed_token(tokenizer.special().pad, "padding", "T5");
  c.eos_token_ids = {needed_token(tokenizer.special().eos, "end", "T5")};
  return c.to_json("T5ForConditionalGeneration").set("tie_word_embeddings", c.tie_word_embeddings);
}

Json fresh_t5(const FreshSizes& sizes, const Tokenizer& tokenizer) { return fresh_t5_of("t5", sizes, tokenizer); }
Json fresh_mt5(const FreshSizes& sizes, const Tokenizer& tokenizer) { return fresh_t5_of("mt5", sizes, tokenizer); }
Json fresh_umt5(const FreshSizes& sizes, const Tokenizer& tokenizer) { return fresh_t5_of("umt5", sizes, tokenizer); }

constexpr ModelFamily t5_of(std::string_view model_type, Json (*fresh_config)(const FreshSizes&, const Tokenizer&)) {
  ModelFamily family = text_family<T5Texts, T5EncoderModel>(model_type);
  family.open_writer = open_t5_writer;
  family.fresh_config = fresh_config;
  family.words = "{shared,{encoder,decoder}.embed_tokens,lm_head}.weight";
  family.learning_rate = t5_learning_rate;
  return family;
}

}  // namespace

Fingerprint t5_switches(const T5Config& c) {
  const auto id = [](const std::optional<int64_t>& token) { return token ? fmt::format("{}", *token) : "none"; };
  return {{"dense_act_fn", c.dense_act_fn},
          {"is_gated_act", fmt::format("{}", c.is_gated_act)},
          {"scale_decoder_outputs", fmt::format("{}", c.scale_decoder_outputs)},
          {"decoder_start_token_id", id(c.decoder_start_token_id)},
          {"pad_token_id", id(c.pad_token_id)},
          {"num_heads", fmt::format("{}", c.num_heads)},
          {"relative_attention_max_distance", fmt::format("{}", c.relative_attention_max_distance)},
          {"layer_norm_epsilon", fmt::format("{}", c.layer_norm_epsilon)},
          {"dropout_rate", fmt::format("{}", c.dropout_rate)}};
}

constinit const ModelFamily t5_family = t5_of("t5", fresh_t5);
constinit const ModelFamily mt5_family = t5_of("mt5", fresh_mt5);
constinit const ModelFamily umt5_family = t5_of("umt5", fresh_umt5);

}  // namespace thaw
