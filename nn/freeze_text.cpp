// SPDX-License-Identifier: Apache-2.0
// Freezing rules as text.
#include <charconv>
#include <fstream>
#include <sstream>

#include "nn/freeze.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// The two numbers of "5:9"; false if it is anything else.
bool parse_rows(std::string_view text, int64_t& begin, int64_t& end) {
  const char* last = text.data() + text.size();
  const auto [colon, error] = std::from_chars(text.data(), last, begin);
  if (error != std::errc() || colon == last || *colon != ':') return false;
  const auto [stop, error2] = std::from_chars(colon + 1, last, end);
  return error2 == std::errc() && stop == last;
}

NamePattern pattern_at(const std::string& place, const std::string& text) {
  try {
    return NamePattern(text);
  } catch (const std::invalid_argument& error) {
    fail("{}{}", place, error.what());
  }
}

}  // namespace

FreezeMask FreezeMask::parse(std::string_view text, const std::string& origin) {
  FreezeMask mask = all_trained();
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  std::istringstream lines{std::string(text)};
  int64_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    std::istringstream in(line.substr(0, line.find('#')));
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    if (words.empty()) continue;
    const std::string place = fmt::format("{}:{}: ", origin, number);
    Rule rule{Action::train, pattern_at(place, words.size() > 1 ? words[1] : ""), 0, 0, place};
    if (words.size() == 2 && words[0] == "freeze") {
      rule.action = Action::freeze;
    } else if (words.size() == 4 && words[0] == "train" && words[2] == "rows" &&
               parse_rows(words[3], rule.begin, rule.end)) {
      rule.action = Action::train_rows;
    } else if (words.size() != 2 || words[0] != "train") {
      fail("{}not a rule: expected \"train PATTERN\", \"freeze PATTERN\" or \"train PATTERN rows BEGIN:END\"",
           rule.place);
    }
    mask.add(std::move(rule));
  }
  return mask;
}

FreezeMask FreezeMask::read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  if (!in || !(text << in.rdbuf())) fail("{}: cannot be read as a file of freezing rules", path.string());
  return parse(text.str(), path.string());
}

std::string FreezeMask::to_text(const Rule& rule) {
  if (rule.action == Action::train_rows)
    return fmt::format("train {} rows {}:{}", rule.pattern.text(), rule.begin, rule.end);
  return fmt::format("{} {}", rule.action == Action::train ? "train" : "freeze", rule.pattern.text());
}

std::string FreezeMask::to_text() const {
  std::string text;
  for (const Rule& rule : rules_) {
    const bool implied = &rule == rules_.data() && rule.action == Action::train && rule.pattern.text() == "*";
    if (!implied) text += to_text(rule) + "\n";
  }
  return text;
}

}  // namespace thaw
