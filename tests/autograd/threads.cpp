// SPDX-License-Identifier: Apache-2.0
// Birth numbers are a thread's own, and yet a result's is above those of its inputs, whoever made them.
#include <doctest/doctest.h>

#include <thread>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
Variable two() { return Variable::leaf(Tensor::full({3}, 2, DType::f32, device()), "x"); }

// What f makes in a new thread, whose birth numbers begin at 1.
template <typename F>
auto in_new_thread(const F& f) {
  decltype(f()) made;
  std::thread([&] { made = f(); }).join();
  return made;
}

}  // namespace

TEST_CASE("autograd: a new thread numbers its nodes from 1") {
  two();
  CHECK(in_new_thread([] { return two().node()->birth; }) == 1);
}

TEST_CASE("autograd: variables of one thread go on in another, and backward keeps the order") {
  const Variable x = two();
  Variable y = x;
  for (int i = 0; i < 20; ++i) y = scale(y, 1);                         // late numbers
  const Variable z = in_new_thread([&] { return add(mul(y, y), y); });  // whose own numbers would be early
  CHECK(z.node()->birth > y.node()->birth);
  backward(sum_all(z));
  CHECK(x.grad().to_host<float>() == std::vector<float>(3, 5));

  // The same where one node has several gradients, and for checkpoint, which only its function's parameters train.
  const Variable w = two();
  const Variable kept = in_new_thread([&] {
    return checkpoint([&](const std::vector<Variable>& in) { return mul(in[0], w); },
                      {Variable(Tensor::full({3}, 4, DType::f32, device()))});
  });
  CHECK(kept.node()->birth > w.node()->birth);
  in_new_thread([&] {
    backward(sum_all(kept));
    return 0;
  });
  CHECK(w.grad().to_host<float>() == std::vector<float>(3, 4));
}
