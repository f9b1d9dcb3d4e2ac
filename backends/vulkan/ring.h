// SPDX-License-Identifier: Apache-2.0
// A few MiB of host memory that the device reads, used round and round: bytes on their way into blocks, and parameters
// of launches.
#pragma once

#include <cstdint>
#include <deque>

#include "backends/vulkan/memory_pool.h"

namespace thaw::vulkan {

class Stream;

class Ring {
 public:
  static constexpr uint64_t bytes = 8 << 20;
  static constexpr uint64_t largest = bytes / 4;  // of one region

  Ring(const Device& device, Stream& stream);

  struct Region {
    uint64_t id = 0;
    uint64_t offset = 0;   // in the buffer
    uint64_t address = 0;  // on the device
    std::byte* host = nullptr;
  };
  // A region of at most `largest` bytes. Waits for the device when the ring is full.
  Region take(uint64_t size);
  // What is recorded until now are its last readers: it can be used again after the submission `ticket`.
  void give_back(uint64_t id, uint64_t ticket);
  VkBuffer buffer() const { return chunk_.buffer(); }

 private:
  static constexpr uint64_t held = ~uint64_t{0};
  struct Taken {
    uint64_t end;     // position, in bytes since the beginning of time
    uint64_t ticket;  // `held`, or the last submission that reads it
  };

  Stream& stream_;
  Chunk chunk_;
  std::deque<Taken> taken_;
  uint64_t first_id_ = 1;         // of taken_.front()
  uint64_t begin_ = 0, end_ = 0;  // positions: what is in use
};

}  // namespace thaw::vulkan
