// SPDX-License-Identifier: Apache-2.0
// Positions count bytes since the ring was made; a region never wraps around the end of the buffer.
#include "backends/vulkan/ring.h"

#include "backends/vulkan/device.h"
#include "backends/vulkan/read_facts.h"
#include "backends/vulkan/result.h"
#include "backends/vulkan/stream.h"

namespace thaw::vulkan {
namespace {

constexpr uint64_t alignment = 64;

}  // namespace

Ring::Ring(const Device& device, Stream& stream)
    : stream_(stream), chunk_(device, bytes, host_memory_type(device.memory(), false)) {
  if (!chunk_.is_made() || !chunk_.mapped())
    fail("{}: no {} MiB of host-visible memory for the staging ring", device.name(), bytes >> 20);
}

Ring::Region Ring::take(uint64_t size) {
  check(size <= largest, "vulkan: {} bytes of launch parameters; the ring gives {} at once", size, largest);
  const uint64_t padded = (size + alignment - 1) / alignment * alignment;
  const uint64_t place = end_ % bytes;
  const uint64_t begin = place + padded > bytes ? end_ + (bytes - place) : end_;
  while (begin + padded - begin_ > bytes) {
    const Taken oldest = taken_.front();
    check(oldest.ticket != held, "vulkan: launch parameters fill the ring of {} MiB", bytes >> 20);
    stream_.wait(oldest.ticket);
    begin_ = oldest.end;
    taken_.pop_front();
    ++first_id_;
  }
  end_ = begin + padded;
  taken_.push_back({end_, held});
  const uint64_t offset = begin % bytes;
  return {first_id_ + taken_.size() - 1, offset, chunk_.address() + offset, chunk_.mapped() + offset};
}

void Ring::give_back(uint64_t id, uint64_t ticket) { taken_[id - first_id_].ticket = ticket; }

}  // namespace thaw::vulkan
