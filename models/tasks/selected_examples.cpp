// SPDX-License-Identifier: Apache-2.0
// Chooses examples.
#include "models/tasks/selected_examples.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "models/tasks/checksum.h"
#include "nn/train/batches.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Streams of the seed, apart from those of the epochs' orders.
constexpr uint64_t split_stream = uint64_t{3} << 62, sample_stream = split_stream + 1;

}  // namespace

SelectedExamples::SelectedExamples(std::shared_ptr<Examples> of, std::vector<int64_t> which)
    : of_(std::move(of)), which_(std::move(which)) {
  for (const int64_t example : which_) {
    check(example >= 0 && example < of_->size(), "example {} of {}", example, of_->size());
    lengths_.push_back(of_->lengths()[static_cast<size_t>(example)]);
  }
}

std::vector<int64_t> SelectedExamples::of_whole(std::span<const int64_t> examples) const {
  std::vector<int64_t> whole;
  whole.reserve(examples.size());
  for (const int64_t example : examples) whole.push_back(of_whole(example));
  return whole;
}

Fingerprint SelectedExamples::identity() const {
  Fingerprint identity = of_->identity();
  identity["chosen examples"] = checksum_text(checksum(which_));
  return identity;
}

std::unique_ptr<Examples> SelectedExamples::read_by(TaskModel& other) const {
  return std::make_unique<SelectedExamples>(of_->read_by(other), which_);
}

ExampleSplit split_examples(const Examples& examples, double share, uint64_t seed) {
  std::map<int64_t, std::vector<int64_t>> strata;
  for (const int64_t example : permutation(examples.size(), seed, split_stream))
    strata[examples.stratum(example)].push_back(example);
  ExampleSplit split;
  double wanted = 0;  // of the strata so far
  for (const auto& [stratum, members] : strata) {
    wanted += share * static_cast<double>(members.size());
    const auto due = static_cast<int64_t>(std::llround(wanted)) - static_cast<int64_t>(split.validation.size());
    const auto most = static_cast<int64_t>(members.size()) - 1;
    const auto middle = members.begin() + std::clamp(due, int64_t{0}, most);
    split.validation.insert(split.validation.end(), members.begin(), middle);
    split.train.insert(split.train.end(), middle, members.end());
  }
  check(!split.validation.empty(), "a share of {} of {} examples leaves none for validation", share, examples.size());
  std::ranges::sort(split.train);
  std::ranges::sort(split.validation);
  return split;
}

std::vector<int64_t> sample_examples(const Examples& examples, int64_t count, uint64_t seed) {
  std::vector<int64_t> drawn = permutation(examples.size(), seed, sample_stream);
  if (count < examples.size()) drawn.resize(static_cast<size_t>(count));
  std::ranges::sort(drawn);
  return drawn;
}

}  // namespace thaw
