// SPDX-License-Identifier: Apache-2.0
// Labels of words as text.
#include "models/tasks/tokens/prediction_writer.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <string_view>
#include <utility>

#include "models/metrics/entities.h"
#include "models/tasks/prediction_text.h"
#include "tensor/io/json.h"
#include "tensor/utf8.h"

namespace thaw {
namespace {

Json entities_in(const ReadSentence& sentence, const std::vector<std::string>& labels) {
  Json entities = Json::array();
  const std::string_view text = sentence.text;
  for (const Entity& entity : entities_of(labels)) {
    const size_t begin = sentence.at[static_cast<size_t>(entity.begin)].first;
    const size_t end = sentence.at[static_cast<size_t>(entity.last)].second;
    const size_t start = count_code_points(text.substr(0, begin));
    const std::string_view part = text.substr(begin, end - begin);
    entities.push_back(Json::object()
                           .set("type", entity.type)
                           .set("text", part)
                           .set("start", start)
                           .set("end", start + count_code_points(part)));
  }
  return entities;
}

}  // namespace

std::string tagged_columns(const ReadSentence& sentence, const std::vector<SaidOfWord>& said, bool probabilities) {
  std::string lines;
  const auto out = std::back_inserter(lines);
  for (size_t i = 0; i < said.size(); ++i) {
    fmt::format_to(out, "{}\t{}", tsv_cell(sentence.words[i]), tsv_cell(said[i].label));
    if (probabilities && said[i].has_token) fmt::format_to(out, "\t{:.4f}", said[i].probability);
    if (probabilities && !said[i].has_token) lines += "\t-";
    lines += '\n';
  }
  return lines + '\n';
}

std::string tagged_json(const ReadSentence& sentence, const std::vector<SaidOfWord>& said,
                        const TaggedJsonStyle& style) {
  std::vector<std::string> labels;
  Json shares = Json::array();
  for (const SaidOfWord& word : said) {
    labels.push_back(word.label);
    shares.push_back(word.has_token ? Json(rounded(word.probability)) : Json(nullptr));
  }
  Json json = Json::object();
  if (style.is_text) json.set("text", sentence.text);
  json.set("tokens", sentence.words).set("tags", labels);
  if (style.probabilities) json.set("probabilities", std::move(shares));
  if (style.is_text && style.entities) json.set("entities", entities_in(sentence, labels));
  return json.dump() + "\n";
}

}  // namespace thaw
