// SPDX-License-Identifier: Apache-2.0
// Weights and words of small models.
#include "tests/models/small_model.h"

#include <utility>
#include <vector>

#include "nn/init.h"
#include "tensor/random_key.h"
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

std::vector<std::vector<int32_t>> small_texts(const std::vector<int32_t>& lengths, uint64_t seed) {
  const auto ordinary = static_cast<uint32_t>(small_vocabulary_size()) - 5;
  std::vector<std::vector<int32_t>> texts;
  for (const int32_t length : lengths) {
    std::vector<int32_t>& text = texts.emplace_back();
    for (int32_t t = 0; t < length; ++t)
      text.push_back(
          static_cast<int32_t>(5 + random_words({seed, texts.size()}, static_cast<uint64_t>(t))[0] % ordinary));
  }
  return texts;
}

std::vector<Encoding> small_encodings(const std::vector<int32_t>& lengths, uint64_t seed) {
  std::vector<Encoding> encodings;
  for (std::vector<int32_t>& ids : small_texts(lengths, seed)) {
    Encoding& encoding = encodings.emplace_back();
    encoding.type_ids.assign(ids.size(), 0);
    encoding.ids = std::move(ids);
  }
  return encodings;
}

void write_small_vocabulary(const std::string& directory, const std::vector<std::string>& special) {
  std::string lines;
  for (size_t i = 0; i < words.size(); ++i) lines += (i < special.size() ? special[i] : words[i]) + "\n";
  write_bytes(directory + "/vocab.txt", lines);
}

}  // namespace thaw
