// SPDX-License-Identifier: Apache-2.0
// The losses of pairs' logits against the reference library's, with a temperature that is learnt.
#include "models/contrastive_loss.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "tensor/io/tensor_file.h"
#include "tests/error_of.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

Tensor numbers(const std::vector<double>& values, int64_t width) {
  return Tensor::from_host(values, {static_cast<int64_t>(values.size()) / width, width}, Device::open("reference"));
}

void check_close(const Tensor& got, const Tensor& expected, double tolerance) {
  const std::vector<double> a = got.to_host<double>(), b = expected.to_host<double>();
  REQUIRE(a.size() == b.size());
  double largest = 0, difference = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(b[i]));
    difference = std::max(difference, std::abs(a[i] - b[i]));
  }
  CHECK(difference <= tolerance * largest);
}

}  // namespace

TEST_CASE("contrastive loss of logits: the reference's values and gradients, of vectors and temperature") {
  if (!has_golden("pieces2")) return;
  const auto golden = read_tensors(golden_dir() / "pieces2" / "expected.safetensors", Device::open("reference"));
  struct Precision {
    Device device;
    DType dtype;
    double tolerance;
  };
  const Precision precisions[] = {{Device::open("reference"), DType::f64, 1e-9},
                                  {Device::from_environment(), DType::f32, 1e-5}};
  int64_t found = 0;
  for (const auto& [name, tensor] : golden) {
    if (!name.starts_with("contrastive.") || !name.ends_with(".loss")) continue;
    ++found;
    const std::string folder = name.substr(0, name.size() - 4);
    INFO(folder);
    for (const Precision& p : precisions) {
      const auto at = [&](const char* part) { return golden.at(folder + part); };
      const auto leaf = [&](const char* part) { return Variable::leaf(at(part).to(p.dtype).to(p.device), part); };
      const Variable text = leaf("text"), image = leaf("image"), temperature = leaf("logit_scale");
      const Variable logits = mul(matmul(unit_vectors(text), transpose(unit_vectors(image))), exp(temperature));
      if (golden.contains(folder + "logits_per_text")) check_close(logits.value(), at("logits_per_text"), p.tolerance);
      const Variable loss = contrastive_loss(logits);
      check_close(loss.value(), at("loss"), p.tolerance);
      backward(loss);
      check_close(text.grad(), at("grad.text"), p.tolerance);
      check_close(image.grad(), at("grad.image"), p.tolerance);
      check_close(temperature.grad(), at("grad.logit_scale"), p.tolerance);
    }
  }
  CHECK(found > 0);
}

TEST_CASE("contrastive loss of logits: columns behind the partners' are asked in one direction alone") {
  const Variable logits = numbers({2, 0, 1, 0.5, 1, -1}, 3), partners = numbers({2, 0, 0.5, 1}, 2);
  const auto value = [](const Variable& loss) { return loss.item<double>(); };
  const auto row = [](double own, double a, double b) {
    return std::log(std::exp(own) + std::exp(a) + std::exp(b)) - own;
  };
  const double forth = (row(2, 0, 1) + row(1, 0.5, -1)) / 2;
  CHECK(value(partner_loss(logits)) == doctest::Approx(forth).epsilon(1e-12));
  CHECK(value(partner_loss(logits)) > value(partner_loss(partners)));
  const double back = value(partner_loss(transpose(partners)));
  CHECK(back != doctest::Approx(forth));
  CHECK(value(contrastive_loss(logits)) == doctest::Approx((forth + back) / 2).epsilon(1e-12));
  CHECK(value(contrastive_loss(logits, 8)) == doctest::Approx((forth + back) / 8).epsilon(1e-12));
  CHECK(error_of([&] { partner_loss(transpose(logits)); }) == "partners: of logits [3, 2] some rows have no column");
}

TEST_CASE("unit vectors: zeros stay, and have no NaN in their gradient") {
  const Variable rows = Variable::leaf(numbers({3, 4, 0, 0}, 2));
  const Variable units = unit_vectors(rows);
  const std::vector<double> got = units.value().to_host<double>();
  CHECK(got[0] == doctest::Approx(0.6));
  CHECK(got[1] == doctest::Approx(0.8));
  CHECK(got[2] == 0);
  CHECK(got[3] == 0);
  backward(sum_all(units));
  for (const double slope : rows.grad().to_host<double>()) CHECK(std::isfinite(slope));
}
