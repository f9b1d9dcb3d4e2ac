// SPDX-License-Identifier: Apache-2.0
// Counts what texts have and what is odd about them.
#include "models/tasks/text_survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr double many_unknown = 0.01;  // share of tokens from which on the vocabulary hardly fits the texts

int64_t at_share(const std::vector<int64_t>& sorted, double share) {
  return sorted[static_cast<size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

void warn(std::vector<std::string>& lines, const std::string& split, const Occurrence& what, const std::string& text) {
  if (what.count > 0)
    lines.push_back(fmt::format("{}: {}: {}, the first {}", split, text, what.count, one_line(what.first)));
}

std::vector<std::string> warnings_of_few(const std::string& split, const std::map<std::string, int64_t>& counts,
                                         const std::string& thing) {
  constexpr int64_t enough = 8;
  constexpr size_t most_lines = 10;
  std::vector<std::string> lines;
  size_t few = 0;
  for (const auto& [label, count] : counts)
    if (count < enough && ++few <= most_lines)
      lines.push_back(
          fmt::format("{}: the label {} has {} {}{}", split, quote(label), count, thing, count == 1 ? "" : "s"));
  if (few > most_lines)
    lines.push_back(fmt::format("{}: {} more labels have fewer than {} {}s", split, few - most_lines, enough, thing));
  return lines;
}

void TextSurvey::begin(const DataSplit& split) {
  splits_.emplace_back();
  splits_.back().source = split;
}

void TextSurvey::add(const SurveyedRow& row) {
  Split& split = splits_.back();
  const bool empty = row.text.find_first_not_of(" \t\r\n") == std::string::npos;
  if (empty) split.empty.add(row.where);
  if (encoder_) count_tokens(row, split);
  if (!empty) compare(row, split);
  ++split.rows;
}

void TextSurvey::end() const {
  if (splits_.back().rows == 0) fail("{}: has no rows below its header", splits_.back().source.file);
}

void TextSurvey::count_tokens(const SurveyedRow& row, Split& split) const {
  const Encoding encoding = row.tokens ? *row.tokens : encoder_->encode_whole(row.text, row.pair);
  const auto length = static_cast<int64_t>(encoding.size());
  split.lengths.push_back(length);
  split.tokens += length;
  if (length == 0 && !row.tokens) split.no_tokens.add(row.where);
  if (length > encoder_->max_length()) {
    split.too_long.add(fmt::format("{}, {} tokens", row.where, length));
    split.tokens_beyond += length - encoder_->max_length();
  }
  int64_t unknown = 0;
  for (const int32_t id : encoding.ids) unknown += id == encoder_->tokenizer().special().unknown;
  split.unknown_tokens += unknown;
  if (unknown > 0) split.unknown.add(row.where);
}

// The same text again: a duplicate within a split, a leak between splits, and a conflict if the answers differ.
void TextSurvey::compare(const SurveyedRow& row, Split& split) {
  const size_t number = splits_.size() - 1;
  const auto [found, is_new] =
      seen_.try_emplace(row.text + '\0' + row.pair.value_or(""), Seen{number, row.where, row.answer});
  if (is_new) return;
  const Seen& earlier = found->second;
  const std::string both = fmt::format("{} repeats {}", row.where, earlier.where);
  if (earlier.split == number) {
    split.duplicate.add(both);
  } else {
    split.leaks[splits_[earlier.split].source.name].add(both);
  }
  if (earlier.answer != row.answer)
    split.conflicting.add(fmt::format("{}: {}, then {}", both, quote(earlier.answer), quote(row.answer)));
}

std::string TextSurvey::rows_text() const {
  std::string text;
  for (const Split& split : splits_)
    fmt::format_to(std::back_inserter(text), "{:<12} {:>8} rows  {}\n", split.source.name, split.rows,
                   split.source.file);
  return text;
}

std::string TextSurvey::lengths_text() const {
  if (!encoder_) return "";
  std::string text = fmt::format("\n{:<12} {:>12} {:>12} {:>12} {:>12} {:>14}\n", "tokens", "median", "95 %", "longest",
                                 "all", "unknown");
  for (const Split& split : splits_) {
    std::vector<int64_t> sorted = split.lengths;
    std::ranges::sort(sorted);
    fmt::format_to(
        std::back_inserter(text), "{:<12} {:>12} {:>12} {:>12} {:>12} {:>12.3f} %\n", split.source.name,
        at_share(sorted, 0.5), at_share(sorted, 0.95), sorted.back(), split.tokens,
        100.0 * static_cast<double>(split.unknown_tokens) / static_cast<double>(std::max<int64_t>(split.tokens, 1)));
  }
  return text;
}

std::vector<std::string> TextSurvey::warnings(size_t number, const std::vector<std::string>& own) const {
  const Split& split = splits_[number];
  const std::string& name = split.source.name;
  std::vector<std::string> lines;
  warn(lines, name, split.empty, "empty " + things_);
  warn(lines, name, split.no_tokens, "texts without a token (an error in training)");
  lines.insert(lines.end(), own.begin(), own.end());
  warn(lines, name, split.duplicate, "duplicates");
  for (const auto& [other, leak] : split.leaks)
    warn(lines, name, leak, fmt::format("{} that {} has too (its score would flatter)", things_, other));
  warn(lines, name, split.conflicting, things_ + " that have another label elsewhere");
  const std::vector<std::string> of_tokens = token_warnings(number);
  lines.insert(lines.end(), of_tokens.begin(), of_tokens.end());
  return lines;
}

std::vector<std::string> TextSurvey::token_warnings(size_t number) const {
  const Split& split = splits_[number];
  const std::string& name = split.source.name;
  std::vector<std::string> lines;
  if (encoder_)
    warn(lines, name, split.too_long,
         fmt::format("texts of more than {} tokens, {} ({} tokens beyond)", encoder_->max_length(), too_long_,
                     split.tokens_beyond));
  if (static_cast<double>(split.unknown_tokens) > many_unknown * static_cast<double>(split.tokens))
    warn(lines, name, split.unknown, "texts with tokens that the vocabulary does not know");
  return lines;
}

DataReport report_of_rows(
    const std::vector<DataSplit>& splits, const TextEncoder* encoder, const std::string& too_long,
    const std::function<std::vector<std::string>(const DataSplit& split, const TakeRow& take)>& read,
    std::string_view things) {
  check(!splits.empty(), "there are no data to look at");
  TextSurvey texts(encoder, too_long, things);
  std::vector<std::vector<std::string>> own;
  for (const DataSplit& split : splits) {
    texts.begin(split);
    own.push_back(read(split, [&](const SurveyedRow& row) { texts.add(row); }));
    texts.end();
  }
  DataReport report{texts.rows_text() + texts.lengths_text(), {}};
  for (size_t i = 0; i < splits.size(); ++i)
    for (std::string& line : texts.warnings(i, own[i])) report.warnings.push_back(std::move(line));
  return report;
}

}  // namespace thaw
