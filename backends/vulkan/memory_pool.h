// SPDX-License-Identifier: Apache-2.0
// Device memory in large chunks, handed out in pieces. A piece given back can be handed out at once: whoever uses it
// next comes later in the queue, and the uses that are kept with free memory (hazards.h) tell the stream to place a
// barrier.
#pragma once

#include <vulkan/vulkan.h>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

#include "backends/vulkan/hazards.h"
#include "tensor/memory_stats.h"
#include "tensor/view.h"

namespace thaw::vulkan {

class Device;
class MemoryPool;

// A buffer with its own memory.
class Chunk {
 public:
  // Throws nothing: memory is VK_NULL_HANDLE when the device has no room for it.
  Chunk(const Device& device, uint64_t size, uint32_t memory_type);
  ~Chunk();
  Chunk(const Chunk&) = delete;
  Chunk& operator=(const Chunk&) = delete;

  bool is_made() const { return memory_ != VK_NULL_HANDLE; }
  VkBuffer buffer() const { return buffer_; }
  uint64_t size() const { return size_; }
  uint64_t address() const { return address_; }
  std::byte* mapped() const { return mapped_; }  // null if the host cannot see it

 private:
  VkDevice device_;
  uint64_t size_;
  VkBuffer buffer_ = VK_NULL_HANDLE;
  VkDeviceMemory memory_ = VK_NULL_HANDLE;
  uint64_t address_ = 0;
  std::byte* mapped_ = nullptr;
};

// What the contract's Block is here. Its last uses are bookkeeping: kernels get blocks as const.
struct VulkanBlock : Block {
  MemoryPool* pool = nullptr;
  const Chunk* chunk = nullptr;
  uint64_t offset = 0;  // in the chunk
  uint64_t size = 0;    // taken from the chunk
  mutable Uses uses;

  std::byte* mapped() const { return chunk->mapped() ? chunk->mapped() + offset : nullptr; }
};

inline const VulkanBlock& vulkan_block(const Block& block) { return static_cast<const VulkanBlock&>(block); }

class MemoryPool {
 public:
  // `limit`: bytes that may be reserved. `stats`: whose reserved_bytes and system_allocations are kept.
  MemoryPool(const Device& device, uint32_t memory_type, uint64_t limit, MemoryStats& stats);
  ~MemoryPool();

  // Best fit; null when neither the pool nor the device has room.
  VulkanBlock* allocate(uint64_t bytes);
  void release(VulkanBlock* block) noexcept;
  // Gives chunks that hold nothing back to the device, which must be idle.
  void trim() noexcept;

 private:
  struct Free {
    uint64_t size = 0;
    Uses uses;
  };
  struct Area {
    std::unique_ptr<Chunk> chunk;
    bool small = false;
    std::map<uint64_t, Free> free;  // by offset
  };
  using Key = std::tuple<uint64_t, size_t, uint64_t>;  // size, area, offset

  size_t add_chunk(uint64_t bytes, bool small);
  void insert_free(size_t area, uint64_t offset, const Free& range);

  const Device& device_;
  uint32_t memory_type_;
  uint64_t limit_;
  MemoryStats& stats_;
  std::vector<Area> areas_;   // a trimmed area has no chunk, its place is used again
  std::set<Key> by_size_[2];  // free ranges of large and small areas
  uint64_t next_size_[2];
};

}  // namespace thaw::vulkan
