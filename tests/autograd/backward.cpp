// SPDX-License-Identifier: Apache-2.0
// The backward pass: order, accumulation, what is an error.
#include <doctest/doctest.h>

#include <string>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

Device device() { return Device::from_environment(); }
Tensor numbers(const std::vector<float>& values) {
  return Tensor::from_host(values, {static_cast<int64_t>(values.size())}, device());
}
std::vector<float> gradient(const Variable& x) { return x.grad().to_host<float>(); }
using Floats = std::vector<float>;

}  // namespace

TEST_CASE("backward: a graph that forks and joins gives each node its whole gradient before it goes on") {
  const Variable x = Variable::leaf(numbers({1, 2, 3}));
  int walks = 0;
  // 3 x, counting how often its gradient is asked for.
  const Variable a = record("counted", scale(x.value(), 3), {grad_to(x, [&walks](const Tensor& dy) {
                              ++walks;
                              return scale(dy, 3);
                            })});
  const Variable b = square(a), c = scale(a, 2), d = mul(b, c);  // d = 2 a^3
  backward(sum_all(add(d, a)));
  CHECK(walks == 1);
  CHECK(gradient(x) == Floats{3 * (6 * 9 + 1), 3 * (6 * 36 + 1), 3 * (6 * 81 + 1)});
}

TEST_CASE("backward: nodes are walked by descending birth") {
  const Variable x = Variable::leaf(numbers({1}));
  std::string order;
  const auto link = [&](const Variable& from, char name) {
    return record("link", from.value(), {grad_to(from, [&order, name](const Tensor& dy) {
                    order += name;
                    return dy;
                  })});
  };
  const Variable a = link(x, 'a'), b = link(a, 'b'), c = link(x, 'c'), d = link(c, 'd');
  backward(std::vector{a, d, b}, std::vector{numbers({1}), numbers({10}), numbers({100})});
  CHECK(order == "dcba");
  CHECK(gradient(x) == Floats{111});
}

TEST_CASE("backward: leaves accumulate over walks, in place, until they are cleared") {
  const Variable x = Variable::leaf(numbers({1, 2}), "x");
  backward(sum_all(scale(x, 3)));
  const Block* block = x.grad().view().block;
  CHECK(gradient(x) == Floats{3, 3});
  backward(sum_all(scale(x, 4)), 2);
  CHECK(gradient(x) == Floats{11, 11});
  CHECK(x.grad().view().block == block);
  const Tensor held = x.grad();
  backward(sum_all(x));
  CHECK(held.to_host<float>() == Floats{11, 11});
  CHECK(gradient(x) == Floats{12, 12});
  x.clear_grad();
  CHECK(!x.grad().defined());
}

TEST_CASE("backward: leaves that get the same gradient do not share its memory") {
  const Variable a = Variable::leaf(numbers({1, 2})), b = Variable::leaf(numbers({3, 4}));
  backward(sum_all(add(a, b)));
  CHECK(a.grad().view().block != b.grad().view().block);
  a.grad().fill_(7);
  CHECK(gradient(b) == Floats{1, 1});
}

TEST_CASE("backward: gradients of a leaf are contiguous, whatever view the last function took") {
  const Variable x = Variable::leaf(Tensor::from_host(Floats{1, 2, 3, 4, 5, 6}, {2, 3}, device()));
  const Variable y = Variable::leaf(Tensor::from_host(Floats{1, 2, 3}, {1, 3}, device()));
  const Tensor weights = Tensor::from_host(Floats{1, 2, 3, 4, 5, 6, 7, 8, 9}, {3, 3}, device());
  backward(sum_all(mul(transpose(concat({x, y}, 0)), weights)));
  CHECK(x.grad().is_contiguous());
  CHECK(gradient(x) == Floats{1, 4, 7, 2, 5, 8});
  CHECK(gradient(y) == Floats{3, 6, 9});
  CHECK(x.grad().view().block->bytes == 6 * sizeof(float));
}

TEST_CASE("backward: a second walk is an error that names where") {
  const Variable x = Variable::leaf(numbers({1, 2}));
  const Variable shared = exp(x);
  const Variable loss = sum_all(shared);
  backward(loss);
  CHECK_THROWS_WITH_AS(backward(loss), doctest::Contains("walked before (at sum_all []"), std::invalid_argument);
  CHECK_THROWS_WITH_AS(backward(sum_all(square(shared))), doctest::Contains("walked before (at exp [2]"),
                       std::invalid_argument);
  backward(sum_all(exp(x)));  // a new forward pass is none
}

TEST_CASE("backward: what is no loss") {
  const Variable x = Variable::leaf(numbers({1, 2}));
  CHECK_THROWS_WITH_AS(backward(exp(x)), "backward: the loss is [2], not one number", std::invalid_argument);
  CHECK_THROWS_WITH_AS(backward(sum_all(exp(x.detach()))),
                       "backward: nothing that the loss was computed from is trained", std::invalid_argument);
  CHECK_THROWS_AS(backward(Variable()), std::invalid_argument);
  CHECK_THROWS_WITH_AS(exp(x).grad(), "grad: the variable is not a leaf", std::invalid_argument);
}

TEST_CASE("backward: an error on the way leaves no gradient behind") {
  const Variable x = Variable::leaf(numbers({1, 2}));
  const Variable a = exp(x);
  const Variable broken =
      record("broken", a.value(), {grad_to(a, [](const Tensor&) -> Tensor { throw std::runtime_error("broken"); })});
  CHECK_THROWS_WITH(backward(std::vector{broken, a}, std::vector{numbers({5, 5}), numbers({5, 5})}), "broken");
  CHECK(!x.grad().defined());
  backward(sum_all(scale(a, 2)));
  const Floats slope = a.value().to_host<float>();
  CHECK(gradient(x) == Floats{2 * slope[0], 2 * slope[1]});
}

TEST_CASE("backward: a gradient of another shape is an error that names the parameter") {
  const Variable w = Variable::leaf(numbers({1, 2}), "encoder.weight");
  const Variable y = record("wrong", w.value(), {grad_to(w, [](const Tensor&) { return numbers({1, 2, 3}); })});
  CHECK_THROWS_WITH_AS(backward(sum_all(y)), "backward: wrong made a gradient [3] for encoder.weight [2]",
                       std::invalid_argument);
}

TEST_CASE("backward: what is wrong inside of a gradient names the function") {
  const Variable x = Variable::leaf(numbers({1, 2}), "x");
  const Variable bad = record("bad", x.value(), {grad_to(x, [](const Tensor& dy) {
                                return mul(dy, numbers({1, 2, 3}));
                              })});
  CHECK_THROWS_WITH_AS(backward(sum_all(bad)), "backward of bad: shapes [2] and [3] do not broadcast",
                       std::invalid_argument);
  const Variable none = record("none", x.value(), {grad_to(x, [](const Tensor&) { return Tensor(); })});
  CHECK_THROWS_WITH_AS(backward(sum_all(none)), "backward: none made no gradient for x [2]", std::invalid_argument);
  const Variable joint =
      record_joint("joint", x.value(), {x}, [](const Tensor& dy) { return std::vector<Tensor>{dy.reshape({3})}; });
  CHECK_THROWS_WITH_AS(backward(sum_all(joint)), "backward of joint: reshape: [2] does not fit [3]",
                       std::invalid_argument);
  const Variable y = exp(x);
  backward(sum_all(y));
  CHECK_THROWS_WITH_AS(backward(sum_all(y)),
                       "backward: the graph was walked before (at exp [2]); run the forward pass "
                       "again",
                       std::invalid_argument);
}

TEST_CASE("backward: several outputs, of which some have no gradient") {
  const Variable x = Variable::leaf(numbers({1, 2})), constant(numbers({1, 1}));
  backward(std::vector{scale(x, 2), constant, scale(x, 100), scale(x, 3)},
           std::vector{numbers({1, 1}), numbers({1, 1}), Tensor(), numbers({0, 1})});
  CHECK(gradient(x) == Floats{2, 5});
}

TEST_CASE("backward: a chain of a million nodes is walked, and destroyed unwalked, without recursion") {
  const Variable x = Variable::leaf(numbers({1}));
  const auto chain = [&x] {
    Variable y = x;
    for (int i = 0; i < 1'000'000; ++i)
      y = record("link", y.value(), {grad_to(y, [](const Tensor& dy) { return dy; })});
    return y;
  };
  backward(sum_all(chain()));
  CHECK(gradient(x) == Floats{1});
  {
    const Variable dropped = chain();
    CHECK(dropped.tracked());
  }
  CHECK(x.node().use_count() == 1);
}

TEST_CASE("backward: a tied weight takes both gradients in place") {
  const Variable table = Variable::leaf(Tensor::from_host(Floats{1, 2, 3, 4, 5, 6}, {3, 2}, device()), "table");
  const Indices ids({2, 0, 2}, device());
  const auto walk = [&] { backward(sum_all(linear(embedding(table, ids), table))); };
  walk();
  const Floats once = gradient(table);
  // s = sum of the rows of h = table[ids]; d/dtable = 1 s (output) + count of the row times the sum of all rows
  // (input).
  CHECK(once == Floats{11 + 9, 14 + 12, 11, 14, 11 + 2 * 9, 14 + 2 * 12});
  const uint64_t adds = counters().by_name["binary"], fills = counters().by_name["fill"];
  const Block* block = table.grad().view().block;
  walk();
  CHECK(table.grad().view().block == block);
  CHECK(counters().by_name["binary"] == adds);
  CHECK(counters().by_name["fill"] == fills + 1);  // the seed; no table of zeros
  for (size_t i = 0; i < once.size(); ++i) CHECK(gradient(table)[i] == 2 * once[i]);
}
