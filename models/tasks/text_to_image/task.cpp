// SPDX-License-Identifier: Apache-2.0
// Options and data of pictures of captions.
#include "models/tasks/text_to_image/task.h"

#include <fmt/format.h>

#include "models/families.h"
#include "models/tasks/text_to_image/captioned_rows.h"
#include "models/tasks/text_to_image/data_report.h"
#include "models/tasks/text_to_image/found_image_tokens.h"
#include "models/tasks/text_to_image/model.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Without a look at the weights: there may be none yet.
void check_continues_texts(const std::string& directory) {
  const std::unique_ptr<TextCheckpoint> checkpoint = open_text_checkpoint(directory, FirstWeights::random);
  if (!checkpoint->has("LMHeadModel"))
    fail("{}: a model of {} does not say what comes next, which draws pictures: one of GPT-1 or GPT-2 is needed",
         directory, quote(family_of(checkpoint->config().json).model_type));
}

}  // namespace

std::vector<OptionField> TextToImageTask::options(TaskUse use) {
  TextToImageOptions& o = options_;
  std::vector<OptionField> list = {
      {.name = "text_column", .field = &o.text_column, .help = "column of the text", .kept = true, .of_data = true}};
  if (use != TaskUse::prediction)
    list.push_back({.name = "image_column",
                    .field = &o.image_column,
                    .help = "column of the picture's path, from the folder that the table is in",
                    .kept = true,
                    .of_data = true});
  if (use == TaskUse::training)
    list.push_back({.name = "caption_length",
                    .field = &o.caption_length,
                    .help = "tokens of a caption; longer ones are cut (default: of the longest to learn from)",
                    .range = {fewest_caption_places, most_caption_places}});
  if (use != TaskUse::prediction) return list;
  list.push_back({"folder", &o.folder, "where pictures are written; it is made if need be"});
  list.push_back({"overwrite", &o.overwrite, "replace pictures that are in the folder"});
  list.push_back({.name = "samples", .field = &o.samples, .help = "pictures of each caption", .range = {1, 1000}});
  list.push_back({.name = "temperature",
                  .field = &o.temperature,
                  .help = "logits of colours are divided by this",
                  .range = {.least_open = true}});
  list.push_back({.name = "top_k", .field = &o.top_k, .help = "draw among so many likeliest colours; 0: all"});
  list.push_back({.name = "top_p",
                  .field = &o.top_p,
                  .help = "draw among the likeliest colours that together have this probability",
                  .range = {.most = 1, .least_open = true}});
  list.push_back({.name = "seed", .field = &o.seed, .help = "decides, with a row's number, what is drawn"});
  return list;
}

TaskHelp TextToImageTask::help() const {
  return {
      .data =
          "Pictures of captions take a table of captions and of pictures of one size, whose pixels have at most 256 "
          "colours together: each pixel is\na token, each colour a word. Size, colours and the places of captions "
          "are found in the training data, and kept. A picture of another\nsize, or with another colour, is an "
          "error. Warned of: such pictures, duplicates, leaks between splits, long captions, unknown tokens.",
      .predictions =
          "Of each caption: image (the file of a picture that is drawn of it, in --folder), text; with --samples a "
          "line a picture; JSONL: the same by\nname. --seed and a row's number decide what is drawn."};
}

void TextToImageTask::check_options(TaskUse use) const {
  check_columns({{"text_column", options_.text_column}, {"image_column", options_.image_column}});
  check(use != TaskUse::prediction || !options_.folder.empty(), "{}: pictures are written into a folder: name it",
        called_("folder"));
}

ImageTokens TextToImageTask::tokens_for(const std::string& directory, const std::string& train_file) const {
  if (directory.empty()) return find_image_tokens(train_file, options_, nullptr);
  check_continues_texts(directory);
  if (!has_image_tokens(directory)) {
    const TextEncoder captions = open_text_encoder(directory, 0);
    return find_image_tokens(train_file, options_, &captions);
  }
  ImageTokens tokens = read_image_tokens(directory);
  check(options_.caption_length == 0 || options_.caption_length == tokens.caption_length,
        "{} {}: captions have {} places by {}/image_tokens.json", called_("caption_length"), options_.caption_length,
        tokens.caption_length, directory);
  return tokens;
}

void TextToImageTask::look_at(const std::string& directory, const std::string& train_file) {
  if (directory.empty()) return;
  tokens_ = tokens_for(directory, train_file);
  is_new_ = !has_image_tokens(directory);
}

std::vector<std::string> TextToImageTask::notes() const {
  if (!tokens_ || !is_new_) return {};
  return {fmt::format("pictures of {} x {} pixels, {} colours, captions of {} places: sequences of {} tokens",
                      tokens_->height, tokens_->width, tokens_->palette.size(), tokens_->caption_length,
                      tokens_->length())};
}

bool TextToImageTask::would_find(std::string_view option, const std::string& directory,
                                 const std::string& train_file) const {
  if (option != "caption_length") return false;
  TextToImageTask task;
  task.options_ = options_;
  task.options_.caption_length = 0;
  return task.tokens_for(directory, train_file).caption_length == options_.caption_length;
}

void TextToImageTask::check_saved(const std::string& directory) const {
  TextTask::check_saved(directory);
  read_image_tokens(directory);
}

std::unique_ptr<TaskModel> TextToImageTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  if (!tokens_ && !has_image_tokens(directory))
    fail("{}: has no image_tokens.json: which pictures it draws is decided by data that it learns from", directory);
  return std::make_unique<TextToImageModel>(directory, pipeline_options(opening),
                                            tokens_ ? *tokens_ : read_image_tokens(directory), options_, called_);
}

DataReport TextToImageTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  check(!splits.empty(), "there are no data to look at");
  const ImageTokens tokens = tokens_for(directory, splits[0].file);
  std::optional<TextEncoder> captions;
  if (!directory.empty()) captions = open_text_encoder(directory, tokens.caption_length);
  return report_captioned_pictures(splits, options_, tokens, captions ? &*captions : nullptr);
}

}  // namespace thaw
