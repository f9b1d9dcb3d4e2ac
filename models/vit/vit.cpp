// SPDX-License-Identifier: Apache-2.0
// ViT's forward pass.
#include "models/vit/vit.h"

#include <algorithm>

#include "tensor/check.h"

namespace thaw {

namespace {

Init weights(const ViTLayersConfig& config) { return Init::normal(config.initializer_range); }

}  // namespace

ViTPooler::ViTPooler(const Scope& s, const ViTConfig& config)
    : path(s.path()),
      dense(s / "dense", config.hidden_size, config.pooled_size(), weights(config)),
      activation(config.pooler_activation()) {}

ViT::ViT(const Scope& s, const ViTConfig& config, Reads what) : ViT(s, config, config.embeddings(), what) {
  if (what == Reads::pooled) pooler = ViTPooler(s / "pooler", config);
}

ViT::ViT(const Scope& s, const ViTLayersConfig& config, const PatchEmbeddingOptions& patches, Reads what)
    : embeddings(s / "embeddings", patches, weights(config)),
      encoder(s / "encoder.layer", config.num_hidden_layers, config.layers(), PreNormNames::vit(), weights(config)),
      norm(s / "layernorm", config.hidden_size, config.layer_norm_eps),
      reads_(what),
      norm_path_((s / "layernorm").path()) {}

Variable ViT::lower_layers(const PatchInput& pictures, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(pictures.below.stages - 1, 0);
  const Variable x = pictures.below.stages > 0 ? pictures.below.states : embeddings(pictures);
  if (hidden) *hidden = {x};
  return encoder(x, pictures.rows.segments, before, count, hidden);
}

Variable ViT::last_layer(const PatchInput& pictures) const {
  if (pictures.below.stages == stages_below_norm()) return pictures.below.states;
  return encoder.last_at_rows(lower_layers(pictures, encoder.count() - 1), pictures.rows.segments, pictures.first_rows,
                              pictures.one_each);
}

Variable ViT::operator()(const PatchInput& pictures, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(pictures.below.stages), "{}: of class tokens alone there are no other rows",
        embeddings.scope.path());
  if (pictures.below.stages > stages_below_norm()) return pictures.below.states;
  return norm(lower_layers(pictures, encoder.count(), hidden));
}

Variable ViT::class_tokens(const PatchInput& pictures) const {
  if (reads_ == Reads::rows) return take_rows((*this)(pictures), pictures.first_rows);
  if (pictures.below.stages > stages_below_norm()) return pictures.below.states;
  return norm(last_layer(pictures));
}

Variable ViT::pooled(const PatchInput& pictures) const {
  if (pictures.below.stages > stages_below_norm() + 1) return pictures.below.states;
  return pooler(class_tokens(pictures));
}

std::vector<std::string> ViT::stages() const {
  std::vector<std::string> paths{embeddings.scope.path()};
  for (const PreNormLayer& layer : encoder.layers) paths.push_back(layer.scope.path());
  paths.push_back(norm_path_);
  if (pooler.dense.defined()) paths.push_back(pooler.path);
  return paths;
}

Variable ViT::states(const PatchInput& pictures, int64_t stages) const {
  if (stages > stages_below_norm() + 1) return pooled(pictures);
  if (stages > stages_below_norm()) return reads_ == Reads::rows ? (*this)(pictures) : class_tokens(pictures);
  return gives_a_row_a_text(stages) ? last_layer(pictures) : lower_layers(pictures, stages - 1);
}

}  // namespace thaw
