// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of AST.
#include "models/ast/family.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/ast/classification.h"
#include "models/text_family.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct ASTSounds {
  using Config = ASTConfig;
  using Input = ASTInput;

  static TextLimits limits(const ASTConfig& c) {
    const Shape grid = c.grid();
    return {
        .files = SoundLimits{
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

Json fresh_ast(const FreshSizes& sizes) {
  check(!sizes.positions, "positions {}: an AST has them for its patches", sizes.positions.value_or(0));
  ASTConfig c;
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.hidden_size);
  c.hidden_size = hidden_size;
  c.num_hidden_layers = sizes.layers.value_or(c.num_hidden_layers);
  c.num_attention_heads = heads;
  c.intermediate_size = intermediate_size;
  c.hidden_act = sizes.activation.value_or(c.hidden_act);
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = sizes.dropout.value_or(c.hidden_dropout_prob);
  c.max_length = sizes.frames.value_or(c.max_length);
  c.num_mel_bins = sizes.mel_bins.value_or(c.num_mel_bins);
  if (sizes.patch_size) {  // they overlap by as much of them as the paper's
    c.frequency_stride = c.time_stride = std::max<int64_t>(1, *sizes.patch_size * c.time_stride / c.patch_size);
    c.patch_size = *sizes.patch_size;
  }
  return c.to_json(ASTForAudioClassification::architecture);
}

constexpr ModelFamily ast() {
  ModelFamily family = text_family<ASTSounds, ASTForAudioClassification>("audio-spectrogram-transformer");
  family.reads = InputKind::sounds;
  family.fresh_wordless_config = fresh_ast;
  return family;
}

}  // namespace

constinit const ModelFamily ast_family = ast();

}  // namespace thaw
