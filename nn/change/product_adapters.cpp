// SPDX-License-Identifier: Apache-2.0
// Adapters of a product, off and on again.
#include "nn/change/product_adapters.h"

#include <algorithm>

#include "nn/adapters.h"
#include "tensor/check.h"

namespace thaw {

ProductAdapters ProductAdapters::of(std::shared_ptr<Product> product) {
  const Product& p = *product;
  return {std::move(product), p.low_rank, p.scaling, p.bottleneck};
}

std::vector<Parameter> ProductAdapters::parameters() const {
  std::vector<Parameter> all;
  const auto append = [&](const auto& adapter) {
    if (!adapter) return;
    const std::vector<Parameter> its = parameters_of(*adapter);
    all.insert(all.end(), its.begin(), its.end());
  };
  append(low_rank);
  append(scaling);
  append(bottleneck);
  return all;
}

void ProductAdapters::put_on(ParameterStore& store) const {
  check(!(low_rank && product->low_rank) && !(scaling && product->scaling) && !(bottleneck && product->bottleneck),
        "{}: has an adapter of that kind already", product->path);
  for (const Parameter& parameter : parameters()) store.put_back(parameter);
  if (low_rank) product->low_rank = low_rank;
  if (scaling) product->scaling = scaling;
  if (bottleneck) product->bottleneck = bottleneck;
}

void ProductAdapters::take_off(ParameterStore& store) const {
  const std::vector<Parameter> ours = parameters();
  take_off_adapters(store, *product, [&](const Parameter& parameter) {
    return std::ranges::any_of(ours, [&](const Parameter& own) { return own.same(parameter); });
  });
}

}  // namespace thaw
