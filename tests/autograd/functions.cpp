// SPDX-License-Identifier: Apache-2.0
// What the op table (conformance/op_cases.cpp) does not ask of the functions: ties, types, errors.
#include <doctest/doctest.h>

#include "autograd/functions.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;

Device device() { return Device::from_environment(); }
Variable leaf(const Floats& values) {
  return Variable::leaf(Tensor::from_host(values, {static_cast<int64_t>(values.size())}, device()));
}
Floats gradient(const Variable& x) { return x.grad().to_host<float>(); }

}  // namespace

TEST_CASE("functions: where maximum and minimum tie, the gradient goes to the first") {
  const Variable a = leaf({1, 2, 3}), b = leaf({1, 3, 2});
  backward(sum_all(maximum(a, b)));
  CHECK(gradient(a) == Floats{1, 0, 1});
  CHECK(gradient(b) == Floats{0, 1, 0});
  a.clear_grad();
  b.clear_grad();
  backward(sum_all(minimum(a, b)));
  CHECK(gradient(a) == Floats{1, 1, 0});
  CHECK(gradient(b) == Floats{0, 0, 1});
}

TEST_CASE("functions: max gives its gradient to the first largest") {
  const Variable x = leaf({1, 3, 3, 2});
  backward(max(x, 0));
  CHECK(gradient(x) == Floats{0, 1, 0, 0});
}

TEST_CASE("functions: binary cross-entropy does not cancel on sure predictions") {
  const Variable x = leaf({30, -30, 20});
  const Variable loss = binary_cross_entropy(x, Tensor::from_host(Floats{1, 0, 0}, {3}, device()));
  CHECK(loss.value().item() == doctest::Approx(20.0 / 3).epsilon(1e-6));
  const Variable sure = binary_cross_entropy(leaf({15}), Tensor::from_host(Floats{1}, {1}, device()));
  CHECK(sure.value().item() == doctest::Approx(3.059022e-7).epsilon(1e-5));
}

TEST_CASE("functions: cross-entropy over ignored rows only is 0, and so is its gradient") {
  const Variable x = Variable::leaf(Tensor::full({2, 3}, 1, DType::f32, device()));
  const Variable loss = cross_entropy(x, Indices({-100, -100}, device()));
  CHECK(loss.value().item() == 0);
  backward(loss);
  CHECK(gradient(x) == Floats(6, 0));
}

TEST_CASE("functions: gradients of bf16 variables are f32") {
  const Variable x = leaf({1, 2}), y = to(x, DType::bf16);
  CHECK(y.value().dtype() == DType::bf16);
  backward(sum_all(matmul(reshape(y, {1, 2}), reshape(y, {2, 1}))));
  CHECK(x.grad().dtype() == DType::f32);
  CHECK(gradient(x) == Floats{2, 4});
}

TEST_CASE("functions: dropout without probability is no function") {
  const Variable x = leaf({1, 2});
  CHECK(dropout(x, {}).node() == x.node());
}

TEST_CASE("functions: linear functions keep nothing and need one launch for their gradient") {
  const Variable x = leaf({1, 2});
  const Variable y = affine(neg(x), 3, 1);
  const uint64_t launches = counters().launches;
  backward(std::vector{y}, std::vector{Tensor::full({2}, 1, DType::f32, device())});
  CHECK(counters().launches - launches == 3);  // the incoming gradient, times 3, times -1
  CHECK(gradient(x) == Floats{-3, -3});
}

TEST_CASE("functions: shapes that do not fit are errors at the call") {
  const Variable x = leaf({1, 2, 3});
  CHECK_THROWS_AS(add(x, leaf({1, 2})), std::invalid_argument);
  CHECK_THROWS_WITH_AS(linear_in_out(x, Variable(Tensor::zeros({2, 4}, DType::f32, device()))),
                       "linear_in_out: input [3] does not fit weight [2, 4]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(mean_squared_error(x, Tensor::zeros({2}, DType::f32, device())),
                       "mean_squared_error: targets [2] for [3]", std::invalid_argument);
  CHECK_THROWS_AS(cross_entropy(reshape(x, {1, 3}), Indices({0}, device()), {}, -1), std::invalid_argument);
}
