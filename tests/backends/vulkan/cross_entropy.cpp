// SPDX-License-Identifier: Apache-2.0
// Vulkan's cross-entropy against the reference backend.
#include <doctest/doctest.h>

#include "tests/backends/vulkan/compare.h"

namespace thaw::test {

TEST_CASE("vulkan cross-entropy: classes, smoothing, ignored rows") {
  for (const int64_t classes : {1, 2, 5, 64, 257, 4099, 30522})
    for (const double smoothing : {0.0, 0.1}) {
      CAPTURE(classes);
      CAPTURE(smoothing);
      check_against_reference([&](Device device) {
        const int64_t rows = 11;
        std::vector<int32_t> targets;
        for (int64_t t = 0; t < rows; ++t)
          targets.push_back(t % 4 == 2 ? -7 : static_cast<int32_t>((t * 7919) % classes));
        const Indices wanted(targets, device);
        const CrossEntropy options{-7, smoothing};
        const Tensor logits = affine(normal(1, {rows, classes}, device), 6, 40);
        const CrossEntropyResult kept = cross_entropy(logits, wanted, options, true);
        const Tensor each = normal(2, {rows}, device), one = normal(3, {1}, device).expand({rows});
        return std::vector<Tensor>{kept.losses, kept.lse, cross_entropy(logits, wanted, options, false).losses,
                                   cross_entropy_backward(each, logits, kept.lse, wanted, options),
                                   cross_entropy_backward(one, logits, kept.lse, wanted, options)};
      });
    }
}

TEST_CASE("vulkan cross-entropy: large and small logits") {
  check_against_reference([](Device device) {
    const std::vector<float> numbers{1e30f, -1e30f, 0, 80, -80, 3, -1e4f, -1e4f, -1e4f, 1e4f, 1e4f, 9999};
    const Tensor logits = Tensor::from_host(numbers, {4, 3}, device);
    const Indices targets({0, 1, 2, 0}, device);
    const CrossEntropyResult kept = cross_entropy(logits, targets, {}, true);
    return std::vector<Tensor>{kept.losses, kept.lse,
                               cross_entropy_backward(normal(1, {4}, device), logits, kept.lse, targets, {})};
  });
}

}  // namespace thaw::test
