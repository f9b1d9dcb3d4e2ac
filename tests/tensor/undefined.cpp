// SPDX-License-Identifier: Apache-2.0
// What was never given a value is an error that says so where it is used: tensors, variables, segments, axes.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
Tensor some(const Shape& shape) { return Tensor::ones(shape, DType::f32, device()); }

}  // namespace

TEST_CASE("undefined: a tensor or variable that is asked for anything") {
  const Tensor t;
  const Variable v;
  CHECK(error_of([&] { t.shape(); }) == "shape: the tensor is undefined");
  CHECK(error_of([&] { t.strides(); }) == "strides: the tensor is undefined");
  CHECK(error_of([&] { t.rank(); }) == "rank: the tensor is undefined");
  CHECK(error_of([&] { t.size(0); }) == "size: the tensor is undefined");
  CHECK(error_of([&] { t.numel(); }) == "numel: the tensor is undefined");
  CHECK(error_of([&] { t.dtype(); }) == "dtype: the tensor is undefined");
  CHECK(error_of([&] { t.device(); }) == "device: the tensor is undefined");
  CHECK(error_of([&] { t.backend(); }) == "backend: the tensor is undefined");
  CHECK(error_of([&] { t.is_contiguous(); }) == "is_contiguous: the tensor is undefined");
  CHECK(error_of([&] { t.reshape({1}); }) == "reshape: the tensor is undefined");
  CHECK(error_of([&] { t.permute({}); }) == "permute: the tensor is undefined");
  CHECK(error_of([&] { t.transpose(); }) == "transpose: the tensor is undefined");
  CHECK(error_of([&] { t.slice(0, 0, 1); }) == "slice: the tensor is undefined");
  CHECK(error_of([&] { t.expand({1}); }) == "expand: the tensor is undefined");
  CHECK(error_of([&] { t.squeeze(0); }) == "squeeze: the tensor is undefined");
  CHECK(error_of([&] { t.unsqueeze(0); }) == "unsqueeze: the tensor is undefined");
  CHECK(error_of([&] { t.contiguous(); }) == "contiguous: the tensor is undefined");
  CHECK(error_of([&] { t.clone(); }) == "clone: the tensor is undefined");
  CHECK(error_of([&] { t.to(DType::f32); }) == "to: the tensor is undefined");
  CHECK(error_of([&] { t.to(device()); }) == "to: the tensor is undefined");
  CHECK(error_of([&] { t.to_host<float>(); }) == "to_host: the tensor is undefined");
  CHECK(error_of([&] { t.to_bytes(); }) == "to_bytes: the tensor is undefined");
  CHECK(error_of([&] { t.item(); }) == "item: the tensor is undefined");
  CHECK(error_of([&] { t.to_host_later(); }) == "to_host_later: the tensor is undefined");
  CHECK(error_of([&] { t.fill_(0); }) == "fill_: the tensor is undefined");
  CHECK(error_of([&] { t.copy_from(some({1})); }) == "copy_from: the tensor is undefined");
  CHECK(error_of([&] { t.mark_written(); }) == "mark_written: the tensor is undefined");
  CHECK(error_of([&] { some({}).copy_from(t); }) == "copy_from: the source is undefined");
  CHECK(error_of([&] { some({}).to(Device()); }) == "to: no device");
  CHECK(error_of([&] { v.shape(); }) == "shape: the tensor is undefined");
  CHECK(error_of([&] { v.device(); }) == "device: the tensor is undefined");
  CHECK(error_of([&] { v.item(); }) == "item: the tensor is undefined");
}

TEST_CASE("undefined: an argument of a function is named with the function") {
  const Variable v, x = some({3, 4});
  const Tensor t;
  CHECK(error_of([&] { gelu(v); }) == "gelu: the input is undefined");
  CHECK(error_of([&] { scale(v, 2); }) == "affine: the input is undefined");
  CHECK(error_of([&] { pow(v, 3); }) == "pow: the input is undefined");
  CHECK(error_of([&] { add(v, x); }) == "add: the first input is undefined");
  CHECK(error_of([&] { mul(x, v); }) == "mul: the second input is undefined");
  CHECK(error_of([&] { maximum(v, x); }) == "max: the first input is undefined");
  CHECK(error_of([&] { where(t, x, x); }) == "where: the condition is undefined");
  CHECK(error_of([&] { where(x.value(), x, v); }) == "where: the second choice is undefined");
  CHECK(error_of([&] { dropout(v, {}); }) == "dropout: the input is undefined");
  CHECK(error_of([&] { to(v, DType::bf16); }) == "to: the input is undefined");
  CHECK(error_of([&] { reshape(v, {1}); }) == "reshape: the tensor is undefined");
  CHECK(error_of([&] { slice(v, 0, 0, 1); }) == "slice: the tensor is undefined");
  CHECK(error_of([&] { concat({x, v}, 0); }) == "concat: a part is undefined");
  CHECK(error_of([&] { sum(v, {0}); }) == "reduce: the input is undefined");
  CHECK(error_of([&] { mean(v, {0}); }) == "mean: the input is undefined");
  CHECK(error_of([&] { sum_all(v); }) == "sum_all: the input is undefined");
  CHECK(error_of([&] { mean_all(v); }) == "mean_all: the input is undefined");
  CHECK(error_of([&] { max(v, 0); }) == "max: the input is undefined");
  CHECK(error_of([&] { softmax(v); }) == "softmax: the input is undefined");
  CHECK(error_of([&] { log_softmax(v); }) == "log_softmax: the input is undefined");
  CHECK(error_of([&] { matmul(v, x); }) == "matmul: the first factor is undefined");
  CHECK(error_of([&] { matmul(x, v); }) == "matmul: the second factor is undefined");
  CHECK(error_of([&] { linear(v, x); }) == "linear: the input is undefined");
  CHECK(error_of([&] { linear(x, v); }) == "linear: the weight is undefined");
  CHECK(error_of([&] { linear_in_out(x, v); }) == "linear_in_out: the weight is undefined");
  CHECK(error_of([&] { embedding(v, Indices({0}, device())); }) == "gather_rows: the table is undefined");
  CHECK(error_of([&] { norm(v, {}, {}, {}, {}); }) == "norm: the input is undefined");
  CHECK(error_of([&] { mean_segments(v, Segments({1}, device())); }) == "mean_segments: the input is undefined");
  CHECK(error_of([&] { cross_entropy(v, Indices({0}, device())); }) ==
        "cross_entropy: the tensor of logits is undefined");
  CHECK(error_of([&] { mean_squared_error(v, x.value()); }) == "mean_squared_error: the input is undefined");
  CHECK(error_of([&] { mean_squared_error(x, t); }) == "mean_squared_error: the tensor of targets is undefined");
  CHECK(error_of([&] { argmax(t); }) == "argmax: the input is undefined");
  CHECK(error_of([&] { sum_squares(std::vector{t}); }) == "sum_squares: an input is undefined");
}

TEST_CASE("undefined: segments made without lengths") {
  const Segments none;
  CHECK_FALSE(none.defined());
  CHECK(error_of([&] { none.count(); }) == "segments: undefined, made without lengths");
  CHECK(error_of([&] { none.total(); }) == "segments: undefined, made without lengths");
  CHECK(error_of([&] { none.begin(0); }) == "segments: undefined, made without lengths");
  const Variable x = some({3, 1, 2});
  const Segments whole({3}, device());
  CHECK(error_of([&] { attention(x, x, x, none, whole, {}); }) ==
        "attention: the segments of the queries are undefined");
  CHECK(error_of([&] { attention(x, x, x, whole, none, {}); }) == "attention: the segments of the keys are undefined");
  CHECK(error_of([&] { attention(x, {}, x, whole, whole, {}); }) == "attention: the tensor of keys is undefined");
  CHECK(error_of([&] { whole.length(1); }) == "segments: sequence 2 of 1");
}

TEST_CASE("undefined: an axis that there is not") {
  const Shape shape{2, 3};
  CHECK(shape[-2] == 2);
  CHECK(error_of([&] { shape[2]; }) == "shape [2, 3]: axis 2 is not in [-2, 2)");
  CHECK(error_of([&] { shape[-3]; }) == "shape [2, 3]: axis -3 is not in [-2, 2)");
  CHECK(error_of([&] { some({2, 3}).size(5); }) == "shape [2, 3]: axis 5 is not in [-2, 2)");
  Shape changed;
  CHECK(error_of([&] { changed[0] = 1; }) == "shape []: axis 0 is not in [-0, 0)");
}
