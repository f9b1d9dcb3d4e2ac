// SPDX-License-Identifier: Apache-2.0
// Vulkan's optimizer steps and sums of squares against the reference backend.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"

namespace thaw::test {
namespace {

// Parameters of odd sizes, one of them at an odd offset, one empty, one of several chunks.
struct Parameters {
  std::vector<Tensor> param, grad, first, second;
  std::vector<OptimizerTensor> tensors;

  explicit Parameters(Device device) {
    uint64_t seed = 1;
    for (const int64_t count : {1, 5, 0, 64, 257, 30003}) {
      const auto make = [&] {
        return normal(seed++, {count + 1}, device).slice(0, count == 257 ? 1 : 0, count == 257 ? count + 1 : count);
      };
      param.push_back(make());
      grad.push_back(make());
      first.push_back(make());
      second.push_back(unary(UnaryOp::square, make()));
      tensors.push_back({param.back().view(), grad.back().view(), first.back().view(), second.back().view(),
                         count % 2 ? 0.01f : 0.0f});
    }
  }

  std::vector<Tensor> state() const {
    std::vector<Tensor> all;
    for (const auto* list : {&param, &first, &second}) all.insert(all.end(), list->begin(), list->end());
    return all;
  }
};

}  // namespace

TEST_CASE("vulkan AdamW: steps over a list of tensors") {
  for (const bool scaled : {false, true})
    check_against_reference([&](Device device) {
      const Parameters parameters(device);
      const Tensor scale = Tensor::full({}, 0.37, DType::f32, device);
      for (int64_t step : {1, 2, 1000})
        device.backend().adamw({parameters.tensors, 1e-3, 0.9, 0.999, 1e-8, step, scaled ? &scale.view() : nullptr});
      return parameters.state();
    });
}

TEST_CASE("vulkan SGD: momentum and Nesterov's") {
  for (const double momentum : {0.0, 0.9})
    for (const bool nesterov : {false, true}) {
      if (nesterov && momentum == 0) continue;
      check_against_reference([&](Device device) {
        const Parameters parameters(device);
        const Tensor scale = Tensor::full({}, 0.37, DType::f32, device);
        for (int64_t step : {1, 2, 3})
          device.backend().sgd(
              {parameters.tensors, 0.1, momentum, nesterov, step, step == 2 ? &scale.view() : nullptr});
        return parameters.state();
      });
    }
}

TEST_CASE("vulkan sum of squares: of nothing, of views, of many tensors") {
  check_against_reference([](Device device) {
    std::vector<Tensor> many{scattered(1, {7, 9}, device), normal(2, {100'001}, device)};
    for (uint64_t i = 0; i < 1500; ++i) many.push_back(normal(i, {static_cast<int64_t>(i % 3)}, device));
    return std::vector<Tensor>{sum_squares(std::span(many).first(1)), sum_squares(many)};
  });
}

}  // namespace thaw::test
