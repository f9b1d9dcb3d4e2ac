// SPDX-License-Identifier: Apache-2.0
// ViLT's forward pass.
#include "models/vilt/vilt.h"

#include <algorithm>

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Init weights(const ViltConfig& config) { return Init::normal(config.initializer_range); }

}  // namespace

ViltEmbeddings::ViltEmbeddings(const Scope& s, const ViltConfig& config)
    : scope(s),
      texts(s / "text_embeddings", config.texts()),
      pictures(s, config.pictures(), weights(config)),
      modalities(s / "token_type_embeddings", config.modality_type_vocab_size, config.hidden_size, weights(config)),
      most_patches(config.max_image_length) {}

Variable ViltEmbeddings::operator()(const ViltInput& pairs) const {
  for (const Shape& grid : pairs.pictures.grids)
    check(!most_patches || grid.numel() <= *most_patches,
          "{}: a picture of {} x {} patches, and max_image_length is {}: which of them to read is not drawn here",
          scope.path(), grid[0], grid[1], most_patches.value_or(0));
  const Variable rows = concat({texts(pairs.texts), pictures(pairs.pictures)}, 0);
  return add(take_rows(rows, pairs.order), modalities(pairs.modalities));
}

Vilt::Vilt(const Scope& s, const ViltConfig& config)
    : embeddings(s / "embeddings", config),
      encoder(s / "encoder.layer", config.num_hidden_layers, config.layers(), PreNormNames::vit(), weights(config)),
      norm(s / "layernorm", config.hidden_size, config.layer_norm_eps),
      pooler(s / "pooler", config.texts()),
      norm_path_((s / "layernorm").path()) {}

Variable Vilt::lower_layers(const ViltInput& pairs, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(pairs.below.stages - 1, 0);
  const Variable x = pairs.below.stages > 0 ? pairs.below.states : embeddings(pairs);
  if (hidden) *hidden = {x};
  return encoder(x, pairs.segments, before, count, hidden);
}

Variable Vilt::operator()(const ViltInput& pairs, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(pairs.below.stages), "{}: of first tokens alone there are no other rows",
        embeddings.scope.path());
  return norm(lower_layers(pairs, encoder.count(), hidden));
}

Variable Vilt::last_layer(const ViltInput& pairs) const {
  if (pairs.below.stages == stages_below_norm()) return pairs.below.states;
  return encoder.last_at_rows(lower_layers(pairs, encoder.count() - 1), pairs.segments, pairs.first_tokens,
                              pairs.one_each);
}

Variable Vilt::first_tokens(const ViltInput& pairs) const {
  return pairs.below.stages == stages_below_norm() + 1 ? pairs.below.states : norm(last_layer(pairs));
}

Variable Vilt::pooled(const ViltInput& pairs) const {
  return pairs.below.stages > stages_below_norm() + 1 ? pairs.below.states : pooler(first_tokens(pairs));
}

std::vector<std::string> Vilt::stages() const {
  std::vector<std::string> paths{embeddings.scope.path()};
  for (const PreNormLayer& layer : encoder.layers) paths.push_back(layer.scope.path());
  paths.push_back(norm_path_);
  paths.push_back(pooler.path);
  return paths;
}

Variable Vilt::states(const ViltInput& pairs, int64_t stages) const {
  if (stages > stages_below_norm() + 1) return pooled(pairs);
  if (stages > stages_below_norm()) return first_tokens(pairs);
  return gives_a_row_a_text(stages) ? last_layer(pairs) : lower_layers(pairs, stages - 1);
}

}  // namespace thaw
