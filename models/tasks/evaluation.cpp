// SPDX-License-Identifier: Apache-2.0
// Batches of evaluation.
#include "models/tasks/evaluation.h"

#include <numeric>
#include <vector>

#include "autograd/tape.h"
#include "nn/mode.h"
#include "nn/train/batches.h"

namespace thaw {

namespace {
// Nothing is kept for gradients, so batches may be large; longer ones only cost memory.
constexpr BatchOptions batches{.batch_size = 128, .batch_tokens = 4096};
}  // namespace

double evaluate_in_batches(ParameterStore& store, const Examples& examples,
                           const std::function<double(std::span<const int64_t> batch)>& run) {
  const NoGrad no_grad;
  const EvaluationMode evaluation(store.mode());
  double loss = 0;
  for (const std::vector<int64_t>& batch : evaluation_batches(examples.lengths(), batches)) loss += run(batch);
  std::vector<int64_t> all(examples.lengths().size());
  std::iota(all.begin(), all.end(), int64_t{0});
  return loss / examples.terms(all);
}

}  // namespace thaw
