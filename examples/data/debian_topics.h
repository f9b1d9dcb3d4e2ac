// SPDX-License-Identifier: Apache-2.0
// Text classification on Debian's package descriptions: which of ten topics a program belongs to.
#pragma once

#include <string>
#include <vector>

#include "examples/data/debian_packages.h"

namespace thaw {

struct TopicRow {
  std::string source;  // the source package: rows are split by it
  std::string text;    // synopsis + ". " + the first 60 words of the long description
  std::string topic;   // the section: admin, games, graphics, mail, math, net, science, sound, text or web
};

// One row for the first package of each source, if that package's section is one of the ten.
std::vector<TopicRow> debian_topics(const std::vector<DebianPackage>& packages);

}  // namespace thaw
