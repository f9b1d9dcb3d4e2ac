// SPDX-License-Identifier: Apache-2.0
// Lines of predictions.
#include "examples/thaw/prediction_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "examples/thaw/scores.h"
#include "tensor/json.h"

namespace thaw {
namespace {

constexpr const char* joiner = "|";  // between several labels in one cell

// TSV has no quotes: a tab or a line break becomes a space.
std::string cell(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
  return text;
}

// A few digits, and the number that they are.
double rounded(float x) { return std::round(static_cast<double>(x) * 1e6) / 1e6; }

}  // namespace

std::vector<size_t> PredictionWriter::predicted(std::span<const float> scores) const {
  if (type_ == ProblemType::single_label) return {static_cast<size_t>(likeliest(scores))};
  std::vector<size_t> chosen;
  for (size_t i = 0; i < scores.size(); ++i)
    if (static_cast<double>(scores[i]) >= style_.threshold) chosen.push_back(i);
  return chosen;
}

void PredictionWriter::write_header() const {
  if (style_.format != "tsv") return;
  if (type_ == ProblemType::regression) {
    fmt::print("value");
  } else {
    fmt::print("label\tprobability");
    if (style_.all)
      for (const std::string& label : labels_) fmt::print("\t{}", cell(label));
  }
  fmt::print("\ttext\n");
}

void PredictionWriter::write(const std::vector<std::string>& texts, std::span<const float> scores) const {
  if (style_.format == "tsv") {
    write_tsv(texts, scores);
  } else {
    write_json(texts, scores);
  }
}

void PredictionWriter::write_tsv(const std::vector<std::string>& texts, std::span<const float> scores) const {
  if (type_ == ProblemType::regression) {
    fmt::print("{:.6g}", scores[0]);
  } else {
    std::string names, probabilities;
    for (const size_t i : predicted(scores)) {
      names += (names.empty() ? "" : joiner) + cell(labels_[i]);
      probabilities += fmt::format("{}{:.4f}", probabilities.empty() ? "" : joiner, scores[i]);
    }
    fmt::print("{}\t{}", names, probabilities);
    if (style_.all)
      for (const float score : scores) fmt::print("\t{:.4f}", score);
  }
  for (const std::string& text : texts) fmt::print("\t{}", cell(text));
  fmt::print("\n");
}

void PredictionWriter::write_json(const std::vector<std::string>& texts, std::span<const float> scores) const {
  Json json = Json::object();
  json.set("text", texts[0]);
  if (texts.size() > 1) json.set("text_pair", texts[1]);
  if (type_ == ProblemType::regression) {
    json.set("value", rounded(scores[0]));
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
  fmt::print("{}\n", json.dump());
}

}  // namespace thaw
