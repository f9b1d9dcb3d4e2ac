// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of ViT, and the heads that they find.
#include "models/vit/family.h"

#include <fmt/format.h>

#include "models/text_family.h"
#include "models/vit/classification.h"
#include "models/vit/fresh_layers.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct ViTPictures {
  using Config = ViTConfig;
  using Input = PatchInput;

  static TextLimits limits(const ViTConfig& c) { return {.files = c.limits()}; }
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
  check(!sizes.positions, "positions {}: a ViT has them for its patches", sizes.positions.value_or(0));
  ViTConfig c;
  set_fresh_layers(c, sizes);
  if (sizes.image_size) c.image_size = {*sizes.image_size, *sizes.image_size};
  if (sizes.patch_size) c.patch_size = {*sizes.patch_size, *sizes.patch_size};
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
