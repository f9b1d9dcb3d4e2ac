// SPDX-License-Identifier: Apache-2.0
// The ten-topic data set.
#include "examples/data/debian_topics.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace thaw {
namespace {

constexpr std::array<std::string_view, 10> topic_sections = {"admin", "games",   "graphics", "mail", "math",
                                                             "net",   "science", "sound",    "text", "web"};
constexpr int description_words = 60;

// The first `count` words of a text, one space between them. A no-break space (U+00A0) separates words too.
std::string first_words(std::string text, int count) {
  constexpr std::string_view no_break_space = "\u00A0";
  for (auto at = text.find(no_break_space); at != std::string::npos; at = text.find(no_break_space, at)) {
    text.replace(at, no_break_space.size(), 1, ' ');
  }
  std::string words;
  size_t at = 0;
  for (int i = 0; i < count; ++i) {
    at = text.find_first_not_of(" \t\n", at);
    if (at == std::string_view::npos) break;
    const auto end = std::min(text.find_first_of(" \t\n", at), text.size());
    if (i > 0) words += ' ';
    words.append(text, at, end - at);
    at = end;
  }
  return words;
}

}  // namespace

std::vector<TopicRow> debian_topics(const std::vector<DebianPackage>& packages) {
  std::vector<TopicRow> rows;
  for (const auto& package : first_of_each_source(packages)) {
    if (std::find(topic_sections.begin(), topic_sections.end(), package.section) == topic_sections.end()) continue;
    rows.push_back({package.source, package.synopsis + ". " + first_words(package.description, description_words),
                    package.section});
  }
  return rows;
}

}  // namespace thaw
