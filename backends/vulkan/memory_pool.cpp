// SPDX-License-Identifier: Apache-2.0
// Best fit over free ranges that are split and joined. Requests below 1 MiB have chunks of their own, so that they do
// not cut up large ranges.
#include "backends/vulkan/memory_pool.h"

#include <algorithm>
#include <bit>

#include "backends/vulkan/device.h"
#include "backends/vulkan/kernel.h"
#include "backends/vulkan/result.h"

namespace thaw::vulkan {
namespace {

constexpr uint64_t MiB = 1 << 20;
constexpr uint64_t granule = 256;  // alignment of blocks
static_assert(granule % texel_alignment == 0);
constexpr uint64_t small_limit = MiB;
constexpr uint64_t largest_chunk = 256 * MiB;

// Eight classes an octave: a request of nearly the same size finds the same range.
uint64_t rounded(uint64_t bytes) {
  const uint64_t wanted = std::max<uint64_t>(bytes, 1);
  const uint64_t step = std::max(granule, std::bit_floor(wanted) / 8);
  return (wanted + step - 1) / step * step;
}

}  // namespace

Chunk::Chunk(const Device& device, uint64_t size, uint32_t memory_type) : device_(device.handle()), size_(size) {
  VkBufferCreateInfo info{};
  info.sType = VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO;
  info.size = size;
  info.usage = VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT |
               VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_SHADER_DEVICE_ADDRESS_BIT |
               VK_BUFFER_USAGE_UNIFORM_TEXEL_BUFFER_BIT;
  info.sharingMode = VK_SHARING_MODE_EXCLUSIVE;
  if (vkCreateBuffer(device_, &info, nullptr, &buffer_) < 0) return;
  VkMemoryRequirements needs{};
  vkGetBufferMemoryRequirements(device_, buffer_, &needs);
  if (!(needs.memoryTypeBits & (1u << memory_type))) return;
  VkMemoryAllocateFlagsInfo flags{};
  flags.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_FLAGS_INFO;
  flags.flags = VK_MEMORY_ALLOCATE_DEVICE_ADDRESS_BIT;
  VkMemoryAllocateInfo allocate{};
  allocate.sType = VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO;
  allocate.pNext = &flags;
  allocate.allocationSize = needs.size;
  allocate.memoryTypeIndex = memory_type;
  if (vkAllocateMemory(device_, &allocate, nullptr, &memory_) < 0) {
    memory_ = VK_NULL_HANDLE;
    return;
  }
  check_result(vkBindBufferMemory(device_, buffer_, memory_, 0), "vkBindBufferMemory");
  VkBufferDeviceAddressInfo address{};
  address.sType = VK_STRUCTURE_TYPE_BUFFER_DEVICE_ADDRESS_INFO;
  address.buffer = buffer_;
  address_ = vkGetBufferDeviceAddress(device_, &address);
  const VkMemoryPropertyFlags coherent = VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  if ((device.memory().memoryTypes[memory_type].propertyFlags & coherent) == coherent) {
    void* mapped = nullptr;
    check_result(vkMapMemory(device_, memory_, 0, VK_WHOLE_SIZE, 0, &mapped), "vkMapMemory");
    mapped_ = static_cast<std::byte*>(mapped);
  }
}

Chunk::~Chunk() {
  vkDestroyBuffer(device_, buffer_, nullptr);
  vkFreeMemory(device_, memory_, nullptr);
}

MemoryPool::MemoryPool(const Device& device, uint32_t memory_type, uint64_t limit, MemoryStats& stats)
    : device_(device), memory_type_(memory_type), limit_(limit), stats_(stats), next_size_{32 * MiB, 2 * MiB} {}

MemoryPool::~MemoryPool() = default;

VulkanBlock* MemoryPool::allocate(uint64_t bytes) {
  const uint64_t size = rounded(bytes);
  const bool small = size < small_limit;
  std::set<Key>& ranges = by_size_[small];
  auto found = ranges.lower_bound(Key{size, 0, 0});
  if (found == ranges.end()) {
    if (add_chunk(size, small) == areas_.size()) return nullptr;
    found = ranges.lower_bound(Key{size, 0, 0});
  }
  const auto [range_size, index, offset] = *found;
  ranges.erase(found);
  Area& area = areas_[index];
  const Free range = area.free.at(offset);
  area.free.erase(offset);
  if (range.size > size) insert_free(index, offset + size, {range.size - size, range.uses});

  auto* block = new VulkanBlock;
  block->bytes = bytes;
  block->chunk = area.chunk.get();
  block->offset = offset;
  block->size = size;
  block->handle = area.chunk->address() + offset;
  block->owner = reinterpret_cast<void*>(index);
  block->uses = range.uses;
  return block;
}

void MemoryPool::release(VulkanBlock* block) noexcept {
  const auto index = reinterpret_cast<size_t>(block->owner);
  Area& area = areas_[index];
  std::set<Key>& ranges = by_size_[area.small];
  uint64_t offset = block->offset;
  Free range{block->size, block->uses};
  delete block;
  auto next = area.free.lower_bound(offset);
  if (next != area.free.end() && next->first == offset + range.size) {
    ranges.erase(Key{next->second.size, index, next->first});
    range.size += next->second.size;
    range.uses.join(next->second.uses);
    next = area.free.erase(next);
  }
  if (next != area.free.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second.size == offset) {
      ranges.erase(Key{before->second.size, index, before->first});
      offset = before->first;
      range.size += before->second.size;
      range.uses.join(before->second.uses);
      area.free.erase(before);
    }
  }
  insert_free(index, offset, range);
}

void MemoryPool::trim() noexcept {
  for (size_t i = 0; i < areas_.size(); ++i) {
    Area& area = areas_[i];
    if (!area.chunk || area.free.size() != 1 || area.free.begin()->second.size != area.chunk->size()) continue;
    by_size_[area.small].erase(Key{area.chunk->size(), i, 0});
    stats_.reserved_bytes -= area.chunk->size();
    area.free.clear();
    area.chunk.reset();
  }
}

// The index of the new area, or areas_.size(). Tries a chunk for later requests too, then one for this request alone.
size_t MemoryPool::add_chunk(uint64_t bytes, bool small) {
  uint64_t& next = next_size_[small];
  uint64_t size = bytes > next / 2 ? bytes : next;
  if (size == next) next = std::min(next * 2, small ? 32 * MiB : largest_chunk);
  for (;;) {
    std::unique_ptr<Chunk> chunk;
    if (stats_.reserved_bytes + size <= limit_ && size <= device_.available(memory_type_))
      chunk = std::make_unique<Chunk>(device_, size, memory_type_);
    if (chunk && chunk->is_made()) {
      const auto place = std::find_if(areas_.begin(), areas_.end(), [](const Area& area) { return !area.chunk; });
      const auto index = static_cast<size_t>(place - areas_.begin());
      if (place == areas_.end()) areas_.emplace_back();
      areas_[index].chunk = std::move(chunk);
      areas_[index].small = small;
      insert_free(index, 0, {size, {}});
      stats_.reserved_bytes += size;
      ++stats_.system_allocations;
      return index;
    }
    if (size == bytes) return areas_.size();
    size = bytes;
  }
}

void MemoryPool::insert_free(size_t area, uint64_t offset, const Free& range) {
  areas_[area].free.emplace(offset, range);
  by_size_[areas_[area].small].insert(Key{range.size, area, offset});
}

}  // namespace thaw::vulkan
