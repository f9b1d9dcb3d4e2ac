// SPDX-License-Identifier: Apache-2.0
// A rule that is about nothing is a mistake.
#include "nn/matching.h"

#include <fmt/format.h>

#include <algorithm>

#include "tensor/check.h"

namespace thaw {

std::vector<size_t> matching_parameters(const ParameterStore& store, const NamePattern& pattern,
                                        const std::string& rule) {
  const std::vector<Parameter>& parameters = store.all();
  const auto matches = [&](const std::string& name) { return pattern.matches(name); };
  std::vector<size_t> found;
  for (size_t i = 0; i < parameters.size(); ++i)
    if (matches(parameters[i].name()) || std::ranges::any_of(parameters[i].other_names(), matches)) found.push_back(i);
  if (!found.empty()) return found;
  std::vector<std::string> names;
  for (const Parameter& p : parameters) {
    names.push_back(p.name());
    names.insert(names.end(), p.other_names().begin(), p.other_names().end());
  }
  check(false, "{} matches no parameter; near names: {}", rule, near_names(pattern, names));
  return found;
}

std::string tie_note(const std::string& rule, const std::string& parameter, const std::string& other_name) {
  return fmt::format("{} is about {}, too: {} is the same tensor", rule, parameter, other_name);
}

std::vector<std::string> tie_notes(const ParameterStore& store, const NamePattern& pattern, const std::string& rule) {
  std::vector<std::string> notes;
  for (const Parameter& p : store.all()) {
    if (pattern.matches(p.name())) continue;
    const auto other =
        std::ranges::find_if(p.other_names(), [&](const std::string& name) { return pattern.matches(name); });
    if (other != p.other_names().end()) notes.push_back(tie_note(rule, p.name(), *other));
  }
  return notes;
}

}  // namespace thaw
