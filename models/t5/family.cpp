// SPDX-License-Identifier: Apache-2.0
// What tasks of texts need to know of T5: its encoder, and how it writes.
#include "models/t5/family.h"

#include <fmt/format.h>

#include "models/t5/t5.h"
#include "models/t5/writer.h"
#include "models/text_family.h"

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

constexpr ModelFamily t5_of(std::string_view model_type) {
  ModelFamily family = text_family<T5Texts, T5EncoderModel>(model_type);
  family.open_writer = open_t5_writer;
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

constinit const ModelFamily t5_family = t5_of("t5");
constinit const ModelFamily mt5_family = t5_of("mt5");
constinit const ModelFamily umt5_family = t5_of("umt5");

}  // namespace thaw
