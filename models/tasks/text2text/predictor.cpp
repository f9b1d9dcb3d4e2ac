// SPDX-License-Identifier: Apache-2.0
// Reads sources, writes texts.
#include "models/tasks/text2text/predictor.h"

#include <fmt/format.h>

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

constexpr int64_t batch_tokens = 8192;  // sources times beams

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
      generation_(model.generation(options)),
      prefix_(options.source_prefix),
      truncates_(options.truncate),
      as_json_(request.as_json),
      truncate_name_(called("truncate")),
      max_length_name_(called("max_length")),
      reader_(open_rows(request, reading(options, request), called)) {
  generation_.with_scores = generation_.num_return_sequences > 1;
}

std::vector<std::string> Text2TextPredictor::notes() const {
  std::vector<std::string> lines;
  if (const std::string line = cut_.to_text(); !line.empty()) lines.push_back(line);
  if (endless_ > 0)
    lines.push_back(fmt::format("{} of {} written {} no end within {} tokens", endless_, counted(texts_, "text"),
                                endless_ == 1 ? "has" : "have", generation_.max_new_tokens));
  return lines;
}

std::string Text2TextPredictor::header() const {
  if (as_json_) return {};
  return generation_.num_return_sequences > 1 ? "number\tscore\ttext\tsource\n" : "text\tsource\n";
}

std::string Text2TextPredictor::line(const std::string& source, const std::vector<WrittenText>& texts) const {
  const bool several = generation_.num_return_sequences > 1;
  if (as_json_) {
    Json json = Json::object().set("source", source);
    if (!several) return json.set("text", texts.empty() ? "" : texts[0].text).dump() + "\n";
    Json list = Json::array();
    for (const WrittenText& one : texts)
      list.push_back(Json::object().set("text", one.text).set("score", rounded(one.score)));
    return json.set("texts", std::move(list)).dump() + "\n";
  }
  if (!several) return fmt::format("{}\t{}\n", tsv_cell(texts.empty() ? "" : texts[0].text), tsv_cell(source));
  if (texts.empty()) return fmt::format("1\t\t\t{}\n", tsv_cell(source));
  std::string lines;
  for (size_t i = 0; i < texts.size(); ++i)
    fmt::format_to(std::back_inserter(lines), "{}\t{:.4f}\t{}\t{}\n", i + 1, texts[i].score, tsv_cell(texts[i].text),
                   tsv_cell(source));
  return lines;
}

bool Text2TextPredictor::next(int64_t rows, std::string& lines) {
  lines.clear();
  std::vector<std::string> sources;
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
    return true;
  });
  if (sources.empty()) return false;
  const auto written = model_.write(pointers_to(encodings), generation_, batch_tokens, read_);
  read_ += sources.size();
  for (size_t i = 0; i < sources.size(); ++i) {
    cut_.add(static_cast<int64_t>(encodings[i].cut));
    for (const WrittenText& one : written[i]) {
      ++texts_;
      endless_ += one.is_cut;
    }
    lines += line(sources[i], written[i]);
  }
  return true;
}

}  // namespace thaw
