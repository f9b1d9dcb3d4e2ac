// SPDX-License-Identifier: Apache-2.0
// Leaves: the variables that training changes.
#include "autograd/variable.h"

#include "autograd/tape.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

Node& leaf_of(const Variable& x, const char* what) {
  check(x.tracked() && x.node()->leaf, "{}: the variable is {}", what, x.tracked() ? "not a leaf" : "not trained");
  return *x.node();
}

}  // namespace

Variable Variable::leaf(Tensor value, std::string name, RowRanges rows) {
  check(value.defined() && is_floating(value.dtype()), "leaf {}: not a floating tensor", name);
  auto info = std::make_unique<Leaf>();
  Shape shape = value.shape();
  if (!rows.empty()) {
    check(shape.rank() >= 1 && rows.end() <= shape[0], "leaf {}: rows {} of {}", name, rows.to_text(), shape);
    shape[0] = rows.count();
    info->rows = std::move(rows);
  }
  info->name = std::make_shared<const std::string>(std::move(name));
  auto node = std::make_shared<Node>("leaf", shape);
  node->leaf = std::move(info);
  return Variable(std::move(value), std::move(node));
}

Tensor Variable::grad() const { return node_ ? leaf_of(*this, "grad").grad : Tensor(); }

void Variable::clear_grad() const {
  if (node_) leaf_of(*this, "clear_grad").grad = {};
}

void Variable::set_grad_mask(const Tensor& mask) const {
  Node& node = leaf_of(*this, "set_grad_mask");
  Leaf& leaf = *node.leaf;
  const bool full = mask.defined() && leaf.in_rows() && mask.shape() == value_.shape();
  leaf.mask = full ? take_ranges(mask, 0, leaf.rows) : mask;
  if (mask.defined())
    check(leaf.mask.shape() == node.shape, "leaf {}: a mask {} for {}", *leaf.name, mask.shape(), value_.shape());
}

}  // namespace thaw
