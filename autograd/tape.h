// SPDX-License-Identifier: Apache-2.0
// Recording: one gradient closure per input, destroyed at birth when its input needs no gradient. That is the whole of freezing: a closure that
// does not exist keeps nothing alive and launches nothing.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "autograd/saved.h"
#include "autograd/variable.h"

namespace thaw {

// dy -> gradient of one input.
using GradFn = std::function<Tensor(const Tensor& dy)>;
// dy -> gradients of the inputs in order; those of untracked inputs are left undefined and their work is skipped.
using JointGradFn = std::function<std::vector<Tensor>(const Tensor& dy)>;

// The edge from a result to one tracked input.
struct Edge {
  std::shared_ptr<Node> input;  // null: the input needs no gradient
  GradFn grad;
};

struct Node {
  uint64_t birth = 0;            // grows with every node: a result's is above those of its inputs
  const char* op = "";
  std::string name;              // leaves: the parameter's name
  std::vector<Edge> edges;       // one per tracked input
  JointGradFn joint;             // instead of the edges' own closures
  std::vector<std::shared_ptr<Node>> joint_inputs;
  Shape shape;
  Tensor grad;                   // accumulated so far
  bool grad_owned = false;       // grad's memory is this node's own: it may be added to in place
  bool leaf = false;
  bool walked = false;
  int64_t row_begin = 0, row_end = 0;  // leaves trained in part: the rows that are
};

// The edge to `x`; `grad` is dropped at once if x is not tracked or recording is off.
Edge grad_to(const Variable& x, GradFn grad);

// The result with its edges; without a node if no edge is alive.
Variable record(const char* op, Tensor value, std::initializer_list<Edge> edges);

// For kernels that make several gradients at once. needed(x) tells whether x's gradient is wanted: ask it before, to keep only what is read.
bool needed(const Variable& x);
Variable record_joint(const char* op, Tensor value, std::initializer_list<Variable> inputs, JointGradFn grad);

// Adds `grad` to what `node` has (rows outside of a leaf's trained rows are cut off).
void accumulate(Node& node, Tensor grad);

}  // namespace thaw
