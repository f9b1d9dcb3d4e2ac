// SPDX-License-Identifier: Apache-2.0
// Writes spans and puts them into their texts.
#include "models/tasks/spans/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string_view>

#include "models/generation/generate.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr const char* sentinel_beginning = "<extra_id_";

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

// What has the form of a sentinel, "<extra_id_7>", and begins there; empty if nothing does.
std::string sentinel_at(const std::string& text, size_t begin) {
  size_t end = begin + std::string_view(sentinel_beginning).size();
  const size_t digits = end;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  return end > digits && end < text.size() && text[end] == '>' ? text.substr(begin, end + 1 - begin) : "";
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

std::vector<std::string> SpansPredictor::notes() const {
  const std::string line = unknown_.to_text();
  return line.empty() ? std::vector<std::string>{} : std::vector{line};
}

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

// A model knows sentinels as it was trained with them: those of its tokenizer, from the first on, each once.
void SpansPredictor::check_sentinels(const std::string& source, const Encoding& text, const std::string& where) const {
  const auto name = [&](size_t number) { return model_.tokenizer().token(rule_->sentinels[number]); };
  for (size_t at = source.find(sentinel_beginning); at != std::string::npos;
       at = source.find(sentinel_beginning, at + 1))
    if (const std::string written = sentinel_at(source, at); !written.empty()) {
      const std::optional<int32_t> id = model_.tokenizer().find_id(written);
      if (!id || !is_sentinel(*id, *rule_))
        fail("{}: {} is no sentinel of the tokenizer, whose last is {}", where, written,
             name(rule_->sentinels.size() - 1));
    }
  size_t spans = 0;
  for (const int32_t id : text.ids) {
    if (!is_sentinel(id, *rule_)) continue;
    const bool is_one_left = spans < rule_->sentinels.size();
    if (!is_one_left || id != rule_->sentinels[spans])
      fail("{}: {} stands where {} was expected: sentinels count up from {}", where, model_.tokenizer().token(id),
           is_one_left ? name(spans) : "none", name(0));
    ++spans;
  }
  if (spans == 0) fail("{}: the text has no sentinel ({}, ...): nothing is missing", where, name(0));
}

bool SpansPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  const auto check_row = [&](const TableRow& row, const Encoding& text) {
    const std::string where = reader_.where(row);
    if (text.cut > 0)
      fail("{}: the text has {} more than {}, {}", where, counted(text.cut, "token"), max_length_name_,
           model_.sources().max_length());
    check_sentinels(row.cells[0], text, where);
  };
  const PredictionBatch batch(reader_, model_.sources(), rows, errors_, check_row);
  if (batch.rows.empty()) return false;
  const std::vector<const Encoding*> texts = batch.texts();
  GenerationRequest request;
  request.prompts.assign(texts.size(), model_.writer().beginning());
  const auto written = generate(*model_.writer().decoder(texts), request, generation_);
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    unknown_.add(batch.encodings[i], batch.rows[i].cells, model_.tokenizer(), reader_.where(batch.rows[i]));
    lines += line(batch.rows[i].cells[0], written[i].empty() ? std::vector<int32_t>{} : written[i][0].ids);
  }
  return true;
}

}  // namespace thaw
