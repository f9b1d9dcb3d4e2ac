// SPDX-License-Identifier: Apache-2.0
// Recording: one gradient closure per input, destroyed at birth when its input needs no gradient. That is the whole of
// freezing: a closure that does not exist keeps nothing alive and launches nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "autograd/saved.h"
#include "autograd/variable.h"

namespace thaw {

// dy -> gradient of one input.
using GradFn = std::function<Tensor(const Tensor& dy)>;
// The same for functions that can add to what is there: sets `grad` if it is undefined, else adds to it in place.
using AddGradFn = std::function<void(const Tensor& dy, Tensor& grad)>;
// dy -> gradients of the inputs in order; those of untracked inputs are left undefined and their work is skipped.
using JointGradFn = std::function<std::vector<Tensor>(const Tensor& dy)>;

// The edge from a result to one tracked input: `grad` or `add_grad`.
struct Edge {
  std::shared_ptr<Node> input;  // null: the input needs no gradient
  GradFn grad;
  AddGradFn add_grad;
};

// What only leaves have.
struct Leaf {
  std::shared_ptr<const std::string> name;  // the parameter's
  RowRanges rows;                           // those that are trained, if only some are
  Tensor mask;                              // [as the gradient], 1 or 0; may be undefined
  bool in_rows() const { return !rows.empty(); }
};

struct Node {
  Node(const char* made_by, const Shape& gradient_shape);
  ~Node();  // without recursion: a graph may be a chain of millions
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  const uint64_t birth;  // grows with every node of a thread: a result's is above those of its inputs
  const char* op;
  Shape shape;              // of the gradient
  std::vector<Edge> edges;  // one per tracked input
  JointGradFn joint;        // instead of the edges' own closures
  std::vector<std::shared_ptr<Node>> joint_inputs;
  Tensor grad;  // accumulated so far; only this node's handle to its memory: it may be added to in place
  std::unique_ptr<Leaf> leaf;
  bool queued = false;  // waits in a walk of backward()
  bool walked = false;
};

// Before a node of these inputs is made: its birth number will be above theirs, whichever threads they are from.
void born_before(const Node& input);

// True if x's gradient is wanted: ask before computing, to keep only what will be read.
bool needed(const Variable& x);

// The edge to `x`; the closure is dropped at once if x's gradient is not needed.
Edge grad_to(const Variable& x, GradFn grad);
Edge add_grad_to(const Variable& x, AddGradFn add_grad);

// The result with its edges; without a node if no edge is alive.
Variable record(const char* op, Tensor value, std::vector<Edge> edges);

// For kernels that make several gradients at once.
Variable record_joint(const char* op, Tensor value, const std::vector<Variable>& inputs, JointGradFn grad);

// The rows of axis 0 that x's gradient has: all of them, unless x is a leaf trained by rows. A function may compute
// only these, side by side.
RowRanges gradient_rows(const Variable& x);

// True if no one else sees the memory of `grad`, and it has no gaps: it may be added to in place.
inline bool may_add_to(const Tensor& grad) { return grad.use_count() == 1 && grad.is_contiguous(); }

// Adds `grad` to what `node` has (rows outside of a leaf's trained rows are cut off). made_by: the function whose
// gradient it is, for errors.
void accumulate(Node& node, Tensor grad, const char* made_by);

// Recording on or off while it lives; NoGrad is the public half.
class Recording {
 public:
  explicit Recording(bool on);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  bool before_;
};

// backward() for a graph within the graph: an error if it leaves the nodes born since `first_birth`, but for leaves.
void backward_within(const Variable& output, const Tensor& gradient, uint64_t first_birth);

}  // namespace thaw
