// SPDX-License-Identifier: Apache-2.0
// Lists of entities, and what they find.
#include "examples/data/entity_lists.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

namespace thaw {
namespace {

using Words = std::vector<std::string>;

Words part(const Words& words, size_t begin, size_t end) {
  return {words.begin() + static_cast<ptrdiff_t>(begin), words.begin() + static_cast<ptrdiff_t>(end)};
}

std::vector<MarkedSpan> of_type(const std::vector<MarkedSpan>& spans, const std::string& type) {
  std::vector<MarkedSpan> chosen;
  std::copy_if(spans.begin(), spans.end(), std::back_inserter(chosen),
               [&](const MarkedSpan& span) { return span.type == type; });
  return chosen;
}

}  // namespace

EntityList::EntityList(const std::vector<TaggedRow>& rows) {
  std::map<Words, std::map<std::string, int>> counts;
  for (const auto& [tokens, tags] : rows) {
    for (const auto& [begin, end, type] : marked_spans(tags)) ++counts[part(tokens, begin, end)][type];
  }
  for (const auto& [words, types] : counts) {
    const auto most =
        std::max_element(types.begin(), types.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    types_.emplace(words, most->first);
    longest_ = std::max(longest_, words.size());
  }
}

std::vector<MarkedSpan> EntityList::find(const Words& words) const {
  std::vector<MarkedSpan> spans;
  for (size_t at = 0; at < words.size();) {
    size_t end = std::min(words.size(), at + longest_);
    auto found = types_.end();
    for (; end > at; --end) {
      found = types_.find(part(words, at, end));
      if (found != types_.end()) break;
    }
    if (end > at) spans.push_back({at, end, found->second});
    at = std::max(end, at + 1);
  }
  return spans;
}

bool EntityList::knows(const Words& words, const MarkedSpan& span) const {
  return types_.contains(part(words, span.begin, span.end));
}

std::map<std::string, MarkedScores> list_scores(const EntityList& list, const std::vector<TaggedRow>& rows) {
  std::map<std::string, MarkedScores> scores;
  for (const auto& [tokens, tags] : rows) {
    const auto wanted = marked_spans(tags), found = list.find(tokens);
    scores[""].add(found, wanted);
    for (const auto* spans : {&wanted, &found}) {
      for (const auto& span : *spans) scores[span.type];
    }
    for (auto& [type, score] : scores) {
      if (!type.empty()) score.add(of_type(found, type), of_type(wanted, type));
    }
  }
  return scores;
}

}  // namespace thaw
