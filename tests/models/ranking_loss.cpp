// SPDX-License-Identifier: Apache-2.0
// The loss of pairs against the reference library's.
#include "models/ranking_loss.h"

#include <doctest/doctest.h>

#include <cstring>
#include <numeric>
#include <vector>

#include "autograd/functions.h"
#include "tensor/io/safetensors.h"
#include "tests/error_of.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

std::vector<double> numbers_of(const SafetensorsEntry& entry) {
  std::vector<double> numbers(static_cast<size_t>(entry.count()));
  std::memcpy(numbers.data(), entry.bytes.data(), entry.bytes.size());
  return numbers;
}

}  // namespace

TEST_CASE("pairwise loss: the reference's value and gradients; parts of a step add up") {
  if (!has_golden("pieces2")) return;
  const SafetensorsFile golden((golden_dir() / "pieces2/expected.safetensors").string());
  const std::vector<double> differences = numbers_of(golden.at("pairwise.difference"));
  const std::vector<double> slopes = numbers_of(golden.at("pairwise.grad"));
  const Device device = Device::open("reference");
  // The scores are the differences, and a last one, which all are better than, of 0.
  std::vector<double> scores = differences;
  scores.push_back(0);
  const auto count = static_cast<int32_t>(differences.size());
  std::vector<int32_t> better(differences.size());
  std::iota(better.begin(), better.end(), 0);
  const Variable leaf = Variable::leaf(Tensor::from_host(scores, {count + 1, 1}, device));
  const Variable loss =
      pairwise_loss(leaf, Indices(better, device), Indices(std::vector<int32_t>(better.size(), count), device));
  CHECK(loss.item<double>() == doctest::Approx(numbers_of(golden.at("pairwise.loss"))[0]).epsilon(1e-12));
  backward(loss);
  const std::vector<double> gradient = leaf.grad().to_host<double>();
  for (size_t i = 0; i < slopes.size(); ++i) CHECK(gradient[i] == doctest::Approx(slopes[i]).epsilon(1e-12));
  CHECK(gradient.back() == doctest::Approx(-std::accumulate(slopes.begin(), slopes.end(), 0.0)).epsilon(1e-12));

  double parts = 0;
  for (int32_t i = 0; i < count; ++i)
    parts += pairwise_loss(leaf, Indices({i}, device), Indices({count}, device), count).item<double>();
  CHECK(parts == doctest::Approx(loss.item<double>()).epsilon(1e-12));
}

TEST_CASE("pairwise loss: scores are one number each, and pairs have two ends") {
  const Device device = Device::open("reference");
  const Tensor scores = Tensor::zeros({3, 1}, DType::f32, device);
  CHECK(error_of([&] { pairwise_loss(scores.reshape({3}), Indices({0}, device), Indices({1}, device)); }) ==
        "pairs: one score of each is meant, not [3]");
  CHECK(error_of([&] {
          pairwise_loss(scores, Indices({0, 1}, device), Indices({1}, device));
        }) == "pairs: 2 better ones and 1 worse ones");
  CHECK(error_of([&] { pairwise_loss(scores, Indices({}, device), Indices({}, device)); }) ==
        "pairs: 0 better ones and 0 worse ones");
}
