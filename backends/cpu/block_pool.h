// SPDX-License-Identifier: Apache-2.0
// Memory of tensors: large regions from the system, cut into blocks of the size asked for; freed neighbours grow
// together again. So batches of ever other sizes reuse the same pages, and the memory of a run stays near the most that
// was ever alive at once.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "tensor/memory_stats.h"

namespace thaw::cpu {

class BlockPool {
 public:
  BlockPool() = default;
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // At least `bytes` bytes, aligned to 64; OutOfMemory if the system has no more.
  void* allocate(size_t bytes);
  void release(void* address, size_t bytes) noexcept;
  // Gives regions in which nothing is alive back to the system.
  void trim() noexcept;
  MemoryStats& stats() { return stats_; }

 private:
  using Key = std::pair<size_t, char*>;  // size, address: the smallest that fits, at the lowest address
  struct Piece {
    size_t bytes;
    char* region;  // which region it was cut from: pieces of two regions never join
    bool small;  // a region serves small blocks or large ones: small ones that live long must not split the room of the
                 // large
    bool free;
  };
  using Pieces = std::map<char*, Piece>;

  static size_t rounded(size_t bytes);
  void add_region(size_t bytes, bool small);
  void trim_locked() noexcept;

  std::mutex mutex_;
  std::map<char*, size_t> regions_;
  Pieces pieces_;                      // all pieces by address
  std::array<std::set<Key>, 2> free_;  // of large and small regions
  MemoryStats stats_;
};

}  // namespace thaw::cpu
