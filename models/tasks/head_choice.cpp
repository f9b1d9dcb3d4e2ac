// SPDX-License-Identifier: Apache-2.0
// Compares labels.
#include "models/tasks/head_choice.h"

#include <algorithm>
#include <string>
#include <vector>

#include "models/hub/class_labels.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

bool same_set(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

bool holds(const std::vector<std::string>& all, const std::string& one) {
  return std::ranges::find(all, one) != all.end();
}

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// The last weight of the checkpoint's classifier, and its axis of classes.
struct HeadWeight {
  std::string name;
  const SafetensorsEntry* entry = nullptr;  // null: the checkpoint has none
  size_t axis;

  HeadWeight(TextCheckpoint& checkpoint, const TextHead& head)
      : name(std::string(head.output) + ".weight"), axis(head.layout == WeightLayout::out_in ? 0 : 1) {
    const SafetensorsEntry* found = checkpoint.source().find(name);
    if (found && !checkpoint.source().is_replaced(name) && found->shape.size() == 2 && found->shape[axis] > 0)
      entry = found;
  }
  int64_t classes() const { return entry ? entry->shape[axis] : 0; }
  Shape shape_for(int64_t labels) const {
    Shape shape{entry->shape[0], entry->shape[1]};
    shape[static_cast<int>(axis)] = labels;
    return shape;
  }
};

// How labels that a caller has fit the checkpoint's head.
enum class HeadUse { kept, kept_by_number, renamed, replaced };

HeadUse head_use(const PretrainedConfig& config, const HeadLabels& wanted_labels) {
  const std::vector<std::string>&wanted = wanted_labels.labels, &known = config.labels;
  const bool nameless = known == made_up_labels(config.num_labels());
  if (wanted_labels.problem_type == ProblemType::regression) {
    const bool has_numbers = known.size() == 1 || nameless || config.problem_type == ProblemType::regression;
    return has_numbers && wanted.size() == known.size() ? HeadUse::kept : HeadUse::replaced;
  }
  if (same_set(wanted, known)) return HeadUse::kept;
  if (nameless && wanted.size() == known.size()) return HeadUse::renamed;
  if (std::ranges::all_of(wanted, [&](const std::string& label) { return holds(known, label); })) return HeadUse::kept;
  return are_class_numbers(wanted, known) ? HeadUse::kept_by_number : HeadUse::replaced;
}

}  // namespace

bool are_class_numbers(const std::vector<std::string>& labels, const std::vector<std::string>& classes) {
  if (std::ranges::all_of(classes, is_number)) return false;
  std::vector<std::string> numbers;
  for (size_t i = 0; i < classes.size(); ++i) numbers.push_back(std::to_string(i));
  return std::ranges::all_of(labels, [&](const std::string& label) { return holds(numbers, label); });
}

bool fit_head(TextCheckpoint& checkpoint, std::string_view ending, const HeadLabels& wanted) {
  PretrainedConfig& config = checkpoint.config();
  const TextHead head = checkpoint.head(ending);
  const HeadWeight weight(checkpoint, head);
  const int64_t rows = weight.classes();
  const bool keeps_head = wanted.labels.empty() || head_use(config, wanted) != HeadUse::replaced;
  if (rows > 0 && !config.labels.empty() && rows != config.num_labels() && keeps_head)
    fail(
        "{}: tensor {}: its shape is {}, {} needs {}: config.json gives {} labels (num_labels before id2label and "
        "label2id), the weights are for {}",
        checkpoint.source().directory(), weight.name, weight.shape_for(rows), weight.name,
        weight.shape_for(config.num_labels()), config.num_labels(), rows);
  if (config.labels.empty() && (rows > 0 || wanted.labels.empty())) config.labels = made_up_labels(rows > 0 ? rows : 2);
  if (wanted.labels.empty()) return false;
  if (rows == 0 && !same_set(wanted.labels, config.labels)) config.labels = wanted.labels;
  if (rows == 0) return false;
  switch (head_use(config, wanted)) {
    case HeadUse::kept:
      if (wanted.labels.size() < config.labels.size())
        checkpoint.source().note(
            fmt::format("the checkpoint's classifier stays, with all of its labels ({})", listed(config.labels)));
      return false;
    case HeadUse::renamed: config.labels = wanted.labels; return false;
    case HeadUse::kept_by_number:
      checkpoint.source().note(fmt::format("the labels {} are taken as numbers of the checkpoint's classes ({})",
                                           listed(wanted.labels), listed(config.labels)));
      return true;
    case HeadUse::replaced: break;
  }
  checkpoint.source().replace(std::string(head.path) + ".*");
  checkpoint.source().note(
      fmt::format("the checkpoint's classifier is for other labels ({}): a new one is used", listed(config.labels)));
  config.labels = wanted.labels;
  return false;
}

}  // namespace thaw
