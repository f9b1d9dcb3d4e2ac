// SPDX-License-Identifier: Apache-2.0
// Tokenizes a file's rows.
#include "examples/thaw/encoded_texts.h"

#include "examples/thaw/labelled_rows.h"
#include "tensor/check.h"

namespace thaw {

namespace {

Encoding encode(const TextClassifier& model, const LabelledRow& row, const std::string& where) {
  try {
    return model.encode(row.text, row.pair);
  } catch (const std::invalid_argument& error) {
    fail("{}: {}", where, error.what());
  }
}

}  // namespace

std::vector<const Encoding*> EncodedTexts::pick(std::span<const int64_t> examples) const {
  std::vector<const Encoding*> picked;
  for (const int64_t example : examples) picked.push_back(&encodings[static_cast<size_t>(example)]);
  return picked;
}

ClassificationTargets EncodedTexts::pick_targets(std::span<const int64_t> examples, ProblemType type,
                                                 int64_t num_labels) const {
  ClassificationTargets picked;
  for (const int64_t example : examples) {
    if (type == ProblemType::single_label) {
      picked.classes.push_back(targets.classes[static_cast<size_t>(example)]);
    } else {
      const auto row = targets.values.begin() + example * num_labels;
      picked.values.insert(picked.values.end(), row, row + num_labels);
    }
  }
  return picked;
}

EncodedTexts read_encoded_texts(const std::string& file, const DataArguments& arguments, const Problem& problem,
                                const TextClassifier& model) {
  EncodedTexts texts;
  LabelledRows rows(file, arguments);
  LabelledRow row;
  while (rows.next(row)) {
    problem.add_target(row.label, rows.where(), texts.targets);
    Encoding full = encode(model, row, rows.where());
    // A model reads ids and types alone.
    Encoding encoding;
    encoding.ids = std::move(full.ids);
    encoding.type_ids = std::move(full.type_ids);
    texts.lengths.push_back(static_cast<int64_t>(encoding.size()));
    texts.encodings.push_back(std::move(encoding));
  }
  if (texts.encodings.empty()) fail("{}: has no rows below its header", file);
  return texts;
}

}  // namespace thaw
