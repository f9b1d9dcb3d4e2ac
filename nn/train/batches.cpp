// SPDX-License-Identifier: Apache-2.0
// Orders and cuts examples; the only randomness is Philox.
#include "nn/train/batches.h"

#include <algorithm>
#include <numeric>

#include "tensor/check.h"
#include "tensor/random_key.h"

namespace thaw {
namespace {

// Streams of one epoch: its examples' order and its steps' order; far from those that dropout takes, which begin at 0.
constexpr uint64_t first_stream = uint64_t{1} << 62;
uint64_t example_stream(int64_t epoch) { return first_stream + static_cast<uint64_t>(epoch) * 2; }
uint64_t step_stream(int64_t epoch) { return first_stream + static_cast<uint64_t>(epoch) * 2 + 1; }

// An epoch's windows: with fewer, a small data set would be cut into the same batches every time.
constexpr int64_t fewest_windows = 4;

std::vector<int64_t> longest_first(std::span<const int64_t> lengths) {
  std::vector<int64_t> order(lengths.size());
  std::iota(order.begin(), order.end(), int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
  });
  return order;
}

}  // namespace

std::vector<int64_t> StepBatch::examples() const {
  std::vector<int64_t> all;
  for (const auto& micro : micro_batches) all.insert(all.end(), micro.begin(), micro.end());
  return all;
}

std::vector<int64_t> examples_of(std::span<const StepBatch> steps) {
  std::vector<int64_t> all;
  for (const StepBatch& step : steps) {
    const std::vector<int64_t> own = step.examples();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

std::vector<int64_t> permutation(int64_t n, uint64_t seed, uint64_t stream) {
  std::vector<int64_t> order(static_cast<size_t>(n));
  std::iota(order.begin(), order.end(), int64_t{0});
  for (size_t i = order.size(); i > 1; --i) {
    const auto words = random_words({seed, stream}, i);
    const uint64_t draw = static_cast<uint64_t>(words[0]) << 32 | words[1];
    std::swap(order[i - 1], order[draw % i]);
  }
  return order;
}

std::vector<std::vector<int64_t>> micro_batches(std::span<const int64_t> examples, std::span<const int64_t> lengths,
                                                const BatchOptions& options) {
  std::vector<std::vector<int64_t>> batches;
  int64_t tokens = 0;
  for (const int64_t example : examples) {
    const int64_t length = lengths[static_cast<size_t>(example)];
    const bool full = batches.empty() || static_cast<int64_t>(batches.back().size()) == options.batch_size;
    if (full || (options.batch_tokens > 0 && tokens + length > options.batch_tokens)) {
      batches.emplace_back();
      tokens = 0;
    }
    batches.back().push_back(example);
    tokens += length;
  }
  return batches;
}

std::vector<StepBatch> epoch_steps(std::span<const int64_t> lengths, const BatchOptions& options, uint64_t seed,
                                   int64_t epoch) {
  check(options.batch_size > 0 && options.accumulation > 0 && options.bucket_steps > 0 && options.batch_tokens >= 0,
        "batches: batch size {}, accumulation {} and bucket steps {} must be positive, batch tokens {} not negative",
        options.batch_size, options.accumulation, options.bucket_steps, options.batch_tokens);
  const auto n = static_cast<int64_t>(lengths.size());
  std::vector<int64_t> order = permutation(n, seed, example_stream(epoch));
  const int64_t step_size = options.batch_size * options.accumulation, all_steps = (n + step_size - 1) / step_size;
  const int64_t bucket_steps = std::min(options.bucket_steps, all_steps / fewest_windows),
                window = step_size * bucket_steps;
  if (bucket_steps > 1) {
    for (int64_t begin = 0; begin < n; begin += window) {
      std::stable_sort(order.begin() + begin, order.begin() + std::min(n, begin + window), [&](int64_t a, int64_t b) {
        return lengths[static_cast<size_t>(a)] > lengths[static_cast<size_t>(b)];
      });
    }
  }
  std::vector<StepBatch> steps;
  for (int64_t begin = 0; begin < n; begin += step_size) {
    const int64_t end = std::min(n, begin + step_size);
    if (options.drop_last && end - begin < step_size) break;
    const std::span<const int64_t> examples(order.data() + begin, static_cast<size_t>(end - begin));
    steps.push_back({micro_batches(examples, lengths, options)});
  }
  std::vector<StepBatch> shuffled(steps.size());
  const auto step_order = permutation(static_cast<int64_t>(steps.size()), seed, step_stream(epoch));
  for (size_t i = 0; i < steps.size(); ++i) shuffled[i] = std::move(steps[static_cast<size_t>(step_order[i])]);
  return shuffled;
}

int64_t tokens_of(std::span<const int64_t> examples, std::span<const int64_t> lengths) {
  int64_t tokens = 0;
  for (const int64_t example : examples) tokens += lengths[static_cast<size_t>(example)];
  return tokens;
}

int64_t most_tokens(const StepBatch& step, std::span<const int64_t> lengths) {
  int64_t most = 0;
  for (const std::vector<int64_t>& micro : step.micro_batches) most = std::max(most, tokens_of(micro, lengths));
  return most;
}

StepBatch largest_step(std::span<const int64_t> lengths, const BatchOptions& options) {
  std::vector<int64_t> longest = longest_first(lengths);
  longest.resize(std::min(longest.size(), static_cast<size_t>(options.batch_size * options.accumulation)));
  StepBatch step{micro_batches(longest, lengths, options)};
  std::ranges::stable_sort(step.micro_batches, {}, [&](const auto& micro) { return tokens_of(micro, lengths); });
  if (step.micro_batches.size() > 2) step.micro_batches.erase(step.micro_batches.begin(), step.micro_batches.end() - 2);
  return step;
}

std::vector<std::vector<int64_t>> evaluation_batches(std::span<const int64_t> lengths, const BatchOptions& options) {
  return micro_batches(longest_first(lengths), lengths, options);
}

}  // namespace thaw
