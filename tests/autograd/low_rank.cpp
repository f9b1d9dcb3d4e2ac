// SPDX-License-Identifier: Apache-2.0
// Weights changed by a matrix of low rank: numbers that peft 0.21 computed in f64, the norms of DoRA, and what a frozen
// weight costs.
#include "autograd/functions.h"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "tensor/backend.h"
#include "tensor/counters.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;

Device device() { return Device::from_environment(); }
Tensor tensor(const Shape& shape, const Floats& values) { return Tensor::from_host(values, shape, device()); }

void check_near(const char* what, const Tensor& got, const Floats& wanted) {
  const Floats numbers = got.to_host<float>();
  CAPTURE(what);
  REQUIRE(numbers.size() == wanted.size());
  for (size_t i = 0; i < numbers.size(); ++i) CHECK(numbers[i] == doctest::Approx(wanted[i]).epsilon(1e-5));
}

// in 4, out 3, r 2, two tokens
struct Inputs {
  Variable x = Variable::leaf(tensor({2, 4}, {-1, 0.625, 0.125, -0.375, -0.875, 0.75, 0.25, -0.25}));
  Variable w = Variable(tensor({3, 4}, {-1, -0.375, 0.25, 0.875, -0.625, 0, 0.625, -0.875, -0.25, 0.375, 1, -0.5}));
  Variable bias = Variable(tensor({3}, {-1, -0.125, 0.75}));
  LowRank change{Variable::leaf(tensor({2, 4}, {-1, -0.625, -0.25, 0.125, 0.5, 0.875, -0.875, -0.5})),
                 Variable::leaf(tensor({3, 2}, {-1, 0.375, -0.375, 1, 0.25, -0.5})),
                 1.5,
                 {}};
  Variable magnitude = Variable::leaf(tensor({3}, {1.5, 0.75, 2}));

  Tensor norms() const {
    return low_rank_row_norms(row_square_norms(w.value()), w.value(), change.a.value(), change.b.value(), change.scale);
  }
};

// y and the gradients where y's is fixed
struct Wanted {
  Floats y, dx, da, db, dm;
};

void check_numbers(const Inputs& in, const Variable& y, const Wanted& wanted) {
  check_near("y", y.value(), wanted.y);
  backward(std::vector{y}, std::vector{tensor({2, 3}, {-1, 0.125, -0.875, 0.25, -0.75, 0.375})});
  check_near("dx", in.x.grad(), wanted.dx);
  check_near("da", in.change.a.grad(), wanted.da);
  check_near("db", in.change.b.grad(), wanted.db);
  if (!wanted.dm.empty()) check_near("dm", in.magnitude.grad(), wanted.dm);
}

// A dropout of half of [2, 4] that keeps just these.
Dropout dropout_that_keeps(const Floats& kept) {
  for (uint64_t stream = 0; stream < 10000; ++stream) {
    const Dropout dropout{0.5f, {1, stream}};
    bool same = true;
    for (size_t i = 0; i < kept.size(); ++i)
      same = same && (random_words(dropout.key, i / 4)[i % 4] >> 31 == 1) == (kept[i] != 0);
    if (same) return dropout;
  }
  FAIL("no such dropout");
  return {};
}

}  // namespace

TEST_CASE("low_rank_linear: the numbers of LoRA in peft") {
  const Inputs in;
  check_numbers(
      in, low_rank_linear(in.x, in.w, in.bias, in.change),
      {{-1.2578125f, 0.794921875f, 1.65234375f, -0.9609375f, 0.80859375f, 1.6484375f},
       {0.1796875f, -0.3955078125f, -1.568359375f, -0.5498046875f, -0.6953125f, -1.177734375f, 1.029296875f, 1.34375f},
       {-1.265625f, 0.8291015625f, 0.1845703125f, -0.4599609375f, 0.826171875f, -0.7734375f, -0.28125f, 0.2109375f},
       {-0.6796875f, -0.140625f, -0.251953125f, -0.1171875f, -0.521484375f, -0.09375f},
       {}});
}

TEST_CASE("low_rank_linear: the numbers of rsLoRA in peft") {
  Inputs in;
  in.change.scale = 2.1213203435596424;
  check_numbers(in, low_rank_linear(in.x, in.w, in.bias, in.change),
                {{-1.558764541f, 0.7488082558f, 1.696030337f, -1.125975716f, 0.8134478152f, 1.65814563f},
                 {-0.2183458451f, -0.5787487732f, -1.784365276f, -0.5510182038f, -1.035097063f, -1.684984187f,
                  1.468589774f, 1.61557765f},
                 {-1.78986404f, 1.172526674f, 0.2610218391f, -0.650482996f, 1.16838347f, -1.093805802f, -0.3977475644f,
                  0.2983106733f},
                 {-0.9612232807f, -0.1988737822f, -0.3563155265f, -0.1657281518f, -0.7374902757f, -0.1325825215f},
                 {}});
}

TEST_CASE("dora_linear: the numbers of DoRA in peft") {
  const Inputs in;
  check_numbers(in, dora_linear(in.x, in.w, in.bias, in.change, in.magnitude, in.norms()),
                {{-1.280157763f, 0.1474060125f, 1.686520692f, -0.9575518541f, 0.1514545095f, 1.68246649f},
                 {0.08462605443f, -0.6162446031f, -1.583536926f, -0.4332638835f, -0.3296488475f, -0.2837279611f,
                  0.7656661533f, 0.4564688844f},
                 {-1.149087342f, 0.6904274583f, 0.1244229043f, -0.4415816497f, 0.2878199572f, -0.2758077083f,
                  -0.1023838112f, 0.07104008588f},
                 {-0.7385977385f, -0.1528133252f, -0.07460801616f, -0.03470140287f, -0.5412359841f, -0.09730085108f},
                 {0.1938465329f, -0.2310535074f, -0.2348903358f}});
}

TEST_CASE("dora_linear: the numbers of DoRA with dropout in peft") {
  Inputs in;
  in.change.dropout = dropout_that_keeps({1, 0, 1, 0, 0, 1, 1, 0});
  check_numbers(in, dora_linear(in.x, in.w, in.bias, in.change, in.magnitude, in.norms()),
                {{-4.255594912f, -0.947648097f, 3.278046703f, 1.666311756f, 1.142544941f, 0.5706084043f},
                 {-0.9713728911f, 0.046875f, -2.120198852f, -0.546875f, 0.125f, -0.6143309223f, 1.562582307f, 0.6875f},
                 {-2.537269963f, -0.2049388104f, 0.2488458086f, 0, -0.2507498027f, -0.7083340433f, -0.2047676224f, 0},
                 {-3.591113142f, 2.343137653f, 0.4615286581f, -0.3591595197f, -3.259578511f, 2.17102524f},
                 {1.406448567f, -0.7327779572f, -1.083992294f}});
}

TEST_CASE("low_rank_row_norms: of a row that the change takes away, 0") {
  const Tensor w = tensor({1, 3}, {0.1f, 0.7f, -0.3f}), a = w.clone(), b = tensor({1, 1}, {-2});
  CHECK(low_rank_row_norms(row_square_norms(w), w, a, b, 0.5).to_host<float>()[0] < 1e-3f);
}

TEST_CASE("low_rank_linear: of a frozen weight and a frozen input there is neither gradient nor product") {
  Inputs in;
  in.x = Variable(in.x.value());
  const auto products = [](const Variable& y) {
    const uint64_t before = counters().matmuls;
    backward(std::vector{y}, std::vector{tensor({2, 3}, {1, 2, 3, 4, 5, 6})});
    return counters().matmuls - before;
  };
  CHECK(products(low_rank_linear(in.x, in.w, in.bias, in.change)) == 3);  // dz b, dz^T u, du^T x
  in.change.a = Variable(in.change.a.value());
  CHECK(products(low_rank_linear(in.x, in.w, in.bias, in.change)) == 1);  // dz^T u
}

TEST_CASE("low_rank_linear: changes that do not fit are errors at the call") {
  Inputs in;
  CHECK_THROWS_WITH_AS(low_rank_linear(in.x, in.w, {}, {in.change.b, in.change.a}),
                       "low_rank_linear: a [r, in] and b [out, r] were expected for the weight [3, 4] [out, in], but "
                       "they are [3, 2] and [2, 4]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(low_rank_linear(in.x, in.w, {}, in.change, UnaryOp::identity, true),
                       "low_rank_linear: a [r, in] and b [out, r] were expected for the weight [3, 4] [in, out], but "
                       "they are [2, 4] and [3, 2]",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(low_rank_linear(in.x, in.w, {}, {in.change.a, {}}), "low_rank_linear: b is undefined",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(dora_linear(in.x, in.w, {}, in.change, in.bias, {}),
                       "dora_linear: a magnitude and norms [3] were expected", std::invalid_argument);
}
