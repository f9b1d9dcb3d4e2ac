// SPDX-License-Identifier: Apache-2.0
// Best fit with splitting and joining.
#include "backends/cpu/block_pool.h"

#include <sys/mman.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace thaw::cpu {
namespace {

constexpr size_t alignment = 64;
constexpr size_t large_block = size_t{64} << 10;
constexpr size_t large_region = size_t{32} << 20;
constexpr size_t small_region = size_t{4} << 20;
constexpr size_t huge_page = size_t{2} << 20;

}  // namespace

BlockPool::~BlockPool() {
  for (const auto& [address, bytes] : regions_) munmap(address, bytes);
}

size_t BlockPool::rounded(size_t bytes) {
  // Large blocks end on pages of 4 K, so that two threads' blocks never share one and best fit leaves fewer crumbs.
  const size_t step = bytes >= large_block ? 4096 : alignment;
  return std::max(alignment, (bytes + step - 1) / step * step);
}

void* BlockPool::allocate(size_t bytes) {
  const std::lock_guard lock(mutex_);
  if (bytes > std::numeric_limits<size_t>::max() / 4) throw OutOfMemory("cpu", bytes, stats_);
  const size_t size = rounded(bytes);
  const bool small = size < large_block;
  std::set<Key>& candidates = free_[small];
  auto found = candidates.lower_bound({size, nullptr});
  if (found == candidates.end()) {
    add_region(size, small);
    found = candidates.lower_bound({size, nullptr});
  }
  char* const address = found->second;
  candidates.erase(found);
  Piece& piece = pieces_.at(address);
  piece.free = false;
  if (piece.bytes > size) {
    const Piece rest{piece.bytes - size, piece.region, small, true};
    piece.bytes = size;
    pieces_.emplace(address + size, rest);
    candidates.emplace(rest.bytes, address + size);
  }
  stats_.allocated(bytes);
  return address;
}

void BlockPool::release(void* address, size_t bytes) noexcept {
  const std::lock_guard lock(mutex_);
  stats_.released(bytes);
  auto piece = pieces_.find(static_cast<char*>(address));
  piece->second.free = true;
  std::set<Key>& candidates = free_[piece->second.small];
  const auto joins = [](Pieces::iterator left, Pieces::iterator right) {
    return left->second.free && right->second.free && left->second.region == right->second.region &&
           left->first + left->second.bytes == right->first;
  };
  if (const auto next = std::next(piece); next != pieces_.end() && joins(piece, next)) {
    candidates.erase({next->second.bytes, next->first});
    piece->second.bytes += next->second.bytes;
    pieces_.erase(next);
  }
  if (piece != pieces_.begin() && joins(std::prev(piece), piece)) {
    const auto left = std::prev(piece);
    candidates.erase({left->second.bytes, left->first});
    left->second.bytes += piece->second.bytes;
    pieces_.erase(piece);
    piece = left;
  }
  candidates.emplace(piece->second.bytes, piece->first);
}

void BlockPool::trim() noexcept {
  const std::lock_guard lock(mutex_);
  trim_locked();
}

void BlockPool::trim_locked() noexcept {
  for (auto region = regions_.begin(); region != regions_.end();) {
    const auto piece = pieces_.find(region->first);
    if (!piece->second.free || piece->second.bytes != region->second) {
      ++region;
      continue;
    }
    free_[piece->second.small].erase({piece->second.bytes, piece->first});
    pieces_.erase(piece);
    munmap(region->first, region->second);
    stats_.reserved_bytes -= region->second;
    region = regions_.erase(region);
  }
}

// A region holds what is asked for now and a quarter of what is reserved, so that there are few of them; pages cost
// nothing until they are touched.
void BlockPool::add_region(size_t bytes, bool small) {
  const auto map = [](size_t size) {
    void* const address = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return address == MAP_FAILED ? nullptr : static_cast<char*>(address);
  };
  const size_t least = (bytes + huge_page - 1) / huge_page * huge_page;
  size_t size =
      small ? std::max(least, small_region)
            : std::max({least, large_region, static_cast<size_t>(stats_.reserved_bytes / 4) / huge_page * huge_page});
  char* address = map(size);
  if (!address) {
    trim_locked();
    size = least;
    address = map(size);
  }
  if (!address) throw OutOfMemory("cpu", bytes, stats_);
  madvise(address, size, MADV_HUGEPAGE);
  regions_.emplace(address, size);
  pieces_.emplace(address, Piece{size, address, small, true});
  free_[small].emplace(size, address);
  stats_.reserved_bytes += size;
  ++stats_.system_allocations;
}

}  // namespace thaw::cpu
