// SPDX-License-Identifier: Apache-2.0
// AST's forward pass.
#include "models/ast/ast.h"

#include <algorithm>

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Init weights(const ASTConfig& config) { return Init::normal(config.initializer_range); }

// [2 B, C] -> [B, 2 C]
Variable side_by_side(const Variable& tokens) { return reshape(tokens, {tokens.size(0) / 2, 2 * tokens.size(1)}); }

// [2 B, C] -> [B, C]
Variable mean_of_both(const Variable& tokens) {
  return mean(reshape(tokens, {tokens.size(0) / 2, 2, tokens.size(1)}), {1});
}

}  // namespace

AST::AST(const Scope& s, const ASTConfig& config, Reads what)
    : embeddings(s / "embeddings", config.embeddings(), weights(config)),
      encoder(s / "encoder.layer", config.num_hidden_layers, config.layers(), PreNormNames::vit(), weights(config)),
      norm(s / "layernorm", config.hidden_size, config.layer_norm_eps),
      reads_(what),
      norm_path_((s / "layernorm").path()) {}

// Positions of another grid could be resized, as ViT's; in the reference there are none for it.
Variable AST::embed(const ASTInput& sounds) const {
  for (const Shape& grid : sounds.grids)
    check(grid == embeddings.grid, "{}: a spectrogram of {} patches, and there are positions for {}",
          embeddings.scope.path(), grid, embeddings.grid);
  return embeddings(sounds);
}

Variable AST::lower_layers(const ASTInput& sounds, int64_t count, std::vector<Variable>* hidden) const {
  const int64_t before = std::max<int64_t>(sounds.below.stages - 1, 0);
  const Variable x = sounds.below.stages > 0 ? sounds.below.states : embed(sounds);
  if (hidden) *hidden = {x};
  return encoder(x, sounds.rows.segments, before, count, hidden);
}

Variable AST::last_layer(const ASTInput& sounds) const {
  if (sounds.below.stages == stages_below_norm()) {
    const Variable& both = sounds.below.states;
    return reshape(both, {2 * both.size(0), both.size(1) / 2});
  }
  return encoder.last_at_rows(lower_layers(sounds, encoder.count() - 1), sounds.rows.segments, sounds.token_rows,
                              sounds.two_each);
}

Variable AST::operator()(const ASTInput& sounds, std::vector<Variable>* hidden) const {
  check(!gives_a_row_a_text(sounds.below.stages), "{}: of a sound's two tokens alone there are no other rows",
        embeddings.scope.path());
  if (sounds.below.stages > stages_below_norm()) return sounds.below.states;
  return norm(lower_layers(sounds, encoder.count(), hidden));
}

Variable AST::pooled(const ASTInput& sounds) const {
  if (reads_ == Reads::rows) return mean_of_both(take_rows((*this)(sounds), sounds.token_rows));
  if (sounds.below.stages > stages_below_norm()) return sounds.below.states;
  return mean_of_both(norm(last_layer(sounds)));
}

std::vector<std::string> AST::stages() const {
  std::vector<std::string> paths{embeddings.scope.path()};
  for (const PreNormLayer& layer : encoder.layers) paths.push_back(layer.scope.path());
  paths.push_back(norm_path_);
  return paths;
}

Variable AST::states(const ASTInput& sounds, int64_t stages) const {
  if (stages > stages_below_norm()) return reads_ == Reads::rows ? (*this)(sounds) : pooled(sounds);
  return gives_a_row_a_text(stages) ? side_by_side(last_layer(sounds)) : lower_layers(sounds, stages - 1);
}

}  // namespace thaw
