// SPDX-License-Identifier: Apache-2.0
// What tasks need to know of ViViT.
#include "models/vivit/family.h"

#include <fmt/format.h>

#include <stdexcept>

#include "models/text_family.h"
#include "models/vit/fresh_layers.h"
#include "models/vivit/classification.h"
#include "tensor/check.h"

namespace thaw {

namespace {

struct VivitFilms {
  using Config = VivitConfig;
  using Input = PatchInput;

  static TextLimits limits(const VivitConfig& c) {
    return {.files = FilmLimits{.channels = c.num_channels, .block = c.tubelet_size, .film = c.film()}};
  }
  static int64_t width(const VivitConfig& c) { return c.hidden_size; }

  static Fingerprint switches(const VivitConfig& c) {
    return {{"hidden_act", c.hidden_act},
            {"hidden_dropout_prob", fmt::format("{}", c.hidden_dropout_prob)},
            {"attention_probs_dropout_prob", fmt::format("{}", c.attention_probs_dropout_prob)},
            {"layer_norm_eps", fmt::format("{}", c.layer_norm_eps)},
            {"num_attention_heads", fmt::format("{}", c.num_attention_heads)},
            {"film", fmt::format("{}", c.film())},
            {"tubelet_size", fmt::format("{}", c.tubelet_size)}};
  }

  template <typename Head>
  static const ViT& trunk(const Head& model) {
    return model.vivit;
  }
  template <typename Head>
  static void set_checkpointing(Head& model, bool on) {
    model.vivit.encoder.checkpointing = on;
  }
};

Json fresh_vivit(const FreshSizes& sizes) {
  check(!sizes.positions, "positions {}: a ViViT has them for its patches", sizes.positions.value_or(0));
  VivitConfig c;
  set_fresh_layers(c, sizes);
  if (sizes.image_size) c.image_size = {*sizes.image_size, *sizes.image_size};
  c.num_frames = sizes.frames.value_or(c.num_frames);
  const int64_t side = sizes.patch_size.value_or(c.tubelet_size[1]);
  c.tubelet_size = {sizes.patch_frames.value_or(c.tubelet_size[0]), side, side};
  if (const int64_t frames = c.tubelet_size[0]; frames > c.num_frames)
    throw std::invalid_argument(sizes.patch_frames ? fmt::format("patch_frames {}: a film has {}", frames, c.num_frames)
                                                   : fmt::format("frames {}: a patch has {}", c.num_frames, frames));
  return c.to_json(VivitForVideoClassification::architecture);
}

constexpr ModelFamily vivit() {
  ModelFamily family = text_family<VivitFilms, VivitForVideoClassification>("vivit");
  family.reads = InputKind::films;
  family.fresh_wordless_config = fresh_vivit;
  return family;
}

}  // namespace

constinit const ModelFamily vivit_family = vivit();

}  // namespace thaw
