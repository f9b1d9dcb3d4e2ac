// SPDX-License-Identifier: Apache-2.0
// Fills masks.
#include "models/tasks/mlm/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "autograd/tape.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

struct Word {
  std::string text;
  double probability;
};

std::vector<int32_t> masks_of(const Encoding& text, int32_t mask) {
  std::vector<int32_t> places;
  for (size_t i = 0; i < text.size(); ++i)
    if (text.ids[i] == mask) places.push_back(static_cast<int32_t>(i));
  return places;
}

// None of the row's masks may be missing among the tokens that were left of it.
std::vector<int32_t> all_masks_of(const Encoding& text, const std::string& row, const TextEncoder& encoder,
                                  const std::string& where) {
  const int32_t mask = encoder.tokenizer().mask_id();
  std::vector<int32_t> places = masks_of(text, mask);
  const std::string& name = encoder.tokenizer().token(mask);
  const size_t all = text.cut > 0 ? masks_of(encoder.encode_whole(row, {}), mask).size() : places.size();
  if (all == 0) fail("{}: the text has no {}: there is nothing to find", where, name);
  if (all > places.size())
    fail("{}: {} of the text's {} {} {} cut off with all beyond {} tokens", where, all - places.size(), all, name,
         all - places.size() == 1 ? "is" : "are", text.size());
  return places;
}

// Of a row of probabilities over the vocabulary: the likeliest, of equals the first.
std::vector<Word> likeliest_words(std::span<const float> row, int64_t count, const Tokenizer& tokenizer) {
  std::vector<int32_t> ids(std::min(row.size(), tokenizer.plain_vocab_size()));
  std::iota(ids.begin(), ids.end(), 0);
  const auto middle = ids.begin() + std::min(count, static_cast<int64_t>(ids.size()));
  std::ranges::partial_sort(ids, middle, [&](int32_t a, int32_t b) {
    const float x = row[static_cast<size_t>(a)], y = row[static_cast<size_t>(b)];
    return x != y ? x > y : a < b;
  });
  std::vector<Word> words;
  for (auto id = ids.begin(); id != middle; ++id)
    words.push_back({tokenizer.token(*id), static_cast<double>(row[static_cast<size_t>(*id)])});
  return words;
}

std::string tsv(const std::string& text, const std::vector<std::vector<Word>>& masks) {
  std::string lines;
  for (size_t mask = 0; mask < masks.size(); ++mask)
    for (const Word& word : masks[mask])
      fmt::format_to(std::back_inserter(lines), "{}\t{}\t{:.4f}\t{}\n", mask + 1, tsv_cell(word.text), word.probability,
                     tsv_cell(text));
  return lines;
}

std::string json(const std::string& text, const std::vector<std::vector<Word>>& masks) {
  Json all = Json::array();
  for (const std::vector<Word>& words : masks) {
    Json list = Json::array();
    for (const Word& word : words)
      list.push_back(Json::object().set("word", word.text).set("probability", rounded(word.probability)));
    all.push_back(std::move(list));
  }
  return Json::object().set("text", text).set("masks", std::move(all)).dump() + "\n";
}

}  // namespace

MlmPredictor::MlmPredictor(TextPipeline& model, const MlmOptions& options, const PredictionRequest& request,
                           const FieldNames& called)
    : model_(model),
      top_k_(options.top_k),
      as_json_(request.as_json),
      reader_(open_rows(request, {.columns = {options.text_column}, .text_columns = {options.text_column}}, called)) {}

std::vector<std::string> MlmPredictor::notes() const { return notes_of(cut_, unknown_); }

bool MlmPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<std::vector<int32_t>> masked;
  const auto find_masks = [&](const TableRow& row, const Encoding& text) {
    masked.push_back(all_masks_of(text, row.cells[0], model_.encoder(), reader_.where(row)));
  };
  const PredictionBatch batch(reader_, model_.encoder(), rows, errors_, find_masks);
  if (batch.rows.empty()) return false;
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.store().mode());
  std::vector<int32_t> tokens;
  int32_t before = 0;
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    cut_.add(static_cast<int64_t>(batch.encodings[i].cut));
    unknown_.add(batch.encodings[i], batch.rows[i].cells, model_.tokenizer(), reader_.where(batch.rows[i]));
    for (const int32_t place : masked[i]) tokens.push_back(before + place);
    before += static_cast<int32_t>(batch.encodings[i].size());
  }
  const std::vector<float> shares = softmax(model_.outputs_at(batch.texts(), tokens)).value().to_host<float>();
  const size_t width = shares.size() / tokens.size();
  size_t next = 0;
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    std::vector<std::vector<Word>> masks;
    for (const size_t end = next + masked[i].size(); next < end; ++next) {
      const auto row = std::span(shares).subspan(next * width, width);
      if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); }))
        fail_of_overflow(reader_.where(batch.rows[i]));
      masks.push_back(likeliest_words(row, top_k_, model_.tokenizer()));
    }
    lines += as_json_ ? json(batch.rows[i].cells[0], masks) : tsv(batch.rows[i].cells[0], masks);
  }
  return true;
}

}  // namespace thaw
