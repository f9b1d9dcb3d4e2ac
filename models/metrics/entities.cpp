// SPDX-License-Identifier: Apache-2.0
// Where entities begin and end, by a label and the one before it.
#include "models/metrics/entities.h"

#include <algorithm>
#include <cstddef>

#include "tensor/check.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

struct Tag {
  char32_t place = U'O';  // B, I, O, E, S, or what else a label begins with
  std::string_view type = "_";

  bool outside() const { return place == U'O' || place == U'.'; }
};

bool is_one_of(char32_t place, std::u32string_view places) { return places.find(place) != places.npos; }

// The first character, and what is behind the first "-" after it; without one, all behind the character.
Tag tag_of(std::string_view label) {
  Tag tag;
  if (label.empty()) return tag;
  size_t at = 0;
  tag.place = next_code_point(label, at);
  label.remove_prefix(at);
  const size_t dash = label.find('-');
  if (dash != label.npos) label.remove_prefix(dash + 1);
  if (!label.empty()) tag.type = label;
  return tag;
}

bool ends(const Tag& before, const Tag& now) {
  if (is_one_of(before.place, U"ES")) return true;
  if (is_one_of(before.place, U"BI") && is_one_of(now.place, U"BSO")) return true;
  return !before.outside() && before.type != now.type;
}

bool begins(const Tag& before, const Tag& now) {
  if (is_one_of(now.place, U"BS")) return true;
  if (is_one_of(before.place, U"ESO") && is_one_of(now.place, U"EI")) return true;
  return !now.outside() && before.type != now.type;
}

}  // namespace

std::vector<Entity> entities_of(const std::vector<std::string>& labels) {
  std::vector<Entity> found;
  Tag before;
  int64_t begin = 0;
  const auto count = static_cast<int64_t>(labels.size());
  for (int64_t i = 0; i <= count; ++i) {
    const Tag now = i < count ? tag_of(labels[static_cast<size_t>(i)]) : Tag();
    if (ends(before, now)) found.push_back({std::string(before.type), begin, i - 1});
    if (begins(before, now)) begin = i;
    before = now;
  }
  return found;
}

bool is_entity_label(std::string_view label) {
  if (label == "O") return true;
  if (label.empty() || std::string_view("BIES").find(label[0]) == std::string_view::npos) return false;
  return label.size() == 1 || (label.size() > 2 && label[1] == '-');
}

void EntityCounts::add(const std::vector<std::string>& truth, const std::vector<std::string>& predicted) {
  check(truth.size() == predicted.size(), "entities: {} true labels, {} predicted", truth.size(), predicted.size());
  const std::vector<Entity> wanted = entities_of(truth), found = entities_of(predicted);
  for (const Entity& entity : wanted) ++types_[entity.type].truth;
  for (const Entity& entity : found) {
    MatchCounts& counts = types_[entity.type];
    ++counts.predicted;
    const auto same = std::ranges::lower_bound(wanted, entity.last, {}, &Entity::last);
    if (same != wanted.end() && *same == entity) ++counts.matched;
  }
  words_ += static_cast<int64_t>(truth.size());
  for (size_t i = 0; i < truth.size(); ++i) right_words_ += truth[i] == predicted[i];
}

EntityCounts& EntityCounts::operator+=(const EntityCounts& other) {
  for (const auto& [type, counts] : other.types_) types_[type] += counts;
  words_ += other.words_;
  right_words_ += other.right_words_;
  return *this;
}

EntityScores EntityCounts::scores() const {
  EntityScores scores;
  MatchCounts all;
  std::vector<PrecisionRecall> each;
  for (const auto& [type, counts] : types_) {
    all += counts;
    each.push_back(scores.types[type] = PrecisionRecall(counts));
  }
  scores.micro = PrecisionRecall(all);
  scores.macro = mean_over_classes(each, false);
  scores.weighted = mean_over_classes(each, true);
  scores.accuracy = words_ > 0 ? static_cast<double>(right_words_) / static_cast<double>(words_) : 0;
  return scores;
}

}  // namespace thaw
