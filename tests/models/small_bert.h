// SPDX-License-Identifier: Apache-2.0
// A small BERT made on the spot: configuration, vocabulary, batches, directories with random weights.
#pragma once

#include <string>
#include <vector>

#include "models/bert/config.h"
#include "models/bert/input.h"
#include "models/hub/save_pretrained.h"
#include "nn/scope.h"

namespace thaw {

// Biases and norms far from their first values, so that a name mistaken for another shows.
void randomise(const ParameterStore& store);

// 27 words, 3 layers of 16; without dropout.
BertConfig small_bert_config();

// vocab.txt with as many lines as the configuration has words.
void write_small_vocabulary(const std::string& directory);

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

// A directory as the reference library writes it.
template <typename Model>
void write_small_bert(const std::string& directory, const typename Model::Config& config, uint64_t seed = 7) {
  ParameterStore store(Device::open("reference"), DType::f32, seed);
  const Model model(Scope(store), config);
  randomise(store);
  save_pretrained(directory, config.to_json(Model::architecture), store);
  write_small_vocabulary(directory);
}

}  // namespace thaw
