// SPDX-License-Identifier: Apache-2.0
// Pre-norm layers, one above the other. B sequences, T rows in all, C channels.
#pragma once

#include <cstdint>
#include <vector>

#include "nn/pre_norm_layer.h"

namespace thaw {

struct PreNormStack {
  std::vector<PreNormLayer> layers;
  bool checkpointing = false;  // keep only each layer's input for the gradient and compute the layer again

  // Layers "0", "1", ... below `s`.
  PreNormStack(const Scope& s, int64_t count, const PreNormOptions& options, const PreNormNames& names,
               const PreNormInit& init = Init::kaiming_uniform());

  int64_t count() const { return std::ssize(layers); }
  // What the layers [from, to) make of x [T, C]. If `hidden` is given, each one's output is added to it.
  Variable operator()(Variable x, const Segments& segments, int64_t from, int64_t to,
                      std::vector<Variable>* hidden = nullptr) const;
  // What the last layer makes of its input x [T, C], of some rows alone [R, C]: see PreNormLayer::at_rows.
  Variable last_at_rows(const Variable& x, const Segments& segments, const Indices& rows,
                        const Segments& of_each) const;
};

}  // namespace thaw
