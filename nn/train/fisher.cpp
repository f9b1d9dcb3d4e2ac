// SPDX-License-Identifier: Apache-2.0
// Backward of each example by itself; the squares are added up where the gradients are.
#include "nn/train/fisher.h"

#include <cmath>

#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {

std::vector<Tensor> fisher_information(TrainingTask& task, ParameterStore& store,
                                       const std::function<void(int64_t)>& progress) {
  const std::vector<Parameter> parameters = store.trained();
  check(!parameters.empty(), "Fisher information: nothing is trained");
  check(!task.batches_decide_loss(),
        "Fisher information: the loss of an example depends on the others in its batch; there is none of one alone");
  for (const Parameter& p : parameters)
    check(!p.trained_rows() && p.trained_elements().empty(), "Fisher information: {} is trained in part", p.name());
  const EvaluationMode evaluation(store.mode());
  std::vector<Tensor> sums(parameters.size());
  task.begin_epoch(0);
  const int64_t examples = std::ssize(task.lengths());
  check(examples > 0, "Fisher information: there are no examples");
  for (int64_t i = 0; i < examples; ++i) {
    const std::vector<int64_t> one{i};
    if (const double weight = task.weight(one); weight > 0) {
      const Variable loss = task.loss(one, weight);
      if (!std::isfinite(loss.item())) fail("Fisher information: the loss of example {} is not finite", i + 1);
      backward(loss);
    }
    for (size_t p = 0; p < parameters.size(); ++p) {
      const Variable& variable = parameters[p].variable();
      const Tensor grad = variable.grad();
      if (!grad.defined()) continue;
      const Tensor squares = mul(grad, grad);
      if (sums[p].defined()) {
        binary_(BinaryOp::add, sums[p], squares);
      } else {
        sums[p] = squares;
      }
      variable.clear_grad();
    }
    if (progress) progress(i + 1);
  }
  for (size_t p = 0; p < parameters.size(); ++p) {
    check(sums[p].defined(), "Fisher information: no example's gradient reaches {}", parameters[p].name());
    sums[p] = affine(sums[p], 1 / static_cast<double>(examples), 0);
  }
  return sums;
}

}  // namespace thaw
