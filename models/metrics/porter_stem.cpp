// SPDX-License-Identifier: Apache-2.0
// The steps of the paper, in its order and names.
#include "models/metrics/porter_stem.h"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace thaw {
namespace {

// Of each letter; a y is a consonant where none is before it.
std::vector<bool> consonants(std::string_view word) {
  std::vector<bool> are;
  for (const char letter : word)
    are.push_back(letter == 'y' ? are.empty() || !are.back()
                                : std::string_view("aeiou").find(letter) == std::string_view::npos);
  return are;
}

// m of the paper: how often a consonant follows a vowel.
int measure(std::string_view stem) {
  const std::vector<bool> consonant = consonants(stem);
  int count = 0;
  for (size_t i = 1; i < consonant.size(); ++i) count += !consonant[i - 1] && consonant[i];
  return count;
}

bool has_vowel(std::string_view stem) { return std::ranges::count(consonants(stem), false) > 0; }

bool ends_in_double_consonant(std::string_view word) {
  const size_t size = word.size();
  return size >= 2 && word[size - 1] == word[size - 2] && consonants(word).back();
}

// *o: consonant, vowel, consonant, the last of them not w, x or y. NLTK: or nothing but a vowel and a consonant.
bool ends_in_cvc(std::string_view word) {
  const std::vector<bool> consonant = consonants(word);
  const size_t size = word.size();
  if (size == 2) return !consonant[0] && consonant[1];
  return size >= 3 && consonant[size - 3] && !consonant[size - 2] && consonant[size - 1] &&
         std::string_view("wxy").find(word.back()) == std::string_view::npos;
}

struct Rule {
  std::string_view suffix, replacement;
};

std::string replaced(std::string_view word, const Rule& rule) {
  return std::string(word.substr(0, word.size() - rule.suffix.size())).append(rule.replacement);
}

// The first rule whose suffix the word has, if what is before the suffix measures at least `least`; else the word.
std::string by_rules(const std::string& word, int least, std::initializer_list<Rule> rules) {
  for (const Rule& rule : rules) {
    if (!word.ends_with(rule.suffix)) continue;
    const std::string_view stem = std::string_view(word).substr(0, word.size() - rule.suffix.size());
    return measure(stem) >= least ? replaced(word, rule) : word;
  }
  return word;
}

// Plurals.
std::string step_1a(const std::string& word) {
  if (word.ends_with("ies") && word.size() == 4) return replaced(word, {"ies", "ie"});  // NLTK's
  return by_rules(word, 0, {{"sses", "ss"}, {"ies", "i"}, {"ss", "ss"}, {"s", ""}});
}

// What "ed" or "ing" is taken off.
std::string mended(std::string stem) {
  for (const std::string_view ending : {"at", "bl", "iz"})
    if (stem.ends_with(ending)) return stem + "e";
  if (ends_in_double_consonant(stem)) {
    if (std::string_view("lsz").find(stem.back()) == std::string_view::npos) stem.pop_back();
    return stem;
  }
  return measure(stem) == 1 && ends_in_cvc(stem) ? stem + "e" : stem;
}

// Past forms.
std::string step_1b(const std::string& word) {
  if (word.ends_with("ied")) return replaced(word, {"ied", word.size() == 4 ? "ie" : "i"});  // NLTK's
  if (word.ends_with("eed")) return by_rules(word, 1, {{"eed", "ee"}});
  for (const std::string_view suffix : {"ed", "ing"})
    if (word.ends_with(suffix))
      if (std::string stem = replaced(word, {suffix, ""}); has_vowel(stem)) return mended(std::move(stem));
  return word;
}

// A y at the end, behind a consonant that is not all (NLTK's condition).
std::string step_1c(const std::string& word) {
  if (!word.ends_with("y") || word.size() < 3 || !consonants(word)[word.size() - 2]) return word;
  return replaced(word, {"y", "i"});
}

std::string step_2(const std::string& word) {
  if (word.ends_with("alli") && measure(std::string_view(word).substr(0, word.size() - 4)) > 0)
    return step_2(replaced(word, {"alli", "al"}));  // NLTK's
  if (word.ends_with("logi"))                       // NLTK's: the l counts with the stem
    return measure(std::string_view(word).substr(0, word.size() - 3)) > 0 ? replaced(word, {"logi", "log"}) : word;
  return by_rules(word, 1,
                  {{"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
                   {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
                   {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
                   {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
                   {"fulli", "ful"}});
}

std::string step_3(const std::string& word) {
  return by_rules(
      word, 1,
      {{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}});
}

std::string step_4(const std::string& word) {
  for (const std::string_view suffix : {"al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent",
                                        "ion", "ou", "ism", "ate", "iti", "ous", "ive", "ize"}) {
    if (!word.ends_with(suffix)) continue;
    const std::string stem = replaced(word, {suffix, ""});
    const bool goes = measure(stem) > 1 && (suffix != "ion" || stem.back() == 's' || stem.back() == 't');
    return goes ? stem : word;
  }
  return word;
}

std::string step_5(std::string word) {
  if (word.ends_with("e")) {
    const std::string stem = replaced(word, {"e", ""});
    const int m = measure(stem);
    if (m > 1 || (m == 1 && !ends_in_cvc(stem))) word = stem;
  }
  if (word.ends_with("ll") && measure(std::string_view(word).substr(0, word.size() - 1)) > 1) word.pop_back();
  return word;
}

// NLTK's list of irregular forms.
std::optional<std::string> irregular(std::string_view word) {
  static const std::map<std::string_view, std::string_view> forms{
      {"sky", "sky"},        {"skies", "sky"},       {"dying", "die"},        {"lying", "lie"},
      {"tying", "tie"},      {"news", "news"},       {"innings", "inning"},   {"inning", "inning"},
      {"outings", "outing"}, {"outing", "outing"},   {"cannings", "canning"}, {"canning", "canning"},
      {"howe", "howe"},      {"proceed", "proceed"}, {"exceed", "exceed"},    {"succeed", "succeed"}};
  const auto found = forms.find(word);
  if (found == forms.end()) return std::nullopt;
  return std::string(found->second);
}

}  // namespace

std::string porter_stem(std::string_view word) {
  if (const std::optional<std::string> known = irregular(word)) return *known;
  if (word.size() <= 2) return std::string(word);
  return step_5(step_4(step_3(step_2(step_1c(step_1b(step_1a(std::string(word))))))));
}

}  // namespace thaw
