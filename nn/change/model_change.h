// SPDX-License-Identifier: Apache-2.0
// What of a model differs from its base, as a value: small, on the host, of no device and no store.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nn/parameter.h"
#include "nn/product.h"

namespace thaw {

struct ModelChange {
  struct LowRank {
    LowRankOptions options;
    Tensor a, b;       // [r, in], [out, r]
    Tensor magnitude;  // [out] with options.magnitudes, else undefined
  };
  struct Scaling {
    bool on_input = false;
    Tensor factors;  // [1, in], or of the output [out, 1]
  };
  struct Bottleneck {
    BottleneckOptions options;
    Tensor down, down_bias, up, up_bias;  // [size, C], [size], [C, size], [C]
  };
  struct Adapters {
    std::optional<LowRank> low_rank;
    std::optional<Scaling> scaling;
    std::optional<Bottleneck> bottleneck;
  };
  struct Rows {
    std::vector<int64_t> numbers;  // in any order, each once
    Tensor values;                 // [numbers, ...]: what stands in those rows
  };

  struct Prefix {
    Tensor keys, values;  // [n, H D] each
  };

  std::map<std::string, Adapters> products;  // by their paths
  std::map<std::string, Tensor> prompts;   // rows before texts [n, C], by the paths of their places (nn/soft_prompt.h)
  std::map<std::string, Prefix> prefixes;  // by the paths of their attentions (nn/attention_prefix.h)
  std::map<std::string, Tensor> tensors;   // in the place of whole parameters, by name
  std::map<std::string, Rows> rows;        // in the place of rows of parameters, by name

  bool empty() const {
    return products.empty() && prompts.empty() && prefixes.empty() && tensors.empty() && rows.empty();
  }
};

// What a model has that its base has not: every adapter, and what is trained now, whole or in rows.
ModelChange change_of(const ParameterStore& store);
// The same with the parameters of these names instead of the trained ones. An error if one is unknown or an adapter's.
ModelChange change_of(const ParameterStore& store, std::span<const std::string> names);

// std::invalid_argument that names the product, place or tensor unless the store's model has all that is changed, in
// these shapes.
void check_fits(const ModelChange& change, const ParameterStore& store);

}  // namespace thaw
