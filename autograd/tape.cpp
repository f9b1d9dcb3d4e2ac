// SPDX-License-Identifier: Apache-2.0
// Nodes and edges: what a function leaves behind for the backward pass, and how it goes away.
#include "autograd/tape.h"

#include <algorithm>
#include <stdexcept>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// A thread's own: threads that record share nothing.
constinit thread_local uint64_t births = 0;
constinit thread_local bool recording = true;

// Moves the inputs of `node` out of it.
void take_inputs(Node& node, std::vector<std::shared_ptr<Node>>& into) {
  for (Edge& edge : node.edges)
    if (edge.input) into.push_back(std::move(edge.input));
  for (std::shared_ptr<Node>& input : node.joint_inputs)
    if (input) into.push_back(std::move(input));
  node.edges.clear();
  node.joint_inputs.clear();
}

// As errors call it: the parameter's name, or the function that made it.
const char* what_is(const Node& node) {
  if (!node.leaf) return node.op;
  return node.leaf->name->empty() ? "a leaf" : node.leaf->name->c_str();
}

}  // namespace

Node::Node(const char* made_by, const Shape& gradient_shape) : birth(++births), op(made_by), shape(gradient_shape) {}

Node::~Node() {
  std::vector<std::shared_ptr<Node>> dying;
  take_inputs(*this, dying);
  while (!dying.empty()) {
    const std::shared_ptr<Node> node = std::move(dying.back());
    dying.pop_back();
    if (node.use_count() == 1) take_inputs(*node, dying);
  }
}

bool grad_enabled() { return recording; }
NoGrad::NoGrad() : before_(std::exchange(recording, false)) {}
NoGrad::~NoGrad() { recording = before_; }
Recording::Recording(bool on) : before_(std::exchange(recording, on)) {}
Recording::~Recording() { recording = before_; }

void born_before(const Node& input) { births = std::max(births, input.birth); }

bool needed(const Variable& x) { return recording && x.tracked(); }

Edge grad_to(const Variable& x, GradFn grad) {
  if (!needed(x)) return {};
  return {x.node(), std::move(grad), {}};
}

Edge add_grad_to(const Variable& x, AddGradFn add_grad) {
  if (!needed(x)) return {};
  return {x.node(), {}, std::move(add_grad)};
}

Variable record(const char* op, Tensor value, std::vector<Edge> edges) {
  std::erase_if(edges, [](const Edge& edge) { return edge.input == nullptr; });
  if (edges.empty()) return Variable(std::move(value));
  for (const Edge& edge : edges) born_before(*edge.input);
  auto node = std::make_shared<Node>(op, value.shape());
  node->edges = std::move(edges);
  return Variable(std::move(value), std::move(node));
}

Variable record_joint(const char* op, Tensor value, const std::vector<Variable>& inputs, JointGradFn grad) {
  bool any = false;
  for (const Variable& input : inputs) any = any || needed(input);
  if (!any) return Variable(std::move(value));
  for (const Variable& input : inputs)
    if (input.tracked()) born_before(*input.node());
  auto node = std::make_shared<Node>(op, value.shape());
  node->joint = std::move(grad);
  for (const Variable& input : inputs) node->joint_inputs.push_back(input.node());
  return Variable(std::move(value), std::move(node));
}

RowRanges gradient_rows(const Variable& x) {
  if (x.tracked() && x.node()->leaf && x.node()->leaf->in_rows()) return x.node()->leaf->rows;
  return {0, x.size(0)};
}

void accumulate(Node& node, Tensor grad, const char* made_by) {
  check(grad.defined(), "backward: {} made no gradient for {} {}", made_by, what_is(node), node.shape);
  if (node.leaf && node.leaf->in_rows() && grad.rank() == node.shape.rank() && grad.size(0) != node.shape[0])
    grad = take_ranges(grad, 0, node.leaf->rows);
  check(grad.shape() == node.shape, "backward: {} made a gradient {} for {} {}", made_by, grad.shape(), what_is(node),
        node.shape);
  if (!node.grad.defined()) {
    // A leaf's gradient stays: it holds no memory of others, and no more than it shows.
    const bool whole = grad.view().block->bytes <= static_cast<size_t>(grad.numel()) * size_of(grad.dtype());
    node.grad = node.leaf && !(may_add_to(grad) && whole) ? grad.clone() : std::move(grad);
  } else if (may_add_to(node.grad)) {
    binary_(BinaryOp::add, node.grad, grad);
  } else if (may_add_to(grad)) {
    binary_(BinaryOp::add, grad, node.grad);
    node.grad = std::move(grad);
  } else {
    node.grad = add(node.grad, grad);
  }
}

Saved saved(const Variable& x) {
  if (!x.tracked()) return Saved(x.value(), "a constant");
  return Saved(x.value(), x.node()->op, x.node()->leaf ? x.node()->leaf->name : nullptr);
}

void Saved::overwritten() const {
  throw std::logic_error(fmt::format("backward: {} {} was overwritten after the forward pass read it",
                                     name_ && !name_->empty() ? *name_ : op_, tensor_.shape()));
}

}  // namespace thaw
