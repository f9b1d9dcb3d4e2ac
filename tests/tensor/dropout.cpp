// SPDX-License-Identifier: Apache-2.0
// Dropout against the words of its stream.
#include <doctest/doctest.h>

#include "tensor/ops.h"
#include "tests/array.h"
#include "tests/settings.h"

using namespace thaw;

TEST_CASE("dropout: keeps where the stream says, and adds the residual") {
  for (const Setting& s : settings()) {
    for (const float probability : {0.0f, 0.1f, 0.5f, 0.9f}) {
      CAPTURE(s.name());
      CAPTURE(probability);
      const Dropout options{probability, {11, 12}};
      const Array x = random_array({13, 7}, 1), residual = random_array({13, 7}, 2);
      Array alone({13, 7}), both({13, 7});
      for (size_t i = 0; i < x.values.size(); ++i) {
        const double u = static_cast<double>(random_words(options.key, i / 4)[i % 4] >> 8) * 0x1p-24;
        const double p = static_cast<double>(probability);
        alone.values[i] = u >= p ? x.values[i] / (1 - p) : 0;
        both.values[i] = alone.values[i] + residual.values[i];
      }
      const Tensor t = to_tensor(x, s.dtype, s.device), r = to_tensor(residual, s.dtype, s.device);
      CHECK(difference(dropout(t, options), alone) < s.tolerance(1e-6));
      CHECK(difference(dropout(t, options, r), both) < s.tolerance(1e-6));
      CHECK(difference(dropout(t.transpose().contiguous().transpose(), options, r), both) < s.tolerance(1e-6));
    }
  }
}

TEST_CASE("dropout: what is dropped is 0 even where the input is not finite") {
  for (const Setting& s : settings()) {
    CAPTURE(s.name());
    const std::vector<double> got =
        dropout(Tensor::full({64}, INFINITY, s.dtype, s.device), {0.5f, {1, 2}}).to_host<double>();
    for (const double v : got) CHECK((v == 0 || v == INFINITY));
  }
}

TEST_CASE("dropout: a probability outside of [0, 1) is an error") {
  const Tensor x = Tensor::zeros({2}, DType::f32, Device::from_environment());
  CHECK_THROWS_WITH_AS(dropout(x, {1.0f, {}}), "dropout: probability 1 is not in [0, 1)", std::invalid_argument);
  CHECK_THROWS_AS(dropout(x, {-0.5f, {}}), std::invalid_argument);
}
