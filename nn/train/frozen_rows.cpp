// SPDX-License-Identifier: Apache-2.0
// Blocks of examples, and rows picked out of them.
#include "nn/train/frozen_rows.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "nn/train/batches.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

constexpr int64_t usual_rows_at_once = 2048, most_examples_at_once = 64;

}  // namespace

FrozenRows::Plan FrozenRows::keep(std::span<const Example> examples, int64_t row_bytes, int64_t most_bytes,
                                  int64_t rows_at_once) {
  Plan plan;
  std::unordered_set<int64_t> seen;
  std::vector<int64_t> numbers, lengths;
  for (const Example& example : examples) {
    if (places_.contains(example.number) || !seen.insert(example.number).second) continue;
    ++plan.examples;
    const int64_t bytes = example.rows * row_bytes;
    if (plan.bytes + bytes > most_bytes) continue;
    plan.bytes += bytes;
    numbers.push_back(example.number);
    lengths.push_back(example.rows);
  }
  plan.kept = std::ssize(numbers);
  const int64_t most = rows_at_once > 0 ? std::min(rows_at_once, usual_rows_at_once) : usual_rows_at_once;
  for (const std::vector<int64_t>& together :
       evaluation_batches(lengths, {.batch_size = most_examples_at_once, .batch_tokens = most})) {
    Block& block = blocks_.emplace_back();
    for (const int64_t i : together) {
      block.numbers.push_back(numbers[static_cast<size_t>(i)]);
      places_[block.numbers.back()] = {blocks_.size() - 1, block.rows};
      block.rows += lengths[static_cast<size_t>(i)];
    }
  }
  return plan;
}

void FrozenRows::compute_block(Block& block, const Compute& compute) {
  const Tensor given = compute(block.numbers);
  check(given.rank() == 2 && given.size(0) == block.rows, "frozen rows: {} of {} examples with {} rows", given.shape(),
        block.numbers.size(), block.rows);
  like_ = Tensor::empty({0, given.size(1)}, given.dtype(), given.device());
  block.bytes = given.to_bytes();
}

Tensor FrozenRows::operator()(std::span<const Example> examples, const Compute& compute) {
  std::vector<int64_t> others;
  int64_t kept_rows = 0, other_rows = 0;
  for (const Example& example : examples) {
    const auto place = places_.find(example.number);
    (place == places_.end() ? other_rows : kept_rows) += example.rows;
    if (place == places_.end()) {
      others.push_back(example.number);
    } else if (Block& block = blocks_[place->second.block]; block.bytes.empty()) {
      compute_block(block, compute);
    }
  }
  if (kept_rows == 0) return compute(others);

  const size_t row_bytes = static_cast<size_t>(like_.size(1)) * size_of(like_.dtype());
  std::vector<std::byte> bytes;
  bytes.reserve(static_cast<size_t>(kept_rows) * row_bytes);
  std::vector<int32_t> order;  // of the rows asked for: in those kept, then those computed
  auto next_kept = int32_t{0}, next_other = static_cast<int32_t>(kept_rows);
  for (const Example& example : examples) {
    const auto place = places_.find(example.number);
    int32_t& next = place == places_.end() ? next_other : next_kept;
    for (int64_t i = 0; i < example.rows; ++i) order.push_back(next++);
    if (place == places_.end()) continue;
    const auto from =
        blocks_[place->second.block].bytes.begin() + place->second.first_row * static_cast<ptrdiff_t>(row_bytes);
    bytes.insert(bytes.end(), from, from + example.rows * static_cast<ptrdiff_t>(row_bytes));
  }
  const Tensor kept = Tensor::from_bytes(bytes, {kept_rows, like_.size(1)}, like_.dtype(), like_.device());
  if (other_rows == 0) return kept;
  const Tensor both = concat(std::array{kept, compute(others)}, 0);
  return gather_rows(both, Indices(std::move(order), like_.device()));
}

void FrozenRows::of_version(uint64_t version) {
  if (version == version_) return;
  version_ = version;
  for (Block& block : blocks_) block.bytes = std::vector<std::byte>();  // its memory is given back
}

}  // namespace thaw
