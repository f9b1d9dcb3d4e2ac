// SPDX-License-Identifier: Apache-2.0
// Runs layer after layer.
#include "nn/pre_norm_stack.h"

#include "nn/checkpoint_block.h"
#include "tensor/check.h"

namespace thaw {

PreNormStack::PreNormStack(const Scope& s, int64_t count, const PreNormOptions& options, const PreNormNames& names,
                           const PreNormInit& init) {
  for (int64_t i = 0; i < count; ++i) layers.emplace_back(s / static_cast<int>(i), options, names, init);
}

Variable PreNormStack::operator()(Variable x, const Segments& segments, int64_t from, int64_t to,
                                  std::vector<Variable>* hidden) const {
  check(0 <= from && to <= count(), "layers {} to {} of {}", from, to, count());
  for (int64_t i = from; i < to; ++i) {
    const PreNormLayer& layer = layers[static_cast<size_t>(i)];
    x = checkpoint_block(checkpointing, layer.scope, x,
                         [layer, segments](const Variable& input) { return layer(input, segments); });
    if (hidden) hidden->push_back(x);
  }
  return x;
}

Variable PreNormStack::last_at_rows(const Variable& x, const Segments& segments, const Indices& rows,
                                    const Segments& of_each) const {
  const PreNormLayer& layer = layers.back();
  return checkpoint_block(checkpointing, layer.scope, x, [layer, segments, rows, of_each](const Variable& input) {
    return layer.at_rows(input, segments, rows, of_each);
  });
}

}  // namespace thaw
