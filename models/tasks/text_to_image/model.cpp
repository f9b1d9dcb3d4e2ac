// SPDX-License-Identifier: Apache-2.0
// Opens a model, and holds it to what its ids stand for.
#include "models/tasks/text_to_image/model.h"

#include <fmt/format.h>

#include <utility>

#include "models/families.h"
#include "models/hub/bare_change.h"
#include "models/hub/model_directory.h"
#include "models/tasks/checksum.h"
#include "models/tasks/text_to_image/examples.h"
#include "models/tasks/text_to_image/predictor.h"
#include "nn/name_pattern.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr TextPurpose purpose{"LMHeadModel", "what comes next", false};

TextPipelineOptions cut_to(const ImageTokens& tokens, TextPipelineOptions how) {
  how.max_length = tokens.caption_length;
  return how;
}

// Tables with new rows are trained, and saved, beside adapters as a head is.
void name_tables(TextPipeline& text) {
  const NamePattern tables(family_of(text.config().json).words);
  ParameterStore& store = text.store();
  for (const Parameter& parameter : store.all())
    if (tables.matches(parameter.name())) store.name_head(parameter.name());
}

// Before tables get rows for what image_tokens.json tells of.
void check_fit(const std::string& directory, const ImageTokens& tokens) {
  const int64_t positions = text_limits_of(directory).positions_left();
  if (tokens.length() > positions)
    fail("{}: a picture of {} x {} pixels behind a caption of {} places needs {} positions, the model has {}",
         directory, tokens.height, tokens.width, tokens.caption_length, tokens.length(), positions);
  const auto words = static_cast<int64_t>(load_tokenizer(tokenizer_directory(directory))->vocab_size());
  if (words != tokens.caption_words())
    fail("{}: image_tokens.json leaves {} words to captions (offset {}), the tokenizer has {}", directory,
         tokens.caption_words(), tokens.offset, words);
}

std::shared_ptr<TextPipeline> opened(const std::string& directory, const TextPipelineOptions& how,
                                     const ImageTokens& tokens) {
  check_model_directory(directory, how.first_weights);
  check_fit(directory, tokens);
  bool is_wider = false;
  const auto widen = [&](TextCheckpoint& checkpoint) {
    is_wider = !how.trained && checkpoint.widen_words(tokens.words(), how.seed);
    if (is_wider)
      checkpoint.source().note(fmt::format("{}: words for {} places of captions and {} colours are new", directory,
                                           tokens.caption_length, tokens.palette.size()));
  };
  auto text = std::make_shared<TextPipeline>(directory, purpose, cut_to(tokens, how), widen);
  if (is_wider) name_tables(*text);
  if (const int64_t words = text->model().limits().vocab_size; tokens.words() > words)
    fail("{}: image_tokens.json tells of {} words, the model has {}", directory, tokens.words(), words);
  return text;
}

}  // namespace

TextToImageModel::TextToImageModel(const std::string& directory, const TextPipelineOptions& how,
                                   const ImageTokens& tokens, TextToImageOptions options, FieldNames called)
    : TextToImageModel(opened(directory, how, tokens), tokens, std::move(options), std::move(called)) {}

TextToImageModel::TextToImageModel(const TextToImageModel& like, const Device& dry)
    : TextToImageModel(std::make_shared<TextPipeline>(*like.text_, dry), like.encoder_->tokens(), like.options_,
                       like.called_) {}

TextToImageModel::TextToImageModel(std::shared_ptr<TextPipeline> text, const ImageTokens& tokens,
                                   TextToImageOptions options, FieldNames called)
    : TextTaskModel(text),
      text_(std::move(text)),
      encoder_(std::make_shared<SequenceEncoder>(text_->encoder(), tokens)),
      options_(std::move(options)),
      called_(std::move(called)) {}

std::string TextToImageModel::description() const {
  const ImageTokens& tokens = encoder_->tokens();
  return fmt::format("pictures of captions ({} x {} pixels of {} colours, {} places of a caption)", tokens.height,
                     tokens.width, tokens.palette.size(), tokens.caption_length);
}

std::unique_ptr<Examples> TextToImageModel::read(const std::string& file) {
  return std::make_unique<TextToImageExamples>(*text_, encoder_, read_sequences(*encoder_, file, options_));
}

std::unique_ptr<Examples> TextToImageModel::longest(int64_t count) {
  const EncodedTexts sequences = EncodedTexts::made_up(count, encoder_->made_up());
  return std::make_unique<TextToImageExamples>(
      *text_, encoder_, std::make_shared<TextToImageExamples::Data>(TextToImageExamples::Data{sequences}));
}

std::unique_ptr<Predictor> TextToImageModel::predictor(const PredictionRequest& request) {
  return std::make_unique<TextToImagePredictor>(*text_, encoder_, options_, request, called_);
}

Fingerprint TextToImageModel::identity() const {
  const ImageTokens& tokens = encoder_->tokens();
  std::string colours;
  for (const PaletteColour& colour : tokens.palette) colours += hex_of(colour);
  Fingerprint identity = TextTaskModel::identity();
  identity["ids of pictures"] =
      fmt::format("{}, the first colour {}, {}", description(), tokens.offset, checksum_text(crc32c(colours)));
  return identity;
}

void TextToImageModel::save_model(const std::string& directory, const SaveOptions& options) const {
  TextTaskModel::save_model(directory, options);
  write_image_tokens(directory, encoder_->tokens());
}

}  // namespace thaw
