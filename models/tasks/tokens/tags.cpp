// SPDX-License-Identifier: Apache-2.0
// Labels of words.
#include "models/tasks/tokens/tags.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>

#include "models/data/label_survey.h"
#include "models/metrics/entities.h"
#include "models/tasks/head_choice.h"
#include "models/tasks/tokens/tagged_file.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

bool has_type(std::string_view label) { return label.size() > 2 && label[1] == '-' && is_entity_label(label); }

std::string_view type_of(std::string_view label) { return label.size() > 2 ? label.substr(2) : std::string_view(); }

bool is_part(std::string_view label, std::string_view places) {
  return label != no_tag && is_entity_label(label) && places.find(label[0]) != places.npos;
}

// Among names of entities: labels that are none.
void warn_of_strangers(const std::string& file, const LabelSurvey& survey, std::vector<std::string>& warnings) {
  for (const auto& [label, sighting] : survey.labels()) {
    if (is_entity_label(label)) continue;
    warnings.push_back(fmt::format("{}:{}: the label {} is neither O nor begins with B-, I-, E- or S-, as others do",
                                   file, sighting.line, quote(label)));
    return;
  }
}

}  // namespace

bool name_entities(const std::vector<std::string>& labels) {
  if (std::ranges::any_of(labels, has_type)) return true;
  const auto is_mark = [](const std::string& label) { return is_entity_label(label); };
  return std::ranges::all_of(labels, is_mark) &&
         std::ranges::any_of(labels, [](const std::string& label) { return label != no_tag; });
}

bool begins_oddly(const std::string& before, const std::string& label) {
  if (!is_part(label, "IE")) return false;
  return !is_part(before, "BI") || type_of(before) != type_of(label);
}

TakenTags model_tags(const std::string& file, const TokensOptions& options, const std::vector<std::string>& classes,
                     const FieldNames& called) {
  std::set<std::string> values;
  TaggedWords words = open_tagged_words(file, options, called);
  for (TaggedSentence sentence; words.next(sentence);) values.insert(sentence.tags.begin(), sentence.tags.end());
  const std::vector<std::string> found(values.begin(), values.end());
  if (found.empty() || !are_class_numbers(found, classes)) return {LabelSet(classes)};
  return {LabelSet::numbered(classes),
          {fmt::format("{}: the labels {} are taken as numbers of the model's classes "
                       "(0 is {})",
                       file, listed(found), quote(classes[0]))}};
}

FoundTags find_tags(const std::string& train_file, const TokensOptions& options, const std::vector<std::string>& known,
                    const FieldNames& called) {
  TaggedWords file = open_tagged_words(train_file, options, called);
  LabelSurvey survey(train_file, "", called);
  for (TaggedSentence sentence; file.next(sentence);)
    for (size_t i = 0; i < sentence.tags.size(); ++i) survey.add(sentence.tags[i], sentence.lines[i]);
  if (survey.rows() == 0) fail("{}: has no words", train_file);
  std::set<std::string> values;
  for (const auto& [label, sighting] : survey.labels()) values.insert(label);
  FoundTags found{LabelSet::of_values(values), survey.name_warnings()};
  for (const auto& [label, sighting] : survey.labels()) found.counts[label] = sighting.count;
  if (found.labels.size() < 2)
    fail("{}: every word has the label {}: there is nothing to tell apart", train_file, quote(found.labels.names()[0]));
  if (name_entities(found.labels.names())) warn_of_strangers(train_file, survey, found.warnings);
  const bool have_names = name_entities(known) && std::ssize(known) >= found.labels.size();
  if (survey.numbers() == survey.rows() && !have_names)
    found.warnings.push_back(
        fmt::format("{}: the labels are numbers: no entity shows in them; names (B-PER, ...) would tell", train_file));
  return found;
}

}  // namespace thaw
