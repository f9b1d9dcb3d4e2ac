// SPDX-License-Identifier: Apache-2.0
// Default bodies of the optimizer steps (AdamWArgs, SgdArgs) and of the sum of squares that clipping reads.
#include <cmath>

#include "tensor/backend.h"
#include "tensor/counters.h"
#include "tensor/scratch.h"

namespace thaw {
namespace {

// grad * *grad_scale
View scaled_gradient(Scratch& scratch, const View& grad, const View* grad_scale) {
  if (!grad_scale) return grad;
  View one = *grad_scale;
  one.shape = one.strides = Shape();
  return scratch.binary(BinaryOp::mul, grad, one);
}

// True if there is a guard whose number is not finite. Waits for it; a backend with a queue asks on the device instead.
bool is_guarded(Backend& backend, const View* guard) {
  if (!guard) return false;
  const size_t offset = static_cast<size_t>(guard->offset) * size_of(guard->dtype);
  if (guard->dtype == DType::f64) {
    double number;
    backend.download(*guard->block, offset, &number, sizeof(number));
    return !std::isfinite(number);
  }
  float number;
  backend.download(*guard->block, offset, &number, sizeof(number));
  return !std::isfinite(number);
}

}  // namespace

void Backend::sum_squares(const View& out, std::span<const View> tensors) {
  count_default_body("sum_squares");
  fill(out, 0);
  for (const View& tensor : tensors) {
    Scratch scratch(*this, tensor.dtype);
    View total = out;
    total.shape = total.strides = Shape::of_rank(tensor.rank());
    reduce(ReduceOp::sum, total, scratch.unary(UnaryOp::square, tensor), 1, true);
  }
}

void Backend::adamw(const AdamWArgs& args) {
  count_default_body("adamw");
  if (is_guarded(*this, args.guard)) return;
  const double t = static_cast<double>(args.step);
  const double correction1 = 1 - std::pow(args.beta1, t), correction2 = 1 - std::pow(args.beta2, t);
  for (const OptimizerTensor& tensor : args.tensors) {
    Scratch scratch(*this, tensor.param.dtype);
    const auto times = [&](const View& x, double factor) {
      return scratch.binary(BinaryOp::mul, x, scratch.number(factor));
    };
    const View &p = tensor.param, &m = tensor.first, &v = tensor.second;
    const View g = scaled_gradient(scratch, tensor.grad, args.grad_scale);
    if (tensor.weight_decay != 0)
      binary(BinaryOp::sub, p, p, times(p, args.learning_rate * static_cast<double>(tensor.weight_decay)));
    binary(BinaryOp::add, m, m, times(scratch.binary(BinaryOp::sub, g, m), 1 - args.beta1));
    binary(BinaryOp::add, v, times(v, args.beta2), times(scratch.unary(UnaryOp::square, g), 1 - args.beta2));
    const View root =
        scratch.binary(BinaryOp::div, scratch.unary(UnaryOp::sqrt, v), scratch.number(std::sqrt(correction2)));
    const View update = scratch.binary(BinaryOp::div, m, scratch.binary(BinaryOp::add, root, scratch.number(args.eps)));
    binary(BinaryOp::sub, p, p, times(update, args.learning_rate / correction1));
  }
}

void Backend::sgd(const SgdArgs& args) {
  count_default_body("sgd");
  if (is_guarded(*this, args.guard)) return;
  for (const OptimizerTensor& tensor : args.tensors) {
    Scratch scratch(*this, tensor.param.dtype);
    const auto times = [&](const View& x, double factor) {
      return scratch.binary(BinaryOp::mul, x, scratch.number(factor));
    };
    const View &p = tensor.param, &buffer = tensor.first;
    View g = scaled_gradient(scratch, tensor.grad, args.grad_scale);
    if (tensor.weight_decay != 0)
      g = scratch.binary(BinaryOp::add, g, times(p, static_cast<double>(tensor.weight_decay)));
    if (args.momentum != 0) {
      if (args.step == 1) {
        copy(buffer, g);
      } else {
        binary(BinaryOp::add, buffer, times(buffer, args.momentum), g);
      }
      g = args.nesterov ? scratch.binary(BinaryOp::add, g, times(buffer, args.momentum)) : buffer;
    }
    binary(BinaryOp::sub, p, p, times(g, args.learning_rate));
  }
}

}  // namespace thaw
