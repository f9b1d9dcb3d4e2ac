// SPDX-License-Identifier: Apache-2.0
// Embeds patches, and runs the layers.
#include "models/clip/vision_tower.h"

#include <algorithm>
#include <cmath>

#include "tensor/check.h"

namespace thaw {

namespace {

PatchEmbeddings embeddings_at(const Scope& s, const CLIPVisionConfig& c) {
  const Init usual = Init::normal(c.initializer_range * c.initializer_factor);
  const Init of_class = Init::normal(c.initializer_factor / std::sqrt(static_cast<double>(c.hidden_size)));
  PatchEmbeddingParts parts;
  parts.tokens = {s.parameter("class_embedding", {c.hidden_size}, of_class)};
  parts.weight =
      (s / "patch_embedding").parameter("weight", {c.hidden_size, c.num_channels, c.patch_size, c.patch_size}, usual);
  parts.positions = (s / "position_embedding").parameter("weight", {1 + c.grid().numel(), c.hidden_size}, usual);
  return {s, c.grid(), parts};
}

}  // namespace

CLIPVisionTower::CLIPVisionTower(const Scope& s, const CLIPVisionConfig& config, Reads what)
    : embeddings(embeddings_at(s / "embeddings", config)),
      first_norm(s / "pre_layrnorm", config.hidden_size, config.layer_norm_eps),
      encoder(s / "encoder.layers", config.num_hidden_layers, config.layers(), PreNormNames::clip(),
              config.first_weights()),
      first_norm_path_((s / "pre_layrnorm").path()),
      norm_path_((s / "post_layernorm").path()) {
  if (what == Reads::class_tokens) norm = LayerNorm(s / "post_layernorm", config.hidden_size, config.layer_norm_eps);
}

Variable CLIPVisionTower::lower_layers(const PatchInput& pictures, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(pictures.below.stages - 1, 0);
  const Variable x = pictures.below.stages > 0 ? pictures.below.states : first_norm(embeddings(pictures));
  if (hidden) *hidden = {x};
  return encoder(x, pictures.rows.segments, before, count, hidden);
}

Variable CLIPVisionTower::last_layer(const PatchInput& pictures) const {
  if (pictures.below.stages == stages_below_norm()) return pictures.below.states;
  return encoder.last_at_rows(lower_layers(pictures, encoder.count() - 1), pictures.rows.segments, pictures.first_rows,
                              pictures.one_each);
}

Variable CLIPVisionTower::operator()(const PatchInput& pictures, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(pictures.below.stages), "{}: of class tokens alone there are no other rows",
        embeddings.scope.path());
  return lower_layers(pictures, encoder.count(), hidden);
}

Variable CLIPVisionTower::pooled(const PatchInput& pictures) const {
  return pictures.below.stages > stages_below_norm() ? pictures.below.states : norm(last_layer(pictures));
}

std::vector<std::vector<std::string>> CLIPVisionTower::stages() const {
  std::vector<std::vector<std::string>> stages{{embeddings.scope.path(), first_norm_path_}};
  for (const PreNormLayer& layer : encoder.layers) stages.push_back({layer.scope.path()});
  if (norm.weight.defined()) stages.push_back({norm_path_});
  return stages;
}

Variable CLIPVisionTower::states(const PatchInput& pictures, int64_t stages) const {
  if (stages > stages_below_norm()) return pooled(pictures);
  return gives_a_row_a_text(stages) ? last_layer(pictures) : lower_layers(pictures, stages - 1);
}

}  // namespace thaw
