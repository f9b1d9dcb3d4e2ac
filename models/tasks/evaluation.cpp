// SPDX-License-Identifier: Apache-2.0
// Batches of evaluation.
#include "models/tasks/evaluation.h"

#include <algorithm>
#include <vector>

#include "autograd/tape.h"
#include "nn/mode.h"
#include "nn/train/batches.h"

namespace thaw {

namespace {
// Nothing is kept for gradients, so batches may be large; longer ones only cost memory.
constexpr BatchOptions batches{.batch_size = 128, .batch_tokens = 4096};
}  // namespace

double evaluate_in_batches(
    ParameterStore& store, const Examples& examples, std::span<const int64_t> which,
    const std::function<double(std::span<const int64_t> batch, std::span<const int64_t> places)>& run, double count) {
  return evaluate_in_batches(store, examples, examples.lengths(), which, run, count);
}

double evaluate_in_batches(
    ParameterStore& store, const Examples& examples, std::span<const int64_t> all_lengths,
    std::span<const int64_t> which,
    const std::function<double(std::span<const int64_t> batch, std::span<const int64_t> places)>& run, double count) {
  BatchOptions options = batches;
  if (const int64_t most = examples.evaluation_tokens(); most > 0)
    options.batch_tokens = std::min(options.batch_tokens, most);
  const NoGrad no_grad;
  const EvaluationMode evaluation(store.mode());
  std::vector<int64_t> lengths, batch;
  for (const int64_t example : which) lengths.push_back(all_lengths[static_cast<size_t>(example)]);
  const std::vector<std::vector<int64_t>> cut = evaluation_batches(lengths, options);
  for (const std::vector<int64_t>& places : cut)
    for (const int64_t place : places) batch.push_back(which[static_cast<size_t>(place)]);
  examples.expect_to_judge(batch);
  double loss = 0;
  for (const std::vector<int64_t>& places : cut) {
    batch.clear();
    for (const int64_t place : places) batch.push_back(which[static_cast<size_t>(place)]);
    loss += run(batch, places);
  }
  return loss / (count > 0 ? count : examples.terms(which));
}

}  // namespace thaw
