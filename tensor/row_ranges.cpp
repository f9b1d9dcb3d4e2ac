// SPDX-License-Identifier: Apache-2.0
// Sorting, merging, intersecting ranges of rows; their text.
#include "tensor/row_ranges.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

void check_range(int64_t begin, int64_t end) {
  check(begin >= 0, "rows {}:{}: there are none below 0", begin, end);
  check(begin <= end, "rows {}:{} run backwards", begin, end);
}

// The whole of `text` as a number.
std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

RowRanges::Range parse_part(std::string_view part, std::string_view rows) {
  const size_t colon = part.find(':');
  const std::optional<int64_t> begin = number(part.substr(0, colon));
  const std::optional<int64_t> end = colon == std::string_view::npos ? begin : number(part.substr(colon + 1));
  check(begin && end && *begin >= 0 && *end < std::numeric_limits<int64_t>::max(),
        "{}: {} is no number and no range BEGIN:END", rows, quote(part));
  if (colon == std::string_view::npos) return {*begin, *begin + 1};
  check(*begin < *end, "{}: {} is empty: END is behind the last one", rows, quote(part));
  return {*begin, *end};
}

}  // namespace

RowRanges::RowRanges(int64_t begin, int64_t end) {
  check_range(begin, end);
  if (begin == end) return;
  ranges_ = {{begin, end}};
  places_ = {0};
}

RowRanges::RowRanges(std::vector<Range> ranges) {
  for (const Range& range : ranges) check_range(range.begin, range.end);
  std::ranges::sort(ranges, {}, &Range::begin);
  for (const Range& range : ranges) {
    if (range.size() == 0) continue;
    if (!empty() && range.begin <= ranges_.back().end) {
      ranges_.back().end = std::max(ranges_.back().end, range.end);
    } else {
      ranges_.push_back(range);
    }
  }
  int64_t place = 0;
  for (const Range& range : ranges_) {
    places_.push_back(place);
    place += range.size();
  }
}

RowRanges RowRanges::of(std::span<const int64_t> rows) {
  std::vector<Range> ranges;
  ranges.reserve(rows.size());
  for (const int64_t row : rows) ranges.push_back({row, row + 1});
  return RowRanges(std::move(ranges));
}

RowRanges RowRanges::parse(std::string_view text, std::string_view rows) {
  std::vector<Range> ranges;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    ranges.push_back(parse_part(text.substr(begin, end - begin), rows));
    begin = end + 1;
  }
  return RowRanges(std::move(ranges));
}

std::string RowRanges::to_text() const {
  std::string text;
  for (const Range& range : ranges_) {
    if (!text.empty()) text += ',';
    text += range.size() == 1 ? fmt::format("{}", range.begin) : fmt::format("{}:{}", range.begin, range.end);
  }
  return text;
}

int64_t RowRanges::count() const { return empty() ? 0 : places_.back() + ranges_.back().size(); }

std::optional<int64_t> RowRanges::place_of(int64_t row) const {
  const auto behind = std::ranges::upper_bound(ranges_, row, {}, &Range::begin);
  if (behind == ranges_.begin() || row >= (behind - 1)->end) return std::nullopt;
  const auto range = behind - 1 - ranges_.begin();
  return places_[static_cast<size_t>(range)] + row - ranges_[static_cast<size_t>(range)].begin;
}

RowRanges RowRanges::places_of(const RowRanges& rows) const {
  std::vector<Range> places;
  for (const Range& range : rows.ranges_) {
    const std::optional<int64_t> begin = place_of(range.begin), last = place_of(range.end - 1);
    check(begin && last && *last - *begin == range.size() - 1, "rows {} are not among {}", rows.to_text(), to_text());
    places.push_back({*begin, *last + 1});
  }
  return RowRanges(std::move(places));
}

RowRanges RowRanges::common(const RowRanges& other) const {
  std::vector<Range> both;
  for (auto a = ranges_.begin(), b = other.ranges_.begin(); a != ranges_.end() && b != other.ranges_.end();) {
    const int64_t begin = std::max(a->begin, b->begin), end = std::min(a->end, b->end);
    if (begin < end) both.push_back({begin, end});
    ++(a->end < b->end ? a : b);
  }
  return RowRanges(std::move(both));
}

}  // namespace thaw
