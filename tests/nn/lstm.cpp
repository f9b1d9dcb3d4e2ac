// SPDX-License-Identifier: Apache-2.0
// LSTMs on packed sequences: each as if it were alone, what is frozen, dropout, adapters, wrong inputs.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "nn/freeze/freeze_mask.h"
#include "nn/lstm.h"
#include "tensor/counters.h"
#include "tests/error_of.h"

using namespace thaw;

namespace {

constexpr int64_t in = 5, hidden = 6;

Tensor numbers(const Shape& shape, Device device, const std::string& name) {
  return Tensor::from_host(Init::normal(1).values(shape, 11, name), shape, device);
}

double distance(const Tensor& a, const Tensor& b) {
  REQUIRE(a.shape() == b.shape());
  const auto x = a.to_host<double>(), y = b.to_host<double>();
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}

struct Case {
  Device device = Device::from_environment();
  ParameterStore store{device};
  Lstm lstm;
  explicit Case(const LstmOptions& options = {.in = in, .hidden = hidden, .layers = 2})
      : lstm(Scope(store) / "rnn", options) {}
  Tensor rows(int64_t count) const { return numbers({count, in}, device, "rows"); }
  Segments segments(const std::vector<int32_t>& lengths) const { return {lengths, device}; }
};

LstmOptions layer_normed() { return {.in = in, .hidden = hidden, .layers = 2, .layer_norm = true}; }

}  // namespace

TEST_CASE("lstm: names and shapes are torch's") {
  const Case plain, normed(layer_normed()), without(LstmOptions{.in = in, .hidden = hidden, .bias = false});
  CHECK(plain.store.all().size() == 8);
  CHECK(plain.store.find("rnn.weight_ih_l0").value().shape() == Shape{4 * hidden, in});
  CHECK(plain.store.find("rnn.weight_ih_l1").value().shape() == Shape{4 * hidden, hidden});
  CHECK(plain.store.find("rnn.weight_hh_l1").value().shape() == Shape{4 * hidden, hidden});
  CHECK(plain.store.find("rnn.bias_hh_l1").value().shape() == Shape{4 * hidden});
  CHECK(normed.store.all().size() == 8 + 2 * 6);
  CHECK(normed.store.find("rnn.norm_hh_l1.weight").value().shape() == Shape{4 * hidden});
  CHECK(normed.store.find("rnn.norm_c_l0.bias").value().shape() == Shape{hidden});
  CHECK(without.store.all().size() == 2);
}

TEST_CASE("lstm: a sequence beside others gives what it gives alone") {
  for (const LstmOptions& options : {LstmOptions{.in = in, .hidden = hidden, .layers = 2}, layer_normed()}) {
    const Case packed(options);
    const std::vector<int32_t> lengths{3, 0, 7, 1, 7, 2};
    const Tensor x = packed.rows(20);
    const Lstm::Result all = packed.lstm.run(x, packed.segments(lengths));
    const Segments segments = packed.segments(lengths);
    for (int64_t b = 0; b < segments.count(); ++b) {
      CAPTURE(b);
      const Lstm::Result alone =
          packed.lstm.run(x.slice(0, segments.begin(b), segments.end(b)), packed.segments({segments.length(b)}));
      CHECK(distance(all.rows.value().slice(0, segments.begin(b), segments.end(b)), alone.rows.value()) < 1e-6);
      for (size_t l = 0; l < 2; ++l) {
        CHECK(distance(all.last[l].h.value().slice(0, b, b + 1), alone.last[l].h.value()) < 1e-6);
        CHECK(distance(all.last[l].c.value().slice(0, b, b + 1), alone.last[l].c.value()) < 1e-6);
      }
    }
    CHECK(distance(all.last[1].h.value().slice(0, 1, 2), Tensor::zeros({1, hidden}, DType::f32, packed.device)) == 0);
    CHECK(packed.lstm(packed.rows(0), packed.segments({0, 0})).shape() == Shape{0, hidden});
  }
}

TEST_CASE("lstm: from the states at the end of one half through the other") {
  const Case whole;
  const Tensor x = whole.rows(10);  // two sequences of five
  const auto rows = [&](int64_t begin, int64_t end) {
    return concat({Variable(x.slice(0, begin, end)), Variable(x.slice(0, 5 + begin, 5 + end))}, 0);
  };
  const Lstm::Result all = whole.lstm.run(x, whole.segments({5, 5}));
  const Lstm::Result first = whole.lstm.run(rows(0, 2), whole.segments({2, 2}));
  const Lstm::Result second = whole.lstm.run(rows(2, 5), whole.segments({3, 3}), first.last);
  for (size_t l = 0; l < 2; ++l) CHECK(distance(all.last[l].c.value(), second.last[l].c.value()) < 1e-6);
  CHECK(distance(all.rows.value().slice(0, 7, 10), second.rows.value().slice(0, 3, 6)) < 1e-6);
  const Lstm::Result none = whole.lstm.run(rows(0, 0), whole.segments({0, 0}), first.last);
  CHECK(distance(none.last[0].h.value(), first.last[0].h.value()) == 0);
}

TEST_CASE("lstm: a frozen one records nothing, and of frozen weights there are no gradient products") {
  Case frozen;
  const std::vector<int32_t> lengths{4, 4, 4};
  const Tensor x = frozen.rows(12);
  FreezeMask::all_frozen().apply(frozen.store);
  counters() = {};
  CHECK_FALSE(frozen.lstm(x, frozen.segments(lengths)).tracked());
  CHECK(counters().matmuls == 2 * (1 + 3));  // a layer: one for all rows, one a step behind the first
  CHECK(counters().by_name["lstm_cell"] == 2 * 4);

  // Backward: a product a step and layer, that to the input of the upper layer, and the trained weights' own.
  const auto products = [&](const std::string& rules) {
    Case part;
    FreezeMask::parse(rules, "rules").apply(part.store);
    const Variable y = sum_all(part.lstm(x, part.segments(lengths)));
    counters() = {};
    backward(y);
    for (const Parameter& parameter : part.store.trained()) CHECK(parameter.variable().grad().defined());
    return counters().matmuls;
  };
  CHECK(products("train *") == 2 * 3 + 1 + 4);
  CHECK(products("train *\nfreeze *.weight_hh_*") == 2 * 3 + 1 + 2);
  CHECK(products("freeze *\ntrain *.bias_ih_l0") == 2 * 3 + 1);
  CHECK(products("freeze *\ntrain *_l1") == 3 + 2);
  CHECK(products("freeze *\ntrain *.weight_hh_l1") == 3 + 1);
}

TEST_CASE("lstm: in a checkpoint less is kept, and gradients are the same") {
  LstmOptions options = layer_normed();
  const auto run = [&](bool checkpoint, int64_t& kept) {
    options.checkpoint = checkpoint;
    const Case one(options);
    for (const Parameter& parameter : one.store.all()) parameter.train();
    const auto live = [&] { return static_cast<int64_t>(one.device.backend().memory().live_bytes); };
    const Tensor x = one.rows(30);
    const int64_t before = live();
    const Variable y = sum_all(one.lstm(x, one.segments({20, 10})));
    kept = live() - before;
    backward(y);
    std::vector<Tensor> grads;
    for (const Parameter& parameter : one.store.all()) grads.push_back(parameter.variable().grad());
    return grads;
  };
  int64_t kept = 0, kept_in_checkpoint = 0;
  const std::vector<Tensor> plain = run(false, kept), again = run(true, kept_in_checkpoint);
  CHECK(kept_in_checkpoint < kept / 2);
  for (size_t i = 0; i < plain.size(); ++i) CHECK(distance(plain[i], again[i]) == 0);
}

TEST_CASE("lstm: dropout between layers, but not below what is trained") {
  Case dropped({.in = in, .hidden = hidden, .layers = 2, .dropout = 0.5});
  const Segments segments = dropped.segments({6});
  const Tensor x = dropped.rows(6), plain = dropped.lstm(x, segments).value();
  const TrainingMode training(dropped.store.mode());
  FreezeMask::all_frozen().apply(dropped.store);
  CHECK(distance(dropped.lstm(x, segments).value(), plain) == 0);
  FreezeMask::parse("freeze *\ntrain *_l1", "rules").apply(dropped.store);
  CHECK(distance(dropped.lstm(x, segments).value(), plain) == 0);
  FreezeMask::parse("freeze *\ntrain *.weight_hh_l0", "rules").apply(dropped.store);
  CHECK(distance(dropped.lstm(x, segments).value(), plain) > 1e-3);
}

TEST_CASE("lstm: rules put adapters on the products with the input") {
  Case adapted;
  const Segments segments = adapted.segments({4, 2});
  const Tensor x = adapted.rows(6);
  const Tensor before = adapted.lstm(x, segments).value();
  FreezeMask::parse("freeze *\nlora *.ih_l* r=2", "rules").apply(adapted.store);
  CHECK(adapted.store.find("rnn.ih_l1.lora_A.weight").value().shape() == Shape{2, hidden});
  const Variable y = adapted.lstm(x, segments);
  CHECK(distance(y.value(), before) == 0);
  backward(sum_all(y));
  for (const char* name : {"rnn.ih_l0.lora_B.weight", "rnn.ih_l1.lora_B.weight"})
    CHECK(sum_squares(std::vector<Tensor>{adapted.store.find(name).variable().grad()}).item() > 0);
}

TEST_CASE("lstm: wrong options and inputs are told") {
  ParameterStore store(Device::from_environment());
  const Scope s = Scope(store) / "rnn";
  CHECK(error_of([&] { Lstm(s, {.in = 3, .hidden = 0}); }) == "rnn: an LSTM of 1 layers, 3 to 0 channels");
  CHECK(error_of([&] { Lstm(s, {.in = 3, .hidden = 2, .bias = false, .layer_norm = true}); }) ==
        "rnn: an LSTM with layer norms has biases");
  const Case good;
  CHECK(error_of([&] { good.lstm(good.rows(4), good.segments({3})); }) == "rnn: input [4, 5] for 3 rows");
  CHECK(error_of([&] { good.lstm.run(good.rows(3), good.segments({3}), {{}}); }) ==
        "rnn: initial states of 1 layers for 2");
  const LstmState of_two{Tensor::zeros({2, hidden + 1}, DType::f32, good.device), {}};
  CHECK(error_of([&] {
          good.lstm.run(good.rows(3), good.segments({2, 1}), {of_two, of_two});
        }) == "lstm: the initial h [2, 7], expected [2, 6]");
}
