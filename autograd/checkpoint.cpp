// SPDX-License-Identifier: Apache-2.0
// Computing twice instead of keeping (Chen et al. 2016).
#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {

// The first run records as the second will, so that both launch the same kernels and give the same bits; its graph is
// dropped at once. What f reads besides its inputs may be leaves (parameters) only: their gradients arrive during the
// second run's own walk.
Variable checkpoint(const std::function<Variable(const std::vector<Variable>&)>& f, const std::vector<Variable>& inputs,
                    RandomStreams* streams) {
  const uint64_t start = streams ? streams->position() : 0;
  const Variable first = f(inputs);
  if (!first.tracked() || !grad_enabled()) return first;
  std::vector<Saved> values;
  std::vector<bool> tracked;
  for (const Variable& input : inputs) {
    values.push_back(saved(input));
    tracked.push_back(input.tracked());
  }
  const auto again = [f, values, tracked, streams, start](const Tensor& dy) {
    std::vector<Variable> leaves;
    for (size_t i = 0; i < values.size(); ++i)
      leaves.push_back(tracked[i] ? Variable::leaf(values[i].get(), "an input of a checkpointed function")
                                  : Variable(values[i].get()));
    const uint64_t first_birth = Node("checkpoint", {}).birth;
    const uint64_t end = streams ? streams->position() : 0;
    Variable y;
    {
      const Recording on(true);
      if (streams) streams->set_position(start);
      y = f(leaves);
      if (streams) streams->set_position(end);
    }
    check(y.tracked() && y.shape() == dy.shape(), "checkpoint: the second run gave {}, not {}", y.shape(), dy.shape());
    backward_within(y, dy, first_birth);
    std::vector<Tensor> grads;
    for (size_t i = 0; i < leaves.size(); ++i) grads.push_back(tracked[i] ? leaves[i].grad() : Tensor());
    return grads;
  };
  // A node even where no input is tracked: f's parameters are.
  born_before(*first.node());
  for (const Variable& input : inputs)
    if (input.tracked()) born_before(*input.node());
  auto node = std::make_shared<Node>("checkpoint", first.shape());
  node->joint = again;
  for (const Variable& input : inputs) node->joint_inputs.push_back(input.node());
  return Variable(first.value(), std::move(node));
}

}  // namespace thaw
