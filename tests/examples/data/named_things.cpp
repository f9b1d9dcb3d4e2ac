// SPDX-License-Identifier: Apache-2.0
// Licences and programming languages among words.
#include "examples/data/named_things.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "examples/data/description_words.h"

using namespace thaw;

namespace {

using Finder = size_t (*)(const std::vector<std::string>&, size_t);

// What a finder finds in a text, from left to right: "A|B C".
std::string found(Finder at, const std::string& text) {
  const auto words = words_and_marks(text);
  std::string names;
  for (size_t i = 0; i < words.size();) {
    const size_t count = at(words, i);
    for (size_t k = 0; k < count; ++k) names += (k > 0 ? " " : names.empty() ? "" : "|") + words[i + k];
    i += count > 0 ? count : 1;
  }
  return names;
}

}  // namespace

TEST_CASE("named things: licences with their versions, families only with a word that tells") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"under the GPL.", "GPL"},
      {"GPLv2+ or LGPL-2.1, AGPL3", "GPLv2+|LGPL-2.1|AGPL3"},
      {"the GNU GPL version 2 or the GPL v3", "GNU GPL version 2|GPL v3"},
      {"GNU General Public License (GNU Lesser General Public Licence 2.1)",
       "GNU General Public License|GNU Lesser General Public Licence 2.1"},
      {"GNU Free Documentation License", "GNU Free Documentation License"},
      {"Apache-2.0, BSD-3-Clause", "Apache-2.0|BSD-3-Clause"},
      {"Apache 2.0 License, Apache Software License", "Apache 2.0 License|Apache Software License"},
      {"a BSD-style license, MIT licenses; BSD 3-clause license",
       "BSD-style license|MIT licenses|BSD 3-clause license"},
      {"in the public domain, Creative Commons", "public domain|Creative Commons"},
      {"the Apache web server on BSD at MIT, GNU tools, GPLOT, license", ""},
      {"BSD", ""},
      {"GNU", ""},
  };
  for (const auto& one : cases) CHECK_MESSAGE(found(licence_at, one.first) == one.second, one.first);
}

TEST_CASE("named things: languages; doubtful names need a neighbour") {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"Python's modules, perl and Emacs Lisp", "Python|perl|Emacs Lisp"},
      {"written in C. A C library for C++", "C|C|C++"},
      {"Perl, C and D", "Perl|C"},
      {"D, Perl", "D|Perl"},
      {"GNU R package for Go", "R|Go"},
      {"Vitamin C, D-Bus, plan D; Go is a game, a Basic rule", ""},
      {"Basic programming", "Basic"},
      {"C", ""},
  };
  for (const auto& one : cases) CHECK_MESSAGE(found(language_at, one.first) == one.second, one.first);
}
