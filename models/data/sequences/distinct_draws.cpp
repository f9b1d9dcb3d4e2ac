// SPDX-License-Identifier: Apache-2.0
// Draws until there are enough.
#include "models/data/sequences/distinct_draws.h"

#include <string_view>
#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t tries_of_one = 100'000;  // in vain

template <typename T>
void add_bytes(std::string& key, const std::vector<T>& values) {
  if (!values.empty()) key.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

}  // namespace

SequenceSplits distinct_draws(const SplitSizes& sizes, uint64_t seed,
                              const std::function<std::optional<LabelledSequence>(RandomDraws&)>& draw) {
  SequenceSplits splits;
  std::unordered_set<std::string> seen;
  RandomDraws draws({seed, 0});
  for (const auto& [split, size] :
       {std::pair{&splits.train, sizes.train}, {&splits.validation, sizes.validation}, {&splits.test, sizes.test}}) {
    for (int64_t tries = 0; std::ssize(*split) < size; ++tries) {
      check(tries < tries_of_one, "there are hardly {} different ones: {} were found", sizes.all(), seen.size());
      std::optional<LabelledSequence> drawn = draw(draws);
      if (!drawn) continue;
      std::string key;
      add_bytes(key, drawn->ids);
      add_bytes(key, drawn->numbers);
      if (!seen.insert(std::move(key)).second) continue;
      split->push_back(std::move(*drawn));
      tries = -1;
    }
  }
  return splits;
}

}  // namespace thaw
