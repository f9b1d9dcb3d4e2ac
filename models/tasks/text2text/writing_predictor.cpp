// SPDX-License-Identifier: Apache-2.0
// Reads rows, prints what is written for them.
#include "models/tasks/text2text/writing_predictor.h"

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
TableReading reading(const std::string& column, const PredictionRequest& request) {
  const bool is_plain = request.format ? *request.format == TableFormat::lines
                                       : request.stream || content_extension(request.file) == ".txt";
  TableReading reading;
  reading.columns = reading.text_columns = {is_plain ? "text" : column};
  return reading;
}

}  // namespace

WritingPredictor::WritingPredictor(Rows rows, const GenerationOptions& options, const Tokenizer& tokenizer,
                                   const PredictionRequest& request, const FieldNames& called)
    : rows_(std::move(rows)),
      tokenizer_(tokenizer),
      texts_of_one_(options.num_return_sequences),
      as_json_(request.as_json),
      as_text_(request.as_text),
      output_format_name_(called("output_format")),
      reader_(open_rows(request, reading(rows_.column, request), called)) {
  if (options.num_beams == 1 && !writes_several()) on_text_ = request.on_text;
}

std::vector<std::string> WritingPredictor::notes() const {
  std::vector<std::string> lines = notes_of(cut_, unknown_, rows_.name);
  if (endless_ > 0)
    lines.push_back(fmt::format("{} of {} written {} no end within {}{} tokens", endless_, counted(texts_, "text"),
                                endless_ == 1 ? "has" : "have",
                                least_room_ < most_room_ ? fmt::format("{} to ", least_room_) : "", most_room_));
  if (empty_.count > 0)
    lines.push_back(fmt::format("{} {} no token, and no text is written behind {}; the first: {}",
                                counted(empty_.count, rows_.name), empty_.count == 1 ? "has" : "have",
                                empty_.count == 1 ? "it" : "them", empty_.first));
  if (stuck_ > 0)
    lines.push_back(fmt::format("{} of {}: cut short or missing, as the rules forbid every token", stuck_,
                                counted(static_cast<int64_t>(read_) * texts_of_one_, "text")));
  if (as_text_ && read_ > 1 && broken_ > 0)
    lines.push_back(fmt::format("{} of {}: with line breaks within; {} jsonl tells where each begins", broken_,
                                counted(texts_, "text"), output_format_name_));
  return lines;
}

std::string WritingPredictor::header() const {
  if (as_json_ || as_text_) return {};
  return fmt::format("{}text\t{}\n", writes_several() ? "number\tscore\t" : "", rows_.name);
}

std::string WritingPredictor::line(const std::string& row, const std::vector<WrittenText>& texts) const {
  std::string lines;
  if (as_text_) {
    for (const WrittenText& one : texts) lines += one.text + "\n";
    return texts.empty() ? "\n" : lines;
  }
  if (as_json_) {
    Json json = Json::object().set(std::string(rows_.name), row);
    if (!writes_several()) return json.set("text", texts.empty() ? "" : texts[0].text).dump() + "\n";
    Json list = Json::array();
    for (const WrittenText& one : texts)
      list.push_back(Json::object().set("text", one.text).set("score", rounded(one.score)));
    return json.set("texts", std::move(list)).dump() + "\n";
  }
  if (!writes_several()) return fmt::format("{}\t{}\n", tsv_cell(texts.empty() ? "" : texts[0].text), tsv_cell(row));
  if (texts.empty()) return fmt::format("1\t\t\t{}\n", tsv_cell(row));
  for (size_t i = 0; i < texts.size(); ++i)
    fmt::format_to(std::back_inserter(lines), "{}\t{:.4f}\t{}\t{}\n", i + 1, texts[i].score, tsv_cell(texts[i].text),
                   tsv_cell(row));
  return lines;
}

bool WritingPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<std::string> sources, places;
  std::vector<Encoding> encodings;
  errors_.read(rows, [&] {
    TableRow row;
    if (!reader_.next(row)) return false;
    const std::string where = reader_.where(row);
    Encoding encoding = encode(rows_.prefix + row.cells[0], where);
    sources.push_back(std::move(row.cells[0]));
    encodings.push_back(std::move(encoding));
    places.push_back(where);
    return true;
  });
  if (sources.empty()) return false;
  const std::vector<WrittenTexts> written = write(pointers_to(encodings), read_);
  read_ += sources.size();
  for (size_t i = 0; i < sources.size(); ++i) {
    if (written[i].overflowed) {  // what stands before it is answered
      errors_.fail(i > 0, [&] { fail_of_overflow(places[i], rows_.name); });
      return true;
    }
    cut_.add(static_cast<int64_t>(encodings[i].cut));
    const std::string source = rows_.prefix + sources[i];
    unknown_.add(encodings[i], {&source, 1}, tokenizer_, places[i]);
    for (const WrittenText& one : written[i].texts) {
      ++texts_;
      if (one.is_cut) {
        least_room_ = endless_ == 0 ? one.room : std::min(least_room_, one.room);
        most_room_ = std::max(most_room_, one.room);
        ++endless_;
      }
      stuck_ += one.is_stuck;
      broken_ += one.text.find('\n') != std::string::npos;
    }
    const bool is_empty = encodings[i].size() == 0;
    if (is_empty) empty_.add(places[i]);
    stuck_ += is_empty ? 0 : texts_of_one_ - std::ssize(written[i].texts);
    const bool is_first = read_ - sources.size() + i == 0;
    if (as_text_ && writes_several() && !is_first) lines += "\n";
    lines += on_text_ ? "\n" : line(sources[i], written[i].texts);
  }
  return true;
}

}  // namespace thaw
