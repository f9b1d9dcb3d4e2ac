// SPDX-License-Identifier: Apache-2.0
// One thread reads, one takes.
#include "models/input/read_ahead.h"

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
    ++round_;
    expected_ = std::move(in_order);
    places_.clear();
    for (size_t place = 0; place < expected_.size(); ++place) places_[expected_[place].get()] = place;
    first_ = 0;
    read_.clear();
    numbers_ = 0;
    if (!thread_.joinable()) thread_ = std::thread([this] { read_on(); });
  }
  has_room_.notify_all();
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

std::vector<float> ReadAhead::take(const RowSource& source) {
  std::unique_lock lock(mutex_);
  const auto place = places_.find(&source);
  if (place == places_.end() || place->second < first_) {
    lock.unlock();
    return source.numbers();
  }
  while (first_ < place->second) drop_first();
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
