// SPDX-License-Identifier: Apache-2.0
// Directories of small models of any family, made on the spot: random weights, a vocabulary of a few words.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/save_pretrained.h"
#include "nn/scope.h"

namespace thaw {

// Biases and norms far from their first values, so that a name mistaken for another shows.
void randomise(const ParameterStore& store);

int64_t small_vocabulary_size();
// vocab.txt of so many words, BERT's special tokens first.
void write_small_vocabulary(const std::string& directory);

// A directory as the reference library writes it.
template <typename Model>
void write_small_model(const std::string& directory, const typename Model::Config& config, uint64_t seed = 7) {
  ParameterStore store(Device::open("reference"), DType::f32, seed);
  const Model model(Scope(store), config);
  randomise(store);
  save_pretrained(directory, config.to_json(Model::architecture), store);
  write_small_vocabulary(directory);
}

}  // namespace thaw
