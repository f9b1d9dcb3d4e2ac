// SPDX-License-Identifier: Apache-2.0
// Text for text from Debian's package descriptions: a synopsis of what is described, a synopsis in another language.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/data/debian_packages.h"

namespace thaw {

struct TextPair {
  std::string group;  // the source package: rows are split by it
  std::string source, target;
};

// Summaries, one for the first package of each source: the first 60 words of the description's first paragraph, and the
// synopsis. Paragraphs of less than 8 words tell nothing to be summarised; a text comes once.
std::vector<TextPair> debian_summaries(const std::vector<DebianPackage>& packages);

// Synopses and their translations from `folder`/Translation-LANGUAGE (as examples/fetch_debian_lists.sh leaves it), in
// the packages' order: each synopsis once, and none that is left as it was. Throws std::runtime_error with file and
// line on what does not look like translations, or translates none of these.
std::vector<TextPair> debian_translations(const std::vector<DebianPackage>& packages,
                                          const std::filesystem::path& folder, const std::string& language);

}  // namespace thaw
