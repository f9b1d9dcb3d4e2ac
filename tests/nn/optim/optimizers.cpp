// SPDX-License-Identifier: Apache-2.0
// Optimizers against torch's, step by step; what they allocate, keep and refuse.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "autograd/functions.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adafactor.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/sgd.h"
#include "nn/scope.h"
#include "tensor/backend.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"
#include "tests/nn/optim/gradients.h"

using namespace thaw;

namespace {

// Runs the golden's gradients through an optimizer; the largest difference to torch's parameters over all steps.
double worst_difference(const std::string& name, double rate, Device device, DType dtype,
                        const std::function<std::unique_ptr<Optimizer>(ParameterStore&)>& make) {
  const auto golden = read_tensors(golden_dir() / "pieces" / "expected.safetensors", Device::open("reference"));
  ParameterStore store(device, dtype);
  for (int i = 0; golden.contains(name + ".start." + std::to_string(i)); ++i) {
    const Tensor start = golden.at(name + ".start." + std::to_string(i));
    store.parameter(std::to_string(i), start.shape(), Init::zeros()).value().copy_from(start.to(dtype).to(device));
  }
  REQUIRE(!store.all().empty());
  const auto optimizer = make(store);
  double worst = 0;
  for (int step = 0; golden.contains(fmt::format("{}.after.{}.0", name, step)); ++step) {
    for (const Parameter& p : store.all()) {
      const Tensor gradient = golden.at(name + ".grads." + p.name()).slice(0, step, step + 1).squeeze(0).contiguous();
      backward(sum_all(mul(p.variable(), Variable(gradient.to(dtype).to(device)))));
    }
    optimizer->step(rate);
    optimizer->clear_gradients();
    for (const Parameter& p : store.all()) {
      const auto expected = golden.at(fmt::format("{}.after.{}.{}", name, step, p.name())).to_host<double>();
      const auto got = p.value().to_host<double>();
      for (size_t i = 0; i < got.size(); ++i) worst = std::max(worst, std::abs(got[i] - expected[i]));
    }
  }
  return worst;
}

void check_golden(const std::string& name, double rate,
                  const std::function<std::unique_ptr<Optimizer>(ParameterStore&)>& make) {
  if (!has_golden("pieces")) return;
  CHECK(worst_difference(name, rate, Device::open("reference"), DType::f64, make) < 1e-9);
  CHECK(worst_difference(name, rate, Device::from_environment(), DType::f32, make) < 2e-6);
}

}  // namespace

TEST_CASE("adamw: torch's numbers") {
  check_golden("adamw", 0.01, [](ParameterStore& store) {
    return std::make_unique<AdamW>(store, AdamWOptions{.beta1 = 0.9, .beta2 = 0.95, .eps = 1e-8, .weight_decay = 0.1});
  });
}

TEST_CASE("sgd: torch's numbers") {
  check_golden("sgd_momentum", 0.01, [](ParameterStore& store) {
    return std::make_unique<Sgd>(store, SgdOptions{.momentum = 0.9, .weight_decay = 0.01});
  });
  check_golden("sgd_nesterov", 0.01, [](ParameterStore& store) {
    return std::make_unique<Sgd>(store, SgdOptions{.momentum = 0.9, .nesterov = true});
  });
}

TEST_CASE("adafactor: the reference library's numbers") {
  const auto with = [](const AdafactorOptions& options) {
    return [options](ParameterStore& store) { return std::make_unique<Adafactor>(store, options); };
  };
  check_golden("adafactor_t5_constant", 0.001, with({.scale_parameter = false}));
  check_golden("adafactor_t5_relative", 0, with({.relative_step = true, .warmup_init = true}));
  check_golden("adafactor_t5_momentum", 0.001, with({.scale_parameter = false, .beta1 = 0.9, .weight_decay = 0.01}));
}

TEST_CASE("optimizers: biases and norms do not decay") {
  for (const char* name :
       {"classifier.bias", "bert.embeddings.LayerNorm.weight", "block.0.layer_norm.weight",
        "transformer.h.0.ln_1.weight", "relative_bias", "rnn.bias_ih_l0", "encoder.relative_attention_bias.weight"})
    CHECK_FALSE(is_decayed(name));
  for (const char* name : {"classifier.weight", "bert.embeddings.word_embeddings.weight"}) CHECK(is_decayed(name));
}

TEST_CASE("optimizers: nothing is allocated for what is frozen, and it stays as it is to the bit") {
  ParameterStore store(Device::from_environment(), DType::f32, 3);
  const Parameter large = store.parameter("large.weight", {500, 300}, Init::normal(1));
  const Parameter head = store.parameter("head.weight", {4, 5}, Init::normal(1));
  FreezeMask::all_frozen().train("head.*").apply(store);
  const std::vector<float> before = host(large), head_before = host(head);
  const uint64_t bytes = store.device().backend().memory().live_bytes;
  AdamW optimizer(store, {.weight_decay = 0.1});
  CHECK(optimizer.state_bytes() == 2 * 4 * 5 * 4);
  for (int step = 0; step < 3; ++step) {
    make_gradients(store);
    optimizer.step(0.1);
  }
  CHECK(store.device().backend().memory().live_bytes - bytes < 10000);  // of the large one's 600,000
  CHECK(host(large) == before);
  CHECK(host(head) != head_before);
  CHECK_FALSE(large.variable().grad().defined());
}

TEST_CASE("optimizers: rows and masked elements") {
  ParameterStore store(Device::from_environment(), DType::f32, 3);
  const Parameter rows = store.parameter("rows.weight", {6, 3}, Init::normal(1));
  const Parameter masked = store.parameter("masked.weight", {2, 3}, Init::normal(1));
  FreezeMask::all_trained().train_rows("rows.*", 2, 4).apply(store);
  const std::vector<uint8_t> mask{1, 0, 1, 0, 0, 1};
  masked.set_element_mask(mask);
  CHECK(masked.trained_numbers() == 3);
  CHECK(rows.trained_numbers() == 2 * 3);
  const std::vector<float> rows_before = host(rows), masked_before = host(masked);
  Sgd optimizer(store, {.momentum = 0.9, .weight_decay = 0.5});
  CHECK(optimizer.state_bytes() == (2 * 3 + 6) * 4);
  for (int step = 0; step < 2; ++step) {
    optimizer.clear_gradients();
    make_gradients(store);
    CHECK(rows.variable().grad().shape() == Shape{2, 3});
    optimizer.step(0.1);
  }
  const std::vector<float> rows_after = host(rows), masked_after = host(masked);
  for (size_t i = 0; i < rows_before.size(); ++i) CHECK((rows_after[i] == rows_before[i]) == (i < 6 || i >= 12));
  for (size_t i = 0; i < mask.size(); ++i) CHECK((masked_after[i] == masked_before[i]) == (mask[i] == 0));

  // A masked element has no gradient either, so that clipping does not see it.
  const std::vector<float> gradient = masked.variable().grad().to_host<float>();
  for (size_t i = 0; i < mask.size(); ++i) CHECK((gradient[i] == 0) == (mask[i] == 0));
  CHECK_THROWS_WITH_AS(masked.set_element_mask({1, 0}), "masked.weight [2, 3]: an element mask of 2 numbers",
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(masked.set_element_mask({1, 0, 2, 0, 0, 1}),
                       "masked.weight: its element mask holds a 2 at place 2: expected 0 or 1", std::invalid_argument);
  CHECK(masked.trained_elements() == mask);
  masked.freeze();
  CHECK(masked.trained_numbers() == 0);
  masked.train_rows(1, 2);
  CHECK(masked.trained_numbers() == 1);
  masked.set_element_mask({});
  CHECK(masked.trained_numbers() == 3);
}

TEST_CASE("optimizers: gradual unfreezing keeps the moments of those that stay") {
  const Device device = Device::from_environment();
  const auto run = [&](bool unfreeze) {
    auto store = std::make_unique<ParameterStore>(device, DType::f32, 5);
    store->parameter("a.weight", {3, 2}, Init::uniform(1, 2));
    store->parameter("b.weight", {4, 2}, Init::uniform(1, 2));
    FreezeMask::all_frozen().train("a.*").apply(*store);
    AdamW optimizer(*store);
    for (int step = 0; step < 6; ++step) {
      if (unfreeze && step == 3) {
        FreezeMask::all_trained().train_rows("b.*", 1, 3).apply(*store);
        optimizer.rebuild();
      }
      if (unfreeze && step == 5) {
        FreezeMask::all_trained().apply(*store);
        optimizer.rebuild();
      }
      optimizer.clear_gradients();
      make_gradients(*store);
      optimizer.step(0.1);
    }
    return store;
  };
  const auto frozen = run(false), gradual = run(true);
  CHECK(host(frozen->find("a.weight")) == host(gradual->find("a.weight")));
  // With AdamW the first step of a parameter is the rate in size: b's first step must be its own step 1. Rows 1 and 2
  // made three steps, the others one.
  const std::vector<float> before = host(frozen->find("b.weight")), after = host(gradual->find("b.weight"));
  for (size_t i = 0; i < after.size(); ++i) {
    const double moved = std::abs(after[i] - before[i]);
    CAPTURE(i);
    if (i >= 2 && i < 6) {
      CHECK(moved == doctest::Approx(0.3).epsilon(0.05));
    } else {
      CHECK(moved == doctest::Approx(0.1).epsilon(0.05));
    }
  }
}

TEST_CASE("optimizers: a factored state has no rows to keep and begins anew when they change") {
  ParameterStore store(Device::from_environment());
  const Parameter p = store.parameter("a.weight", {6, 4}, Init::uniform(1, 2));
  Adafactor optimizer(store);
  CHECK(optimizer.state_bytes() == (6 + 4) * 4);
  make_gradients(store);
  optimizer.step(0.01);
  p.train_rows(0, 4);
  optimizer.rebuild();
  CHECK(optimizer.state_bytes() == (4 + 4) * 4);
  CHECK(optimizer.state().at("a.weight.step").to_host<int32_t>()[0] == 0);
  make_gradients(store);
  optimizer.step(0.01);
}

TEST_CASE("optimizers: a mask applied without rebuild is an error, not a silent loss") {
  ParameterStore store(Device::from_environment());
  store.parameter("a.weight", {3, 2}, Init::ones());
  const Parameter b = store.parameter("b.weight", {4, 2}, Init::ones());
  AdamW optimizer(store);
  b.train_rows(0, 2);
  make_gradients(store);
  CHECK_THROWS_WITH_AS(optimizer.step(0.1), doctest::Contains("b.weight: its gradient is [2, 2]"),
                       std::invalid_argument);
  b.freeze();
  CHECK_THROWS_WITH_AS(optimizer.step(0.1), doctest::Contains("b.weight is frozen now; rebuild()"),
                       std::invalid_argument);
  optimizer.rebuild();
  optimizer.step(0.1);
  b.train();
  CHECK_THROWS_WITH_AS(optimizer.step(0.1), doctest::Contains("b.weight is trained now, but there is no state for it"),
                       std::invalid_argument);
  optimizer.rebuild();
  store.parameter("c.weight", {1, 2}, Init::ones());
  CHECK_THROWS_WITH_AS(optimizer.step(0.1), doctest::Contains("c.weight is trained now, but there is no state for it"),
                       std::invalid_argument);
  b.train_rows(1, 3);
  optimizer.rebuild();
  b.train_rows(2, 4);
  make_gradients(store);
  CHECK_THROWS_WITH_AS(optimizer.step(0.1), doctest::Contains("its rows 2:4, its state is of rows 1:3"),
                       std::invalid_argument);
}

TEST_CASE("optimizers: state there and back; a state of other parameters is refused") {
  const Device device = Device::from_environment();
  ParameterStore first(device, DType::f32, 5), second(device, DType::f32, 5);
  for (ParameterStore* store : {&first, &second}) {
    store->parameter("a.weight", {3, 2}, Init::normal(1));
    store->parameter("b.weight", {4, 2}, Init::normal(1));
  }
  AdamW a(first), b(second);
  make_gradients(first);
  a.step(0.1);
  for (const Parameter& p : first.all()) second.find(p.name()).value().copy_from(p.value());
  b.load_state(a.state(), "here");
  for (const auto& [store, optimizer] : {std::pair{&first, &a}, std::pair{&second, &b}}) {
    optimizer->clear_gradients();
    make_gradients(*store);
    optimizer->step(0.1);
  }
  for (const Parameter& p : first.all()) CHECK(host(p) == host(second.find(p.name())));

  auto state = a.state();
  CHECK(state.size() == 6);
  state.erase("b.weight.second");
  CHECK_THROWS_WITH_AS(b.load_state(state, "file"), doctest::Contains("file: b.weight.second is missing"),
                       std::runtime_error);
  FreezeMask::all_trained().freeze("b.*").apply(second);
  b.rebuild();
  CHECK_THROWS_WITH_AS(b.load_state(a.state(), "file"),
                       doctest::Contains("belongs to no parameter that is trained now"), std::runtime_error);
  FreezeMask::all_trained().train_rows("b.*", 0, 1).apply(second);
  b.rebuild();
  CHECK_THROWS_WITH_AS(b.load_state(a.state(), "file"),
                       doctest::Contains("b.weight.first is f32 [4, 2], expected f32 [1, 2]"), std::runtime_error);
  const auto written = a.state();
  Sgd sgd(first);
  CHECK_THROWS_WITH_AS(sgd.load_state(written, "file"), "file: it holds the state of another optimizer",
                       std::runtime_error);
}

TEST_CASE("clipping: the norm over all gradients, and its scale inside the step") {
  ParameterStore store(Device::from_environment());
  const Parameter a = store.parameter("a.weight", {2}, Init::zeros()),
                  b = store.parameter("b.weight", {1}, Init::zeros());
  const Parameter frozen = store.parameter("c.weight", {1}, Init::zeros());
  frozen.freeze();
  CHECK(clip_gradients(store, 1).norm.item() == 0);
  CHECK(clip_gradients(store, 1).scale.item() == 1);
  const auto loss = [&] { return add(sum_all(scale(a.variable(), 3)), sum_all(scale(b.variable(), -std::sqrt(7.0)))); };
  backward(loss());
  const GradientNorm norm = clip_gradients(store, 1);
  CHECK(norm.norm.item() == doctest::Approx(5));
  CHECK(norm.scale.item() == doctest::Approx(1 / (5 + 1e-6)));
  CHECK(clip_gradients(store, 10).scale.item() == 1);
  CHECK_FALSE(clip_gradients(store, 0).scale.defined());
  CHECK_THROWS_AS(clip_gradients(store, -1), std::invalid_argument);
  Sgd optimizer(store);
  optimizer.step(1, norm.scale);
  CHECK(host(a)[1] == doctest::Approx(-0.6));
  CHECK(host(b)[0] == doctest::Approx(std::sqrt(7.0) / 5));
}

TEST_CASE("optimizers: a step left out by its guard changes nothing, and the next one is the step it would have been") {
  const Device device = Device::from_environment();
  const auto trace = [&](const std::function<std::unique_ptr<Optimizer>(ParameterStore&)>& make, bool interrupted) {
    ParameterStore store(device, DType::f32);
    for (const Shape& shape : {Shape{5, 3}, Shape{7}})
      store.parameter(std::to_string(shape.rank()), shape, Init::normal(1));
    const auto optimizer = make(store);
    for (const double guard : {1.0, std::nan(""), 1.0}) {
      if (!std::isfinite(guard) && !interrupted) continue;
      make_gradients(store);
      const std::vector<float> before = host(store.all()[0]);
      optimizer->step(0.01, Tensor::full({}, 0.5, DType::f32, device), Tensor::full({}, guard, DType::f32, device));
      CHECK((host(store.all()[0]) == before) == !std::isfinite(guard));
      if (!std::isfinite(guard)) optimizer->step_was_left_out();
      optimizer->clear_gradients();
    }
    std::vector<float> all = host(store.all()[0]);
    for (const auto& [name, tensor] : optimizer->state()) {
      const std::vector<float> values = tensor.to(DType::f32).to_host<float>();
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  };
  const std::function<std::unique_ptr<Optimizer>(ParameterStore&)> makers[] = {
      [](ParameterStore& s) { return std::make_unique<AdamW>(s, AdamWOptions{.weight_decay = 0.1}); },
      [](ParameterStore& s) { return std::make_unique<Sgd>(s, SgdOptions{.momentum = 0.9}); },
      [](ParameterStore& s) { return std::make_unique<Adafactor>(s); }};
  for (const auto& make : makers) CHECK(trace(make, true) == trace(make, false));
}
