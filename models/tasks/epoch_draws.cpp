// SPDX-License-Identifier: Apache-2.0
// One draw of Philox makes a key.
#include "models/tasks/epoch_draws.h"

namespace thaw {
namespace {

// Streams of the seed, apart from those of dropout, of orders and of samples.
constexpr uint64_t first_stream = uint64_t{5} << 61;

}  // namespace

RandomKey epoch_key(uint64_t seed, int64_t epoch, int64_t example) {
  const RandomKey of_epoch{epoch == judging_epoch ? 0 : seed, first_stream + static_cast<uint64_t>(epoch + 1)};
  const auto words = random_words(of_epoch, static_cast<uint64_t>(example));
  const auto joined = [](uint32_t high, uint32_t low) { return static_cast<uint64_t>(high) << 32 | low; };
  return {joined(words[0], words[1]), joined(words[2], words[3])};
}

}  // namespace thaw
