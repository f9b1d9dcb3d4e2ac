// SPDX-License-Identifier: Apache-2.0
// Directories of small models of any family, made on the spot: random weights, a vocabulary of a few words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/save_pretrained.h"
#include "models/text/encoding.h"
#include "nn/scope.h"

namespace thaw {

// Biases and norms far from their first values, so that a name mistaken for another shows.
void randomise(const ParameterStore& store);

int64_t small_vocabulary_size();
// Ids of texts of these lengths, random ones behind the special ones of the small vocabulary; the same with types 0.
std::vector<std::vector<int32_t>> small_texts(const std::vector<int32_t>& lengths, uint64_t seed = 1);
std::vector<Encoding> small_encodings(const std::vector<int32_t>& lengths, uint64_t seed = 1);
// vocab.txt of so many words, five special tokens first: BERT's, or those given.
void write_small_vocabulary(const std::string& directory, const std::vector<std::string>& special = {});

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
