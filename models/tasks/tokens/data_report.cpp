// SPDX-License-Identifier: Apache-2.0
// Counts labels of words and entities, and tells of them.
#include "models/tasks/tokens/data_report.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "models/data/look_alikes.h"
#include "models/metrics/entities.h"
#include "models/tasks/text_survey.h"
#include "models/tasks/tokens/tagged_file.h"
#include "models/tasks/tokens/tags.h"
#include "models/tasks/tokens/word_tokens.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

using Counts = std::map<std::string, int64_t>;

struct SplitTags {
  std::string name;
  int64_t words = 0;
  Counts labels, types;  // words of each label, entities of each type
  Occurrence unknown_label, odd_beginning, cut, without_token;
};

void count_tags(const TaggedWords& file, const TaggedSentence& sentence, const LabelSet& known, SplitTags& split) {
  split.words += std::ssize(sentence.words);
  std::string before;
  for (size_t i = 0; i < sentence.tags.size(); ++i) {
    const std::string& label = sentence.tags[i];
    ++split.labels[label];
    if (begins_oddly(before, label))
      split.odd_beginning.add(fmt::format("{}, {} after {}", file.where(sentence, i), quote(label),
                                          i == 0 ? "the sentence's beginning" : quote(before)));
    before = label;
    if (known.contains(label)) continue;
    const std::string twin = split.unknown_label.count == 0 ? look_alike_among(label, known.names()) : "";
    split.unknown_label.add(
        fmt::format("{}, {}{}", file.where(sentence, i), quote(label), twin.empty() ? "" : " (" + twin + ")"));
  }
  for (const Entity& entity : entities_of(sentence.tags)) ++split.types[entity.type];
}

void count_tokens(const TextEncoder& encoder, const TaggedSentence& sentence, const std::string& where,
                  SplitTags& split) {
  const Encoding encoding = encoder.encode_words_row(sentence.words, where);
  for (const int32_t token : word_tokens(encoding, sentence.words.size()))
    if (token < 0) (encoding.cut > 0 ? split.cut : split.without_token).add(where);
}

std::string counts_text(const std::string& title, const std::vector<std::string>& names,
                        const std::vector<SplitTags>& splits, Counts SplitTags::*counts, bool shares) {
  std::string text = "\n";
  const auto out = std::back_inserter(text);
  size_t width = title.size();
  for (const std::string& name : names) width = std::max(width, quote_if_odd(name).size());
  fmt::format_to(out, "{:<{}}", title, width);
  for (const SplitTags& split : splits) fmt::format_to(out, " {:>18}", split.name);
  text += "\n";
  for (const std::string& name : names) {
    fmt::format_to(out, "{:<{}}", quote_if_odd(name), width);
    for (const SplitTags& split : splits) {
      const auto found = (split.*counts).find(name);
      const int64_t count = found == (split.*counts).end() ? 0 : found->second;
      if (shares) {
        fmt::format_to(out, " {:>10} {:>5.1f} %", count,
                       100.0 * static_cast<double>(count) / static_cast<double>(split.words));
      } else {
        fmt::format_to(out, " {:>18}", count);
      }
    }
    text += "\n";
  }
  return text;
}

std::string tags_text(const std::vector<SplitTags>& splits, const LabelSet& labels) {
  std::string text = counts_text("words of label", labels.names(), splits, &SplitTags::labels, true);
  if (!name_entities(labels.names())) return text;
  std::set<std::string> types;
  for (const SplitTags& split : splits)
    for (const auto& [type, count] : split.types) types.insert(type);
  return text + counts_text("entities of type", {types.begin(), types.end()}, splits, &SplitTags::types, false);
}

std::vector<std::string> own_warnings(const SplitTags& split, const TextEncoder* encoder) {
  std::vector<std::string> own;
  warn(own, split.name, split.unknown_label, "labels that the training data does not have (an error in training)");
  warn(own, split.name, split.odd_beginning, "I- or E- that no B- of its type precedes (each begins an entity)");
  if (encoder)
    warn(own, split.name, split.cut,
         fmt::format("words beyond {} tokens (nothing is learnt from them, they count as {})", encoder->max_length(),
                     no_tag));
  warn(own, split.name, split.without_token,
       fmt::format("words without a token (nothing is learnt from them, they count as {})", no_tag));
  return own;
}

}  // namespace

DataReport report_tagged_words(const std::vector<DataSplit>& splits, const TokensOptions& options,
                               const LabelSet& labels, const TextEncoder* encoder, const FieldNames& called) {
  TextSurvey texts(encoder);
  std::vector<SplitTags> tags;
  for (const DataSplit& split : splits) {
    texts.begin(split);
    tags.emplace_back().name = split.name;
    TaggedWords file = open_tagged_words(split.file, options, called);
    for (TaggedSentence sentence; file.next(sentence);) {
      const std::string where = file.where(sentence);
      count_tags(file, sentence, labels, tags.back());
      texts.add({fmt::format("{}", fmt::join(sentence.words, " ")),
                 {},
                 fmt::format("{}", fmt::join(sentence.tags, " ")),
                 where});
      if (encoder) count_tokens(*encoder, sentence, where, tags.back());
    }
    texts.end();
  }
  DataReport report;
  report.text = texts.rows_text() + tags_text(tags, labels) + texts.lengths_text();
  for (size_t i = 0; i < splits.size(); ++i) {
    const std::vector<std::string> lines = texts.warnings(i, own_warnings(tags[i], encoder));
    report.warnings.insert(report.warnings.end(), lines.begin(), lines.end());
  }
  const std::vector<std::string> few = warnings_of_few(tags[0].name, tags[0].labels, "word");
  report.warnings.insert(report.warnings.end(), few.begin(), few.end());
  return report;
}

}  // namespace thaw
