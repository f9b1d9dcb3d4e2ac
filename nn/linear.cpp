// SPDX-License-Identifier: Apache-2.0
// Products with parameters, in either layout of the weight.
#include "nn/linear.h"

#include "autograd/compressed_weight.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::shared_ptr<Product> registered(const Scope& s, const Linear& made) {
  auto product = std::make_shared<Product>();
  product->path = s.path();
  product->weight = made.weight;
  product->bias = made.bias;
  product->layout = made.layout;
  s.store().add_product(product);
  return product;
}

void check_input(const Linear& product, const Variable& x) {
  check(product.defined(), "linear: a product without a weight");
  check(x.defined(), "{}: the input is undefined", product.weight.name());
  check(x.value().rank() >= 1 && x.size(-1) == product.in(), "linear: input {} does not fit {} {}", x.shape(),
        product.weight.name(), product.weight.value().shape());
}

}  // namespace

Linear::Linear(const Scope& s, int64_t in, int64_t out, bool with_bias, WeightLayout stored)
    : Linear(s, in, out, Init::kaiming_uniform(), false, stored) {
  if (with_bias) product_->bias = bias = s.parameter("bias", {out}, Init::kaiming_uniform().with_fan_in(in));
}

Linear::Linear(const Scope& s, int64_t in, int64_t out, const Init& init, bool with_bias, WeightLayout stored)
    : weight(s.parameter("weight", stored == WeightLayout::out_in ? Shape{out, in} : Shape{in, out},
                         init.with_fan_in(in))),
      layout(stored) {
  if (with_bias) bias = s.parameter("bias", {out}, Init::zeros());
  product_ = registered(s, *this);
}

Linear::Linear(const Scope& s, const Parameter& shared_weight, const Parameter& own_bias, WeightLayout stored)
    : weight(shared_weight), bias(own_bias), layout(stored) {
  check(weight.defined(), "{}: the weight it shares is undefined", s.path());
  check(weight.value().rank() == 2, "{}: {} {} is no matrix", s.path(), weight.name(), weight.value().shape());
  check(!bias.defined() || bias.value().shape() == Shape{out()}, "{}: bias {} {} does not fit {} {}", s.path(),
        bias.defined() ? bias.name() : "", bias.defined() ? bias.value().shape() : Shape{}, weight.name(),
        weight.value().shape());
  product_ = registered(s, *this);
}

Linear Linear::as(ProductRole role) const {
  check(product_ != nullptr, "linear: a product without a weight");
  product_->role = role;
  return *this;
}

Variable Linear::operator()(const Variable& x, UnaryOp activation) const {
  check_input(*this, x);
  return (*product_)(x, activation);
}

Variable Linear::cross_entropy(const Variable& x, const Indices& targets, const CrossEntropy& options, double count,
                               double scale, Tensor* rows) const {
  check_input(*this, x);
  if (product_->adapted())  // then the logits are there as a whole
    return thaw::cross_entropy((*this)(scale == 1 ? x : thaw::scale(x, scale)), targets, options, count, rows);
  const LinearCrossEntropy how{.loss = options, .scale = scale, .in_out = layout == WeightLayout::in_out};
  if (const CompressedWeight* compressed = weight.compressed())
    return linear_cross_entropy(x, *compressed, bias, targets, how, count, rows);
  return linear_cross_entropy(x, weight, bias, targets, how, count, rows);
}

}  // namespace thaw
