// SPDX-License-Identifier: Apache-2.0
// Weights with adapters in them.
#include "nn/change/merge.h"

#include <algorithm>
#include <utility>

#include "autograd/compressed_weight.h"
#include "nn/attention_prefix.h"
#include "nn/change/since_base.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

// In a shape in which they multiply the weight as it is stored.
Tensor factors_of_weight(const ProductAdapters& adapters) {
  const Tensor& factors = adapters.scaling->factors.value();
  const bool of_rows = adapters.scaling->on_input == (adapters.product->layout == WeightLayout::in_out);
  return factors.reshape(of_rows ? Shape{factors.numel(), 1} : Shape{1, factors.numel()});
}

bool scales_bias(const ProductAdapters& adapters) {
  return adapters.scaling && !adapters.scaling->on_input && adapters.product->bias.defined();
}

Tensor factors_of_bias(const ProductAdapters& adapters) {
  const Tensor& factors = adapters.scaling->factors.value();
  return factors.reshape({factors.numel()});
}

Tensor merged_weight(const ProductAdapters& adapters) {
  const Product& product = *adapters.product;
  Tensor w = adapters.low_rank ? adapters.low_rank->merged(product.adapted_weight()) : product.weight.value();
  return adapters.scaling ? mul(w, factors_of_weight(adapters)) : w;
}

Tensor unmerged_weight(const ProductAdapters& adapters) {
  Tensor w = adapters.product->weight.value();
  if (adapters.scaling) w = div(w, factors_of_weight(adapters));
  if (!adapters.low_rank) return w;
  const LowRankAdapter& low = *adapters.low_rank;
  const Tensor added = matmul(low.b.value(), low.a.value(), {.scale = low.scale()});
  return sub(w, adapters.product->layout == WeightLayout::out_in ? added : added.transpose());
}

bool is_tied(const ParameterStore& store, const Product& product) {
  return product.weight.name() != product.path + ".weight" || !product.weight.other_names().empty() ||
         std::ranges::any_of(store.products(), [&](const auto& other) {
           return other->path != product.path && other->weight.same(product.weight);
         });
}

}  // namespace

MergedAdapters::MergedAdapters(ParameterStore& store, Originals originals) : store_(store), originals_(originals) {
  for (const auto& product : store.products())
    check(!product->bottleneck, "{}: a bottleneck adapter is no part of a weight: it cannot be merged", product->path);
  for (const auto& prompt : store.soft_prompts())
    check(prompt->count() == 0, "{}: is no part of a weight: it cannot be merged",
          prompt->count() ? prompt->rows.name() : "");
  for (const auto& prefix : store.attention_prefixes())
    check(prefix->count() == 0, "{}: a prefix is no part of a weight: it cannot be merged", prefix->path);
  for (const auto& product : store.products())
    check(!product->adapted() || !product->weight.compressed(),
          "{}: is kept as {}: merge into the weights of the base as they are", product->weight.name(),
          kept_as(product->weight.compressed()));
  for (const auto& product : store.products()) {
    if (!product->adapted()) continue;
    const ProductAdapters adapters = ProductAdapters::of(product);
    const Tensor& weight = product->weight.value();
    if (is_tied(store, *product)) {
      untied_.push_back({product->path + ".weight", product->weight.name(), merged_weight(adapters)});
      if (scales_bias(adapters))
        untied_.push_back({product->bias.name(), "", mul(product->bias.value(), factors_of_bias(adapters))});
      continue;
    }
    const bool keeps = originals == Originals::kept, biased = scales_bias(adapters);
    merged_.push_back({adapters, keeps ? weight.clone() : Tensor(),
                       keeps && biased ? product->bias.value().clone() : Tensor(), product->weight.changed(),
                       biased ? product->bias.changed() : Parameter::Changed{}});
    weight.copy_from(merged_weight(adapters));
    mark_changed_whole(product->weight);
    if (biased) {
      product->bias.value().copy_from(mul(product->bias.value(), factors_of_bias(adapters)));
      mark_changed_whole(product->bias);
    }
    adapters.take_off(store);
  }
}

void MergedAdapters::unmerge() {
  if (originals_ == Originals::forgotten) {
    for (const Merged& merged : merged_) {
      const ProductAdapters& adapters = merged.adapters;
      check(!adapters.low_rank || !adapters.low_rank->options.magnitudes,
            "{}: the lengths that DoRA gave its rows cannot be undone; keep the originals", adapters.product->path);
      if (!adapters.scaling) continue;
      const std::vector<double> factors = adapters.scaling->factors.value().to_host<double>();
      check(std::ranges::count(factors, 0.0) == 0, "{}: a factor of 0 cannot be undone; keep the originals",
            adapters.product->path);
    }
  }
  for (const Merged& merged : merged_) {
    const Product& product = *merged.adapters.product;
    const bool kept = originals_ == Originals::kept;
    product.weight.value().copy_from(kept ? merged.weight : unmerged_weight(merged.adapters));
    product.weight.set_changed(merged.weight_changed);
    if (scales_bias(merged.adapters)) {
      product.bias.value().copy_from(kept ? merged.bias : div(product.bias.value(), factors_of_bias(merged.adapters)));
      product.bias.set_changed(merged.bias_changed);
    }
    merged.adapters.put_on(store_);
  }
  merged_.clear();
  untied_.clear();
}

}  // namespace thaw
