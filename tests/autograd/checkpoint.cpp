// SPDX-License-Identifier: Apache-2.0
// Activation checkpointing: the same bits for less memory.
#include <doctest/doctest.h>

#include "autograd/functions.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;
using Layer = std::function<Variable(const std::vector<Variable>&)>;

Device device() { return Device::from_environment(); }
int64_t live_bytes() { return static_cast<int64_t>(device().backend().memory().live_bytes); }
Tensor random(const Shape& shape, uint64_t stream) {
  return affine(uniform(shape, {5, stream}, DType::f32, device()), 0.4, -0.2);
}

// Four layers of dropout, feed-forward and norm on [96, 16], with or without checkpoints.
struct Stack {
  std::vector<Variable> up, down;
  Variable input;
  RandomStreams streams{7};
  std::vector<Tensor> gradients;
  int64_t kept = 0, peak = 0;

  explicit Stack(bool input_tracked) {
    for (uint64_t i = 0; i < 4; ++i) {
      up.push_back(Variable::leaf(random({32, 16}, 2 * i), "up"));
      down.push_back(Variable::leaf(random({16, 32}, 2 * i + 1), "down"));
    }
    const Tensor x = random({96, 16}, 100);
    input = input_tracked ? Variable::leaf(x) : Variable(x);
  }

  void run(bool checkpointed) {
    const int64_t before = live_bytes();
    device().backend().memory().reset_peak();
    Variable x = input;
    for (size_t i = 0; i < up.size(); ++i) {
      const Layer layer = [this, i](const std::vector<Variable>& in) {
        const Variable h = linear(dropout(in[0], {0.2f, streams.take()}), up[i], {}, UnaryOp::gelu);
        return norm(linear(h, down[i]), in[0], {}, {}, {NormKind::layer, 1e-5, {0.1f, streams.take()}});
      };
      x = checkpointed ? checkpoint(layer, {x}, &streams) : layer({x});
    }
    const Variable loss = sum_all(square(x));
    x = {};
    kept = live_bytes() - before;
    CHECK(streams.position() == 8);
    backward(loss);
    CHECK(streams.position() == 8);
    peak = static_cast<int64_t>(device().backend().memory().peak_bytes) - before;
    for (const auto* list : {&up, &down})
      for (const Variable& v : *list) gradients.push_back(v.grad());
    if (input.tracked()) gradients.push_back(input.grad());
  }
};

}  // namespace

TEST_CASE("checkpoint: gradients are those of the plain run bit for bit, with dropout, for less memory") {
  for (const bool input_tracked : {true, false}) {
    Stack plain(input_tracked), checkpointed(input_tracked);
    plain.run(false);
    checkpointed.run(true);
    REQUIRE(plain.gradients.size() == checkpointed.gradients.size());
    for (size_t i = 0; i < plain.gradients.size(); ++i)
      CHECK(plain.gradients[i].to_host<float>() == checkpointed.gradients[i].to_host<float>());
    CHECK(checkpointed.kept * 2 < plain.kept);
    CHECK(checkpointed.peak < plain.peak);
  }
}

// What several functions read gets its gradients one by one, from the last to the first, in both cases.
TEST_CASE("checkpoint: gradients of what several checkpointed functions read are summed in the plain run's order") {
  const Variable w = Variable::leaf(random({16, 16}, 1)), x = Variable::leaf(random({8, 16}, 2));
  std::vector<Variable> by_function;
  for (uint64_t i = 0; i < 4; ++i) by_function.push_back(Variable::leaf(random({16, 16}, 3 + i)));
  const auto run = [&](bool checkpointed) {
    const Variable shared = gelu(linear(x, w));
    Variable y = tanh(x);
    for (const Variable& own : by_function) {
      const Layer layer = [&](const std::vector<Variable>& in) {
        return add(in[0], mul(gelu(linear(in[1], own)), tanh(linear(in[1], own))));
      };
      y = checkpointed ? checkpoint(layer, {y, shared}) : layer({y, shared});
    }
    backward(sum_all(square(y)));
    std::vector<Floats> gradients;
    for (const Variable& leaf : {w, x, by_function[0], by_function[3]}) {
      gradients.push_back(leaf.grad().to_host<float>());
      leaf.clear_grad();
    }
    by_function[1].clear_grad();
    by_function[2].clear_grad();
    return gradients;
  };
  CHECK(run(true) == run(false));
}

TEST_CASE("checkpoint: nested") {
  const Variable x = Variable::leaf(random({8, 4}, 1)), w = Variable::leaf(random({4, 4}, 2));
  const auto inner = [&](const std::vector<Variable>& in) { return gelu(linear(in[0], w)); };
  const auto outer = [&](const std::vector<Variable>& in) { return checkpoint(inner, {tanh(in[0])}); };
  backward(sum_all(outer({x})));
  const Floats dx = x.grad().to_host<float>(), dw = w.grad().to_host<float>();
  x.clear_grad();
  w.clear_grad();
  backward(sum_all(checkpoint(outer, {x})));
  CHECK(x.grad().to_host<float>() == dx);
  CHECK(w.grad().to_host<float>() == dw);
}

TEST_CASE("checkpoint: a masked parameter is masked") {
  const Variable x(random({8, 4}, 1)), w = Variable::leaf(random({4, 4}, 2));
  w.set_grad_mask(Tensor::from_host(Floats{1, 0, 0, 1}, {4, 1}, device()).expand({4, 4}));
  backward(sum_all(checkpoint([&](const std::vector<Variable>& in) { return linear(in[0], w); }, {x})));
  const Floats dw = w.grad().to_host<float>();
  CHECK(dw[0] != 0);
  for (size_t i = 4; i < 12; ++i) CHECK(dw[i] == 0);
}

TEST_CASE("checkpoint: frozen and unrecorded functions are just called") {
  const Variable x(random({8, 4}, 1)), w = Variable::leaf(random({4, 4}, 2));
  int calls = 0;
  const auto f = [&](const std::vector<Variable>& in) {
    ++calls;
    return exp(in[0]);
  };
  CHECK(!checkpoint(f, {x}).tracked());
  {
    const NoGrad no_grad;
    CHECK(!checkpoint(f, {w}).tracked());
  }
  CHECK(calls == 2);
}

TEST_CASE("checkpoint: a variable that comes in by another way than the inputs is an error") {
  const Variable x = Variable::leaf(random({8, 4}, 1));
  const Variable hidden = exp(x);
  const Variable y = checkpoint([&](const std::vector<Variable>& in) { return add(in[0], hidden); }, {scale(x, 2)});
  CHECK_THROWS_WITH_AS(backward(sum_all(y)),
                       doctest::Contains("uses a variable (of exp [8, 4]) that is not among its inputs"),
                       std::invalid_argument);
}
