// SPDX-License-Identifier: Apache-2.0
// Writes a change into a model, and what was there back.
#include "nn/change/applied_change.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>

#include "autograd/compressed_weight.h"
#include "nn/adapters.h"
#include "nn/change/table_rows.h"
#include "nn/scope.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Those of the ranges that are not among the rows.
RowRanges without(const RowRanges& ranges, const RowRanges& rows) {
  std::vector<int64_t> kept;
  for (const auto& [begin, end] : ranges.ranges())
    for (int64_t row = begin; row < end; ++row)
      if (!rows.place_of(row)) kept.push_back(row);
  return RowRanges::of(kept);
}

}  // namespace

AppliedChange::AppliedChange(ParameterStore& store, const ModelChange& change) : store_(&store) {
  check_fits(change, store);
  const auto own = [&](const Tensor& value) { return value.to(store.dtype()).to(store.device()).clone(); };
  for (const auto& [name, value] : change.tensors)
    replaced_.push_back({store.find(name), {}, own(value), {.whole = true}});
  for (const auto& [name, rows] : change.rows)
    replaced_.push_back(
        {store.find(name), rows.numbers, own(rows.values), {.whole = false, .rows = RowRanges::of(rows.numbers)}});
  for (const Replaced& replaced : replaced_)
    check(!replaced.parameter.compressed(),
          "{}: is kept as {}: what changes it must be applied before it is compressed", replaced.parameter.name(),
          kept_as(replaced.parameter.compressed()));
  for (const auto& product : store.products())
    if (const auto at = change.products.find(product->path); at != change.products.end()) {
      const ProductAdapters there = ProductAdapters::of(product);
      check(!(at->second.low_rank && there.low_rank) && !(at->second.scaling && there.scaling) &&
                !(at->second.bottleneck && there.bottleneck),
            "{}: has an adapter of that kind already", product->path);
    }
  for (const auto& place : store.soft_prompts())
    check(!change.prompts.contains(place->path) || place->count() == 0, "{}: has a prompt already", place->path);
  for (const auto& place : store.attention_prefixes())
    check(!change.prefixes.contains(place->path) || place->count() == 0, "{}: has a prefix already", place->path);
  std::vector<std::string> before;
  for (const Parameter& parameter : store.all()) before.push_back(parameter.name());
  try {
    for (const auto& product : store.products())
      if (const auto at = change.products.find(product->path); at != change.products.end())
        put_adapters_on(product, at->second);
    for (const auto& place : store.soft_prompts())
      if (const auto at = change.prompts.find(place->path); at != change.prompts.end()) {
        const Tensor rows = own(at->second);
        place->put_on(store, rows.size(0));
        prompts_.push_back({place, place->rows});
        place->rows.value().copy_from(rows);
      }
    for (const auto& place : store.attention_prefixes())
      if (const auto at = change.prefixes.find(place->path); at != change.prefixes.end()) {
        place->put_on(store, at->second.keys.size(0));
        prefixes_.push_back({place, place->keys, place->values});
        place->keys.value().copy_from(own(at->second.keys));
        place->values.value().copy_from(own(at->second.values));
      }
  } catch (...) {
    take_off_adapters();
    // An adapter of which a part alone was made.
    for (const Parameter& parameter : std::vector<Parameter>(store.all()))
      if (std::ranges::find(before, parameter.name()) == before.end()) store.remove(parameter.name());
    throw;
  }
  for (const Parameter& adapter : adapter_parameters()) adapter.mark_changed();
  for (Replaced& replaced : replaced_) exchange(replaced);
  on_ = true;
}

void AppliedChange::Prompt::put_on(ParameterStore& store) const {
  check(place->count() == 0, "{}: has a prompt already", place->path);
  store.put_back(rows);
  place->rows = rows;
}

void AppliedChange::Prompt::take_off(ParameterStore& store) const {
  thaw::take_off_adapters(store, *place, [&](const Parameter& parameter) { return parameter.same(rows); });
}

void AppliedChange::Prefix::put_on(ParameterStore& store) const {
  check(place->count() == 0, "{}: has a prefix already", place->path);
  for (const Parameter& parameter : {keys, values}) store.put_back(parameter);
  place->keys = keys;
  place->values = values;
}

void AppliedChange::Prefix::take_off(ParameterStore& store) const {
  thaw::take_off_adapters(store, *place, [&](const Parameter& parameter) { return parameter.same(keys); });
}

// Those that are on.
void AppliedChange::take_off_adapters() const {
  for (const ProductAdapters& adapters : adapters_) adapters.take_off(*store_);
  for (const Prompt& prompt : prompts_) prompt.take_off(*store_);
  for (const Prefix& prefix : prefixes_) prefix.take_off(*store_);
}

void AppliedChange::put_adapters_on(const std::shared_ptr<Product>& product, const ModelChange::Adapters& adapters) {
  const Scope at(*store_, product->path);
  ProductAdapters& ours = adapters_.emplace_back(ProductAdapters{product, {}, {}, {}});
  const auto fill = [&](const auto& adapter, std::initializer_list<const Tensor*> values) {
    const std::vector<Parameter> its = parameters_of(adapter);
    for (size_t i = 0; i < its.size(); ++i)
      its[i].value().copy_from(values.begin()[i]->to(store_->dtype()).to(store_->device()));
  };
  if (const auto& low = adapters.low_rank) {
    ours.low_rank = product->low_rank.emplace(at, product->adapted_weight(), low->options);
    fill(*product->low_rank, {&low->a, &low->b, &low->magnitude});
  }
  if (const auto& scaling = adapters.scaling) {
    ours.scaling = product->scaling.emplace(at, scaling->factors.numel(), scaling->on_input);
    fill(*product->scaling, {&scaling->factors});
  }
  if (const auto& bottleneck = adapters.bottleneck) {
    ours.bottleneck = product->bottleneck.emplace(at, product->out(), bottleneck->options);
    fill(*product->bottleneck, {&bottleneck->down, &bottleneck->down_bias, &bottleneck->up, &bottleneck->up_bias});
  }
}

void AppliedChange::exchange(Replaced& replaced) const {
  const Tensor& there = replaced.parameter.value();
  Parameter::Changed now = replaced.parameter.changed();
  if (replaced.rows.empty()) {
    replaced.parameter.set_changed(std::exchange(replaced.changed, std::move(now)));
    Tensor before = there.clone();
    there.copy_from(replaced.other);
    replaced.other = std::move(before);
  } else {
    const RowRanges ours = RowRanges::of(replaced.rows), changed = ours.common(now.rows);
    now.rows = without(now.rows, ours);
    replaced.parameter.set_changed(std::move(now));
    replaced.parameter.mark_changed_rows(replaced.changed.rows);
    replaced.changed.rows = changed;
    Tensor before = copy_of_rows(there, replaced.rows);
    write_rows(there, replaced.rows, replaced.other);
    replaced.other = std::move(before);
  }
}

void AppliedChange::take_off() {
  check(on_, "a change that is not on the model cannot be taken off");
  take_off_adapters();
  for (Replaced& replaced : replaced_) exchange(replaced);
  on_ = false;
}

void AppliedChange::put_on() {
  check(!on_, "the change is on the model already");
  try {
    for (const ProductAdapters& adapters : adapters_) adapters.put_on(*store_);
    for (const Prompt& prompt : prompts_) prompt.put_on(*store_);
    for (const Prefix& prefix : prefixes_) prefix.put_on(*store_);
  } catch (...) {
    take_off_adapters();  // what is not on stays off
    throw;
  }
  for (Replaced& replaced : replaced_) exchange(replaced);
  on_ = true;
}

std::vector<Parameter> AppliedChange::adapter_parameters() const {
  std::vector<Parameter> all;
  for (const ProductAdapters& adapters : adapters_) {
    const std::vector<Parameter> its = adapters.parameters();
    all.insert(all.end(), its.begin(), its.end());
  }
  for (const Prompt& prompt : prompts_) all.push_back(prompt.rows);
  for (const Prefix& prefix : prefixes_) all.insert(all.end(), {prefix.keys, prefix.values});
  return all;
}

std::vector<Parameter> AppliedChange::parameters() const {
  std::vector<Parameter> all = adapter_parameters();
  for (const Replaced& replaced : replaced_) all.push_back(replaced.parameter);
  return all;
}

}  // namespace thaw
