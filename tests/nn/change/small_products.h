// SPDX-License-Identifier: Apache-2.0
// A model of few products for tests of changes: one in each layout, and one whose weight is a table's.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "nn/change/model_change.h"
#include "nn/embedding.h"
#include "nn/linear.h"

namespace thaw {

struct SmallProducts {
  Device device = Device::from_environment();
  ParameterStore store{device, DType::f32, 3};
  Embedding words{Scope(store) / "words", 6, 4, Init::normal(1)};
  Linear first{Scope(store) / "first", 4, 5, Init::normal(0.5)};
  Linear second{Scope(store) / "second", 5, 4, Init::normal(0.5), true, WeightLayout::in_out};
  Linear said{Scope(store) / "said", words.weight};

  Variable operator()() const {
    const Indices ids({1, 5, 0}, device);
    return said(second(first(words(ids), UnaryOp::tanh)));
  }
};

// Numbers of a tensor of a change.
inline Tensor host_numbers(const Shape& shape, const std::string& name, double spread = 1) {
  return Tensor::from_host(Init::normal(spread).values(shape, 5, name), shape, Device::open("reference"));
}

// LoRA of rank 2 from `in` to `out`.
inline ModelChange::LowRank low_rank(int64_t in, int64_t out, bool magnitudes = false) {
  ModelChange::LowRank low{
      {.rank = 2, .alpha = 3, .magnitudes = magnitudes}, host_numbers({2, in}, "a"), host_numbers({out, 2}, "b"), {}};
  if (magnitudes) low.magnitude = host_numbers({out}, "m");
  return low;
}

inline std::map<std::string, std::vector<std::byte>> bytes_of(const ParameterStore& store) {
  std::map<std::string, std::vector<std::byte>> all;
  for (const Parameter& parameter : store.all()) all[parameter.name()] = parameter.value().to_bytes();
  return all;
}

}  // namespace thaw
