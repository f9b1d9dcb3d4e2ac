// SPDX-License-Identifier: Apache-2.0
// The one store of packed weights.
#include "backends/cpu/packed_weights.h"

#include "backends/cpu/gemm.h"

namespace thaw::cpu {

void PackedWeights::forget(const Block& block) noexcept {
  const std::lock_guard lock(mutex_);
  entries_.erase(&block);
}

uint64_t PackedWeights::bytes() {
  const std::lock_guard lock(mutex_);
  uint64_t sum = 0;
  for (const auto& [block, entries] : entries_)
    for (const Entry& entry : entries) sum += entry.packed.get_desc().get_size();
  return sum;
}

PackedWeights& packed_weights() {
  // Never destroyed: blocks may be released after it would be.
  static PackedWeights& all = *new PackedWeights;
  return all;
}

void forget_packed(const Block& block) noexcept { packed_weights().forget(block); }
uint64_t packed_bytes() { return packed_weights().bytes(); }

}  // namespace thaw::cpu
