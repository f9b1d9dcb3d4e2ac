// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of Whisper's encoder.
#include "models/whisper/family.h"

#include <fmt/format.h>

#include "models/text_family.h"
#include "models/whisper/classification.h"

namespace thaw {

namespace {

struct WhisperSounds {
  using Config = WhisperConfig;
  using Input = WhisperInput;

  static TextLimits limits(const WhisperConfig& c) {
    return {.sounds = SoundLimits{.features = SoundFeatures::whisper,
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

constexpr ModelFamily whisper() {
  ModelFamily family = text_family<WhisperSounds, WhisperForAudioClassification, WhisperEncoderModel>("whisper");
  family.reads = InputKind::sounds;
  return family;
}

}  // namespace

constinit const ModelFamily whisper_family = whisper();

}  // namespace thaw
