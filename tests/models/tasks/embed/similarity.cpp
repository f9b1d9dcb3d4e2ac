// SPDX-License-Identifier: Apache-2.0
// The contrastive loss against the reference library's, and what is special about it.
#include "models/tasks/embed/similarity.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"

using namespace thaw;

namespace {

Variable rows(const std::vector<float>& values, int64_t width, const char* name) {
  const Device device = Device::from_environment();
  return Variable::leaf(Tensor::from_host(values, {static_cast<int64_t>(values.size()) / width, width}, device), name);
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

TEST_CASE("contrastive loss: values and gradients of the reference's, both directions") {
  if (!has_golden("pieces2")) return;
  const auto golden = read_tensors(golden_dir() / "pieces2" / "expected.safetensors", Device::open("reference"));
  struct Precision {
    Device device;
    DType dtype;
    double tolerance;
  };
  const Precision precisions[] = {{Device::open("reference"), DType::f64, 1e-9},
                                  {Device::from_environment(), DType::f32, 1e-5}};
  for (const Precision& p : precisions)
    for (const char* size : {"5", "129"}) {
      INFO(size);
      const auto at = [&](const char* name) { return golden.at(fmt::format("contrastive.{}.{}", size, name)); };
      const auto leaf = [&](const char* name) { return Variable::leaf(at(name).to(p.dtype).to(p.device), name); };
      const Variable text = leaf("text"), image = leaf("image");
      const Contrast contrast{std::exp(at("logit_scale").item<double>()), true};
      const Variable loss = contrastive_loss(text, image, contrast);
      check_close(loss.value(), at("loss"), p.tolerance);
      backward(loss);
      check_close(text.grad(), at("grad.text"), p.tolerance);
      check_close(image.grad(), at("grad.image"), p.tolerance);
    }
}

TEST_CASE("contrastive loss: a negative makes it larger, zeros have no length and no NaN") {
  const Variable first = rows({1, 0, 0, 1}, 2, "first"), second = rows({1, 0.1F, 0, 1}, 2, "second");
  const Variable more = rows({1, 0.1F, 0, 1, 1, 0, 1, 1}, 2, "more");
  const auto loss = [&](const Variable& a, const Variable& b) {
    return static_cast<double>(contrastive_loss(a, b, {}).value().item());
  };
  CHECK(loss(first, second) < loss(first, more));
  const Variable near = rows({1, 0.1F, 1, 1}, 2, "near");
  const double forth = loss(first, near), back = loss(near, first);
  CHECK(forth != doctest::Approx(back));
  CHECK(static_cast<double>(contrastive_loss(first, near, {20, true}).value().item()) ==
        doctest::Approx((forth + back) / 2));
  const Variable zeros = rows({0, 0, 0, 1}, 2, "zeros");
  CHECK(std::isfinite(loss(zeros, second)));
  CHECK(cosines(zeros, second).value().to_host<float>()[0] == 0);
  CHECK(cosines(first, second).value().to_host<float>()[0] == doctest::Approx(1 / std::sqrt(1.01)));
}
