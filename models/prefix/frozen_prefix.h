// SPDX-License-Identifier: Apache-2.0
// How much of a model of texts is frozen from below. Up to there a model is a row of stages: embeddings, each layer,
// what is behind them (a pooler, a last norm). What they give for a text while nothing of them is trained is a function
// of the text alone (nn/frozen_block.h), and need not be computed again.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "nn/attention_prefix.h"
#include "nn/parameter.h"

namespace thaw {

// A trunk is what lies below a family's heads. It has
//   std::vector<std::string> stages() const               what the names of each stage's parameters begin with; where
//                                                         these are several: std::vector<std::vector<std::string>>
//   int64_t lookup_stages() const                         so many of the first ones multiply nothing: rows of tables
//   bool gives_a_row_a_text(int64_t stages) const         are these stages' results of texts, not of their tokens?
//   Variable states(const Input&, int64_t stages) const   what so many stages give: [T, C], or [B, C]
// and begins behind what its input has `below`.
struct FrozenPrefix {
  int64_t stages = 0, of = 0;           // frozen from below; all
  int64_t lookups = 0;                  // of all: the first ones, without a product
  bool row_a_text = false;              // it gives a row for each text, not for each token
  int64_t first_position = 0;           // of texts: behind a prefix of any layer (nn/attention_prefix.h)
  uint64_t version = 0;                 // another one whenever something was written to what it computes by
  std::vector<std::string> names = {};  // of the frozen stages: what their parameters' names begin with

  bool any() const { return stages > 0; }
  // Rows that are looked up cost no more than keeping them, and are the same bits beside whatever others.
  bool has_products() const { return stages > lookups; }
};

// What the first stages gave for a batch of texts.
struct StatesBelow {
  int64_t stages = 0;  // 0: nothing was computed yet
  Variable states;     // [T, C], or [B, C]
};

inline std::span<const std::string> names_of_stage(const std::string& stage) { return {&stage, 1}; }
inline std::span<const std::string> names_of_stage(const std::vector<std::string>& stage) { return stage; }

// all_rows: what is above reads each token's row; stages that give one row a text count as not frozen.
template <typename Trunk>
FrozenPrefix frozen_prefix(const ParameterStore& store, const Trunk& trunk, bool all_rows = false) {
  const auto stages = trunk.stages();
  FrozenPrefix prefix{.of = static_cast<int64_t>(stages.size()),
                      .lookups = trunk.lookup_stages(),
                      .first_position = prefix_rows(store)};
  for (const auto& stage : stages) {
    const std::span<const std::string> names = names_of_stage(stage);
    if (all_rows && trunk.gives_a_row_a_text(prefix.stages + 1)) break;
    if (std::ranges::any_of(names, [&](const std::string& name) { return store.any_trained(name); })) break;
    for (const std::string& name : names) prefix.version += store.written(name);
    prefix.names.insert(prefix.names.end(), names.begin(), names.end());
    ++prefix.stages;
  }
  prefix.row_a_text = trunk.gives_a_row_a_text(prefix.stages);
  return prefix;
}

}  // namespace thaw
