// SPDX-License-Identifier: Apache-2.0
// Types that a device holds but does not compute in are refused by every function, instead of being read as others.
#include "tensor/operands.h"

#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tensor/indices.h"
#include "tensor/ops.h"
#include "tensor/segments.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }

// By name; each is given a tensor [2, 4] of the type in the place of a tensor of f32.
std::vector<std::pair<std::string, std::function<void(const Tensor&)>>> functions() {
  const Tensor rows = Tensor::ones({2, 4}, DType::f32, device()), four = Tensor::ones({4}, DType::f32, device());
  const Indices zeros({0, 0}, device());
  const Segments segments({2}, device());
  return {
      {"gelu", [](const Tensor& x) { unary(UnaryOp::gelu, x); }},
      {"gelu", [](const Tensor& x) { unary_backward(UnaryOp::gelu, x, x); }},
      {"affine", [](const Tensor& x) { scale(x, 2); }},
      {"add", [](const Tensor& x) { add(x, x); }},
      {"add", [=](const Tensor& x) { add(rows, x); }},
      {"add", [](const Tensor& x) { binary_(BinaryOp::add, x, x); }},
      {"where", [](const Tensor& x) { where(x, x, x); }},
      {"uniform",
       [](const Tensor& x) {
         uniform({2}, {1, 2}, x.dtype(), x.device());
       }},
      {"dropout",
       [](const Tensor& x) {
         dropout(x, {0.5, {1, 2}});
       }},
      {"dropout",
       [=](const Tensor& x) {
         dropout(rows, {0.5, {1, 2}}, x);
       }},
      {"reduce", [](const Tensor& x) { sum_all(x); }},
      {"argmax", [](const Tensor& x) { argmax(x); }},
      {"sum_squares", [](const Tensor& x) { sum_squares(std::vector<Tensor>{x}); }},
      {"sum_squares",
       [=](const Tensor& x) {
         sum_squares(std::vector<Tensor>{rows, x});
       }},
      {"softmax", [](const Tensor& x) { softmax(x); }},
      {"softmax", [](const Tensor& x) { softmax_backward(x, x); }},
      {"gather_rows", [=](const Tensor& x) { gather_rows(x, zeros); }},
      {"scatter_add_rows_", [=](const Tensor& x) { scatter_add_rows_(x, x, zeros); }},
      {"scatter_add_rows_", [=](const Tensor& x) { scatter_add_rows_(rows, x, zeros); }},
      {"mean_segments", [=](const Tensor& x) { mean_segments(x, segments); }},
      {"norm", [](const Tensor& x) { norm(x, {}, {}, {}, {}, false); }},
      {"norm", [=](const Tensor& x) { norm(rows, x, {}, {}, {}, false); }},
      {"norm", [=](const Tensor& x) { norm(rows, {}, x.slice(0, 0, 1).reshape({4}), {}, {}, false); }},
      {"norm", [=](const Tensor& x) { norm(rows, {}, four, x.slice(0, 0, 1).reshape({4}), {}, false); }},
      {"attention",
       [=](const Tensor& x) {
         const Tensor heads = x.reshape({2, 2, 2});
         attention(heads, heads, heads, segments, segments, {}, false);
       }},
      {"attention",
       [=](const Tensor& x) {
         const Tensor q = rows.reshape({2, 2, 2}), k = x.reshape({2, 2, 2});
         attention(q, k, k, segments, segments, {}, false);
       }},
      {"cross_entropy", [=](const Tensor& x) { cross_entropy(x, zeros, {}, false); }},
      {"matmul_add_",
       [=](const Tensor& x) {
         matmul_add_(x, rows, Tensor::ones({4, 4}, DType::f32, device()));
       }},
      {"matmul",
       [=](const Tensor& x) {
         matmul(rows, Tensor::ones({4, 4}, DType::f32, device()), {.bias = x.slice(0, 0, 1).reshape({4})});
       }},
  };
}

}  // namespace

TEST_CASE("operands: what is held in bf16, f16 or i32 is not computed with") {
  for (const DType dtype : {DType::bf16, DType::f16, DType::i32}) {
    if (!device().backend().supports(dtype)) continue;
    CAPTURE(name_of(dtype));
    const Tensor x = Tensor::zeros({2, 4}, dtype, device());
    for (const auto& [name, call] : functions()) {
      const std::string error = error_of([&, &call = call] { call(x); });
      CAPTURE(error);
      CHECK(error.starts_with(name + ": "));
      CHECK(error.find(name_of(dtype)) != std::string::npos);
    }
  }
}

TEST_CASE("operands: the error says in what the device computes") {
  if (device().backend().supports(DType::bf16)) {
    CHECK(error_of([] { softmax(Tensor::ones({2}, DType::bf16, device())); }) ==
          "softmax: " + device().name() + " computes in f32, not in bf16: convert by to(DType::f32)");
  }
  CHECK(error_of([] { softmax(Tensor::zeros({2}, DType::i32, device())); }) == "softmax: i32 is not a floating type");
  CHECK_NOTHROW(check_computed("softmax", DType::f64, Device::open("reference")));
}
