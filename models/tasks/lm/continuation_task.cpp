// SPDX-License-Identifier: Apache-2.0
// Options of continuing texts.
#include "models/tasks/lm/continuation_task.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "models/tasks/lm/continuation_predictor.h"
#include "models/tasks/lm/model.h"
#include "models/tasks/task_record.h"

namespace thaw {
namespace {

// Options that change nothing where a prompt is all there is: it stands alone, and is never cut into windows.
constexpr std::string_view of_texts_to_learn[] = {"text_separator", "stride", "mask_prompt", "prompt_separator",
                                                  "max_length"};

class ContinuingModel : public LmModel {
 public:
  ContinuingModel(const std::string& directory, const TextPipelineOptions& opening, LmOptions options,
                  ContinuationOptions how, FieldNames called)
      : LmModel(directory, opening, std::move(options), std::move(called)), how_(std::move(how)) {}

  std::unique_ptr<Predictor> predictor(const PredictionRequest& request) override {
    return std::make_unique<ContinuationPredictor>(text(), options(), how_, request, called());
  }

 private:
  ContinuationOptions how_;
};

}  // namespace

std::vector<OptionField> ContinuationTask::options(TaskUse use) {
  std::vector<OptionField> list = LmTask::options(use);
  // What a directory keeps is read of all of them; asked for is what prompts go by.
  if (use == TaskUse::prediction)
    std::erase_if(list, [](const OptionField& option) {
      return std::ranges::find(of_texts_to_learn, option.name) != std::end(of_texts_to_learn);
    });
  for (std::vector<OptionField> more :
       {how_.generation.judged_fields(), how_.generation.other_fields(), how_.tokens.fields()})
    for (OptionField& field : more) list.push_back(std::move(field));
  list.push_back(
      {"truncate", &how_.truncate, "cut the beginnings of prompts that leave no room, which else are an error"});
  return list;
}

TaskHelp ContinuationTask::help() const {
  return {.data = LmTask::help().data,
          .predictions =
              "Of each prompt: text (what follows it), prompt; with --num-return-sequences number, score, "
              "text, prompt, the best first."};
}

void ContinuationTask::check_options(TaskUse use) const {
  check_lists(how_.tokens, called_);
  LmTask::check_options(use);
}

std::unique_ptr<TaskModel> ContinuationTask::open_model(const std::string& directory,
                                                        const TaskOpening& opening) const {
  ContinuationOptions how = how_;
  how.generation.kept = taken_up();
  // Whatever column prompts are in now, it has learnt answers if its own training had one.
  const std::optional<TaskRecord> record = read_task_record(directory);
  if (record && !record->options.get_string_or("prompt_column", "").empty()) how.separator = options_.prompt_separator;
  return std::make_unique<ContinuingModel>(directory, pipeline_options(opening), options_, std::move(how), called_);
}

}  // namespace thaw
