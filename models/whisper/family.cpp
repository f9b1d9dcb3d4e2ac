// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of Whisper's encoder.
#include "models/whisper/family.h"

#include <fmt/format.h>

#include "models/text_family.h"
#include "models/whisper/classification.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct WhisperSounds {
  using Config = WhisperConfig;
  using Input = WhisperInput;

  static TextLimits limits(const WhisperConfig& c) {
    return {.files = SoundLimits{.features = SoundFeatures::whisper,
                                 .bins = c.num_mel_bins,
                                 .frames = 2 * c.max_source_positions,
                                 .rows =
                                     [](std::span<const float> log_mels) {
                                       return std::vector<float>(log_mels.begin(), log_mels.end());
                                     },
                                 .grid = [](int64_t frames) { return Shape{frames}; },
                                 .width = c.num_mel_bins,
                                 .states = [](int64_t frames) { return (frames + 1) / 2; }}};
  }
  // Of a head that reads all hidden states they stand side by side.
  static int64_t width(const WhisperConfig& c) {
    return (c.use_weighted_layer_sum ? c.hidden_states() : 1) * c.d_model;
  }

  static Fingerprint switches(const WhisperConfig& c) {
    return {{"activation_function", c.activation_function},
            {"dropout", fmt::format("{}", c.dropout)},
            {"attention_dropout", fmt::format("{}", c.attention_dropout)},
            {"activation_dropout", fmt::format("{}", c.activation_dropout)},
            {"encoder_attention_heads", fmt::format("{}", c.encoder_attention_heads)},
            {"use_weighted_layer_sum", c.use_weighted_layer_sum ? "true" : "false"}};
  }

  template <typename Head>
  static const WhisperEncoder& trunk(const Head& model) {
    return model.encoder;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.encoder.layers.checkpointing = on;
  }
};

Json fresh_whisper(const FreshSizes& sizes) {
  constexpr int64_t a_second = 100;  // frames
  check(!sizes.positions, "positions {}: a Whisper has one for two frames: say how many frames",
        sizes.positions.value_or(0));
  check(!sizes.patch_size, "patch_size {}: a Whisper has no patches", sizes.patch_size.value_or(0));
  check(sizes.frames.value_or(a_second) % a_second == 0,
        "frames {}: Whisper's feature extractor cuts sounds at whole seconds, of {} frames", sizes.frames.value_or(0),
        a_second);
  WhisperConfig c;
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.d_model);
  check(hidden_size % 2 == 0 && hidden_size >= 4, "hidden_size {}: an even number of 4 or more was expected",
        hidden_size);
  c.d_model = hidden_size;
  c.encoder_layers = sizes.layers.value_or(c.encoder_layers);
  c.encoder_attention_heads = heads;
  c.encoder_ffn_dim = intermediate_size;
  c.activation_function = sizes.activation.value_or(c.activation_function);
  c.dropout = c.attention_dropout = c.activation_dropout = sizes.dropout.value_or(c.dropout);
  c.num_mel_bins = sizes.mel_bins.value_or(c.num_mel_bins);
  if (sizes.frames) c.max_source_positions = *sizes.frames / 2;
  return c.to_json(WhisperForAudioClassification::architecture);
}

constexpr ModelFamily whisper() {
  ModelFamily family = text_family<WhisperSounds, WhisperForAudioClassification, WhisperEncoderModel>("whisper");
  family.reads = InputKind::sounds;
  family.fresh_wordless_config = fresh_whisper;
  return family;
}

}  // namespace

constinit const ModelFamily whisper_family = whisper();

}  // namespace thaw
