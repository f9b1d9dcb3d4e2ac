// SPDX-License-Identifier: Apache-2.0
// A tensor that was overwritten between the passes is an error that names it. (Only where assertions are compiled in.)
#include <doctest/doctest.h>

#include "autograd/functions.h"

#ifndef NDEBUG

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
Tensor some(const Shape& shape) { return Tensor::full(shape, 0.5, DType::f32, device()); }

}  // namespace

TEST_CASE("saved: overwriting a parameter between the passes is an error that names it") {
  const Variable x = Variable::leaf(some({4, 3})), w = Variable::leaf(some({2, 3}), "encoder.dense.weight");
  const Variable loss = sum_all(linear(x, w));
  w.value().fill_(1);
  CHECK_THROWS_WITH_AS(backward(loss),
                       "backward: encoder.dense.weight [2, 3] was overwritten after the forward pass read it",
                       std::logic_error);
}

TEST_CASE("saved: overwriting an intermediate result is an error that names what made it") {
  const Variable x = Variable::leaf(some({4}));
  const Variable y = gelu(x);
  const Variable loss = sum_all(square(y));
  binary_(BinaryOp::add, y.value(), some({4}));
  CHECK_THROWS_WITH_AS(backward(loss), doctest::Contains("gelu [4] was overwritten"), std::logic_error);
}

TEST_CASE("saved: through another view of the memory, too") {
  const Variable x = Variable::leaf(some({4, 4}), "x");
  const Variable loss = sum_all(square(x));
  x.value().slice(0, 3, 4).fill_(0);
  CHECK_THROWS_AS(backward(loss), std::logic_error);
}

TEST_CASE("saved: what no gradient reads may be overwritten") {
  const Variable x = Variable::leaf(some({4, 3})), frozen(some({2, 3})), bias = Variable::leaf(some({2}));
  const Variable loss = sum_all(linear(x.detach(), frozen, bias));
  x.value().fill_(1);
  frozen.value().fill_(2);
  backward(loss);
  CHECK(bias.grad().to_host<float>() == std::vector<float>{4, 4});
}

#endif
