// SPDX-License-Identifier: Apache-2.0
// The difference in words.
#include "nn/train/fingerprint.h"

#include <fmt/format.h>

namespace thaw {

std::string fingerprint_difference(const Fingerprint& then, const Fingerprint& now) {
  std::string differences, not_recorded, not_known;
  const auto add = [](std::string& list, const char* separator, const std::string& text) {
    list += (list.empty() ? "" : separator) + text;
  };
  for (const auto& [name, value] : now) {
    const auto found = then.find(name);
    if (found == then.end()) {
      add(not_recorded, ", ", name);
    } else if (found->second != value) {
      add(differences, "; ", fmt::format("{} was {}, is {}", name, found->second, value));
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
