// SPDX-License-Identifier: Apache-2.0
// The section `pre_tokenizer` of tokenizer.json.
#include <utility>

#include "models/text/pre_tokenizer.h"
#include "models/text/tokenizer_json.h"
#include "models/text/word_patterns.h"
#include "tensor/check.h"
#include "tensor/quote.h"
#include "tensor/utf8.h"

namespace thaw {

namespace {

constexpr const char* supported =
    "BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, Digits, Split, CharDelimiterSplit, ByteLevel, "
    "Metaspace, Sequence";

Delimiters read_behavior(const Json& json) {
  static constexpr std::pair<const char*, Delimiters> names[] = {
      {"Removed", Delimiters::removed},
      {"Isolated", Delimiters::isolated},
      {"MergedWithPrevious", Delimiters::merged_with_previous},
      {"MergedWithNext", Delimiters::merged_with_next},
      {"Contiguous", Delimiters::contiguous}};
  const std::string& given = json.get_string("behavior");
  for (const auto& [name, behavior] : names)
    if (given == name) return behavior;
  fail("{}: {} is not known (known: Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous)",
       json.where("behavior"), quote(given));
}

PreTokenizerStep read_split(const Json& json) {
  const Json& pattern = json.get_object("pattern");
  const bool invert = json.get_bool("invert");
  if (!pattern.contains("Regex")) return TextSplit{read_pattern(json), read_behavior(json), invert};
  const auto known = find_pattern(pattern.get_string("Regex"));
  if (!known)
    fail("{}: regular expressions are not supported, but for those of GPT-2 and CLIP", pattern.where("Regex"));
  return PatternSplit{*known, read_behavior(json), invert};
}

void read_steps(const Json& pre_tokenizer, std::vector<PreTokenizerStep>& steps) {
  const std::string& type = pre_tokenizer.get_string("type");
  if (type == "Sequence") {
    const Json& list = pre_tokenizer.get_array("pretokenizers");
    for (size_t i = 0; i < list.size(); ++i) read_steps(list.get_object(i), steps);
  } else if (type == "BertPreTokenizer") {
    steps.emplace_back(BertWords{});
  } else if (type == "Whitespace") {
    steps.emplace_back(WordRuns{});
  } else if (type == "WhitespaceSplit") {
    steps.emplace_back(SpaceSplit{});
  } else if (type == "Punctuation") {
    steps.emplace_back(
        Punctuation{pre_tokenizer.contains("behavior") ? read_behavior(pre_tokenizer) : Delimiters::isolated});
  } else if (type == "Digits") {
    steps.emplace_back(Digits{pre_tokenizer.get_bool("individual_digits")});
  } else if (type == "Split") {
    steps.push_back(read_split(pre_tokenizer));
  } else if (type == "ByteLevel") {
    pre_tokenizer.get_bool_or("trim_offsets", true);  // is the post-processor's alone
    steps.emplace_back(
        ByteWords{pre_tokenizer.get_bool("add_prefix_space"), pre_tokenizer.get_bool_or("use_regex", true)});
  } else if (type == "CharDelimiterSplit") {
    const std::string& delimiter = pre_tokenizer.get_string("delimiter");
    if (count_code_points(delimiter) != 1) fail("{}: expected one character", pre_tokenizer.where("delimiter"));
    steps.emplace_back(TextSplit{delimiter});
  } else if (type == "Metaspace") {
    steps.emplace_back(read_metaspace(pre_tokenizer));
  } else {
    unsupported_component(pre_tokenizer, type, supported);
  }
}

}  // namespace

PreTokenizer read_pre_tokenizer(const Json& json) {
  std::vector<PreTokenizerStep> steps;
  if (!component_type(json, "pre_tokenizer").empty()) read_steps(json.get_object("pre_tokenizer"), steps);
  return PreTokenizer(std::move(steps));
}

}  // namespace thaw
