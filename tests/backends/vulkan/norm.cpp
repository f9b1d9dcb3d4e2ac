// SPDX-License-Identifier: Apache-2.0
// Vulkan's norms against the reference backend.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"

namespace thaw::test {
namespace {

std::vector<Tensor> all_of(const NormResult& r, const NormGradients& g) {
  std::vector<Tensor> defined;
  for (const Tensor& t : {r.y, r.sum, r.mean, r.rstd, g.x, g.residual, g.weight, g.bias})
    if (t.defined()) defined.push_back(t);
  return defined;
}

}  // namespace

TEST_CASE("vulkan norm: kinds, sizes, dropout") {
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 5}, Shape{7, 64}, Shape{2, 17, 257}, Shape{70, 768}, Shape{3, 4099}})
    for (const NormKind kind : {NormKind::layer, NormKind::rms})
      for (const float probability : {0.0f, 0.3f}) {
        CAPTURE(shape.to_string());
        CAPTURE(static_cast<int>(kind));
        CAPTURE(probability);
        check_against_reference([&](Device device) {
          // An RMS norm of one number is its sign: what its gradient differs from 0 by is of the size of eps.
          const double eps = shape.numel() == 1 ? 0.1 : 1e-6;
          const Norm options{kind, eps, {probability, {5, 0x1'0000'0003}}};
          const Tensor x = normal(1, shape, device), residual = normal(2, shape, device),
                       weight = normal(3, {shape[-1]}, device), bias = normal(4, {shape[-1]}, device),
                       dy = normal(5, shape, device);
          const NormResult kept = norm(x, residual, weight, bias, options, true);
          const NormGradients gradients = norm_backward(dy, kept, weight, options, {true, true, true, true});
          std::vector<Tensor> results = all_of(kept, gradients);
          const NormResult plain = norm(x, {}, {}, {}, options, true);
          for (const Tensor& t : all_of(plain, norm_backward(dy, plain, {}, options, {true, false, false, false})))
            results.push_back(t);
          results.push_back(norm(x, residual, {}, bias, options, false).y);
          results.push_back(norm_backward(dy, kept, weight, options, {false, false, false, true}).bias);
          return results;
        });
      }
}

TEST_CASE("vulkan norm: views") {
  check_against_reference([](Device device) {
    const Tensor x = scattered(1, {9, 20}, device), residual = scattered(2, {9, 20}, device),
                 weight = scattered(3, {20}, device);
    const NormResult kept = norm(x, residual, weight, weight, {}, true);
    return all_of(kept, norm_backward(scattered(4, {9, 20}, device), kept, weight, {}, {true, true, true, true}));
  });
}

TEST_CASE("vulkan norm: no rows") {
  check_against_reference([](Device device) {
    const Tensor none = Tensor::zeros({0, 12}, DType::f32, device), weight = normal(1, {12}, device);
    const NormResult kept = norm(none, {}, weight, weight, {}, true);
    return all_of(kept, norm_backward(none, kept, weight, {}, {true, true, true, true}));
  });
}

}  // namespace thaw::test
