// SPDX-License-Identifier: Apache-2.0
// What is frozen costs nothing: no node, no closure, no launch, no memory.
#include <doctest/doctest.h>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;

Device device() { return Device::from_environment(); }
int64_t live_bytes() { return static_cast<int64_t>(device().backend().memory().live_bytes); }
Tensor ramp(const Shape& shape, float step = 0.01f) {
  Floats values(static_cast<size_t>(shape.numel()));
  for (size_t i = 0; i < values.size(); ++i) values[i] = step * static_cast<float>(i % 37) - 0.1f;
  return Tensor::from_host(values, shape, device());
}
Floats gradient(const Variable& x) { return x.grad().to_host<float>(); }

}  // namespace

TEST_CASE("freezing: a closure is destroyed at birth when its input is frozen, and right after its use otherwise") {
  const Variable trained = Variable::leaf(ramp({4})), frozen(ramp({4}));
  auto alive = std::make_shared<int>(0);
  const auto closure = [&] { return [alive](const Tensor& dy) { return dy; }; };
  const Variable first = record("first", ramp({4}), {grad_to(frozen, closure()), grad_to(trained, closure())});
  CHECK(alive.use_count() == 2);
  long during = 0;
  const Variable second = record("second", ramp({4}), {grad_to(first, [&](const Tensor& dy) {
                                   during = alive.use_count();
                                   return dy;
                                 })});
  const Variable third = record_joint("third", ramp({4}), {second, frozen}, [alive](const Tensor& dy) {
    return std::vector<Tensor>{dy, Tensor()};
  });
  CHECK(alive.use_count() == 3);
  backward(std::vector{third}, std::vector{ramp({4})});
  CHECK(during == 2);
  CHECK(alive.use_count() == 1);
  record_joint("nothing", ramp({4}), {frozen, Variable()}, [alive](const Tensor&) { return std::vector<Tensor>(2); });
  CHECK(alive.use_count() == 1);
}

TEST_CASE("freezing: a frozen chain has no nodes and keeps only its result") {
  const int64_t before = live_bytes();
  Variable x(ramp({64, 32}));
  const Variable w(ramp({32, 32})), b(ramp({32})), weight(ramp({32}));
  const int64_t inputs = live_bytes();
  for (int layer = 0; layer < 3; ++layer) x = norm(linear(x, w, b, UnaryOp::gelu), x, weight, b, {});
  CHECK(!x.tracked());
  CHECK(live_bytes() - inputs == 0);  // the result has taken the first input's place
  x = {};
  CHECK(live_bytes() - before == 4 * (32 * 32 + 32 + 32));
}

TEST_CASE("freezing: a head over a frozen body runs no product below itself and keeps nothing there") {
  const Variable body_weight(ramp({32, 32})), body_bias(ramp({32}));
  const Variable head = Variable::leaf(ramp({5, 32})), head_bias = Variable::leaf(ramp({5}));
  Variable x(ramp({64, 32}));
  for (int layer = 0; layer < 4; ++layer) x = linear(x, body_weight, body_bias, UnaryOp::gelu);
  const int64_t before = live_bytes();
  const Variable logits = linear(x, head, head_bias);
  const Variable loss = cross_entropy(logits, Indices(std::vector<int32_t>(64, 2), device()));
  const uint64_t products = counters().matmuls, slopes = counters().by_name["unary_backward"];
  backward(loss);
  CHECK(counters().matmuls - products == 1);  // the head's weight
  CHECK(counters().by_name["unary_backward"] == slopes);
  // Logits, loss and the two gradients.
  CHECK(live_bytes() - before == 4 * (64 * 5 + 1 + 5 * 32 + 5));
}

TEST_CASE("freezing: a linear layer keeps only what its trained inputs read") {
  const auto kept = [](bool x_trained, bool w_trained, bool b_trained, UnaryOp activation) {
    const auto make = [](bool trained, const Shape& shape) {
      return trained ? Variable::leaf(ramp(shape)) : Variable(ramp(shape));
    };
    Variable x = make(x_trained, {16, 8}), w = make(w_trained, {8, 8}), b = make(b_trained, {8});
    const int64_t before = live_bytes();
    const Variable y = linear(x, w, b, activation);
    const int64_t beside = live_bytes() - before - 4 * 16 * 8;
    // The input goes: who still holds it?
    x = {};
    return std::pair(beside, before + 4 * 16 * 8 + beside - live_bytes());
  };
  const int64_t rows = 4 * 16 * 8;
  CHECK(kept(false, false, false, UnaryOp::gelu) == std::pair<int64_t, int64_t>(0, rows));
  CHECK(kept(false, false, true, UnaryOp::identity) == std::pair<int64_t, int64_t>(0, rows));  // x is let go
  CHECK(kept(true, false, false, UnaryOp::identity) == std::pair<int64_t, int64_t>(0, rows));  // x is let go
  CHECK(kept(false, true, false, UnaryOp::identity) == std::pair<int64_t, int64_t>(0, 0));     // x is read by dw
  CHECK(kept(false, false, true, UnaryOp::gelu) == std::pair<int64_t, int64_t>(rows, rows));   // the pre-activation
  CHECK(kept(false, false, true, UnaryOp::relu) == std::pair<int64_t, int64_t>(0, rows));      // y tells relu's slope
}

TEST_CASE("freezing: what was kept is freed while backward runs") {
  const Variable w = Variable::leaf(ramp({32, 32}));
  const int64_t before = live_bytes();
  Variable x(ramp({256, 32}));
  for (int layer = 0; layer < 6; ++layer) x = gelu(linear(x, w));
  const Variable loss = sum_all(x);
  x = {};
  const int64_t kept = live_bytes() - before;
  device().backend().memory().reset_peak();
  backward(loss);
  // Two gradients of activations at most live beside what was kept; nothing of it is left but the weight's gradient and
  // the loss.
  CHECK(static_cast<int64_t>(device().backend().memory().peak_bytes) - before <=
        kept + 4 * (3 * 256 * 32 + 3 * 32 * 32 + 2));
  CHECK(live_bytes() - before == 4 * (32 * 32 + 1));
}

TEST_CASE("freezing: NoGrad records nothing, and nests") {
  const Variable x = Variable::leaf(ramp({4}));
  CHECK(grad_enabled());
  {
    const NoGrad outer;
    CHECK(!exp(x).tracked());
    { const NoGrad inner; }
    CHECK(!grad_enabled());
    CHECK(!norm(x, {}, {}, {}, {}).tracked());
  }
  CHECK(exp(x).tracked());
}

TEST_CASE("freezing: of a leaf trained by rows only those get a gradient, and no work is done for the others") {
  const Tensor value = ramp({12, 6});
  const Indices ids({5, 0, 3, 11, 5, 7, 8}, device());
  const auto loss_of = [&](const Variable& table) {
    const Variable h = embedding(table, ids);
    return sum_all(square(add(sum(linear(h, table), {1}, true), sum(h, {1}, true))));
  };
  for (const char* text : {"3:8", "0:4", "5", "0,3:6,7,11", "1:3,5:6,8,10:12"}) {
    CAPTURE(text);
    const RowRanges trained = RowRanges::parse(text);
    const Variable all = Variable::leaf(value, "all"), rows = Variable::leaf(value, "rows", trained);
    backward(loss_of(all));
    const double flops = counters().flops;
    backward(loss_of(all));
    const double full_flops = counters().flops - flops;
    for (int walk = 0; walk < 2; ++walk) backward(loss_of(rows));  // the second adds to what is there
    const double row_flops = (counters().flops - flops - full_flops) / 2;
    CHECK(rows.grad().shape() == Shape{trained.count(), 6});
    const Floats wanted = take_ranges(all.grad(), 0, trained).to_host<float>(), got = gradient(rows);
    for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-5));
    CHECK(full_flops - row_flops == 2.0 * 7 * 6 * static_cast<double>(12 - trained.count()));  // dw: rows, not all
    // Functions that know nothing of rows: their gradient is cut.
    rows.clear_grad();
    backward(sum_all(mul(rows, Variable(value))));
    CHECK(gradient(rows) == take_ranges(value, 0, trained).to_host<float>());
    CHECK(rows.grad().view().block->bytes == static_cast<size_t>(trained.count()) * 6 * sizeof(float));
    const Floats before = sum(rows.grad(), {1}).to_host<float>();
    backward(sum_all(slice(rows, 0, 2, 5)));
    const Floats by_row = sum(rows.grad(), {1}).to_host<float>();
    for (int64_t r = 0; r < 12; ++r)
      if (const auto place = trained.place_of(r)) {
        const auto at = static_cast<size_t>(*place);
        CHECK(by_row[at] == doctest::Approx(before[at] + (r >= 2 && r < 5 ? 6 : 0)));
      }
  }
  CHECK_THROWS_WITH_AS(Variable::leaf(value, "rows", RowRanges::parse("3,12")), "leaf rows: rows 3,12 of [12, 6]",
                       std::invalid_argument);
}

TEST_CASE("freezing: rows of a weight stored [in, out] are its inputs") {
  const Tensor value = ramp({6, 4}), x = ramp({5, 6});
  const Variable all = Variable::leaf(value);
  backward(sum_all(square(linear_in_out(x, all))));
  for (const char* text : {"1:3", "0,2:4,5"}) {
    const RowRanges trained = RowRanges::parse(text);
    const Variable rows = Variable::leaf(value, "rows", trained);
    backward(sum_all(square(linear_in_out(x, rows))));
    const Floats wanted = take_ranges(all.grad(), 0, trained).to_host<float>(), got = gradient(rows);
    REQUIRE(got.size() == wanted.size());
    for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == doctest::Approx(wanted[i]).epsilon(1e-6));
  }
}

TEST_CASE("freezing: an element mask multiplies the whole gradient, over several walks") {
  const Variable w = Variable::leaf(ramp({2, 3}), "w");
  w.set_grad_mask(Tensor::from_host(Floats{1, 0, 1, 0, 1, 1}, {2, 3}, device()));
  backward(sum_all(scale(w, 2)));
  CHECK(gradient(w) == Floats{2, 0, 2, 0, 2, 2});
  backward(sum_all(add(w, scale(w, 3))));
  CHECK(gradient(w) == Floats{6, 0, 6, 0, 6, 6});
  w.set_grad_mask({});
  backward(sum_all(w));
  CHECK(gradient(w) == Floats{7, 1, 7, 1, 7, 7});
  CHECK_THROWS_WITH_AS(w.set_grad_mask(ramp({3})), "leaf w: a mask [3] for [2, 3]", std::invalid_argument);
  const Variable rows = Variable::leaf(ramp({3, 2}), "rows", {1, 3});
  rows.set_grad_mask(Tensor::from_host(Floats{0, 0, 0, 1, 1, 0}, {3, 2}, device()));
  backward(sum_all(rows));
  CHECK(gradient(rows) == Floats{0, 1, 1, 0});
  const Variable apart = Variable::leaf(ramp({3, 2}), "apart", RowRanges::parse("0,2"));
  apart.set_grad_mask(Tensor::from_host(Floats{0, 1, 0, 0, 1, 0}, {3, 2}, device()));
  backward(sum_all(apart));
  CHECK(gradient(apart) == Floats{0, 1, 1, 0});
}
