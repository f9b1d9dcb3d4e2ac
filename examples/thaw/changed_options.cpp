// SPDX-License-Identifier: Apache-2.0
// Line by line.
#include "examples/thaw/changed_options.h"

#include <map>
#include <sstream>

namespace thaw {
namespace {

// Option -> what it is given, one after the other if it is given again.
std::map<std::string, std::string> values_of(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t equals = line.find(" = ");
    if (line.starts_with('#') || equals == std::string::npos) continue;
    std::string& value = values[line.substr(0, equals)];
    value += (value.empty() ? "" : ", ") + line.substr(equals + 3);
  }
  return values;
}

}  // namespace

std::string changed_options(const std::string& then, const std::string& now) {
  const std::map<std::string, std::string> before = values_of(then), after = values_of(now);
  std::string changes;
  const auto add = [&](const std::string& option, const std::string& was, const std::string& is) {
    changes += (changes.empty() ? "--" : "; --") + option + " was " + was + ", is " + is;
  };
  for (const auto& [option, value] : after) {
    const auto found = before.find(option);
    if (found == before.end()) add(option, "not given", value);
    if (found != before.end() && found->second != value) add(option, found->second, value);
  }
  for (const auto& [option, value] : before)
    if (!after.contains(option)) add(option, value, "not given");
  return changes;
}

}  // namespace thaw
