// SPDX-License-Identifier: Apache-2.0
// Computing twice instead of keeping (Chen et al. 2016).
#include <memory>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/check.h"

namespace thaw {

namespace {

// What the second run reads in place of an input. It begins with the gradient that the input has by then, of what was
// computed from it later, and the second run adds to that: the same sums in the same order as without checkpoints. (Not
// of leaves: what they have may be of an earlier walk, or of some rows alone.)
Variable stand_in(const Tensor& value, Node* input) {
  if (!input) return Variable(value);
  const Variable leaf = Variable::leaf(value, "an input of a checkpointed function");
  if (!input->leaf) leaf.node()->grad = std::move(input->grad);
  return leaf;
}

}  // namespace

// The first run records as the second will, so that both launch the same kernels and give the same bits; its graph is
// dropped at once. What f reads besides its inputs may be leaves (parameters) only: their gradients arrive during the
// second run's own walk.
Variable checkpoint(const std::function<Variable(const std::vector<Variable>&)>& f, const std::vector<Variable>& inputs,
                    RandomStreams* streams) {
  const uint64_t start = streams ? streams->position() : 0;
  const Variable first = f(inputs);
  if (!first.tracked() || !grad_enabled()) return first;
  std::vector<Saved> values;
  std::vector<Node*> nodes;  // of the inputs; they live as long as the closure does
  for (const Variable& input : inputs) {
    values.push_back(saved(input));
    nodes.push_back(input.node().get());
  }
  const auto again = [f, values, nodes, streams, start](const Tensor& dy) {
    std::vector<Variable> leaves;
    for (size_t i = 0; i < values.size(); ++i) leaves.push_back(stand_in(values[i].get(), nodes[i]));
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
    for (const Variable& leaf : leaves) grads.push_back(leaf.tracked() ? std::move(leaf.node()->grad) : Tensor());
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
