// SPDX-License-Identifier: Apache-2.0
// Weights and words of small models.
#include "tests/models/small_model.h"

#include <vector>

#include "nn/init.h"
#include "tests/file_bytes.h"

namespace thaw {

namespace {

const std::vector<std::string> words = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a",  "b",   "c",    "d",
                                        "e",     "the",   "cat",   "dog",   "sat",    "on", "mat", "##s",  "##ly",
                                        "good",  "bad",   "very",  "not",   ".",      ",",  "!",   "film", "play"};

}  // namespace

void randomise(const ParameterStore& store) {
  for (const Parameter& p : store.all()) {
    const std::vector<float> values = Init::normal(0.3, 0.1).values(p.value().shape(), store.seed(), p.name());
    p.value().copy_from(Tensor::from_host(values, p.value().shape(), store.device(), store.dtype()));
  }
}

int64_t small_vocabulary_size() { return static_cast<int64_t>(words.size()); }

void write_small_vocabulary(const std::string& directory) {
  std::string lines;
  for (const std::string& word : words) lines += word + "\n";
  write_bytes(directory + "/vocab.txt", lines);
}

}  // namespace thaw
