// SPDX-License-Identifier: Apache-2.0
// How well numbers rank pictures, kind by kind, in the groups of a table.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/metrics/pair_order.h"

namespace thaw {

// Rows of a table of pictures. N rows.
struct RankedTable {
  std::vector<std::string> images;         // paths, relative to the table's folder
  std::vector<std::string> kinds, groups;  // "" where the table has no such column
  std::vector<double> scores;

  // Of columns image and score, and kind and group where there are some. std::runtime_error naming file and line.
  static RankedTable read(const std::string& file);
};

struct RankedKind {
  PairOrder order;      // of all pairs of different scores within groups
  double spearman = 0;  // the mean over groups that have such pairs
};

struct RankedKinds {
  RankedKind all;                           // whatever kind it is of
  std::map<std::string, RankedKind> kinds;  // by their names, where the table has some
};

// said: [N], what is ranked by.
RankedKinds ranked_kinds(const RankedTable& table, const std::vector<double>& said);

// The numbers of a table of predictions (value, image), for these rows in their order. std::runtime_error naming file
// and line if it has other pictures, or others in another order.
std::vector<double> predicted_values(const std::string& file, const RankedTable& table);

}  // namespace thaw
