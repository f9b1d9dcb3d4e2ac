// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of AST.
#include "models/ast/family.h"

#include <fmt/format.h>

#include "models/ast/classification.h"
#include "models/text_family.h"

namespace thaw {

namespace {

struct ASTSounds {
  using Config = ASTConfig;
  using Input = ASTInput;

  static TextLimits limits(const ASTConfig& c) {
    const Shape grid = c.grid();
    return {
        .sounds = SoundLimits{
            .features = SoundFeatures::ast,
            .bins = c.num_mel_bins,
            .frames = c.max_length,
            .rows = [c](std::span<const float> log_mels) { return patch_numbers(patches_of_spectrogram(log_mels, c)); },
            .grid = [grid](int64_t) { return grid; },
            .width = c.patch_size * c.patch_size,
            .states = [grid](int64_t) { return ASTInput::tokens_in_front + grid.numel(); }}};
  }
  static int64_t width(const ASTConfig& c) { return 2 * c.hidden_size; }  // pooled: two tokens' states

  static Fingerprint switches(const ASTConfig& c) {
    return {{"hidden_act", c.hidden_act},
            {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
            {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
            {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
            {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
            {"strides", fmt::format("{} {}", c.frequency_stride, c.time_stride)}};
  }

  template <typename Head>
  static const AST& trunk(const Head& model) {
    return model.ast;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.ast.encoder.checkpointing = on;
  }
};

constexpr ModelFamily ast() {
  ModelFamily family = text_family<ASTSounds, ASTForAudioClassification>("audio-spectrogram-transformer");
  family.reads = InputKind::sounds;
  return family;
}

}  // namespace

constinit const ModelFamily ast_family = ast();

}  // namespace thaw
