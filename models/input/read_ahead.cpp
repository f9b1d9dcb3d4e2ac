// SPDX-License-Identifier: Apache-2.0
// One thread reads, one takes.
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
    lock.unlock();
    Read read;
    try {
      read.numbers = source->numbers();
    } catch (...) {
      read.error = std::current_exception();
    }
    lock.lock();
    if (round != round_ || place != next()) continue;  // it is not expected any more
    ++counts_.read;
    numbers_ += std::ssize(read.numbers);
    read_.push_back(std::move(read));
    has_read_.notify_all();
  }
}

void ReadAhead::drop_first() {
  ++first_;
  if (read_.empty()) return;
  numbers_ -= std::ssize(read_.front().numbers);
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
  Read read = std::move(read_.front());
  numbers_ -= std::ssize(read.numbers);
  read_.pop_front();
  ++first_;
  lock.unlock();
  has_room_.notify_all();
  if (read.error) std::rethrow_exception(read.error);
  return std::move(read.numbers);
}

ReadCounts ReadAhead::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace thaw
