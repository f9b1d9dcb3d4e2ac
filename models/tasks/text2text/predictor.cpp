// SPDX-License-Identifier: Apache-2.0
// Reads sources, writes texts.
#include "models/tasks/text2text/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "models/data/file_extension.h"
#include "models/packed_text.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/counted.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

// Plain text has one column, whatever the option says.
TableReading reading(const Text2TextOptions& o, const PredictionRequest& request) {
  const bool is_plain = request.format ? *request.format == TableFormat::lines
                                       : request.stream || content_extension(request.file) == ".txt";
  TableReading reading;
  reading.columns = reading.text_columns = {is_plain ? "text" : o.source_column};
  return reading;
}

}  // namespace

Text2TextPredictor::Text2TextPredictor(const TextToText& model, const Text2TextOptions& options,
                                       const PredictionRequest& request, const FieldNames& called)
    : model_(model),
      writing_(model.writing(options, called)),
      prefix_(options.source_prefix),
      truncates_(options.truncate),
      as_json_(request.as_json),
      as_text_(request.as_text),
      truncate_name_(called("truncate")),
      max_length_name_(called("max_length")),
      output_format_name_(called("output_format")),
      reader_(open_rows(request, reading(options, request), called)) {
  writing_.options.with_scores = writes_several();
  if (request.batch_size > 0) writing_.batch_size = std::min(writing_.batch_size, request.batch_size);
  if (writing_.options.num_beams == 1 && !writes_several()) writing_.on_text = request.on_text;
}

std::vector<std::string> Text2TextPredictor::notes() const {
  std::vector<std::string> lines = notes_of(cut_, unknown_, "source");
  if (endless_ > 0)
    lines.push_back(fmt::format("{} of {} written {} no end within {} tokens", endless_, counted(texts_, "text"),
                                endless_ == 1 ? "has" : "have", writing_.options.max_new_tokens));
  if (stuck_ > 0)
    lines.push_back(fmt::format("{} of {}: cut short or missing, as the rules forbid every token", stuck_,
                                counted(static_cast<int64_t>(read_) * texts_of_one(), "text")));
  if (as_text_ && read_ > 1 && broken_ > 0)
    lines.push_back(fmt::format("{} of {}: with line breaks within; {} jsonl tells where each begins", broken_,
                                counted(texts_, "text"), output_format_name_));
  return lines;
}

std::string Text2TextPredictor::header() const {
  if (as_json_ || as_text_) return {};
  return writes_several() ? "number\tscore\ttext\tsource\n" : "text\tsource\n";
}

std::string Text2TextPredictor::line(const std::string& source, const std::vector<WrittenText>& texts) const {
  std::string lines;
  if (as_text_) {
    for (const WrittenText& one : texts) lines += one.text + "\n";
    return lines;
  }
  if (as_json_) {
    Json json = Json::object().set("source", source);
    if (!writes_several()) return json.set("text", texts.empty() ? "" : texts[0].text).dump() + "\n";
    Json list = Json::array();
    for (const WrittenText& one : texts)
      list.push_back(Json::object().set("text", one.text).set("score", rounded(one.score)));
    return json.set("texts", std::move(list)).dump() + "\n";
  }
  if (!writes_several()) return fmt::format("{}\t{}\n", tsv_cell(texts.empty() ? "" : texts[0].text), tsv_cell(source));
  if (texts.empty()) return fmt::format("1\t\t\t{}\n", tsv_cell(source));
  for (size_t i = 0; i < texts.size(); ++i)
    fmt::format_to(std::back_inserter(lines), "{}\t{:.4f}\t{}\t{}\n", i + 1, texts[i].score, tsv_cell(texts[i].text),
                   tsv_cell(source));
  return lines;
}

bool Text2TextPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<std::string> sources, places;
  std::vector<Encoding> encodings;
  errors_.read(rows, [&] {
    TableRow row;
    if (!reader_.next(row)) return false;
    const std::string where = reader_.where(row);
    Encoding encoding = model_.sources().encode_row(prefix_ + row.cells[0], {}, where);
    if (encoding.cut > 0 && !truncates_)
      fail("{}: the source has {} more than {}, {}: {} cuts its end, {} takes more", where,
           counted(encoding.cut, "token"), max_length_name_, model_.sources().max_length(), truncate_name_,
           max_length_name_);
    sources.push_back(std::move(row.cells[0]));
    encodings.push_back(std::move(encoding));
    places.push_back(where);
    return true;
  });
  if (sources.empty()) return false;
  const std::vector<WrittenTexts> written = model_.write(pointers_to(encodings), writing_, read_);
  read_ += sources.size();
  for (size_t i = 0; i < sources.size(); ++i) {
    if (written[i].overflowed) {  // what stands before it is answered
      errors_.fail(i > 0, [&] { fail_of_overflow(places[i], "source"); });
      return true;
    }
    cut_.add(static_cast<int64_t>(encodings[i].cut));
    const std::string source = prefix_ + sources[i];
    unknown_.add(encodings[i], {&source, 1}, model_.tokenizer(), places[i]);
    for (const WrittenText& one : written[i].texts) {
      ++texts_;
      endless_ += one.is_cut;
      stuck_ += one.is_stuck;
      broken_ += one.text.find('\n') != std::string::npos;
    }
    stuck_ += texts_of_one() - std::ssize(written[i].texts);
    const bool is_first = read_ - sources.size() + i == 0;
    if (as_text_ && writes_several() && !is_first) lines += "\n";
    lines += writing_.on_text ? "\n" : line(sources[i], written[i].texts);
  }
  return true;
}

}  // namespace thaw
