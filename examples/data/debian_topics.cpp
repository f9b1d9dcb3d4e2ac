// SPDX-License-Identifier: Apache-2.0
// The ten-topic data set.
#include "examples/data/debian_topics.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "examples/data/description_words.h"

namespace thaw {
namespace {

constexpr std::array<std::string_view, 10> topic_sections = {"admin", "games",   "graphics", "mail", "math",
                                                             "net",   "science", "sound",    "text", "web"};
constexpr int description_words = 60;

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
