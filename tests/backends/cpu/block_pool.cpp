// SPDX-License-Identifier: Apache-2.0
// The pool of blocks: reuse, growth together, statistics, refusal.
#include "backends/cpu/block_pool.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>
#include <vector>

using thaw::cpu::BlockPool;

TEST_CASE("block pool: freed memory is used again, and neighbours grow together") {
  BlockPool pool;
  constexpr size_t megabyte = size_t{1} << 20;
  void* const a = pool.allocate(3 * megabyte);
  void* const b = pool.allocate(5 * megabyte);
  CHECK(reinterpret_cast<uintptr_t>(b) % 64 == 0);
  CHECK(pool.stats().live_bytes == 8 * megabyte);
  CHECK(pool.stats().live_blocks == 2);
  pool.release(a, 3 * megabyte);
  CHECK(pool.allocate(2 * megabyte) == a);
  pool.release(a, 2 * megabyte);
  pool.release(b, 5 * megabyte);
  CHECK(pool.allocate(8 * megabyte) == a);
  CHECK(pool.stats().system_allocations == 1);
  CHECK(pool.stats().peak_bytes == 8 * megabyte);
  pool.release(a, 8 * megabyte);
  CHECK(pool.stats().live_bytes == 0);
  CHECK(pool.stats().reserved_bytes > 0);
  pool.trim();
  CHECK(pool.stats().reserved_bytes == 0);
}

TEST_CASE("block pool: blocks do not overlap, whatever the order of their deaths") {
  BlockPool pool;
  struct Owned {
    unsigned char* data;
    size_t bytes;
    unsigned char mark;
  };
  std::vector<Owned> owned;
  uint32_t state = 1;
  const auto draw = [&state](uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
  };
  for (int round = 0; round < 3000; ++round) {
    if (owned.size() < 40 || draw(2) == 0) {
      const size_t bytes = draw(4) == 0 ? draw(900000) : draw(3000);
      auto* const data = static_cast<unsigned char*>(pool.allocate(bytes));
      const auto mark = static_cast<unsigned char>(round);
      std::memset(data, mark, bytes);
      owned.push_back({data, bytes, mark});
    } else {
      const size_t which = draw(static_cast<uint32_t>(owned.size()));
      const Owned dead = owned[which];
      owned.erase(owned.begin() + static_cast<ptrdiff_t>(which));
      bool whole = true;
      for (size_t i = 0; i < dead.bytes; ++i) whole = whole && dead.data[i] == dead.mark;
      CHECK(whole);
      pool.release(dead.data, dead.bytes);
    }
  }
  for (const Owned& last : owned) pool.release(last.data, last.bytes);
  CHECK(pool.stats().live_bytes == 0);
  CHECK(pool.stats().live_blocks == 0);
}

TEST_CASE("block pool: what cannot be had is one error that says how much") {
  BlockPool pool;
  CHECK_THROWS_WITH_AS(pool.allocate(size_t{1} << 60), doctest::Contains("out of memory"), thaw::OutOfMemory);
  CHECK_THROWS_AS(pool.allocate(~size_t{0}), thaw::OutOfMemory);
  CHECK(pool.stats().live_bytes == 0);
  void* const none = pool.allocate(0);
  CHECK(none != nullptr);
  pool.release(none, 0);
}
