// SPDX-License-Identifier: Apache-2.0
// One thread reads, one takes. What is kept goes through the same places, so that their order is one.
#include "models/input/read_ahead.h"

#include <algorithm>
#include <utility>

namespace thaw {

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  has_room_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void ReadAhead::expect(std::vector<std::shared_ptr<const RowSource>> in_order) {
  {
    const std::lock_guard lock(mutex_);
    if (are_last_of_expected(in_order)) {
      while (expected_.size() - first_ > in_order.size()) drop_first();
    } else {
      ++round_;
      expected_ = std::move(in_order);
      places_.clear();
      for (size_t place = expected_.size(); place-- > 0;) places_[expected_[place].get()].push_back(place);
      first_ = 0;
      read_.clear();
      numbers_ = 0;
      int64_t all = 0;
      for (const auto& [source, where] : places_) all += source->rows() * source->width();
      keeps_ = all <= most_numbers_;
    }
    if (!thread_.joinable() && !expected_.empty()) thread_ = std::thread([this] { read_on(); });
  }
  has_room_.notify_all();
}

bool ReadAhead::are_last_of_expected(const std::vector<std::shared_ptr<const RowSource>>& in_order) const {
  return in_order.size() <= expected_.size() - first_ &&
         std::equal(in_order.rbegin(), in_order.rend(), expected_.rbegin());
}

void ReadAhead::read_on() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto next = [this] { return first_ + read_.size(); };
    has_room_.wait(lock, [&] { return ends_ || (next() < expected_.size() && numbers_ < most_numbers_); });
    if (ends_) return;
    const size_t place = next();
    const uint64_t round = round_;
    const std::shared_ptr<const RowSource> source = expected_[place];
    if (const auto kept = kept_.find(source); kept != kept_.end()) {
      read_.push_back({.numbers = kept->second, .is_kept = true, .error = {}});
      has_read_.notify_all();
      continue;
    }
    lock.unlock();
    Read read = read_now(*source);
    lock.lock();
    if (round != round_ || place != next()) continue;  // it is not expected any more
    ++counts_.read;
    keep(source, read);
    if (!read.is_kept) numbers_ += std::ssize(*read.numbers);
    read_.push_back(std::move(read));
    has_read_.notify_all();
  }
}

ReadAhead::Read ReadAhead::read_now(const RowSource& source) const {
  Read read{.numbers = std::make_shared<std::vector<float>>(), .is_kept = false, .error = {}};
  try {
    *read.numbers = source.numbers();
  } catch (...) {
    read.error = std::current_exception();
  }
  return read;
}

void ReadAhead::keep(const std::shared_ptr<const RowSource>& source, Read& read) {
  const int64_t count = std::ssize(*read.numbers);
  if (!keeps_ || read.error || kept_numbers_ + count > most_numbers_) return;
  kept_numbers_ += count;
  kept_[source] = read.numbers;
  read.is_kept = true;
}

void ReadAhead::drop_first() {
  ++first_;
  if (read_.empty()) return;
  if (!read_.front().is_kept) numbers_ -= std::ssize(*read_.front().numbers);
  read_.pop_front();
}

std::optional<size_t> ReadAhead::next_place(const RowSource& source) {
  const auto found = places_.find(&source);
  if (found == places_.end()) return {};
  std::vector<size_t>& places = found->second;
  while (!places.empty() && places.back() < first_) places.pop_back();
  if (places.empty() || (&source == last_ && places.back() != first_)) return {};
  return places.back();
}

std::vector<float> ReadAhead::take(const RowSource& source) {
  std::unique_lock lock(mutex_);
  const std::optional<size_t> place = next_place(source);
  if (!place) {
    ++counts_.missed;
    lock.unlock();
    return source.numbers();
  }
  last_ = &source;
  while (first_ < *place) drop_first();
  has_room_.notify_all();
  ++counts_.taken;
  if (read_.empty()) ++counts_.waited;
  has_read_.wait(lock, [this] { return !read_.empty(); });
  const Read read = read_.front();
  drop_first();
  lock.unlock();
  has_room_.notify_all();
  if (read.error) std::rethrow_exception(read.error);
  return read.is_kept ? *read.numbers : std::move(*read.numbers);
}

ReadCounts ReadAhead::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace thaw
