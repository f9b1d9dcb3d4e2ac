// SPDX-License-Identifier: Apache-2.0
// Entities as tags of words: B-TYPE where one begins, I-TYPE where it goes on, O elsewhere; and how many were found.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace thaw {

// The words [begin, end) are one entity.
struct MarkedSpan {
  size_t begin = 0, end = 0;
  std::string type;
  bool operator==(const MarkedSpan&) const = default;
};

// Tags of `words` words. Spans are in order and do not overlap.
std::vector<std::string> tags_of_spans(const std::vector<MarkedSpan>& spans, size_t words);

// The entities that tags mean. An I-TYPE that goes on with nothing of its type begins an entity, as for seqeval.
// Throws std::invalid_argument on a tag that is none of the three.
std::vector<MarkedSpan> marked_spans(const std::vector<std::string>& tags);

// An entity is found if one of the same words and type is there.
struct MarkedScores {
  size_t right = 0, found = 0, wanted = 0;
  void add(const std::vector<MarkedSpan>& found_spans, const std::vector<MarkedSpan>& wanted_spans);
  double precision() const;  // each of the three is 0 where it is 0 / 0
  double recall() const;
  double f1() const;
};

}  // namespace thaw
