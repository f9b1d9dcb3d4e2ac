// SPDX-License-Identifier: Apache-2.0
// Activations with their slopes and smoothed cross-entropy against the reference library.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "autograd/functions.h"
#include "nn/activation.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

struct Precision {
  Device device;
  DType dtype;
  double tolerance;  // of the largest magnitude
};
std::vector<Precision> precisions() {
  return {{Device::open("reference"), DType::f64, 1e-9}, {Device::from_environment(), DType::f32, 2e-6}};
}

std::map<std::string, Tensor> golden_pieces() {
  return read_tensors(golden_dir() / "pieces" / "expected.safetensors", Device::open("reference"));
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

}  // namespace

TEST_CASE("pieces: values and slopes of activations") {
  if (!has_golden("pieces")) return;
  const auto golden = golden_pieces();
  int cases = 0;
  for (const auto& [key, expected] : golden) {
    if (!key.starts_with("unary.") || !key.ends_with(".value")) continue;
    const std::string name = key.substr(6, key.size() - 12);
    CAPTURE(name);
    const std::map<std::string, UnaryOp> no_activations{
        {"erf", UnaryOp::erf}, {"gelu_tanh", UnaryOp::gelu_tanh}, {"softplus", UnaryOp::softplus}};
    const auto other = no_activations.find(name);
    const UnaryOp op = other != no_activations.end() ? other->second : activation_named(name, key);
    for (const Precision& p : precisions()) {
      const Variable x = Variable::leaf(golden.at("unary.x").to(p.dtype).to(p.device), "x");
      const Variable y = unary(op, x);
      check_close(y.value(), expected, p.tolerance);
      backward(sum_all(y));
      check_close(x.grad(), golden.at("unary." + name + ".slope"), p.tolerance);
    }
    ++cases;
  }
  CHECK(cases > 0);
}

TEST_CASE("pieces: cross-entropy with label smoothing") {
  if (!has_golden("pieces")) return;
  const auto golden = golden_pieces();
  for (const Precision& p : precisions()) {
    const Variable logits = Variable::leaf(golden.at("xent_smoothed.logits").to(p.dtype).to(p.device), "logits");
    const Indices labels(golden.at("xent_smoothed.labels").to_host<int32_t>(), p.device);
    const Variable loss = cross_entropy(logits, labels, {.smoothing = 0.1});
    check_close(loss.value(), golden.at("xent_smoothed.loss"), p.tolerance);
    backward(loss);
    check_close(logits.grad(), golden.at("xent_smoothed.grad"), p.tolerance);
  }
}
