// SPDX-License-Identifier: Apache-2.0
// Draws by Philox.
#include "models/tasks/text2text/mixture_draws.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

#include "nn/train/batches.h"
#include "tensor/check.h"
#include "tensor/random_key.h"

namespace thaw {
namespace {

// Streams of the seed, apart from those of dropout, of the epochs' orders, of samples and of what is drawn of examples.
constexpr uint64_t task_streams = uint64_t{7} << 61;
constexpr uint64_t order_streams = task_streams + (uint64_t{1} << 60);
constexpr int most_passes_bits = 40;

}  // namespace

std::vector<double> mixture_rates(const std::vector<int64_t>& examples, int64_t cap, double temperature) {
  std::vector<double> weights;
  for (const int64_t count : examples)
    weights.push_back(std::pow(static_cast<double>(cap > 0 ? std::min(count, cap) : count), 1 / temperature));
  return shares_of(weights);
}

std::vector<double> shares_of(const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> shares;
  for (const double weight : weights) shares.push_back(weight / sum);
  return shares;
}

MixtureDraws::MixtureDraws(std::vector<int64_t> examples, std::vector<double> rates, int64_t per_epoch, uint64_t seed)
    : examples_(std::move(examples)),
      rates_(std::move(rates)),
      per_epoch_(per_epoch),
      seed_(seed),
      counts_(examples_.size()),
      passes_(examples_.size()) {
  check(!rates_.empty() && rates_.size() == examples_.size() && per_epoch > 0, "a mixture of {} tasks with {} rates",
        examples_.size(), rates_.size());
  std::partial_sum(rates_.begin(), rates_.end(), std::back_inserter(ends_));
  ends_.back() = std::numeric_limits<double>::infinity();  // whatever the sum was rounded to
}

int64_t MixtureDraws::drawn_task(int64_t epoch, int64_t place) const {
  const auto words = random_words({seed_, task_streams + static_cast<uint64_t>(epoch)}, static_cast<uint64_t>(place));
  const double share = (static_cast<double>(words[0]) + static_cast<double>(words[1]) * 0x1p-32) * 0x1p-32;
  return std::ranges::upper_bound(ends_, share) - ends_.begin();
}

int64_t MixtureDraws::drawn_example(int64_t task, int64_t number) {
  const int64_t count = examples_[static_cast<size_t>(task)], pass = number / count;
  Pass& last = passes_[static_cast<size_t>(task)];
  if (last.number != pass) {
    const uint64_t stream =
        order_streams + (static_cast<uint64_t>(task) << most_passes_bits) + static_cast<uint64_t>(pass);
    last = {pass, permutation(count, seed_, stream)};
  }
  return last.order[static_cast<size_t>(number % count)];
}

const std::vector<MixtureDraw>& MixtureDraws::of_epoch(int64_t epoch) {
  if (epoch == epoch_) return draws_;
  if (epoch < counted_) {
    counted_ = 0;
    std::ranges::fill(counts_, 0);
  }
  for (; counted_ < epoch; ++counted_)
    for (int64_t place = 0; place < per_epoch_; ++place) ++counts_[static_cast<size_t>(drawn_task(counted_, place))];
  std::vector<int64_t> counts = counts_;
  draws_.clear();
  for (int64_t place = 0; place < per_epoch_; ++place) {
    const int64_t task = drawn_task(epoch, place);
    draws_.push_back({task, drawn_example(task, counts[static_cast<size_t>(task)]++)});
  }
  epoch_ = epoch;
  return draws_;
}

}  // namespace thaw
