// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of ViT, and the heads that they find.
#include "models/vit/family.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/text_family.h"
#include "models/vit/classification.h"

namespace thaw {

namespace {

struct ViTPictures {
  using Config = ViTConfig;
  using Input = PatchInput;

  static TextLimits limits(const ViTConfig& c) {
    return {.patches = PatchLimits{.channels = c.num_channels, .patch = c.patch_size, .picture = c.image_size}};
  }
  static int64_t width(const ViTConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const ViTConfig& c) {
    return {{"hidden_act", c.hidden_act},
            {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
            {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
            {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
            {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
            {"image_size", fmt::format("{}", c.image_size)},
            {"patch_size", fmt::format("{}", c.patch_size)}};
  }

  template <typename Head>
  static const ViT& trunk(const Head& model) {
    return model.vit;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.vit.encoder.checkpointing = on;
  }
};

Json fresh_vit(const FreshSizes& sizes) {
  ViTConfig c;
  if (const int64_t channels = sizes.channels.value_or(3); channels != 1 && channels != 3)
    throw std::invalid_argument(fmt::format("channels {}: pictures have 1 (grey) or 3 (colours)", channels));
  const auto [hidden_size, heads, intermediate_size] = fresh_widths(sizes, c.hidden_size);
  c.hidden_size = hidden_size;
  c.num_hidden_layers = sizes.layers.value_or(c.num_hidden_layers);
  c.num_attention_heads = heads;
  c.intermediate_size = intermediate_size;
  c.hidden_act = sizes.activation.value_or(c.hidden_act);
  c.hidden_dropout_prob = c.attention_probs_dropout_prob = sizes.dropout.value_or(c.hidden_dropout_prob);
  if (sizes.image_size) c.image_size = {*sizes.image_size, *sizes.image_size};
  if (sizes.patch_size) c.patch_size = {*sizes.patch_size, *sizes.patch_size};
  c.num_channels = sizes.channels.value_or(c.num_channels);
  return c.to_json(ViTForImageClassification::architecture);
}

constexpr ModelFamily vit() {
  ModelFamily family = text_family<ViTPictures, ViTForImageClassification, ViTEncoder>("vit");
  family.reads = InputKind::pictures;
  family.fresh_wordless_config = fresh_vit;
  return family;
}

}  // namespace

constinit const ModelFamily vit_family = vit();

}  // namespace thaw
