// SPDX-License-Identifier: Apache-2.0
// Lists of names, and the words that must stand beside them.
#include "examples/data/named_things.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

namespace thaw {
namespace {

using Words = std::vector<std::string>;

template <size_t n>
using Names = std::array<std::string_view, n>;

constexpr Names<11> licence_marks = {"AGPL", "CC-BY", "CC-BY-SA", "CC0", "CDDL", "GFDL",
                                     "GPL",  "LGPL",  "LPPL",     "MPL", "WTFPL"};
constexpr Names<7> versioned_licences = {"Apache-", "Artistic-", "BSD-", "EPL-", "MPL-", "CC-BY-", "CC-BY-SA-"};
constexpr Names<11> licence_families = {"Apache", "Artistic", "BSD", "Boost", "Expat", "ISC",
                                        "MIT",    "Mozilla",  "X11", "Zope",  "zlib"};
constexpr Names<9> licence_fillers = {"Software", "Public",   "Free",     "style",     "like",
                                      "version",  "2-clause", "3-clause", "Simplified"};

constexpr Names<59> languages = {
    "AWK",       "Ada",        "Agda",       "Assembler", "BASIC",       "C#",         "C++",    "C/C++",   "COBOL",
    "Clojure",   "Cobol",      "Coq",        "Cython",    "Delphi",      "ECMAScript", "Eiffel", "Elixir",  "Erlang",
    "F#",        "FORTRAN",    "Forth",      "Fortran",   "Golang",      "Groovy",     "Guile",  "Haskell", "Idris",
    "Java",      "JavaScript", "Javascript", "JRuby",     "Kotlin",      "LISP",       "Lisp",   "Lua",     "MATLAB",
    "Matlab",    "Modula-2",   "Nim",        "OCaml",     "Objective-C", "PHP",        "Pascal", "Perl",    "Perl6",
    "Pike",      "Prolog",     "Python",     "Python3",   "Racket",      "Raku",       "Ruby",   "Rust",    "Scala",
    "Smalltalk", "Tcl",        "TypeScript", "Vala",      "Zig"};
constexpr Names<15> small_languages = {"clojure", "erlang", "fortran", "haskell", "java", "javascript", "lua", "ocaml",
                                       "perl",    "php",    "prolog",  "python",  "ruby", "scala",      "tcl"};
constexpr Names<15> doubtful_languages = {"Basic", "C",     "Crystal", "D",          "Dart",   "Elm",   "Go", "Icon",
                                          "J",     "Julia", "Logo",    "Processing", "Scheme", "Swift", "R"};
constexpr Names<7> words_before = {"in", "for", "from", "pure", "Pure", "GNU", "ANSI"};
constexpr Names<30> words_behind = {
    "API",       "APIs",        "application",  "applications", "binding",     "bindings", "client",  "code",
    "compiler",  "compilers",   "developers",   "extension",    "functions",   "header",   "headers", "implementation",
    "interface", "interpreter", "language",     "languages",    "libraries",   "library",  "module",  "modules",
    "package",   "packages",    "preprocessor", "program",      "programming", "programs"};

template <size_t n>
bool is_one_of(const Names<n>& names, std::string_view word) {
  return std::find(names.begin(), names.end(), word) != names.end();
}

std::string_view word_at(const Words& words, size_t at) {
  return at < words.size() ? std::string_view(words[at]) : std::string_view();
}

// "2", "v3.0", "2+".
bool is_version(std::string_view word) {
  if (word.starts_with('v')) word.remove_prefix(1);
  if (word.ends_with('+')) word.remove_suffix(1);
  return !word.empty() && word.front() >= '0' && word.front() <= '9' &&
         word.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_licence_word(std::string_view word) {
  if (word.empty() || (word.front() != 'l' && word.front() != 'L')) return false;
  word.remove_prefix(1);
  if (word.ends_with('s')) word.remove_suffix(1);
  return word == "icence" || word == "icense";
}

// "GPL", "LGPLv2.1+", "GPL-3", "Apache-2.0".
bool is_licence_mark(std::string_view word) {
  for (const auto name : versioned_licences) {
    if (word.starts_with(name) && word.size() > name.size() && word[name.size()] >= '0' && word[name.size()] <= '9')
      return true;
  }
  return std::any_of(licence_marks.begin(), licence_marks.end(), [&](std::string_view name) {
    if (!word.starts_with(name)) return false;
    auto rest = word.substr(name.size());
    if (rest.starts_with('-')) rest.remove_prefix(1);
    return word.size() == name.size() || is_version(rest);
  });
}

// How many words from `at` on are a version: "v3", "2.0", "version 2".
size_t version_at(const Words& words, size_t at) {
  if (is_version(word_at(words, at))) return 1;
  return word_at(words, at) == "version" && is_version(word_at(words, at + 1)) ? 2 : 0;
}

bool are_at(const Words& words, size_t at, std::initializer_list<std::string_view> wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](std::string_view word) { return word_at(words, at++) == word; });
}

// "General Public License", "Lesser General Public License", "Free Documentation License".
size_t gnu_licence_at(const Words& words, size_t at) {
  size_t end = at;
  if (are_at(words, at, {"Free", "Documentation"})) {
    end += 2;
  } else {
    const auto first = word_at(words, at);
    if (first == "Lesser" || first == "Library" || first == "Affero") ++end;
    if (!are_at(words, end, {"General", "Public"})) return 0;
    end += 2;
  }
  return is_licence_word(word_at(words, end)) ? end + 1 - at : 0;
}

// "MIT license", "Apache Software License", "BSD-style".
size_t licence_of_family_at(const Words& words, size_t at) {
  const auto word = word_at(words, at);
  const auto dash = word.find('-');
  const auto ending = dash == std::string_view::npos ? "" : word.substr(dash + 1);
  if (!is_one_of(licence_families, word.substr(0, dash))) return 0;
  if (ending == "style" || ending == "like") return is_licence_word(word_at(words, at + 1)) ? 2 : 1;
  if (dash != std::string_view::npos) return 0;
  size_t end = at + 1;
  while (is_one_of(licence_fillers, word_at(words, end)) || is_version(word_at(words, end))) ++end;
  return is_licence_word(word_at(words, end)) ? end + 1 - at : 0;
}

bool is_link(std::string_view word) { return word == "," || word == "and" || word == "or" || word == "/"; }

}  // namespace

size_t licence_at(const Words& words, size_t at) {
  const size_t gnu = word_at(words, at) == "GNU" ? 1 : 0;
  if (const size_t count = gnu_licence_at(words, at + gnu)) {
    const size_t end = at + gnu + count;
    return end + version_at(words, end) - at;
  }
  if (is_licence_mark(word_at(words, at + gnu))) return gnu + 1 + version_at(words, at + gnu + 1);
  if (are_at(words, at, {"Creative", "Commons"}) || are_at(words, at, {"public", "domain"})) return 2;
  return licence_of_family_at(words, at);
}

size_t language_at(const Words& words, size_t at) {
  const auto word = word_at(words, at);
  if ((word == "Common" || word == "Emacs") && are_at(words, at + 1, {"Lisp"})) return 2;
  if (word == "Standard" && are_at(words, at + 1, {"ML"})) return 2;
  if (is_one_of(languages, word) || is_one_of(small_languages, word)) return 1;
  if (!is_one_of(doubtful_languages, word)) return 0;
  const auto before = at > 0 ? word_at(words, at - 1) : "", behind = word_at(words, at + 1);
  if (is_one_of(words_before, before) || is_one_of(words_behind, behind)) return 1;
  const bool enumerated = (at > 1 && is_link(before) && is_one_of(languages, words[at - 2])) ||
                          (is_link(behind) && is_one_of(languages, word_at(words, at + 2)));
  return enumerated ? 1 : 0;
}

}  // namespace thaw
