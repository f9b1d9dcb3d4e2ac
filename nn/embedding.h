// SPDX-License-Identifier: Apache-2.0
// Embedding: a table of vectors, looked up by number.
#pragma once

#include "autograd/functions.h"
#include "nn/naming.h"
#include "nn/scope.h"

namespace thaw {

struct Embedding {
  Parameter weight;  // [V, C]

  Embedding() = default;
  // Standard normal numbers unless told otherwise, as torch's Embedding; transformers begin smaller, normal(0.02).
  Embedding(const Scope& s, int64_t count, int64_t channels, const Init& init = Init::normal(1))
      : weight(s.parameter("weight", {count, channels}, init)) {}

  // [T] -> [T, C]; an id outside [0, V) is an error.
  Variable operator()(const Indices& ids) const {
    return naming(weight.name(), [&] { return embedding(weight, ids); });
  }
};

}  // namespace thaw
