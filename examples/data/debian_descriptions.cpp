// SPDX-License-Identifier: Apache-2.0
// Paragraphs, each once.
#include "examples/data/debian_descriptions.h"

#include <sstream>
#include <unordered_set>
#include <utility>

namespace thaw {

std::vector<DescriptionText> debian_descriptions(const std::vector<DebianPackage>& packages) {
  std::vector<DescriptionText> texts;
  std::unordered_set<std::string> seen;
  for (const DebianPackage& package : first_of_each_source(packages)) {
    std::string text;
    std::istringstream paragraphs(package.synopsis + "\n" + package.description);
    for (std::string paragraph; std::getline(paragraphs, paragraph);)
      if (paragraph.find_first_not_of(" \t") != std::string::npos && seen.insert(paragraph).second)
        text += (text.empty() ? "" : "\n") + paragraph;
    if (!text.empty()) texts.push_back({package.source, std::move(text)});
  }
  return texts;
}

}  // namespace thaw
