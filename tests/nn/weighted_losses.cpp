// SPDX-License-Identifier: Apache-2.0
// Losses with class weights, smoothing and ignored labels against the reference library.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "tensor/io/json.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

using Tensors = std::map<std::string, Tensor>;

struct Precision {
  Device device;
  DType dtype;
  double tolerance;  // of the largest magnitude
};
std::vector<Precision> precisions() {
  return {{Device::open("reference"), DType::f64, 1e-9}, {Device::from_environment(), DType::f32, 2e-6}};
}

void check_close(const Tensor& got, const Tensor& expected, double tolerance) {
  REQUIRE(got.shape() == expected.shape());
  const auto a = got.to_host<double>(), b = expected.to_host<double>();
  double worst = 0, largest = 1;
  for (size_t i = 0; i < a.size(); ++i) {
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  CHECK(worst <= tolerance * largest);
}

Tensors pieces() { return read_tensors(golden_dir() / "pieces2" / "expected.safetensors", Device::open("reference")); }

// As the golden's options say: a number, or a number a row.
Variable loss_of(const Variable& logits, const Indices& labels, const Json& options, const std::vector<double>& all) {
  const std::vector<double> weights =
      options.contains("weight") ? all : std::vector<double>(static_cast<size_t>(logits.size(1)), 1);
  const CrossEntropy settings{-100, options.get_number_or("label_smoothing", 0)};
  const std::string reduction = options.get_string_or("reduction", "mean");
  if (reduction == "mean") return weighted_cross_entropy(logits, labels, weights, settings);
  const Variable rows = weighted_cross_entropy_rows(logits, labels, weights, settings);
  return reduction == "sum" ? sum_all(rows) : rows;
}

void check_binary(const Tensors& golden, const std::string& name, bool weighted, double factor) {
  CAPTURE(name);
  for (const Precision& p : precisions()) {
    const Variable logits = Variable::leaf(golden.at(name + ".logits").to(p.dtype).to(p.device), "logits");
    const Tensor targets = golden.at(name + ".targets").to(p.dtype).to(p.device);
    const Variable mean =
        weighted ? weighted_binary_cross_entropy(logits, targets, golden.at(name + ".pos_weight").to_host<double>())
                 : binary_cross_entropy(logits, targets);
    const Variable loss = scale(mean, factor);
    check_close(loss.value(), golden.at(name + ".loss"), p.tolerance);
    backward(loss);
    check_close(logits.grad(), golden.at(name + ".grad"), p.tolerance);
  }
}

}  // namespace

TEST_CASE("pieces: cross-entropy with class weights and smoothing") {
  if (!has_golden("pieces2")) return;
  const Tensors golden = pieces();
  const Json options = Json::read((golden_dir() / "pieces2" / "pieces.json").string());
  const std::vector<double> weights = golden.at("xent.weight").to_host<double>();
  const Json& cases = options.get_array("cross_entropies");
  CHECK(cases.size() >= 7);
  for (size_t i = 0; i < cases.size(); ++i) {
    const std::string name = "xent." + std::to_string(i);
    CAPTURE(name);
    for (const Precision& p : precisions()) {
      const Variable logits = Variable::leaf(golden.at(name + ".logits").to(p.dtype).to(p.device), "logits");
      const Indices labels(golden.at("xent.labels").to_host<int32_t>(), p.device);
      const Variable loss = loss_of(logits, labels, cases.at(i), weights);
      check_close(loss.value(), golden.at(name + ".loss"), p.tolerance);
      const auto dloss = golden.find(name + ".dloss");
      backward(dloss == golden.end() ? loss : sum_all(mul(loss, dloss->second.to(p.dtype).to(p.device))));
      check_close(logits.grad(), golden.at(name + ".grad"), p.tolerance);
    }
  }
}

TEST_CASE("pieces: binary cross-entropy, with weights of positive cells") {
  if (!has_golden("pieces2")) return;
  const Tensors golden = pieces();
  check_binary(golden, "bce", false, 1);
  check_binary(golden, "bce_sum", false, static_cast<double>(golden.at("bce_sum.logits").numel()));
  check_binary(golden, "bce_pos_weight", true, 1);
}

TEST_CASE("weighted losses: counts, and what is refused") {
  const Device device = Device::from_environment();
  const Variable logits = Variable::leaf(Tensor::zeros({3, 2}, DType::f32, device), "logits");
  const Indices targets({1, -100, 0}, device);
  CHECK(weight_of_targets(targets, {0.5, 3}) == 3.5);
  const double whole = static_cast<double>(weighted_cross_entropy(logits, targets, {0.5, 3}).item());
  CHECK(whole == doctest::Approx(std::log(2.0)));
  CHECK(static_cast<double>(weighted_cross_entropy(logits, targets, {0.5, 3}, {}, 7).item()) ==
        doctest::Approx(whole / 2));
  CHECK(weighted_cross_entropy(logits, Indices({-100, -100, -100}, device), {0.5, 3}).item() == 0);
  CHECK_THROWS_WITH_AS(weighted_cross_entropy(logits, targets, {1}),
                       "weighted_cross_entropy: 1 weights for logits [3, 2]", std::invalid_argument);
  CHECK_THROWS_WITH_AS(weighted_cross_entropy(logits, targets, {1, -2}),
                       "weighted_cross_entropy: the weight of class 1 is -2", std::invalid_argument);
  CHECK_THROWS_AS(weighted_binary_cross_entropy(logits, Tensor::zeros({3, 1}, DType::f32, device), {1, 1}),
                  std::invalid_argument);
}

TEST_CASE("weighted losses: of large logits nothing is lost or infinite") {
  const Device device = Device::from_environment();
  const Variable logits =
      Variable::leaf(Tensor::from_host(std::vector<double>{-60, 60, 60, -60}, {2, 2}, device, DType::f32), "logits");
  const Tensor targets = Tensor::from_host(std::vector<double>{0, 1, 0, 1}, {2, 2}, device, DType::f32);
  const Variable loss = weighted_binary_cross_entropy(logits, targets, {2, 3});
  CHECK(static_cast<double>(loss.item()) == doctest::Approx((60 + 3 * 60) / 4.0));
  backward(loss);
  const std::vector<double> slopes = logits.grad().to_host<double>();
  CHECK(slopes[2] == doctest::Approx(0.25));
  CHECK(slopes[3] == doctest::Approx(-0.75));
}
