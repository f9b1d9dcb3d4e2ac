// SPDX-License-Identifier: Apache-2.0
// The small BERT and batch of which the reference library's numbers stand in tests of prompts and prefixes.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "tests/models/small_bert.h"

namespace thaw {

// The same weights as where the reference's numbers were made: waves, whose phase is the sum of their name's letters.
inline void fill_with_waves(const ParameterStore& store) {
  for (const Parameter& p : store.all()) {
    double phase = 0;
    for (const char letter : p.name()) phase += letter;
    const bool prompt = p.name().ends_with("prompt_embeddings");
    std::vector<double> values;
    for (int64_t i = 0; i < p.value().numel(); ++i) {
      const auto at = static_cast<double>(i);
      const double wave = prompt ? 0.5 * std::cos(0.61 * at) : 0.2 * std::sin(0.37 * at + phase);
      values.push_back(wave + (p.name().ends_with("LayerNorm.weight") ? 1 : 0));
    }
    p.value().copy_from(Tensor::from_host(values, p.value().shape(), store.device(), DType::f64).to(store.dtype()));
  }
}

inline BertConfig reference_config() {
  BertConfig config = small_bert_config();
  config.vocab_size = 30;
  config.hidden_size = 8;
  config.num_hidden_layers = 2;
  config.intermediate_size = 12;
  config.max_position_embeddings = 16;
  config.labels = {"a", "b", "c"};
  return config;
}

inline BertInput reference_batch(Device device) {
  PaddedText padded{2, 6, {2, 7, 9, 3, 11, 3, 2, 21, 3, 5, 3, 0}, {0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0}, {}};
  padded.mask = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0};
  return BertInput::from_padded(padded, device);
}

inline void check_near(const std::vector<double>& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (size_t i = 0; i < values.size(); ++i) CHECK(std::abs(values[i] - expected[i]) <= 1e-10);
}

inline double largest_difference(const Tensor& a, const Tensor& b) {
  const std::vector<double> x = a.to_host<double>(), y = b.to_host<double>();
  REQUIRE(x.size() == y.size());
  double largest = 0;
  for (size_t i = 0; i < x.size(); ++i) largest = std::max(largest, std::abs(x[i] - y[i]));
  return largest;
}

}  // namespace thaw
