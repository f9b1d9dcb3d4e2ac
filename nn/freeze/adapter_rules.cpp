// SPDX-License-Identifier: Apache-2.0
// Finds products, places of prompts and self-attentions, and puts adapters on them.
#include "nn/freeze/adapter_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "nn/adapters.h"
#include "nn/attention_prefix.h"
#include "nn/naming.h"
#include "nn/product.h"
#include "nn/scope.h"
#include "nn/soft_prompt.h"
#include "tensor/check.h"

namespace thaw {
namespace {

bool is_by_default(const FreezeRule& rule, ProductRole role) {
  using enum ProductRole;
  if (std::holds_alternative<LowRankOptions>(rule.what)) return role == query || role == value || role == joined;
  if (std::holds_alternative<FreezeRule::Scale>(rule.what))
    return role == key || role == value || role == joined || role == outer;
  using Behind = FreezeRule::Bottleneck::Behind;
  const Behind behind = std::get<FreezeRule::Bottleneck>(rule.what).behind;
  return (role == attention_output && behind != Behind::outer) || (role == outer && behind != Behind::attention);
}

bool is_prompt(const FreezeRule& rule) { return std::holds_alternative<FreezeRule::Prompt>(rule.what); }
bool is_prefix(const FreezeRule& rule) { return std::holds_alternative<FreezeRule::Prefix>(rule.what); }
bool is_about_products(const FreezeRule& rule) { return rule.is_adapter() && !is_prompt(rule) && !is_prefix(rule); }

bool is_about(const FreezeRule& rule, const Product& product) {
  if (!is_about_products(rule)) return false;
  if (!rule.pattern) return is_by_default(rule, product.role);
  return rule.pattern->matches(product.path) || rule.pattern->matches(product.path + ".weight");
}

bool is_about(const FreezeRule& rule, const AttentionPrefix& prefix) {
  return is_prefix(rule) && (!rule.pattern || rule.pattern->matches(prefix.path));
}

std::string without_match(const ParameterStore& store, const FreezeRule& rule) {
  const std::string said = fmt::format("{}\"{}\"", rule.place, rule.to_text());
  if (!rule.pattern)
    return said + (is_prefix(rule) ? ": no part of this model takes a prefix"
                                   : " has no product to go to: name some by a pattern");
  std::vector<std::string> paths;
  for (const auto& product : store.products())
    if (!is_prefix(rule)) paths.push_back(product->path);
  for (const auto& prefix : store.attention_prefixes())
    if (is_prefix(rule)) paths.push_back(prefix->path);
  return fmt::format("{} matches no {}; near names: {}", said, is_prefix(rule) ? "self-attention" : "product",
                     near_names(*rule.pattern, paths));
}

}  // namespace

AddedAdapters::AddedAdapters(ParameterStore& store, std::span<const FreezeRule> rules) : store_(store) {
  try {
    for (const FreezeRule& rule : rules) {
      const auto is_place = [&](const auto& place) { return is_about(rule, *place); };
      const bool needs_places = rule.is_adapter() && !is_prompt(rule);
      check(!needs_places || std::ranges::any_of(store.products(), is_place) ||
                std::ranges::any_of(store.attention_prefixes(), is_place),
            "{}", needs_places ? without_match(store, rule) : "");
    }
    // Of two rules of one kind the later counts.
    const auto put_on = [&](const auto& places) {
      for (const auto& place : places) {
        for (size_t i = 0; i < rules.size(); ++i) {
          if (!is_about(rules[i], *place)) continue;
          const bool overruled =
              std::any_of(rules.begin() + static_cast<ptrdiff_t>(i) + 1, rules.end(), [&](const auto& later) {
                return later.what.index() == rules[i].what.index() && is_about(later, *place);
              });
          if (!overruled) add(*place, i, rules[i]);
        }
      }
    };
    put_on(store.products());
    add_prompts(rules);
    put_on(store.attention_prefixes());
  } catch (...) {
    take_off();
    throw;
  }
}

AddedAdapters::~AddedAdapters() {
  if (!kept_) take_off();
}

void AddedAdapters::add(Product& product, size_t number, const FreezeRule& rule) {
  const Scope at(store_, product.path);
  const auto take = [&](auto& slot, const auto& make, const auto& is_same) {
    const bool is_new = !slot;
    if (is_new) slot.emplace(make());
    check(is_same(*slot), "{}\"{}\": {} has another adapter of this kind already", rule.place, rule.to_text(),
          product.path);
    for (const Parameter& parameter : parameters_of(*slot)) made_.push_back({parameter, number, is_new});
  };
  if (const auto* low = std::get_if<LowRankOptions>(&rule.what))
    take(
        product.low_rank, [&] { return LowRankAdapter(at, product.adapted_weight(), *low); },
        [&](const LowRankAdapter& there) { return there.options == *low; });
  if (const auto* scale = std::get_if<FreezeRule::Scale>(&rule.what)) {
    const bool input = rule.pattern ? scale->input : product.role == ProductRole::outer;
    take(
        product.scaling, [&] { return ScalingAdapter(at, input ? product.in() : product.out(), input); },
        [&](const ScalingAdapter& there) { return there.on_input == input; });
  }
  if (const auto* bottleneck = std::get_if<FreezeRule::Bottleneck>(&rule.what))
    take(
        product.bottleneck, [&] { return BottleneckAdapter(at, product.out(), bottleneck->options); },
        [&](const BottleneckAdapter& there) { return there.options == bottleneck->options; });
}

void AddedAdapters::add(AttentionPrefix& prefix, size_t number, const FreezeRule& rule) {
  const int64_t count = std::get<FreezeRule::Prefix>(rule.what).count;
  naming(fmt::format("{}\"{}\"", rule.place, rule.to_text()), [&] {
    const bool is_new = prefix.count() == 0;
    if (is_new) prefix.put_on(store_, count);
    check(prefix.count() == count, "{} has a prefix of {} already", prefix.path, prefix.count());
    for (const Parameter& parameter : prefix.parameters()) made_.push_back({parameter, number, is_new});
  });
}

void AddedAdapters::add_prompts(std::span<const FreezeRule> rules) {
  const auto last = std::find_if(rules.rbegin(), rules.rend(), is_prompt);
  if (last == rules.rend()) return;
  const auto number = static_cast<size_t>(rules.rend() - last) - 1;
  const int64_t count = std::get<FreezeRule::Prompt>(last->what).count;
  const auto where = [&] { return fmt::format("{}\"{}\"", last->place, last->to_text()); };
  check(!store_.soft_prompts().empty(), "{}: no part of this model takes a prompt", where());
  naming(where(), [&] {
    for (const auto& prompt : store_.soft_prompts()) {
      const bool is_new = prompt->count() == 0;
      if (is_new) prompt->put_on(store_, count);
      check(prompt->count() == count, "the model has a prompt of {} already", prompt->count());
      made_.push_back({prompt->rows, number, is_new});
    }
  });
}

void AddedAdapters::take_off() {
  const auto is_ours = [&](const Parameter& parameter) {
    return std::ranges::any_of(made_, [&](const Made& m) { return m.is_new && m.parameter.same(parameter); });
  };
  for (const auto& product : store_.products()) take_off_adapters(store_, *product, is_ours);
  for (const auto& prompt : store_.soft_prompts()) take_off_adapters(store_, *prompt, is_ours);
  for (const auto& prefix : store_.attention_prefixes()) take_off_adapters(store_, *prefix, is_ours);
}

int64_t AddedAdapters::rule_of(const Parameter& parameter) const {
  for (const Made& made : made_)
    if (made.parameter.same(parameter)) return static_cast<int64_t>(made.rule);
  return -1;
}

int64_t AddedAdapters::tensors_of(size_t rule) const { return std::ranges::count(made_, rule, &Made::rule); }

}  // namespace thaw
