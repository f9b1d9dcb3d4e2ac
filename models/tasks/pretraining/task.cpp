// SPDX-License-Identifier: Apache-2.0
// Options and data of pretraining.
#include "models/tasks/pretraining/task.h"

#include <optional>

#include "models/data/document_reader.h"
#include "models/families.h"
#include "models/tasks/pretraining/model.h"
#include "models/tasks/text_survey.h"
#include "tensor/check.h"
#include "tensor/quote.h"

namespace thaw {

std::vector<OptionField> PretrainingTask::options(TaskUse use) {
  MlmOptions& masks = options_.masks;
  std::vector<OptionField> list = {{"text_column", &masks.text_column, "column of the text"},
                                   max_length_option(),
                                   {.name = "next_sentence",
                                    .field = &options_.next_sentence,
                                    .help = "on: tell whether the second of two texts follows the first, too; off: "
                                            "masked words of the same texts alone, by a head for these",
                                    .words = {"on", "off"},
                                    .kept = true}};
  if (use == TaskUse::prediction) {
    list.push_back(
        {.name = "top_k", .field = &masks.top_k, .help = "how many words for each mask", .range = {1, 1'000'000}});
    return list;
  }
  list[1].help = "texts of more tokens become several examples (default: what model and tokenizer allow, at most 512)";
  list.push_back({.name = "mlm_probability",
                  .field = &masks.mlm_probability,
                  .help = "share of a text's tokens that are to be found again, at least one a text",
                  .range = {0, 1, true, true},
                  .kept = true});
  list.push_back({.name = "token_mask",
                  .field = &masks.token_mask,
                  .help = "draw tokens to mask one by one, not whole words",
                  .kept = true});
  return list;
}

TaskHelp PretrainingTask::help() const {
  return {.data =
              "Pretraining takes texts of several sentences, a row of a table each, or in plain text lines up to an "
              "empty one. Sentences end at\nline breaks and at \". \". An example is as many sentences of a text as "
              "fit: the first of them, and in half of the examples\nthose that follow, in the others sentences of "
              "another text of the file; all of it, and what is masked, is drawn anew in each\nepoch. Warned of: "
              "duplicates, leaks between splits, empty texts, unknown tokens.",
          .predictions =
              "Of a text with [MASK] (the tokenizer's mask token): mask (which of the text's, from 1), word, "
              "probability, text; a line for\neach of the --top-k likeliest words. JSONL: \"masks\", a list of such "
              "words for each mask. A text without a mask is an error."};
}

void PretrainingTask::check_options(TaskUse) const { check_room(5); }

void PretrainingTask::look_at(const std::string&, const std::string& train_file) {
  DocumentReader(train_file, options_.masks.text_column);
}

std::vector<std::string> PretrainingTask::metric_names() const { return PretrainingModel::metric_names(options_); }

std::unique_ptr<TaskModel> PretrainingTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  const auto checkpoint = open_text_checkpoint(directory, opening.first_weights);
  if (options_.in_pairs() && checkpoint->has("ForMaskedLM") && !checkpoint->has("ForPreTraining"))
    fail("{}: a model of {} has no head for next sentences; {}: off", directory,
         quote(checkpoint->config().json.get_string_or("model_type", "bert")), called_("next_sentence"));
  return std::make_unique<PretrainingModel>(directory, pipeline_options(opening), options_, called_);
}

DataReport PretrainingTask::check_data(const std::string& directory, const std::vector<DataSplit>& splits) {
  std::optional<TextEncoder> encoder;
  if (!directory.empty()) encoder = open_text_encoder(directory, max_length());
  return report_of_rows(splits, encoder ? &*encoder : nullptr, "which become several examples",
                        [&](const DataSplit& split, const TakeRow& take) -> std::vector<std::string> {
                          DocumentReader reader(split.file, options_.masks.text_column);
                          for (Document document; reader.next(document);)
                            take({document.text, {}, {}, reader.where(document)});
                          return {};
                        });
}

}  // namespace thaw
