// SPDX-License-Identifier: Apache-2.0
// The host's view of a random stream, from the formula that the kernels include.
#include "backends/shared/philox.h"

#include "tensor/random_key.h"

namespace thaw {

std::array<uint32_t, 4> random_words(RandomKey key, uint64_t block) {
  const philox::uvec4 words = philox::stream_words(block, key.seed, key.stream);
  return {words.x, words.y, words.z, words.w};
}

std::array<uint32_t, 4> attention_words(RandomKey key, uint32_t head, uint32_t query, uint32_t key_block) {
  const philox::uvec4 words = philox::attention_words(key_block, query, head, key.seed, key.stream);
  return {words.x, words.y, words.z, words.w};
}

}  // namespace thaw
