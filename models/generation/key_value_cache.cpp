// SPDX-License-Identifier: Apache-2.0
// Lists on the host, pools on the device.
#include "models/generation/key_value_cache.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

constexpr int64_t least_room = 64;

Tensor flat(const Tensor& x) { return x.reshape({x.size(0), x.size(1) * x.size(2)}); }

}  // namespace

void KeyValueCache::start(std::span<const int32_t> lengths) {
  for (Pool& pool : pools_) pool = {};
  rows_.clear();
  size_ = 0;
  is_start_ = true;
  for (const int32_t length : lengths) {
    check(length > 0, "KeyValueCache: row {} begins without tokens", rows_.size());
    std::vector<int32_t>& row = rows_.emplace_back(static_cast<size_t>(length));
    std::iota(row.begin(), row.end(), static_cast<int32_t>(size_));
    size_ += length;
  }
  kept_ = 0;
  fresh_ = all_ = Segments({lengths.begin(), lengths.end()}, device_);
}

void KeyValueCache::step(std::span<const int32_t> parents) {
  is_start_ = false;
  std::vector<std::vector<int32_t>> next;
  std::vector<int32_t> lengths, places;
  kept_ = size_;
  for (const int32_t parent : parents) {
    check(parent >= 0 && static_cast<size_t>(parent) < rows_.size(), "KeyValueCache: row {} of {}", parent,
          rows_.size());
    std::vector<int32_t>& row = next.emplace_back(rows_[static_cast<size_t>(parent)]);
    row.push_back(static_cast<int32_t>(size_++));
    lengths.push_back(static_cast<int32_t>(row.size()));
    places.insert(places.end(), row.begin(), row.end());
  }
  rows_ = std::move(next);
  fresh_ = Segments(std::vector<int32_t>(parents.size(), 1), device_);
  all_ = Segments(lengths, device_);
  places_ = Indices(places, device_);
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
  if (is_start_) return {keys, values, all_};
  const Shape shape{all_.total(), keys.size(1), keys.size(2)};
  return {gather_rows(flat(pool.keys), places_).reshape(shape), gather_rows(flat(pool.values), places_).reshape(shape),
          all_};
}

}  // namespace thaw
