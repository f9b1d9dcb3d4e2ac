// SPDX-License-Identifier: Apache-2.0
// Lists on the host, pools on the device.
#include "models/generation/key_value_cache.h"

#include <algorithm>
#include <utility>

#include "tensor/check.h"

namespace thaw {
namespace {

constexpr int64_t least_room = 64;

}  // namespace

void KeyValueCache::start(std::span<const int32_t> lengths) {
  for (size_t row = 0; row < lengths.size(); ++row)
    check(lengths[row] > 0, "KeyValueCache: row {} begins without tokens", row);
  for (Pool& pool : pools_) pool = {};
  kept_ = 0;
  fresh_ = all_ = Segments({lengths.begin(), lengths.end()}, device_);
  size_ = all_.total();
  places_ = {};
}

void KeyValueCache::step(std::span<const int32_t> parents) {
  const bool in_order = !places_.device().defined();
  const int64_t rows = all_.defined() ? all_.count() : 0;
  std::vector<int32_t> lengths, places;
  int64_t end = size_;
  for (const int32_t parent : parents) {
    check(parent >= 0 && parent < rows, "KeyValueCache: row {} of {}", parent, rows);
    const int32_t begin = all_.begin(parent), length = all_.length(parent);
    if (in_order) {
      for (int32_t place = begin; place < begin + length; ++place) places.push_back(place);
    } else {
      const std::span<const int32_t> before =
          places_.host().subspan(static_cast<size_t>(begin), static_cast<size_t>(length));
      places.insert(places.end(), before.begin(), before.end());
    }
    places.push_back(static_cast<int32_t>(end++));
    lengths.push_back(length + 1);
  }
  kept_ = std::exchange(size_, end);
  fresh_ = Segments(std::vector<int32_t>(parents.size(), 1), device_);
  all_ = Segments(lengths, device_);
  places_ = Indices(std::move(places), device_);
}

void KeyValueCache::append(Tensor& pool, const Tensor& rows) const {
  const int64_t room = pool.defined() ? pool.size(0) : 0;
  if (room < size_) {
    const Tensor larger =
        Tensor::empty({std::max({size_, 2 * room, least_room}), rows.size(1), rows.size(2)}, rows.dtype(), device_);
    if (kept_ > 0) larger.slice(0, 0, kept_).copy_from(pool.slice(0, 0, kept_));
    pool = larger;
  }
  pool.slice(0, kept_, size_).copy_from(rows);
}

KeyValueCache::Seen KeyValueCache::keep(size_t layer, const Tensor& keys, const Tensor& values) {
  check(layer < pools_.size(), "KeyValueCache: layer {} of {}", layer, pools_.size());
  check(keys.rank() == 3 && keys.shape() == values.shape() && keys.size(0) == size_ - kept_,
        "KeyValueCache: keys {} and values {} of {} new tokens", keys.shape(), values.shape(), size_ - kept_);
  Pool& pool = pools_[layer];
  append(pool.keys, keys);
  append(pool.values, values);
  if (!places_.device().defined()) return {keys, values, all_, {}};
  return {pool.keys, pool.values, all_, places_};
}

}  // namespace thaw
