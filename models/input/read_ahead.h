// SPDX-License-Identifier: Apache-2.0
// Reads sources of rows before they are asked for, on a thread of its own: a training need not wait for files. What is
// little enough to be kept is read once, however many epochs there are.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "models/input/read_counts.h"
#include "models/input/row_source.h"

namespace thaw {

class ReadAhead {
 public:
  // Keeps at most so many numbers that were read and not taken, or those of one source; and as many more of what was
  // taken, where all that is expected has no more.
  explicit ReadAhead(int64_t most_numbers) : most_numbers_(most_numbers) {}
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // Begins to read these, in the order in which they will be taken, each as often as it stands there; in place of what
  // was expected before. Where they are the last of that, what was read of them stays.
  void expect(std::vector<std::shared_ptr<const RowSource>> in_order);
  // Its numbers: those that were read ahead for its next place, waited for if they are on their way; of one that is not
  // expected, or not any more, read now. What stands before it is not expected any more; but of one that is taken twice
  // in a row, and expected once, the second is read now. Errors are those of reading it.
  std::vector<float> take(const RowSource& source);

  ReadCounts counts() const;

 private:
  using Numbers = std::shared_ptr<std::vector<float>>;
  struct Read {
    Numbers numbers;
    bool is_kept = false;  // then others hold the numbers, too
    std::exception_ptr error;
  };
  void read_on();  // the thread
  Read read_now(const RowSource& source) const;
  void keep(const std::shared_ptr<const RowSource>& source, Read& read);
  void drop_first();
  bool are_last_of_expected(const std::vector<std::shared_ptr<const RowSource>>& in_order) const;
  std::optional<size_t> next_place(const RowSource& source);  // in expected_, from first_ on

  int64_t most_numbers_;
  mutable std::mutex mutex_;
  std::condition_variable has_read_, has_room_;
  std::vector<std::shared_ptr<const RowSource>> expected_;
  std::unordered_map<const RowSource*, std::vector<size_t>> places_;  // in expected_, the next one last
  size_t first_ = 0;                                                  // of expected_ that was not taken
  const RowSource* last_ = nullptr;                                   // that was taken; only to be compared
  std::deque<Read> read_;                                             // what was read from there on
  int64_t numbers_ = 0;                                               // in read_, and not kept
  std::unordered_map<std::shared_ptr<const RowSource>, Numbers> kept_;
  int64_t kept_numbers_ = 0;
  bool keeps_ = false;  // all that is expected has few enough numbers
  uint64_t round_ = 0;  // of what is expected
  bool ends_ = false;
  ReadCounts counts_;
  std::thread thread_;
};

// A source whose numbers are taken from there.
class RowsReadAhead : public RowSource {
 public:
  RowsReadAhead(std::shared_ptr<const RowSource> source, std::shared_ptr<ReadAhead> ahead)
      : RowSource(source->grid(), source->width()), source_(std::move(source)), ahead_(std::move(ahead)) {}

  const std::shared_ptr<const RowSource>& source() const { return source_; }
  std::vector<float> numbers() const override { return ahead_->take(*source_); }
  std::span<const std::byte> identity() const override { return source_->identity(); }
  std::string name() const override { return source_->name(); }

 private:
  std::shared_ptr<const RowSource> source_;
  std::shared_ptr<ReadAhead> ahead_;
};

}  // namespace thaw
