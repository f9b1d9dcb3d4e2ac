// SPDX-License-Identifier: Apache-2.0
// Adapters off and on.
#include "nn/adapters.h"

#include "nn/scope.h"
#include "tensor/check.h"

namespace thaw {

std::vector<Parameter> parameters_of(const LowRankAdapter& adapter) {
  std::vector<Parameter> all{adapter.a, adapter.b};
  if (adapter.magnitude.defined()) all.push_back(adapter.magnitude);
  return all;
}

std::vector<Parameter> parameters_of(const ScalingAdapter& adapter) { return {adapter.factors}; }

std::vector<Parameter> parameters_of(const BottleneckAdapter& adapter) {
  return {adapter.down, adapter.down_bias, adapter.up, adapter.up_bias};
}

std::vector<Parameter> adapter_parameters(const ParameterStore& store) {
  std::vector<Parameter> all;
  const auto append = [&](const auto& adapter) {
    if (!adapter) return;
    const std::vector<Parameter> its = parameters_of(*adapter);
    all.insert(all.end(), its.begin(), its.end());
  };
  for (const auto& product : store.products()) {
    append(product->low_rank);
    append(product->scaling);
    append(product->bottleneck);
  }
  for (const auto& prompt : store.soft_prompts())
    if (prompt->rows.defined()) all.push_back(prompt->rows);
  for (const auto& prefix : store.attention_prefixes())
    for (const Parameter& parameter : prefix->parameters()) all.push_back(parameter);
  return all;
}

void take_off_adapters(ParameterStore& store, Product& product, const std::function<bool(const Parameter&)>& which) {
  const auto take = [&](auto& slot) {
    if (!slot) return;
    const std::vector<Parameter> its = parameters_of(*slot);
    if (!which(its[0])) return;
    for (const Parameter& parameter : its) store.remove(parameter.name());
    slot.reset();
  };
  take(product.low_rank);
  take(product.scaling);
  take(product.bottleneck);
}

void take_off_adapters(ParameterStore& store, SoftPrompt& prompt, const std::function<bool(const Parameter&)>& which) {
  if (!prompt.rows.defined() || !which(prompt.rows)) return;
  store.remove(prompt.rows.name());
  prompt.rows = {};
}

void take_off_adapters(ParameterStore& store, AttentionPrefix& prefix,
                       const std::function<bool(const Parameter&)>& which) {
  if (prefix.count() == 0 || !which(prefix.keys)) return;
  for (const Parameter& parameter : prefix.parameters()) store.remove(parameter.name());
  prefix.keys = prefix.values = {};
}

void put_on_same_adapters(const ParameterStore& like, ParameterStore& store) {
  check(like.products().size() == store.products().size(), "adapters: {} products are no twins of {}",
        store.products().size(), like.products().size());
  for (size_t i = 0; i < like.products().size(); ++i) {
    const Product& there = *like.products()[i];
    Product& here = *store.products()[i];
    const Scope at(store, here.path);
    if (there.low_rank) here.low_rank.emplace(at, here.adapted_weight(), there.low_rank->options);
    if (there.scaling) here.scaling.emplace(at, there.scaling->factors.value().numel(), there.scaling->on_input);
    if (there.bottleneck) here.bottleneck.emplace(at, here.out(), there.bottleneck->options);
  }
  check(like.soft_prompts().size() == store.soft_prompts().size(), "adapters: {} places of prompts are no twins of {}",
        store.soft_prompts().size(), like.soft_prompts().size());
  for (size_t i = 0; i < like.soft_prompts().size(); ++i)
    if (const int64_t n = like.soft_prompts()[i]->count(); n > 0) store.soft_prompts()[i]->put_on(store, n);
  check(like.attention_prefixes().size() == store.attention_prefixes().size(),
        "adapters: {} self-attentions are no twins of {}", store.attention_prefixes().size(),
        like.attention_prefixes().size());
  for (size_t i = 0; i < like.attention_prefixes().size(); ++i)
    if (const int64_t n = like.attention_prefixes()[i]->count(); n > 0) store.attention_prefixes()[i]->put_on(store, n);
}

}  // namespace thaw
