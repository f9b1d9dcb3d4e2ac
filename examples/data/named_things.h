// SPDX-License-Identifier: Apache-2.0
// Finds licences and programming languages among the words of a description.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace thaw {

// How many words, from words[at] on, name a licence; 0 if none begins there. What counts:
// - GPL, LGPL, AGPL, GFDL, MPL, LPPL, CDDL, WTFPL, CC0, CC-BY, CC-BY-SA, with a version ("GPLv2+", "GPL-3.0", "GPL
//   version 2", "GPL v3"), behind "GNU" or not; Apache-2.0, BSD-3-Clause and the like
// - "GNU General Public License" and the Lesser, Library and Affero one, "Free Documentation License"
// - Apache, Artistic, BSD, Boost, Expat, ISC, MIT, Mozilla, X11, Zope, zlib with "licence" or "license" behind them, at
//   once or after words of a licence's name ("Apache Software License", "BSD 3-clause license"); "BSD-style",
//   "MIT-like"
// - "Creative Commons", "public domain"
size_t licence_at(const std::vector<std::string>& words, size_t at);

// The same for programming languages: a list of names, spelt as they spell themselves. Names that are other words, too
// (C, D, R, J, Go, Basic, Crystal, Dart, Elm, Icon, Julia, Logo, Processing, Scheme, Swift), count beside a word that
// tells: behind "in", "for", "from", "pure", "GNU" or "ANSI", before "language", "library", "compiler", "bindings" and
// the like, or next to a language in an enumeration ("Perl, C and D").
size_t language_at(const std::vector<std::string>& words, size_t at);

}  // namespace thaw
