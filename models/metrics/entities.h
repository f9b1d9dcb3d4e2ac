// SPDX-License-Identifier: Apache-2.0
// Entities in sequences of labels, and how many are found: as seqeval counts them in its default mode, and conlleval.
//
// Labels are "O", or B, I, E or S, "-" and a type: BIO, IOB, IOE and IOBES alike. Whatever follows whatever, there is a
// reading: an entity also begins at an I or E behind an O or another type, and ends where the type changes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "models/metrics/precision_recall.h"

namespace thaw {

struct Entity {
  std::string type;             // "_" if the label has none
  int64_t begin = 0, last = 0;  // its first and its last word

  bool operator==(const Entity&) const = default;
};

// The entities of one sequence, in order.
std::vector<Entity> entities_of(const std::vector<std::string>& labels);

// Whether a label is one that entities are made of: "O", or one of B, I, E, S alone or with "-" and a type.
bool is_entity_label(std::string_view label);

struct EntityScores {
  PrecisionRecall micro, macro, weighted;        // over all types that are true or predicted; 0 if there is none
  std::map<std::string, PrecisionRecall> types;  // by name
  double accuracy = 0;                           // over words
};

// Counts add up: sequence by sequence, or file by file.
class EntityCounts {
 public:
  // One sequence. Throws std::invalid_argument if the two are not of one length.
  void add(const std::vector<std::string>& truth, const std::vector<std::string>& predicted);
  EntityCounts& operator+=(const EntityCounts& other);

  EntityScores scores() const;

 private:
  std::map<std::string, MatchCounts> types_;
  int64_t words_ = 0, right_words_ = 0;
};

}  // namespace thaw
