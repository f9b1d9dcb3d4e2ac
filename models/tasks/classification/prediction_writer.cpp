// SPDX-License-Identifier: Apache-2.0
// Lines of predictions.
#include "models/tasks/classification/prediction_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "models/tasks/classification/scores.h"
#include "models/tasks/prediction_text.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

constexpr const char* joiner = "|";  // between several labels in one cell

constexpr std::array other_keys = {"label", "labels", "probability", "probabilities", "value", "values"};

}  // namespace

std::vector<std::string> text_names(const std::string& column, const std::string& pair_column) {
  if (pair_column.empty()) return {"text"};
  const auto is_free = [](const std::string& name) { return std::ranges::find(other_keys, name) == other_keys.end(); };
  std::vector<std::string> names = {is_free(column) ? column : "text",
                                    is_free(pair_column) ? pair_column : "text_pair"};
  if (names[0] == names[1]) names = {"text", "text_pair"};
  return names;
}

std::string PredictionWriter::warning(const std::string& format) const {
  if (type_ != ProblemType::multi_label || style_.as_json) return {};
  const auto odd =
      std::ranges::find_if(labels_, [](const std::string& label) { return label.find(joiner) != std::string::npos; });
  if (odd == labels_.end()) return {};
  return fmt::format(
      "the label {} has the {} that joins labels in TSV: where it is predicted the labels cannot be told apart "
      "({} jsonl keeps them apart)",
      quote(*odd), quote(joiner), format);
}

std::vector<size_t> PredictionWriter::predicted(std::span<const float> scores) const {
  if (type_ == ProblemType::single_label) return {static_cast<size_t>(likeliest(scores))};
  std::vector<size_t> chosen;
  for (size_t i = 0; i < scores.size(); ++i)
    if (static_cast<double>(scores[i]) > style_.threshold) chosen.push_back(i);
  return chosen;
}

std::string PredictionWriter::header() const {
  if (style_.as_json) return {};
  std::string line;
  std::vector<std::string> names = {"label", "probability"};
  if (type_ == ProblemType::regression) names = labels_.size() == 1 ? std::vector<std::string>{"value"} : labels_;
  if (type_ != ProblemType::regression && style_.all) names.insert(names.end(), labels_.begin(), labels_.end());
  names.insert(names.end(), style_.text_names.begin(), style_.text_names.end());
  std::set<std::string> taken;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string name = tsv_cell(names[i]);
    while (!taken.insert(name).second) name += "_";
    line += (i ? "\t" : "") + name;
  }
  return line + "\n";
}

std::string PredictionWriter::tsv(const std::vector<std::string>& texts, std::span<const float> scores) const {
  std::string line;
  const auto out = std::back_inserter(line);
  if (type_ == ProblemType::regression) {
    for (size_t i = 0; i < scores.size(); ++i) fmt::format_to(out, "{}{:.6g}", i ? "\t" : "", scores[i]);
  } else {
    std::string names, probabilities;
    for (const size_t i : predicted(scores)) {
      names += (names.empty() ? "" : joiner) + tsv_cell(labels_[i]);
      probabilities += fmt::format("{}{:.4f}", probabilities.empty() ? "" : joiner, scores[i]);
    }
    fmt::format_to(out, "{}\t{}", names, probabilities);
    if (style_.all)
      for (const float score : scores) fmt::format_to(out, "\t{:.4f}", score);
  }
  for (const std::string& text : texts) fmt::format_to(out, "\t{}", tsv_cell(text));
  return line + "\n";
}

std::string PredictionWriter::json(const std::vector<std::string>& texts, std::span<const float> scores) const {
  Json json = Json::object();
  for (size_t i = 0; i < texts.size(); ++i) json.set(style_.text_names[i], texts[i]);
  if (type_ == ProblemType::regression && scores.size() == 1) {
    json.set("value", rounded(scores[0]));
  } else if (type_ == ProblemType::regression) {
    Json values = Json::object();
    for (size_t i = 0; i < scores.size(); ++i) values.set(labels_[i], rounded(scores[i]));
    json.set("values", std::move(values));
  } else {
    Json names = Json::array(), probabilities = Json::object();
    const std::vector<size_t> chosen = predicted(scores);
    for (const size_t i : chosen) names.push_back(labels_[i]);
    for (size_t i = 0; i < scores.size(); ++i)
      if (style_.all || std::ranges::find(chosen, i) != chosen.end()) probabilities.set(labels_[i], rounded(scores[i]));
    if (type_ == ProblemType::single_label) {
      json.set("label", labels_[chosen[0]]).set("probability", rounded(scores[chosen[0]]));
    } else {
      json.set("labels", std::move(names));
    }
    if (style_.all || type_ == ProblemType::multi_label) json.set("probabilities", std::move(probabilities));
  }
  return json.dump() + "\n";
}

}  // namespace thaw
