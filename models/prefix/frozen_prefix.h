// SPDX-License-Identifier: Apache-2.0
// How much of a model of texts is frozen from below. Up to there a model is a row of stages: embeddings, each layer,
// what is behind them (a pooler, a last norm). What they give for a text while nothing of them is trained is a function
// of the text alone (nn/frozen_block.h), and need not be computed again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "nn/attention_prefix.h"
#include "nn/parameter.h"

namespace thaw {

// A trunk is what lies below a family's heads. It has
//   std::vector<std::string> stages() const               the names that the parameters of each stage begin with
//   bool gives_a_row_a_text(int64_t stages) const         are these stages' results of texts, not of their tokens?
//   Variable states(const Input&, int64_t stages) const   what so many stages give: [T, C], or [B, C]
// and begins behind what its input has `below`.
struct FrozenPrefix {
  int64_t stages = 0, of = 0;           // frozen from below; all
  bool row_a_text = false;              // it gives a row for each text, not for each token
  int64_t first_position = 0;           // of texts: behind a prefix of any layer (nn/attention_prefix.h)
  uint64_t version = 0;                 // another one whenever something was written to what it computes by
  std::vector<std::string> names = {};  // of the frozen stages: what their parameters' names begin with

  bool any() const { return stages > 0; }
};

// What the first stages gave for a batch of texts.
struct StatesBelow {
  int64_t stages = 0;  // 0: nothing was computed yet
  Variable states;     // [T, C], or [B, C]
};

template <typename Trunk>
FrozenPrefix frozen_prefix(const ParameterStore& store, const Trunk& trunk) {
  const std::vector<std::string> stages = trunk.stages();
  FrozenPrefix prefix{.of = static_cast<int64_t>(stages.size()), .first_position = prefix_rows(store)};
  while (prefix.stages < prefix.of && !store.any_trained(stages[static_cast<size_t>(prefix.stages)]))
    prefix.version += store.written(stages[static_cast<size_t>(prefix.stages++)]);
  prefix.names.assign(stages.begin(), stages.begin() + prefix.stages);
  prefix.row_a_text = trunk.gives_a_row_a_text(prefix.stages);
  return prefix;
}

}  // namespace thaw
