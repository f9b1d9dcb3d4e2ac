// SPDX-License-Identifier: Apache-2.0
// The backward pass: nodes by descending birth number, so that each is reached when all that was computed from it has
// given its gradient.
#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "autograd/tape.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// Runs a gradient closure; what it finds wrong with its arguments names the function that it belongs to.
template <typename F>
void naming(const char* op, F closure) {
  try {
    closure();
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("backward of {}: {}", op, error.what()));
  }
}

// One walk. `first_birth`: of the graph that it may walk; nodes born before are an error, but for leaves.
class Walk {
 public:
  explicit Walk(uint64_t first_birth) : first_birth_(first_birth) {}
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  // Nodes remain only after an error.
  ~Walk() {
    for (const auto& node : heap_) {
      node->queued = false;
      if (!node->leaf) node->grad = {};
    }
  }

  void give(const std::shared_ptr<Node>& node, Tensor grad, const char* made_by) {
    queue(node);
    accumulate(*node, std::move(grad), made_by);
  }

  void run() {
    while (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), younger_last);
      const std::shared_ptr<Node> node = std::move(heap_.back());
      heap_.pop_back();
      node->queued = false;
      if (node->leaf) {
        if (node->leaf->mask.defined()) binary_(BinaryOp::mul, node->grad, node->leaf->mask);
      } else if (node->joint) {
        walk_joint(*node);
      } else {
        walk_edges(*node);
      }
    }
  }

 private:
  static bool younger_last(const std::shared_ptr<Node>& a, const std::shared_ptr<Node>& b) {
    return a->birth < b->birth;
  }

  void queue(const std::shared_ptr<Node>& node) {
    check(!node->walked, "backward: the graph was walked before (at {} {}); run the forward pass again", node->op,
          node->shape);
    check(node->leaf || node->birth >= first_birth_,
          "backward: a checkpointed function uses a variable (of {} {}) that is not among its inputs", node->op,
          node->shape);
    if (node->queued) return;
    node->queued = true;
    heap_.push_back(node);
    std::push_heap(heap_.begin(), heap_.end(), younger_last);
  }

  // Each closure dies right after its use, and the gradient before the last input takes its own, which may be the same
  // memory.
  void walk_edges(Node& node) {
    node.walked = true;
    Tensor dy = std::move(node.grad);
    std::vector<Edge> edges = std::move(node.edges);
    for (size_t i = 0; i < edges.size(); ++i) {
      Edge edge = std::move(edges[i]);
      queue(edge.input);
      // Leaves trained by rows get theirs through accumulate(), which cuts.
      const bool in_rows = edge.input->leaf && edge.input->leaf->in_rows();
      const bool in_place = edge.add_grad && !in_rows && may_add_to(edge.input->grad);
      Tensor grad;
      naming(node.op, [&] {
        if (edge.add_grad) {
          edge.add_grad(dy, in_place ? edge.input->grad : grad);
        } else {
          grad = edge.grad(dy);
        }
      });
      if (in_place) continue;
      edge.grad = nullptr;
      edge.add_grad = nullptr;
      if (i + 1 == edges.size()) dy = {};
      accumulate(*edge.input, std::move(grad), node.op);
    }
  }

  void walk_joint(Node& node) {
    node.walked = true;
    Tensor dy = std::move(node.grad);
    const std::vector<std::shared_ptr<Node>> inputs = std::move(node.joint_inputs);
    JointGradFn joint = std::exchange(node.joint, nullptr);
    std::vector<Tensor> grads;
    naming(node.op, [&] { grads = joint(dy); });
    joint = nullptr;
    dy = {};
    for (size_t i = 0; i < inputs.size(); ++i) {
      Tensor grad = std::move(grads[i]);
      if (inputs[i] && grad.defined()) give(inputs[i], std::move(grad), node.op);
    }
  }

  uint64_t first_birth_;
  std::vector<std::shared_ptr<Node>> heap_;
};

}  // namespace

void backward(const Variable& loss, double seed) {
  check(loss.defined() && loss.value().numel() == 1, "backward: the loss is {}, not one number",
        loss.defined() ? loss.shape().to_string() : "undefined");
  check(loss.tracked(), "backward: nothing that the loss was computed from is trained");
  Walk walk(0);
  walk.give(loss.node(), Tensor::full(loss.shape(), seed, loss.dtype(), loss.device()), "the caller");
  walk.run();
}

void backward(std::span<const Variable> outputs, std::span<const Tensor> gradients) {
  check(outputs.size() == gradients.size(), "backward: {} gradients for {} outputs", gradients.size(), outputs.size());
  Walk walk(0);
  for (size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].tracked() && gradients[i].defined()) walk.give(outputs[i].node(), gradients[i], "the caller");
  walk.run();
}

void backward_within(const Variable& output, const Tensor& gradient, uint64_t first_birth) {
  Walk walk(first_birth);
  walk.give(output.node(), gradient, "checkpoint");
  walk.run();
}

}  // namespace thaw
