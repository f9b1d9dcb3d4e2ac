// SPDX-License-Identifier: Apache-2.0
// Applies rules: all of them are checked before any parameter changes.
#include "nn/freeze.h"

#include "nn/matching.h"
#include "tensor/check.h"

namespace thaw {
FreezeMask FreezeMask::all_frozen() { return FreezeMask().freeze("*"); }

FreezeMask FreezeMask::all_trained() { return FreezeMask().train("*"); }

FreezeMask& FreezeMask::train(const std::string& pattern) { return add({Action::train, NamePattern(pattern)}); }

FreezeMask& FreezeMask::freeze(const std::string& pattern) { return add({Action::freeze, NamePattern(pattern)}); }

FreezeMask& FreezeMask::train_rows(const std::string& pattern, int64_t begin, int64_t end) {
  return add({Action::train_rows, NamePattern(pattern), begin, end});
}

FreezeMask& FreezeMask::add(Rule rule) {
  rules_.push_back(std::move(rule));
  return *this;
}

FreezeReport FreezeMask::apply(ParameterStore& store) const {
  const std::vector<Parameter>& parameters = store.all();
  std::vector<const Rule*> deciding(parameters.size());
  for (const Rule& rule : rules_)
    for (const size_t i : matching_parameters(store, rule.pattern, fmt::format("{}\"{}\"", rule.place, to_text(rule))))
      deciding[i] = &rule;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Rule* rule = deciding[i];
    if (!rule || rule->action != Action::train_rows) continue;
    const Tensor& value = parameters[i].value();
    check(value.rank() > 0 && 0 <= rule->begin && rule->begin < rule->end && rule->end <= value.size(0),
          "{}\"{}\": {} {} has no such rows", rule->place, to_text(*rule), parameters[i].name(), value.shape());
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Rule* rule = deciding[i];
    if (!rule) continue;
    if (rule->action == Action::train) parameters[i].train();
    if (rule->action == Action::freeze) parameters[i].freeze();
    if (rule->action == Action::train_rows) parameters[i].train_rows(rule->begin, rule->end);
  }
  return freeze_report(store);
}

}  // namespace thaw
