// SPDX-License-Identifier: Apache-2.0
// Computes vectors, compares them, writes what is nearest.
#include "models/tasks/pairs/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>

#include "autograd/tape.h"
#include "models/data/document_reader.h"
#include "models/metrics/probabilities.h"
#include "models/packed_text.h"
#include "models/tasks/medium.h"
#include "models/tasks/partner_ranks.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr int64_t at_once = 32;  // candidates

std::string name_of_side(PairSide side, InputKind files) {
  return side == PairSide::texts ? "text" : std::string(medium_of(files).column);
}

// The largest ones, of equal ones the first.
std::vector<size_t> best_of(const std::vector<double>& probabilities, int64_t count) {
  std::vector<size_t> order(probabilities.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto is_before = [&](size_t a, size_t b) {
    return probabilities[a] != probabilities[b] ? probabilities[a] > probabilities[b] : a < b;
  };
  const auto end = order.begin() + std::min<ptrdiff_t>(count, std::ssize(order));
  std::partial_sort(order.begin(), end, order.end(), is_before);
  order.erase(end, order.end());
  return order;
}

// Has the request rows of several columns?
bool is_table(const PredictionRequest& request) try {
  const TableFormat format = request.format   ? *request.format
                             : request.stream ? TableFormat::lines
                                              : table_format(request.file);
  return format != TableFormat::lines;
} catch (const std::runtime_error&) {  // a folder, a picture
  return false;
}

std::vector<std::string> lines_of(const RowNotes& first, const RowNotes& second) {
  std::vector<std::string> lines = first.lines();
  for (std::string& line : second.lines()) lines.push_back(std::move(line));
  return lines;
}

TableReading reading_of_pairs(const PairOptions& o, const PredictionRequest& request, const FieldNames& called) {
  check(is_table(request), "{}: is no table of pairs: {} or {} is needed, of which the best are told",
        request.stream ? request.stream_name : request.file, called("candidates"),
        called(fmt::format("candidate_{}", medium_of(o.files).column)));
  TableReading reading;
  reading.columns = reading.text_columns = {o.file_column, o.text_column};
  return reading;
}

}  // namespace

CandidatePredictor::CandidatePredictor(PairPipeline& model, const PairOptions& options,
                                       const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      side_(options.candidates.empty() ? PairSide::texts : PairSide::files),
      other_(options.candidates.empty() ? PairSide::files : PairSide::texts),
      as_json_(request.as_json),
      top_(options.top),
      row_name_(name_of_side(side_, options.files)),
      candidate_name_(name_of_side(other_, options.files)),
      rows_(side_, request, options, called),
      notes_(model.encoder(side_).notes()),
      candidate_notes_(model.encoder(other_).notes()) {
  read_candidates(options.candidates.empty() ? options.file_candidates : options.candidates, options, called);
}

void CandidatePredictor::read_candidates(const std::string& file, const PairOptions& options,
                                         const FieldNames& called) {
  SideRows rows(other_, {.file = file}, options, called);
  RowErrors errors;
  std::vector<float> numbers;
  while (true) {
    const SideBatch batch(rows, model_.encoder(other_), at_once, errors);
    if (batch.rows.empty()) break;
    for (size_t i = 0; i < batch.rows.size(); ++i) {
      if (other_ == PairSide::texts && is_blank_text(batch.rows[i].cells[0]))
        fail("{}: there is no text, which each candidate is", batch.rows[i].where);
      candidate_notes_->add(batch.rows[i], batch.encodings[i]);
      candidates_.push_back(batch.rows[i].cells[0]);
    }
    const std::vector<float> some = batch.vectors(model_, other_);
    numbers.insert(numbers.end(), some.begin(), some.end());
  }
  if (candidates_.empty()) fail("{}: has no candidates", file);
  vectors_ = Tensor::from_host(numbers, {std::ssize(candidates_), model_.width()}, model_.store().device());
}

std::vector<std::string> CandidatePredictor::notes() const { return lines_of(*candidate_notes_, *notes_); }

std::string CandidatePredictor::header() const {
  if (as_json_) return "";
  return fmt::format("{}{}\tprobability\t{}\n", top_ > 1 ? "place\t" : "", candidate_name_, row_name_);
}

std::string CandidatePredictor::line(const std::string& row, int64_t place, size_t candidate,
                                     double probability) const {
  if (as_json_) {
    Json json = Json::object().set(row_name_, row).set(candidate_name_, candidates_[candidate]);
    json.set("probability", rounded(probability));
    if (top_ > 1) json.set("place", place);
    return json.dump() + "\n";
  }
  return fmt::format("{}{}\t{:.4f}\t{}\n", top_ > 1 ? fmt::format("{}\t", place) : "", tsv_cell(candidates_[candidate]),
                     probability, tsv_cell(row));
}

std::vector<float> CandidatePredictor::logits(const std::vector<float>& rows) const {
  const NoGrad no_grad;
  const int64_t width = model_.width();
  const Tensor own = Tensor::from_host(rows, {std::ssize(rows) / width, width}, model_.store().device());
  if (side_ == PairSide::files) return model_.model().logits(own, vectors_).value().to_host<float>();
  return model_.model().logits(vectors_, own).value().transpose().to_host<float>();
}

bool CandidatePredictor::next(int64_t count, std::string& lines) {
  lines.clear();
  const SideBatch batch(rows_, model_.encoder(side_), count, errors_);
  if (batch.rows.empty()) return false;
  const std::vector<float> all = logits(batch.vectors(model_, side_));
  const size_t width = candidates_.size();
  for (size_t i = 0; i < batch.rows.size(); ++i) {
    const auto row = std::span(all).subspan(i * width, width);
    if (!std::ranges::all_of(row, [](float x) { return std::isfinite(x); })) {  // what stands before it is answered
      errors_.fail(i > 0, [&] { fail_of_overflow(batch.rows[i].where, row_name_); });
      return true;
    }
    notes_->add(batch.rows[i], batch.encodings[i]);
    const std::vector<double> probabilities = softmax(row);
    int64_t place = 0;
    for (const size_t candidate : best_of(probabilities, top_))
      lines += line(batch.rows[i].cells[0], ++place, candidate, probabilities[candidate]);
  }
  return true;
}

PairCosines::PairCosines(PairPipeline& model, const PairOptions& options, const PredictionRequest& request,
                         const FieldNames& called)
    : model_(model),
      as_json_(request.as_json),
      file_name_(medium_of(options.files).column),
      folder_(request.stream ? "" : folder_of(request.file)),
      reader_(open_rows(request, reading_of_pairs(options, request, called), called)),
      file_notes_(model.encoder(PairSide::files).notes()),
      text_notes_(model.encoder(PairSide::texts).notes()) {}

std::vector<std::string> PairCosines::notes() const { return lines_of(*file_notes_, *text_notes_); }

std::string PairCosines::header() const { return as_json_ ? "" : fmt::format("cosine\t{}\ttext\n", file_name_); }

bool PairCosines::next(int64_t count, std::string& lines) {
  lines.clear();
  std::vector<InputRow> files, texts;
  std::vector<Encoding> file_encodings, text_encodings;
  errors_.read(count, [&] {
    TableRow row;
    if (!reader_.next(row)) return false;
    const std::string where = reader_.where(row);
    InputRow file{.cells = {row.cells[0]}, .folder = folder_, .where = where};
    InputRow text{.cells = {row.cells[1]}, .where = where};
    Encoding of_file = model_.encoder(PairSide::files).encode(file);
    text_encodings.push_back(model_.encoder(PairSide::texts).encode(text));
    file_encodings.push_back(std::move(of_file));
    files.push_back(std::move(file));
    texts.push_back(std::move(text));
    return true;
  });
  if (files.empty()) return false;
  const std::vector<float> of_files = model_.embed(PairSide::files, pointers_to(file_encodings)),
                           of_texts = model_.embed(PairSide::texts, pointers_to(text_encodings));
  const auto width = static_cast<size_t>(model_.width());
  for (size_t i = 0; i < files.size(); ++i) {
    const auto row = [&](const std::vector<float>& of) { return std::span(of).subspan(i * width, width); };
    const auto cosine = static_cast<double>(exact_cosine(row(of_files), row(of_texts)));
    if (!std::isfinite(cosine)) {
      errors_.fail(i > 0, [&] { fail_of_overflow(files[i].where, "pair"); });
      return true;
    }
    file_notes_->add(files[i], file_encodings[i]);
    text_notes_->add(texts[i], text_encodings[i]);
    const std::string &file = files[i].cells[0], &text = texts[i].cells[0];
    if (as_json_) {
      lines += Json::object().set(file_name_, file).set("text", text).set("cosine", rounded(cosine)).dump() + "\n";
    } else {
      lines += fmt::format("{:.4f}\t{}\t{}\n", cosine, tsv_cell(file), tsv_cell(text));
    }
  }
  return true;
}

}  // namespace thaw
