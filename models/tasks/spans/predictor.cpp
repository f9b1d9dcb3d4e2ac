// SPDX-License-Identifier: Apache-2.0
// Writes spans and puts them into their texts.
#include "models/tasks/spans/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <span>

#include "models/generation/generate.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

bool is_sentinel(int32_t id, const SpanRule& rule) {
  return std::ranges::find(rule.sentinels, id) != rule.sentinels.end();
}

// The tokens behind each sentinel, up to the next; a sentinel that is written twice counts as it was first.
std::map<int32_t, std::vector<int32_t>> spans_of(std::span<const int32_t> written, const SpanRule& rule) {
  std::map<int32_t, std::vector<int32_t>> spans;
  std::vector<int32_t>* open = nullptr;
  for (const int32_t id : written) {
    if (is_sentinel(id, rule)) {
      const auto [place, is_new] = spans.try_emplace(id);
      open = is_new ? &place->second : nullptr;
    } else if (open) {
      open->push_back(id);
    }
  }
  return spans;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

GenerationOptions greedy(const TextToText& model, const SpanRule& rule) {
  const TextWriter& writer = model.writer();
  GenerationOptions options = writer.generation().for_prompts_of(std::ssize(writer.beginning()));
  options.max_new_tokens = target_length(raw_length(model.sources().max_length(), rule.shape), rule.shape);
  options.num_beams = options.num_return_sequences = 1;
  options.do_sample = false;
  return options;
}

}  // namespace

SpansPredictor::SpansPredictor(const TextToText& model, std::shared_ptr<const SpanRule> rule,
                               const SpansOptions& options, const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      rule_(std::move(rule)),
      generation_(greedy(model, *rule_)),
      as_json_(request.as_json),
      max_length_name_(called("max_length")),
      reader_(open_rows(request, {.columns = {options.text_column}, .text_columns = {options.text_column}}, called)) {}

std::string SpansPredictor::line(const std::string& source, const std::vector<int32_t>& written) const {
  const Tokenizer& tokenizer = model_.tokenizer();
  std::string text = source;
  Json spans = Json::object();
  for (auto& [sentinel, ids] : spans_of(written, *rule_)) {
    std::vector<int32_t> known = ids;  // models often have more embeddings than their tokenizer has tokens
    std::erase_if(known, [&](int32_t id) { return static_cast<size_t>(id) >= tokenizer.vocab_size(); });
    const std::string name = tokenizer.token(sentinel), said = tokenizer.decode(known);
    if (source.find(name) == std::string::npos) continue;
    replace_all(text, name, said);
    spans.set(name, said);
  }
  if (!as_json_) return fmt::format("{}\t{}\n", tsv_cell(text), tsv_cell(source));
  return Json::object().set("source", source).set("text", text).set("spans", std::move(spans)).dump() + "\n";
}

bool SpansPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  const auto check_row = [&](const TableRow& row, const Encoding& text) {
    const std::string where = reader_.where(row);
    if (text.cut > 0)
      fail("{}: the text has {} more than {}, {}", where, counted(text.cut, "token"), max_length_name_,
           model_.sources().max_length());
    if (std::ranges::none_of(text.ids, [&](int32_t id) { return is_sentinel(id, *rule_); }))
      fail("{}: the text has no sentinel ({}, ...): nothing is missing", where,
           model_.tokenizer().token(rule_->sentinels[0]));
  };
  const PredictionBatch batch(reader_, model_.sources(), rows, errors_, check_row);
  if (batch.rows.empty()) return false;
  const std::vector<const Encoding*> texts = batch.texts();
  GenerationRequest request;
  request.prompts.assign(texts.size(), model_.writer().beginning());
  const auto written = generate(*model_.writer().decoder(texts), request, generation_);
  for (size_t i = 0; i < batch.rows.size(); ++i)
    lines += line(batch.rows[i].cells[0], written[i].empty() ? std::vector<int32_t>{} : written[i][0].ids);
  return true;
}

}  // namespace thaw
