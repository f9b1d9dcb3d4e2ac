// SPDX-License-Identifier: Apache-2.0
// Named entities in Debian's package descriptions: packages, licences and programming languages, marked by rule.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/data/debian_packages.h"
#include "examples/data/hash_split.h"

namespace thaw {

struct EntityRow {
  std::string source;               // the source package: rows are split by it
  std::vector<std::string> tokens;  // of a passage: its first 60 words (description_words.h)
  std::vector<std::string> tags;    // B-, I- of PACKAGE (package_names.h), LICENCE, LANGUAGE (named_things.h), or O
};

// Descriptions are cut into passages: the synopsis with the first paragraph, and each other paragraph. A row is every
// passage with a licence, and of each source package the first with a package's name, else the first with a language;
// of these last, one in four, by a hash of the passage. Left out is the section rust, whose descriptions a program
// made. Rows are in the list's order.
//
// Names of the test part are held out from the others: a package's name belongs to the part of its source, a language's
// to that of its name without capitals. Rows of other parts that have a name of the test part are left out.
std::vector<EntityRow> debian_entities(const std::vector<DebianPackage>& packages,
                                       const std::function<Split(std::string_view)>& part_of);

}  // namespace thaw
