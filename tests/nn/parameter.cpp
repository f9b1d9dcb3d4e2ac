// SPDX-License-Identifier: Apache-2.0
// Parameters: a name is one parameter unless a tie is asked for, undefined ones say so, modules begin as torch's do,
// and modes end with their block of code.
#include "nn/parameter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/operators.h"
#include "nn/attention.h"
#include "nn/embedding.h"
#include "nn/feed_forward.h"
#include "nn/norm.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

using Floats = std::vector<float>;
Device device() { return Device::from_environment(); }

}  // namespace

TEST_CASE("parameter: a name that there is already is an error, a tie is asked for") {
  ParameterStore store(device());
  const Scope s(store);
  const Linear first(s / "encoder" / "dense", 4, 3);
  CHECK(error_of([&] { Linear(s / "encoder.dense", 4, 3); }) ==
        "encoder.dense.weight: there is a parameter of that name; modules share one by Scope::shared");
  CHECK(store.all().size() == 2);
  const Parameter tied = (s / "encoder.dense").shared("weight", {3, 4});
  CHECK(tied.same(first.weight));
  CHECK(store.all().size() == 2);
  CHECK(error_of([&] {
          (s / "encoder.dense").shared("weight", {4, 3});
        }) == "encoder.dense.weight: asked for as [4, 3], but it is [3, 4]");
  CHECK(error_of([&] {
          s.shared("decoder.weight", {4, 3});
        }) == "decoder.weight: there is no parameter of that name to share");
}

TEST_CASE("parameter: an undefined one says so") {
  const Parameter none;
  const std::string rest = ": the parameter is undefined (of a module made without a scope?)";
  CHECK(error_of([&] { none.name(); }) == "name" + rest);
  CHECK(error_of([&] { none.value(); }) == "value" + rest);
  CHECK(error_of([&] { none.variable(); }) == "variable" + rest);
  CHECK(error_of([&] { none.frozen(); }) == "frozen" + rest);
  CHECK(error_of([&] { none.trained_rows(); }) == "trained_rows" + rest);
  CHECK(error_of([&] { none.element_mask(); }) == "element_mask" + rest);
  CHECK(error_of([&] { none.trained_elements(); }) == "trained_elements" + rest);
  CHECK(error_of([&] { none.freeze(); }) == "freeze" + rest);
  CHECK(error_of([&] { none.train(); }) == "train" + rest);
  CHECK(error_of([&] { none.train_rows(0, 1); }) == "train_rows" + rest);
  CHECK(error_of([&] { none.set_element_mask({}); }) == "set_element_mask" + rest);
  const Variable as_argument = none;  // "no bias"
  CHECK_FALSE(as_argument.defined());
}

TEST_CASE("parameter: errors of modules name them") {
  ParameterStore store(device());
  const Scope s(store);
  const Tensor x = Tensor::ones({2, 3}, DType::f32, device());
  CHECK(error_of([&] { Linear()(x); }) == "linear: a product without a weight");
  CHECK(error_of([&] { LayerNorm()(x); }) == "name: the parameter is undefined (of a module made without a scope?)");
  CHECK(error_of([&] { Embedding()(Indices({0}, device())); }) ==
        "name: the parameter is undefined (of a module made without a scope?)");
  CHECK(error_of([&] { Linear(s / "head", 4, 2)(x); }) == "linear: input [2, 3] does not fit head.weight [2, 4]");
  CHECK(error_of([&] { (store.find("head.bias") + x); }) == "shapes [2] and [2, 3] do not broadcast");
  CHECK(error_of([&] {
          Embedding(s / "words", 4, 2)(Indices({1, 4}, device()));
        }) == "words.weight: gather_rows: id 4 at position 1 is not in [0, 4)");
  CHECK(error_of([&] { LayerNorm(s / "norm", 4)(x); }) == "norm.weight: norm: weight or bias [4] for [2, 3]");
  CHECK(error_of([&] { RMSNorm(s / "rms", 3)({}); }) == "rms.weight: norm: the input is undefined");
  const MultiHeadAttention attention(s / "layer.0.attention", {.channels = 3, .heads = 1});
  CHECK(error_of([&] { attention(x, Segments()); }) ==
        "layer.0.attention: attention: the segments of the queries are undefined");
}

TEST_CASE("parameter: modules without an Init begin as torch's do") {
  ParameterStore store(device());
  const Scope s(store);
  const auto largest = [](const Parameter& p) {
    float most = 0;
    for (const float v : p.value().to_host<float>()) most = std::max(most, std::abs(v));
    return most;
  };
  // U(-1 / sqrt(in), 1 / sqrt(in)) in both layouts: 300 x 100 numbers come near the bound.
  const Linear out_in(s / "a", 100, 300), in_out(s / "b", 100, 300, true, WeightLayout::in_out);
  for (const Parameter& p : {out_in.weight, in_out.weight, out_in.bias, in_out.bias}) {
    CHECK(largest(p) <= 0.1f);
    CHECK(largest(p) > 0.099f);
  }
  CHECK(in_out.weight.value().shape() == Shape{100, 300});
  CHECK_FALSE(Linear(s / "c", 4, 3, false).bias.defined());
  CHECK(largest(Linear(s / "d", 100, 300, Init::kaiming_uniform(1), true, WeightLayout::in_out).weight) > 0.17f);

  const Embedding table(s / "table", 100, 300);
  double square = 0;
  for (const float v : table.weight.value().to_host<float>()) square += v * v / 30000;
  CHECK(square == doctest::Approx(1).epsilon(0.03));
  CHECK(LayerNorm(s / "layer_norm", 3).eps == 1e-5);
  CHECK(RMSNorm(s / "rms_norm", 3).eps == 1e-6);
  const FeedForward feed_forward(s / "up", s / "down", {.channels = 3, .inner_channels = 12});
  CHECK(largest(feed_forward.inner.weight) <= 0.578f);
}

TEST_CASE("parameter: the operators take parameters") {
  ParameterStore store(device());
  const Parameter p = store.parameter("p", {2}, Init::constant(3));
  const Tensor t = Tensor::from_host(Floats{1, 2}, {2}, device());
  CHECK((p * t / p).value().to_host<float>() == Floats{1, 2});
  CHECK((-p + 1).value().to_host<float>() == Floats{-2, -2});
  backward(sum_all(p * p));
  CHECK(p.variable().grad().to_host<float>() == Floats{6, 6});
}

TEST_CASE("mode: guards put the former mode back, whatever ends the block") {
  ParameterStore store(device());
  const DropoutLayer dropout(Scope(store), 0.5);
  const Tensor x = Tensor::ones({100}, DType::f32, device());
  const auto drops = [&] {
    const Floats y = dropout(x).value().to_host<float>();
    return std::count(y.begin(), y.end(), 0.0f) > 0;
  };
  CHECK_FALSE(drops());
  {
    const TrainingMode training(store.mode());
    CHECK(drops());
    {
      const EvaluationMode evaluation(store.mode());
      CHECK_FALSE(drops());
      const TrainingMode again(store.mode());
      CHECK(drops());
    }
    CHECK(drops());
  }
  CHECK_FALSE(drops());
  try {
    const TrainingMode training(store.mode());
    throw std::runtime_error("an error within");
  } catch (const std::runtime_error&) {
  }
  CHECK_FALSE(drops());
}
