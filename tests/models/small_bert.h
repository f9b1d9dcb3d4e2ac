// SPDX-License-Identifier: Apache-2.0
// A small BERT made on the spot: configuration, batches, a model with random weights.
#pragma once

#include <vector>

#include "models/bert/config.h"
#include "models/bert/input.h"
#include "nn/scope.h"
#include "tests/models/small_model.h"

namespace thaw {

// The words of the small vocabulary, 3 layers of 16; without dropout.
BertConfig small_bert_config();

// Texts of the given lengths, with random words in them.
BertInput small_batch(const BertConfig& config, const std::vector<int32_t>& lengths, Device device, uint64_t seed = 1);

// A model on the device that the environment names, with random weights.
template <typename Model>
struct SmallBert {
  BertConfig config = small_bert_config();
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 11};
  Model model{Scope(store), config};
  SmallBert() { randomise(store); }
  BertInput batch(const std::vector<int32_t>& lengths) const { return small_batch(config, lengths, device); }
};

}  // namespace thaw
