// SPDX-License-Identifier: Apache-2.0
// Which words of descriptions are names of packages, and which are only spelt like one.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "examples/data/debian_packages.h"

namespace thaw {

// A part of a description.
struct Passage {
  std::string source;  // of the package that it describes
  std::string text;
};

// Names of binary and source packages, of at least two characters, that descriptions mean when they have the word.
// "time", "make" and "at" are packages, but descriptions have the words without a thought of these. So a word is judged
// once, for all passages, by the sources that have it in their descriptions: those that are the named package's own or
// relate to it (depend, recommend, suggest, enhance) must be a third of all for a name of letters alone, and a tenth
// for one with digits or marks ("libxml2", "gnome-shell"), unless at most five have that.
class PackageNames {
 public:
  PackageNames(const std::vector<DebianPackage>& packages, const std::vector<Passage>& passages);

  // The source package of a name that is meant; null for every other word.
  const std::string* source_of(const std::string& word) const;

 private:
  std::unordered_map<std::string, std::string> sources_;
};

}  // namespace thaw
