// SPDX-License-Identifier: Apache-2.0
// Reading ahead gives what reading gives, in whatever order it is taken, and no more is kept than allowed.
#include "models/input/read_ahead.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/error_of.h"

using namespace thaw;

namespace {

// Its number, ten times.
class Counted : public RowSource {
 public:
  explicit Counted(int number, std::atomic<int>& reads) : RowSource({5}, 2), number_(number), reads_(reads) {}
  std::vector<float> numbers() const override {
    ++reads_;
    if (number_ < 0) throw std::runtime_error("picture " + std::to_string(-number_));
    return std::vector<float>(10, static_cast<float>(number_));
  }
  std::span<const std::byte> identity() const override { return std::as_bytes(std::span(&number_, 1)); }

 private:
  int number_;
  std::atomic<int>& reads_;
};

using Sources = std::vector<std::shared_ptr<const RowSource>>;

Sources sources(const std::vector<int>& numbers, std::atomic<int>& reads) {
  Sources all;
  for (const int number : numbers) all.push_back(std::make_shared<Counted>(number, reads));
  return all;
}

void wait_until(const std::atomic<int>& reads, int count) {
  for (int tries = 0; reads < count && tries < 2000; ++tries) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace

TEST_CASE("read ahead: each source is read once, and gives its own numbers") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2, 3, 4, 5, 6, 7}, reads);
  ReadAhead ahead(25);
  ahead.expect(all);
  for (size_t i = 0; i < all.size(); ++i) {
    const std::vector<float> numbers = ahead.take(*all[i]);
    CHECK(numbers == std::vector<float>(10, static_cast<float>(i)));
  }
  CHECK(reads == 8);
  CHECK(ahead.counts().taken == 8);
}

TEST_CASE("read ahead: no more is kept than allowed") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2, 3, 4, 5, 6, 7}, reads);
  ReadAhead ahead(25);  // two sources and a half: a third is begun
  ahead.expect(all);
  wait_until(reads, 3);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(reads == 3);
  ahead.take(*all[0]);
  wait_until(reads, 4);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(reads == 4);
  CHECK(ahead.counts().waited == 0);
}

TEST_CASE("read ahead: what is passed over is not waited for, and what was passed is read anew") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2, 3, 4, 5, 6, 7}, reads);
  ReadAhead ahead(25);
  ahead.expect(all);
  CHECK(ahead.take(*all[5])[0] == 5);
  CHECK(ahead.take(*all[6])[0] == 6);
  CHECK(ahead.take(*all[2])[0] == 2);
  CHECK(ahead.counts().taken == 2);
  const Sources others = sources({8, 9}, reads);
  CHECK(ahead.take(*others[1])[0] == 9);
  ahead.expect(others);
  CHECK(ahead.take(*all[7])[0] == 7);
  CHECK(ahead.take(*others[0])[0] == 8);
  CHECK(ahead.counts().taken == 3);
}

TEST_CASE("read ahead: what is needed several times is read as often, and what is not read ahead is counted") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2}, reads);
  ReadAhead ahead(25);
  ahead.expect({all[0], all[1], all[0], all[2], all[1]});
  for (const size_t i : {0, 1, 0, 2, 1}) CHECK(ahead.take(*all[i])[0] == static_cast<float>(i));
  CHECK(ahead.counts().taken == 5);
  CHECK(ahead.counts().read == 5);
  CHECK(ahead.counts().missed == 0);
  ahead.take(*all[1]);
  CHECK(ahead.counts().missed == 1);
}

TEST_CASE("read ahead: what is little enough is read once, through all epochs, but for errors") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, -1, 2}, reads);
  ReadAhead ahead(30);
  for (const std::vector<size_t>& order : {std::vector<size_t>{0, 1, 2}, {2, 0, 1}, {1, 2, 0}}) {
    ahead.expect({all[order[0]], all[order[1]], all[order[2]]});
    for (const size_t i : order)
      if (i == 1)
        CHECK(error_of<std::runtime_error>([&] { ahead.take(*all[i]); }) == "picture 1");
      else
        CHECK(ahead.take(*all[i]) == std::vector<float>(10, static_cast<float>(i)));
  }
  CHECK(reads == 2 + 3);
  CHECK(ahead.counts().taken == 9);
  // What is too much is read each time.
  ReadAhead less(29);
  std::atomic<int> others = 0;
  for (int epoch = 0; epoch < 2; ++epoch) {
    less.expect({all[0], all[2], sources({4}, others)[0]});
    CHECK(less.take(*all[0])[0] == 0);
    CHECK(less.take(*all[2])[0] == 2);
  }
  CHECK(reads == 5 + 4);
}

TEST_CASE("read ahead: what is taken twice, and expected once, does not go past what stands before its next place") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2}, reads);
  ReadAhead ahead(25);
  ahead.expect({all[0], all[1], all[2], all[0]});
  for (const size_t i : {0, 0, 1, 2, 0}) CHECK(ahead.take(*all[i])[0] == static_cast<float>(i));
  CHECK(ahead.counts().taken == 4);
  CHECK(ahead.counts().missed == 1);
}

TEST_CASE("read ahead: what was read is not read again where it is expected still") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, 1, 2, 3, 4, 5}, reads);
  ReadAhead ahead(25);
  ahead.expect(all);
  ahead.take(*all[0]);
  wait_until(reads, 4);
  ahead.expect({all.begin() + 2, all.end()});  // 1 is passed over
  for (size_t i = 2; i < 6; ++i) CHECK(ahead.take(*all[i])[0] == static_cast<float>(i));
  CHECK(reads == 6);
  CHECK(ahead.counts().missed == 0);
  ahead.expect({});
  ahead.take(*all[3]);
  CHECK(ahead.counts().missed == 1);
}

TEST_CASE("read ahead: an error comes where the source is taken, and the next ones are read") {
  std::atomic<int> reads = 0;
  const Sources all = sources({0, -1, 2}, reads);
  ReadAhead ahead(100);
  ahead.expect(all);
  CHECK(ahead.take(*all[0])[0] == 0);
  CHECK(error_of<std::runtime_error>([&] { ahead.take(*all[1]); }) == "picture 1");
  CHECK(ahead.take(*all[2])[0] == 2);
}

TEST_CASE("read ahead: a wrapped source takes what was read, and is known as its own source is") {
  std::atomic<int> reads = 0;
  const Sources all = sources({3}, reads);
  const auto ahead = std::make_shared<ReadAhead>(100);
  const RowsReadAhead rows(all[0], ahead);
  ahead->expect({rows.source()});
  CHECK(rows.numbers()[0] == 3);
  CHECK(reads == 1);
  CHECK(rows.identity().data() == all[0]->identity().data());
  CHECK(rows.rows() == 5);
  CHECK(rows.width() == 2);
}
