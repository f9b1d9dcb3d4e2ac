// SPDX-License-Identifier: Apache-2.0
// Losses and scores by problem type.
#include "models/classification_loss.h"

#include "autograd/functions.h"
#include "tensor/check.h"

namespace thaw {

Variable classification_loss(ProblemType problem, const Variable& logits, const ClassificationTargets& targets,
                             double count) {
  const int64_t examples = logits.size(0);
  const Device device = logits.value().device();
  if (problem == ProblemType::single_label) {
    check(static_cast<int64_t>(targets.classes.size()) == examples, "{} classes for {} examples",
          targets.classes.size(), examples);
    return cross_entropy(logits, Indices(targets.classes, device), {}, count);
  }
  check(static_cast<int64_t>(targets.values.size()) == logits.value().numel(), "{} target values for logits {}",
        targets.values.size(), logits.shape());
  const Tensor truth = Tensor::from_host(targets.values, logits.shape(), device, logits.value().dtype());
  const Variable mean =
      problem == ProblemType::multi_label ? binary_cross_entropy(logits, truth) : mean_squared_error(logits, truth);
  return count == 0 ? mean : scale(mean, static_cast<double>(examples) / count);
}

Variable answers_loss(const Variable& logits, const ClassificationTargets& targets, double count) {
  const auto answers = static_cast<double>(logits.size(1));
  return scale(classification_loss(ProblemType::multi_label, logits, targets, count), answers);
}

Variable classification_scores(ProblemType problem, const Variable& logits) {
  switch (problem) {
    case ProblemType::single_label: return softmax(logits);
    case ProblemType::multi_label: return sigmoid(logits);
    case ProblemType::regression: return logits;
  }
  return logits;
}

}  // namespace thaw
