// SPDX-License-Identifier: Apache-2.0
// Reads WordNet's noun file: "offset lexfile n words word lex_id ... pointers symbol offset pos source/target ... |
// gloss".
#include "examples/data/wordnet.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string_view>
#include <unordered_map>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// The fields of one line, from left to right.
class Fields {
 public:
  Fields(std::string_view line, std::string position) : rest_(line), position_(std::move(position)) {}

  std::string_view next() {
    const auto begin = rest_.find_first_not_of(' ');
    if (begin == std::string_view::npos) fail("{}: the line ends too early", position_);
    rest_.remove_prefix(begin);
    const auto field = rest_.substr(0, rest_.find(' '));
    rest_.remove_prefix(field.size());
    return field;
  }

  int next_number(int base) {
    const auto field = next();
    int number = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number, base);
    if (error != std::errc() || end != field.data() + field.size() || number < 0) {
      fail("{}: {} is not a number", position_, quote(field));
    }
    return number;
  }

 private:
  std::string_view rest_;
  std::string position_;
};

std::string with_spaces(std::string_view word) {
  std::string text(word);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

struct Line {
  int offset = 0;
  Synset synset;  // hypernyms: still as offsets
};

Line parse_line(std::string_view text, const std::string& position) {
  const auto bar = text.find(" | ");
  if (bar == std::string_view::npos) fail("{}: has no gloss behind \" | \"", position);
  Line line;
  Fields fields(text.substr(0, bar), position);
  line.offset = fields.next_number(10);
  line.synset.lexicographer_file = fields.next_number(10);
  if (fields.next() != "n") fail("{}: is not a noun", position);
  const int words = fields.next_number(16);
  if (words == 0) fail("{}: has no words", position);
  for (int i = 0; i < words; ++i) {
    line.synset.words.push_back(with_spaces(fields.next()));
    fields.next();  // which of the word's senses
  }
  const int pointers = fields.next_number(10);
  for (int i = 0; i < pointers; ++i) {
    const auto symbol = fields.next();
    const int target = fields.next_number(10);
    fields.next();  // the target's part of speech: "@" stays among nouns
    fields.next();  // which words are meant: "@" means the whole synset
    if (symbol == "@") line.synset.hypernyms.push_back(target);
  }
  const auto gloss = text.substr(bar + 3);
  line.synset.gloss = gloss.substr(0, gloss.find_last_not_of(" \r") + 1);
  return line;
}

}  // namespace

std::vector<Synset> read_wordnet_nouns(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path)) fail("{}: cannot be read", path.string());
  std::vector<Synset> synsets;
  std::unordered_map<int, int> index_of_offset;
  std::string text;
  for (int number = 1; std::getline(file, text); ++number) {
    if (text.starts_with("  ")) continue;  // the licence
    auto line = parse_line(text, fmt::format("{}:{}", path.string(), number));
    index_of_offset[line.offset] = static_cast<int>(synsets.size());
    synsets.push_back(std::move(line.synset));
  }
  if (file.bad() || synsets.empty()) fail("{}: has no synsets", path.string());
  for (auto& synset : synsets) {
    for (auto& hypernym : synset.hypernyms) {
      const auto found = index_of_offset.find(hypernym);
      if (found == index_of_offset.end())
        fail("{}: no synset is at {:08}, the hypernym of {}", path.string(), hypernym, quote_if_odd(synset.words[0]));
      hypernym = found->second;
    }
  }
  return synsets;
}

std::vector<int> wordnet_ancestors(const std::vector<Synset>& synsets, int synset) {
  std::vector<int> ancestors;
  const auto add = [&](int of) {
    for (const int parent : synsets.at(static_cast<size_t>(of)).hypernyms) {
      if (parent != synset && std::find(ancestors.begin(), ancestors.end(), parent) == ancestors.end())
        ancestors.push_back(parent);
    }
  };
  add(synset);
  for (size_t i = 0; i < ancestors.size(); ++i) add(ancestors[i]);
  return ancestors;
}

}  // namespace thaw
