// SPDX-License-Identifier: Apache-2.0
// Reads CMU's pronouncing dictionary, in the form that pocketsphinx has it (no stress marks).
#include "examples/data/pronunciations.h"

#include <cstddef>
#include <fstream>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// "word(2)" -> "word"; a word that is not numbered is given back as it is.
std::string_view without_number(std::string_view word) {
  const size_t open = word.rfind('(');
  if (open == std::string_view::npos || open == 0 || word.back() != ')' || open + 2 >= word.size()) return word;
  const std::string_view number = word.substr(open + 1, word.size() - open - 2);
  return number.find_first_not_of("0123456789") == std::string_view::npos ? word.substr(0, open) : word;
}

std::string with_single_spaces(std::istringstream& words) {
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

}  // namespace

std::vector<PronouncedWord> read_pronunciations(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) fail("{}: cannot be read", file.string());
  std::vector<PronouncedWord> list;
  std::unordered_map<std::string, size_t> places;
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    std::istringstream fields(line);
    std::string entry;
    if (!(fields >> entry)) continue;
    const std::string phones = with_single_spaces(fields);
    if (phones.empty()) fail("{}:{}: {} has no phones", file.string(), number, quote(entry));
    const std::string word(without_number(entry));
    const auto [place, is_new] = places.emplace(word, list.size());
    if (is_new && word != entry) fail("{}:{}: {} is not there before {}", file.string(), number, word, quote(entry));
    if (is_new) list.push_back({word, {}});
    list[place->second].pronunciations.push_back(phones);
  }
  return list;
}

std::string spelt(const std::string& word) {
  std::string letters;
  for (const char letter : word) {
    if (!letters.empty()) letters += ' ';
    letters += letter;
  }
  return letters;
}

}  // namespace thaw
