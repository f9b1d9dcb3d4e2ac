// SPDX-License-Identifier: Apache-2.0
// A corpus of plain texts, without labels: what Debian's packages are.
#pragma once

#include <string>
#include <vector>

#include "examples/data/debian_packages.h"

namespace thaw {

struct DescriptionText {
  std::string source;  // the source package: texts are split by it
  std::string text;    // a paragraph a line, none of them empty
};

// One for the first package of each source: its synopsis and the paragraphs of its description. A paragraph that an
// earlier text has, word for word, is left out; a text of which nothing is left but a synopsis that was there is none.
std::vector<DescriptionText> debian_descriptions(const std::vector<DebianPackage>& packages);

}  // namespace thaw
