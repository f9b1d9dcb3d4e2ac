// SPDX-License-Identifier: Apache-2.0
// What the frozen part at the bottom of a model gives for examples. It is the same in every epoch: it is computed once
// and kept on the host, as far as it fits. C channels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <unordered_map>
#include <vector>

#include "tensor/tensor.h"

namespace thaw {

class FrozenRows {
 public:
  // Examples of one number give the same.
  struct Example {
    int64_t number;
    int64_t rows;  // that it gives: its tokens
  };
  struct Plan {
    int64_t examples = 0, kept = 0;  // different ones; those of them that fit
    int64_t bytes = 0;               // of what is kept
  };
  // What the examples of these numbers give, side by side: [their rows, C].
  using Compute = std::function<Tensor(std::span<const int64_t> numbers)>;

  // From now on keeps what these examples give: of those that are not kept yet the first ones that fit into
  // `most_bytes`. An example is computed with others of like length, at most `rows_at_once` rows together (0: as many
  // as is fast), and always with the same ones: what it gives depends neither on the order of training's batches, nor
  // on where a run is resumed.
  Plan keep(std::span<const Example> examples, int64_t row_bytes, int64_t most_bytes, int64_t rows_at_once);
  bool keeps_any() const { return !blocks_.empty(); }
  // What these examples give, side by side. Kept ones are computed when they are first asked for, the others each time.
  Tensor operator()(std::span<const Example> examples, const Compute& compute);
  // What is asked for from now on is computed by weights of this version: what others gave is forgotten.
  void of_version(uint64_t version);

 private:
  // Examples that are computed together.
  struct Block {
    std::vector<int64_t> numbers;
    int64_t rows = 0;
    std::vector<std::byte> bytes;  // empty: not yet
  };
  struct Place {
    size_t block;
    int64_t first_row;  // in the block
  };

  void compute_block(Block& block, const Compute& compute);

  std::vector<Block> blocks_;
  std::unordered_map<int64_t, Place> places_;  // by number
  Tensor like_;                                // [0, C], where the model computes
  uint64_t version_ = 0;
};

}  // namespace thaw
