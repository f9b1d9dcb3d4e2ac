// SPDX-License-Identifier: Apache-2.0
// The difference in words.
#include "nn/train/fingerprint.h"

#include <fmt/format.h>

namespace thaw {
namespace {

// Names of options are singular.
bool is_plural(const std::string& name) {
  return name.starts_with(drawn_in_part) || (name.ends_with('s') && name.find_first_of("-_") == std::string::npos);
}

}  // namespace

std::string fingerprint_difference(const Fingerprint& then, const Fingerprint& now) {
  const auto seed_then = then.find("seed"), seed_now = now.find("seed");
  const bool is_drawn_anew = seed_then != then.end() && seed_now != now.end() && seed_then->second != seed_now->second;
  std::string differences, not_recorded, not_known;
  const auto add = [](std::string& list, const char* separator, const std::string& text) {
    list += (list.empty() ? "" : separator) + text;
  };
  for (const auto& [name, value] : now) {
    const auto found = then.find(name);
    if (found == then.end()) {
      add(not_recorded, ", ", name);
    } else if (found->second != value && !(is_drawn_anew && name.starts_with(drawn_in_part))) {
      const bool plural = is_plural(name);
      add(differences, "; ",
          fmt::format("{} {} {}, {} {}", name, plural ? "were" : "was", found->second, plural ? "are" : "is", value));
    }
  }
  for (const auto& [name, value] : then)
    if (!now.contains(name)) add(not_known, ", ", fmt::format("{} {}", name, value));
  if (!not_recorded.empty())
    add(differences, "; ", "it does not say (it had none, or another version wrote it): " + not_recorded);
  if (!not_known.empty()) add(differences, "; ", "it had what this run has not: " + not_known);
  return differences;
}

}  // namespace thaw
