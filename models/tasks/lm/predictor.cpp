// SPDX-License-Identifier: Apache-2.0
// Judges texts row by row.
#include "models/tasks/lm/predictor.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "autograd/tape.h"
#include "models/data/file_extension.h"
#include "models/tasks/lm/evaluation.h"
#include "models/tasks/lm/judged_windows.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "nn/mode.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

bool is_plain(const PredictionRequest& request) {
  if (request.format) return *request.format == TableFormat::lines;
  return request.stream || content_extension(request.file) == ".txt";
}

// Of no bytes there are no bits a byte.
std::string line_of(const LmRow& row, const JudgedText& judged, bool has_prompts, bool as_json) {
  const TokenLosses& losses = judged.scores.losses;
  if (as_json) {
    Json json = Json::object();
    if (has_prompts) json.set("prompt", row.prompt);
    json.set("text", row.text).set("bits_per_byte", judged.bytes > 0 ? Json(rounded(judged.bits_per_byte())) : Json());
    return json.set("nats", rounded(losses.sum)).set("tokens", losses.tokens).set("bytes", judged.bytes).dump() + "\n";
  }
  std::string line = judged.bytes > 0 ? fmt::format("{:.4f}", judged.bits_per_byte()) : "";
  line += fmt::format("\t{:.4f}\t{}\t{}\t", losses.sum, losses.tokens, judged.bytes);
  if (has_prompts) line += tsv_cell(row.prompt) + "\t";
  return line + tsv_cell(row.text) + "\n";
}

}  // namespace

LmPredictor::LmPredictor(TextPipeline& model, const LmOptions& options, const PredictionRequest& request,
                         const FieldNames& called)
    : model_(model),
      encoder_(model.encoder(), options),
      as_json_(request.as_json),
      has_prompts_(!options.prompt_column.empty()),
      rows_(open_rows(request, LmRows::reading(options), called), options, is_plain(request)) {}

std::vector<std::string> LmPredictor::notes() const {
  std::vector<std::string> lines;
  if (const std::string cut = cut_.to_text(); !cut.empty()) lines.push_back(cut);
  if (useless_.count > 0)
    lines.push_back(fmt::format("{} {} no token to be told, and no bits_per_byte; the first: {}",
                                counted(useless_.count, "text"), useless_.count == 1 ? "has" : "have", useless_.first));
  return lines;
}

std::string LmPredictor::header() const {
  if (as_json_) return "";
  return fmt::format("bits_per_byte\tnats\ttokens\tbytes\t{}text\n", has_prompts_ ? "prompt\t" : "");
}

bool LmPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<LmRow> read;
  std::vector<std::vector<LmWindow>> windows;
  errors_.read(rows, [&] {
    LmRow row;
    if (!rows_.next(row)) return false;
    const LmDocument document = encoder_.document(row);
    std::vector<LmWindow> of_row = encoder_.windows(document);
    if (!has_prompts_ && is_blank_text(row.text)) of_row.clear();  // as everywhere else
    if (of_row.empty() && has_prompts_) encoder_.fail_without_windows(row, document);
    if (of_row.empty()) useless_.add(row.where);
    read.push_back(std::move(row));
    windows.push_back(std::move(of_row));
    return true;
  });
  if (read.empty()) return false;
  const NoGrad no_grad;
  const EvaluationMode evaluation(model_.store().mode());
  std::vector<const LmWindow*> all;
  for (const std::vector<LmWindow>& of_row : windows)
    for (const LmWindow& window : of_row) all.push_back(&window);
  const std::vector<JudgedWindow> judged = all.empty() ? std::vector<JudgedWindow>() : judge_windows(model_, all);
  size_t next = 0;
  for (size_t i = 0; i < read.size(); ++i) {
    JudgedText document;
    for (const LmWindow& window : windows[i]) {
      document.scores += judged[next++].scores;
      document.bytes += window.bytes;
    }
    if (!std::isfinite(document.scores.losses.sum)) {  // what stands before it is answered
      errors_.fail(i > 0, [&] { fail_of_overflow(read[i].where); });
      return true;
    }
    if (!windows[i].empty()) cut_.add(static_cast<int64_t>(windows[i][0].tokens.cut));
    lines += line_of(read[i], document, has_prompts_, as_json_);
  }
  return true;
}

}  // namespace thaw
