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

void KeyValueCache::begin_with(size_t layer, const Tensor& keys, const Tensor& values) {
  check(layer < pools_.size(), "KeyValueCache: layer {} of {}", layer, pools_.size());
  check(keys.rank() == 3 && keys.shape() == values.shape(), "KeyValueCache: keys {} and values {} to begin with",
        keys.shape(), values.shape());
  pools_[layer] = {{}, {}, keys, values};
}

void KeyValueCache::start(std::span<const int32_t> lengths) {
  for (size_t row = 0; row < lengths.size(); ++row)
    check(lengths[row] > 0, "KeyValueCache: row {} begins without tokens", row);
  for (Pool& pool : pools_) pool.keys = pool.values = {};
  kept_ = 0;
  fresh_ = all_ = Segments({lengths.begin(), lengths.end()}, device_);
  size_ = all_.total();
  in_order_ = true;
}

void KeyValueCache::step(std::span<const int32_t> parents) {
  const int64_t rows = all_.defined() ? all_.count() : 0;
  std::vector<int32_t> lengths, places;
  int64_t end = size_;
  for (const int32_t parent : parents) {
    check(parent >= 0 && parent < rows, "KeyValueCache: row {} of {}", parent, rows);
    const int32_t begin = all_.begin(parent), length = all_.length(parent);
    if (in_order_) {
      for (int32_t place = begin; place < begin + length; ++place) places.push_back(place);
    } else {
      const std::span<const int32_t> before =
          std::span(places_).subspan(static_cast<size_t>(begin), static_cast<size_t>(length));
      places.insert(places.end(), before.begin(), before.end());
    }
    places.push_back(static_cast<int32_t>(end++));
    lengths.push_back(length + 1);
  }
  kept_ = std::exchange(size_, end);
  fresh_ = Segments(std::vector<int32_t>(parents.size(), 1), device_);
  all_ = Segments(lengths, device_);
  places_ = std::move(places);
  in_order_ = false;
  lists_.clear();
  for (const Pool& pool : pools_)
    if (!lists_.contains(pool.first())) lists_.emplace(pool.first(), lists_behind(pool.first()));
}

KeyValueCache::Lists KeyValueCache::lists_behind(int64_t first) const {
  if (first == 0) return {all_, Indices(places_, device_)};
  const auto n = static_cast<int32_t>(first);
  std::vector<int32_t> lengths, places;
  for (int64_t row = 0; row < all_.count(); ++row) {
    lengths.push_back(n + all_.length(row));
    for (int32_t i = 0; i < n; ++i) places.push_back(i);
    for (int32_t i = all_.begin(row); i < all_.end(row); ++i) places.push_back(n + places_[static_cast<size_t>(i)]);
  }
  return {Segments(lengths, device_), Indices(std::move(places), device_)};
}

void KeyValueCache::append(Tensor& pool, const Tensor& first, const Tensor& rows) const {
  const int64_t before = first.defined() ? first.size(0) : 0, begin = before + kept_, end = before + size_;
  const int64_t room = pool.defined() ? pool.size(0) : 0;
  if (room < end) {
    const Tensor larger =
        Tensor::empty({std::max({end, 2 * room, least_room}), rows.size(1), rows.size(2)}, rows.dtype(), device_);
    if (kept_ > 0)
      larger.slice(0, 0, begin).copy_from(pool.slice(0, 0, begin));
    else if (before > 0)
      larger.slice(0, 0, before).copy_from(first);
    pool = larger;
  }
  pool.slice(0, begin, end).copy_from(rows);
}

KeyValueCache::Seen KeyValueCache::keep(size_t layer, const Tensor& keys, const Tensor& values) {
  check(layer < pools_.size(), "KeyValueCache: layer {} of {}", layer, pools_.size());
  check(keys.rank() == 3 && keys.shape() == values.shape() && keys.size(0) == size_ - kept_,
        "KeyValueCache: keys {} and values {} of {} new tokens", keys.shape(), values.shape(), size_ - kept_);
  Pool& pool = pools_[layer];
  append(pool.keys, pool.first_keys, keys);
  append(pool.values, pool.first_values, values);
  if (in_order_) return {keys, values, all_, {}};
  const Lists& lists = lists_.at(pool.first());
  return {pool.keys, pool.values, lists.all, lists.places};
}

}  // namespace thaw
