// SPDX-License-Identifier: Apache-2.0
// Applies rules: all of them are checked before any parameter changes.
#include "nn/freeze.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

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

const FreezeMask::Rule* FreezeMask::rule_of(const Parameter& parameter, std::vector<std::string>& notes) const {
  const auto last_about = [&](const std::string& name) {
    const auto found = std::ranges::find_if(rules_.rbegin(), rules_.rend(),
                                            [&](const Rule& rule) { return rule.pattern.matches(name); });
    return found == rules_.rend() ? nullptr : &*found;
  };
  const Rule* own = last_about(parameter.name());
  const Rule* deciding = own;
  std::string called;  // the name that the deciding rule is about
  for (const std::string& other : parameter.other_names()) {
    const Rule* rule = last_about(other);
    if (!rule || (own && rule <= own)) continue;  // a later rule about its own name decides
    const bool alike = deciding == own || (rule->action == deciding->action && rule->begin == deciding->begin &&
                                           rule->end == deciding->end);
    check(alike,
          "{}\"{}\" and \"{}\" contradict each other: {} and {} are one tensor, {}; a rule about that name, behind "
          "them, decides",
          rule->place, to_text(*deciding), to_text(*rule), called, other, parameter.name());
    deciding = rule;
    called = other;
  }
  if (deciding != own) notes.push_back(tie_note(fmt::format("\"{}\"", to_text(*deciding)), parameter.name(), called));
  return deciding;
}

FreezeReport FreezeMask::apply(ParameterStore& store) const {
  const std::vector<Parameter>& parameters = store.all();
  for (const Rule& rule : rules_)
    matching_parameters(store, rule.pattern, fmt::format("{}\"{}\"", rule.place, to_text(rule)));
  std::vector<const Rule*> deciding;
  std::vector<std::string> notes;
  for (const Parameter& parameter : parameters) deciding.push_back(rule_of(parameter, notes));
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
  FreezeReport report = freeze_report(store);
  report.notes = std::move(notes);
  return report;
}

}  // namespace thaw
