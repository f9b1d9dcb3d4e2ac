// SPDX-License-Identifier: Apache-2.0
// Reads captions, samples in batches, writes files.
#include "models/tasks/text_to_image/predictor.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "models/generation/generate.h"
#include "models/image/picture_file.h"
#include "models/tasks/prediction_rows.h"
#include "models/tasks/prediction_text.h"
#include "tensor/check.h"
#include "tensor/io/atomic_file.h"
#include "tensor/io/json.h"

namespace thaw {
namespace {

constexpr int64_t most_at_once = 64;  // pictures

TableReading reading(const TextToImageOptions& options) {
  TableReading reading;
  reading.columns = reading.text_columns = {options.text_column};
  return reading;
}

}  // namespace

GenerationOptions image_generation(const ImageTokens& tokens, int64_t vocab_size, const TextToImageOptions& options) {
  GenerationOptions generation;
  generation.max_new_tokens = tokens.pixels();
  generation.num_return_sequences = options.samples;
  generation.do_sample = true;
  generation.temperature = options.temperature;
  generation.top_k = options.top_k;
  generation.top_p = options.top_p;
  generation.seed = static_cast<uint64_t>(options.seed);
  for (int64_t id = 0; id < vocab_size; ++id)
    if (!tokens.is_colour(static_cast<int32_t>(id))) generation.suppress_tokens.push_back(static_cast<int32_t>(id));
  return generation;
}

TextToImagePredictor::TextToImagePredictor(TextPipeline& model, std::shared_ptr<const SequenceEncoder> encoder,
                                           const TextToImageOptions& options, const PredictionRequest& request,
                                           const FieldNames& called)
    : model_(model),
      encoder_(std::move(encoder)),
      options_(options),
      generation_(image_generation(encoder_->tokens(), model.model().limits().vocab_size, options)),
      overwrite_name_(called("overwrite")),
      as_json_(request.as_json),
      rows_(open_rows(request, reading(options), called)) {}

std::vector<std::string> TextToImagePredictor::notes() const {
  const std::string line = cut_.to_text("caption");
  return line.empty() ? std::vector<std::string>() : std::vector{line};
}

std::string TextToImagePredictor::path_of(int64_t row, int64_t sample) const {
  const std::string name =
      options_.samples == 1 ? fmt::format("{:05}.png", row + 1) : fmt::format("{:05}_{}.png", row + 1, sample + 1);
  return (std::filesystem::path(options_.folder) / name).string();
}

void TextToImagePredictor::check_is_free(int64_t row) const {
  std::error_code ignored;
  for (int64_t sample = 0; sample < options_.samples && !options_.overwrite; ++sample)
    if (const std::string path = path_of(row, sample); std::filesystem::exists(path, ignored))
      fail("{}: is there already: {} replaces it", path, overwrite_name_);
}

bool TextToImagePredictor::next(int64_t count, std::string& lines) {
  lines.clear();
  const int64_t first = read_;
  std::vector<Drawn> rows;
  std::vector<Encoding> prompts;
  errors_.read(count, [&] {
    TableRow row;
    if (!rows_.next(row)) return false;
    Encoding prompt = encoder_->prompt(row.cells[0], rows_.where(row));
    check_is_free(read_);
    rows.push_back({.caption = std::move(row.cells[0]), .where = rows_.where(row)});
    prompts.push_back(std::move(prompt));
    ++read_;
    return true;
  });
  if (rows.empty()) return false;
  ParentDirectories folder(path_of(first, 0));
  folder.commit();
  const auto at_once = static_cast<size_t>(std::max<int64_t>(1, most_at_once / options_.samples));
  for (size_t begin = 0; begin < rows.size(); begin += at_once) {
    const size_t size = std::min(at_once, rows.size() - begin);
    draw(std::span(prompts).subspan(begin, size), first + static_cast<int64_t>(begin),
         std::span(rows).subspan(begin, size));
  }
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].overflowed) {  // what stands before it is answered
      errors_.fail(i > 0, [&] { fail_of_overflow(rows[i].where, "caption"); });
      return true;
    }
    cut_.add(static_cast<int64_t>(prompts[i].cut));
    lines += written(rows[i], first + static_cast<int64_t>(i));
  }
  return true;
}

void TextToImagePredictor::draw(std::span<const Encoding> prompts, int64_t first, std::span<Drawn> rows) const {
  GenerationRequest request;
  for (const Encoding& prompt : prompts) {
    request.numbers.push_back(static_cast<uint64_t>(first) + request.prompts.size());
    request.prompts.push_back(prompt.ids);
  }
  request.on_overflow = [&](size_t row) { rows[row].overflowed = true; };
  const std::unique_ptr<Decoder> decoder = model_.model().decoder();
  const auto hypotheses = generate(*decoder, request, generation_);
  for (size_t i = 0; i < rows.size(); ++i)
    for (const Hypothesis& one : hypotheses[i]) rows[i].pictures.push_back(one.ids);
}

std::string TextToImagePredictor::written(const Drawn& row, int64_t number) const {
  std::string lines;
  for (size_t i = 0; i < row.pictures.size(); ++i) {
    const std::string path = path_of(number, static_cast<int64_t>(i));
    write_png(path, encoder_->picture(row.pictures[i]));
    lines += as_json_ ? Json::object().set("image", path).set("text", row.caption).dump() + "\n"
                      : tsv_cell(path) + "\t" + tsv_cell(row.caption) + "\n";
  }
  return lines;
}

}  // namespace thaw
