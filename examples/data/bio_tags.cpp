// SPDX-License-Identifier: Apache-2.0
// Tags, spans and their scores.
#include "examples/data/bio_tags.h"

#include <algorithm>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

double share(size_t part, size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::string> tags_of_spans(const std::vector<MarkedSpan>& spans, size_t words) {
  std::vector<std::string> tags(words, "O");
  for (const auto& [begin, end, type] : spans) {
    for (size_t i = begin; i < end; ++i) tags.at(i) = (i == begin ? "B-" : "I-") + type;
  }
  return tags;
}

std::vector<MarkedSpan> marked_spans(const std::vector<std::string>& tags) {
  std::vector<MarkedSpan> spans;
  bool open = false;  // whether the last span goes on
  for (size_t i = 0; i < tags.size(); ++i) {
    const auto& tag = tags[i];
    if (tag == "O") {
      open = false;
      continue;
    }
    check(tag.size() > 2 && (tag.starts_with("B-") || tag.starts_with("I-")), "{} is no tag: B-TYPE, I-TYPE or O",
          quote(tag));
    const auto type = tag.substr(2);
    if (tag[0] == 'B' || !open || spans.back().type != type) spans.push_back({i, i, type});
    spans.back().end = i + 1;
    open = true;
  }
  return spans;
}

void MarkedScores::add(const std::vector<MarkedSpan>& found_spans, const std::vector<MarkedSpan>& wanted_spans) {
  found += found_spans.size();
  wanted += wanted_spans.size();
  for (const auto& span : found_spans) {
    if (std::find(wanted_spans.begin(), wanted_spans.end(), span) != wanted_spans.end()) ++right;
  }
}

double MarkedScores::precision() const { return share(right, found); }
double MarkedScores::recall() const { return share(right, wanted); }
double MarkedScores::f1() const { return share(2 * right, found + wanted); }

}  // namespace thaw
