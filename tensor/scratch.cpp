// SPDX-License-Identifier: Apache-2.0
// Temporaries of the default bodies.
#include "tensor/scratch.h"

namespace thaw {

Scratch::~Scratch() {
  for (Block* block : blocks_) backend_.release(block);
}

View Scratch::empty(const Shape& shape, DType dtype) {
  blocks_.reserve(blocks_.size() + 1);
  blocks_.push_back(backend_.allocate(static_cast<size_t>(shape.numel()) * size_of(dtype)));
  return {blocks_.back(), 0, shape, contiguous_strides(shape), dtype};
}

View Scratch::number(double value) {
  const View out = empty({});
  backend_.fill(out, value);
  return out;
}

View Scratch::numbers(std::span<const double> values, const Shape& shape) {
  const View out = empty(shape);
  if (dtype_ == DType::f64) {
    backend_.upload(*out.block, 0, values.data(), values.size_bytes());
  } else {
    const std::vector<float> narrow(values.begin(), values.end());
    backend_.upload(*out.block, 0, narrow.data(), narrow.size() * sizeof(float));
  }
  return out;
}

View Scratch::indices(std::span<const int32_t> values) {
  const View out = empty({static_cast<int64_t>(values.size())}, DType::i32);
  backend_.upload(*out.block, 0, values.data(), values.size_bytes());
  return out;
}

View Scratch::cast(const View& x) {
  const View out = empty(x.shape);
  backend_.copy(out, x);
  return out;
}

View Scratch::unary(UnaryOp op, const View& x) {
  const View out = empty(x.shape);
  backend_.unary(op, out, x, {});
  return out;
}

View Scratch::binary(BinaryOp op, const View& a, const View& b) {
  const View out = empty(broadcast_shape(a.shape, b.shape));
  backend_.binary(op, out, a.expand(out.shape), b.expand(out.shape));
  return out;
}

View Scratch::where(const View& condition, const View& a, const View& b) {
  const View out = empty(broadcast_shape(condition.shape, broadcast_shape(a.shape, b.shape)));
  backend_.where(out, condition.expand(out.shape), a.expand(out.shape), b.expand(out.shape));
  return out;
}

View Scratch::reduce(ReduceOp op, const View& x, int axis) {
  Shape shape = x.shape;
  shape[axis] = 1;
  const View out = empty(shape);
  backend_.reduce(op, out, x, 1, false);
  return out;
}

View Scratch::mean(const View& x, int axis) {
  return binary(BinaryOp::div, reduce(ReduceOp::sum, x, axis), number(static_cast<double>(x.shape[axis])));
}

View Scratch::matmul(const View& a, const View& b, double scale) {
  MatmulArgs args;
  args.out = empty(a.shape.without(-1).with(a.rank() - 1, b.shape[-1]));
  args.a = a;
  args.b = b;
  args.scale = scale;
  backend_.matmul(args);
  return args.out;
}

View Scratch::dropout(const View& x, const View& kept, const Dropout& dropout) {
  return where(kept, binary(BinaryOp::mul, x, number(dropout.factor())), number(0));
}

}  // namespace thaw
