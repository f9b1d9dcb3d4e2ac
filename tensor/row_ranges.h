// SPDX-License-Identifier: Apache-2.0
// Some rows of a tensor, as ranges: those that are trained while the others stay as they are.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace thaw {

// Ranges [begin, end), in rising order, with gaps between them. Side by side they are count() rows: row r of the tensor
// is row place_of(r) of those.
class RowRanges {
 public:
  struct Range {
    int64_t begin, end;
    int64_t size() const { return end - begin; }
    bool operator==(const Range&) const = default;
  };

  RowRanges() = default;  // no rows
  // One range. std::invalid_argument: it begins below 0 or behind its end.
  RowRanges(int64_t begin, int64_t end);
  // Ranges in any order; what overlaps or touches becomes one.
  explicit RowRanges(std::vector<Range> ranges);
  // Rows by number, in any order: {98, 7, 97} is 7:8 and 97:99.
  static RowRanges of(std::span<const int64_t> rows);
  // "7,97:100": rows and ranges, split by commas. std::invalid_argument, naming the part that is neither; "rows" are
  // called so there.
  static RowRanges parse(std::string_view text, std::string_view rows = "rows");
  // The same, so that parse() gives it back: a range of one row as its number.
  std::string to_text() const;

  bool empty() const { return ranges_.empty(); }
  const std::vector<Range>& ranges() const { return ranges_; }
  int64_t count() const;
  int64_t end() const { return empty() ? 0 : ranges_.back().end; }  // behind the last row
  // Where a row lies among them, from 0; nullopt if it is none of them.
  std::optional<int64_t> place_of(int64_t row) const;
  // Where rows lie that are all among them.
  RowRanges places_of(const RowRanges& rows) const;
  // The rows of both.
  RowRanges common(const RowRanges& other) const;
  bool operator==(const RowRanges&) const = default;

 private:
  std::vector<Range> ranges_;
  std::vector<int64_t> places_;  // of the ranges' first rows
};

}  // namespace thaw
