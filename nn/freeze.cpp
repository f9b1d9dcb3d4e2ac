// SPDX-License-Identifier: Apache-2.0
// Applies rules: all of them are checked before any parameter changes.
#include "nn/freeze.h"

#include <algorithm>

#include "tensor/check.h"

namespace thaw {
namespace {

// Edits (insert, delete, replace a character) that make `name` match `pattern`; what * stands for is free.
int edits(std::string_view pattern, std::string_view name) {
  std::vector<int> above(name.size() + 1), row(name.size() + 1);  // row p: costs of pattern[0, p) against name[0, n)
  for (size_t n = 0; n <= name.size(); ++n) above[n] = static_cast<int>(n);
  for (const char c : pattern) {
    row[0] = above[0] + (c == '*' ? 0 : 1);
    for (size_t n = 1; n <= name.size(); ++n) {
      const int replaced = above[n - 1] + (c == '?' || c == name[n - 1] ? 0 : 1);
      row[n] = c == '*' ? std::min(above[n], row[n - 1]) : std::min({replaced, above[n] + 1, row[n - 1] + 1});
    }
    std::swap(above, row);
  }
  return above[name.size()];
}

// The names nearest to a pattern that matches none: at most five.
std::string near_names(std::string_view pattern, const std::vector<Parameter>& parameters) {
  std::vector<std::pair<int, std::string>> found;
  for (const Parameter& p : parameters) found.emplace_back(edits(pattern, p.name()), p.name());
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(5, found.size()); ++i) text += (i ? ", " : "") + found[i].second;
  return text;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = std::string_view::npos, resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {  // the last * takes one character more
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

FreezeMask FreezeMask::all_frozen() { return FreezeMask().freeze("*"); }

FreezeMask FreezeMask::all_trained() { return FreezeMask().train("*"); }

FreezeMask& FreezeMask::train(const std::string& pattern) { return add({Action::train, pattern}); }

FreezeMask& FreezeMask::freeze(const std::string& pattern) { return add({Action::freeze, pattern}); }

FreezeMask& FreezeMask::train_rows(const std::string& pattern, int64_t begin, int64_t end) {
  return add({Action::train_rows, pattern, begin, end});
}

FreezeMask& FreezeMask::add(Rule rule) {
  rules_.push_back(std::move(rule));
  return *this;
}

FreezeReport FreezeMask::apply(ParameterStore& store) const {
  const std::vector<Parameter>& parameters = store.all();
  std::vector<const Rule*> deciding(parameters.size());
  for (const Rule& rule : rules_) {
    bool used = false;
    for (size_t i = 0; i < parameters.size(); ++i) {
      if (!matches(rule.pattern, parameters[i].name())) continue;
      deciding[i] = &rule;
      used = true;
    }
    check(used, "{}\"{}\" matches no parameter; near names: {}", rule.place, to_text(rule),
          near_names(rule.pattern, parameters));
  }
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
