// SPDX-License-Identifier: Apache-2.0
// The adapters of one product, whether they are on it or not.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "nn/parameter.h"
#include "nn/product.h"

namespace thaw {

struct ProductAdapters {
  std::shared_ptr<Product> product;
  std::optional<LowRankAdapter> low_rank;
  std::optional<ScalingAdapter> scaling;
  std::optional<BottleneckAdapter> bottleneck;

  // Those that are on it.
  static ProductAdapters of(std::shared_ptr<Product> product);

  std::vector<Parameter> parameters() const;
  // On the product again, their parameters in the store: std::invalid_argument, and nothing is changed, if there is
  // another of the same kind.
  void put_on(ParameterStore& store) const;
  // Those of them that are on it go, their parameters out of the store.
  void take_off(ParameterStore& store) const;
};

}  // namespace thaw
