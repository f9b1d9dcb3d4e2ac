// SPDX-License-Identifier: Apache-2.0
// The table of tasks. A new task is a line here.
#include "models/tasks/task_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "models/hub/config.h"
#include "models/tasks/classification/file_tasks.h"
#include "models/tasks/classification/task.h"
#include "models/tasks/embed/task.h"
#include "models/tasks/frozen/task.h"
#include "models/tasks/lm/continuation_task.h"
#include "models/tasks/lm/task.h"
#include "models/tasks/mlm/task.h"
#include "models/tasks/pairs/task.h"
#include "models/tasks/pretraining/task.h"
#include "models/tasks/qa/task.h"
#include "models/tasks/ranking/task.h"
#include "models/tasks/spans/task.h"
#include "models/tasks/task_record.h"
#include "models/tasks/text2text/task.h"
#include "models/tasks/text_to_image/task.h"
#include "models/tasks/tokens/task.h"
#include "models/tasks/vqa/task.h"
#include "tensor/check.h"
#include "tensor/io/json.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

struct Entry {
  std::unique_ptr<Task> (*make)(FieldNames);
  // How the architectures end that are this task's alone, of any family; empty: only the name asks for it.
  std::string_view architecture;
  std::unique_ptr<Task> (*make_writing)(FieldNames) = nullptr;  // the same, asked for texts; null: it writes none
  std::array<std::string_view, 2> others = {};                  // endings of other architectures

  bool is_for(const std::string& model) const {
    const auto ends = [&](std::string_view ending) { return !ending.empty() && model.ends_with(ending); };
    return ends(architecture) || std::ranges::any_of(others, ends);
  }
};

template <typename T>
std::unique_ptr<Task> make(FieldNames called) {
  return std::make_unique<T>(std::move(called));
}

// Of two that an architecture's name fits, the first: T5WithLMHeadModel, an old name of T5's, says no next tokens; ViLT
// is asked about pictures, not for words of a text.
constexpr Entry tasks[] = {
    {make<ClassificationTask>, "ForSequenceClassification"},
    {make<ImageClassificationTask>, "ForImageClassification"},
    {make<AudioClassificationTask>, "ForAudioClassification"},
    {make<VideoClassificationTask>, "ForVideoClassification"},
    {make<ImageTextTask>, "CLIPModel", nullptr, {"VisionTextDualEncoderModel"}},
    {make<SpeechTextTask>, "SpeechTextModel"},
    {make<MlmTask>, "ForMaskedLM"},
    {make<TokensTask>, "ForTokenClassification"},
    {make<VqaTask>, "ViltForQuestionAnswering"},
    {make<QaTask>, "ForQuestionAnswering"},
    {make<Text2TextTask>,
     "ForConditionalGeneration",
     make<Text2TextTask>,
     {"EncoderDecoderModel", "T5WithLMHeadModel"}},
    {make<LmTask>, "LMHeadModel", make<ContinuationTask>},
    {make<EmbedTask>, ""},
    {make<SpansTask>, ""},
    {make<PretrainingTask>, "ForPreTraining"},
    {make<FrozenTask>, ""},
    {make<RankingTask>, ""},
    {make<TextToImageTask>, ""},
};

}  // namespace

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const Entry& task : tasks) names.emplace_back(task.make({})->name());
  return names;
}

std::unique_ptr<Task> make_task(std::string_view name, FieldNames called) {
  for (const Entry& entry : tasks)
    if (std::unique_ptr<Task> task = entry.make(called); task->name() == name) return task;
  throw std::invalid_argument(fmt::format("{} is no task; there are: {}", quote(name), listed(task_names())));
}

std::vector<std::string> writing_task_names() {
  std::vector<std::string> names;
  for (const Entry& task : tasks)
    if (task.make_writing) names.emplace_back(task.make({})->name());
  return names;
}

std::unique_ptr<Task> make_writing_task(std::string_view name, FieldNames called) {
  for (const Entry& entry : tasks)
    if (entry.make_writing)
      if (std::unique_ptr<Task> task = entry.make_writing(called); task->name() == name) return task;
  throw std::invalid_argument(
      fmt::format("{} is no task of writing; there are: {}", quote(name), listed(writing_task_names())));
}

std::string writing_task_of(const std::string& directory) {
  const std::string writer(Text2TextTask().name()), own = task_of_directory(directory);
  const std::vector<std::string> names = writing_task_names();
  return std::ranges::find(names, own) != names.end() ? own : writer;
}

std::string task_of_directory(const std::string& directory) {
  const std::vector<std::string> names = task_names();
  if (const auto record = read_task_record(directory)) {
    if (std::ranges::find(names, record->task) == names.end())
      fail("{}: it is for the task {}; there are: {}", directory, quote(record->task), listed(names));
    return record->task;
  }
  try {
    const Json config = read_config_json(directory);
    const Json* architectures = config.find("architectures");
    if (architectures && architectures->is_array())
      for (const Json& architecture : architectures->items())
        for (const Entry& entry : tasks)
          if (architecture.is_string() && entry.is_for(architecture.as_string()))
            return std::string(entry.make({})->name());
  } catch (const std::runtime_error&) {  // opening it says what is wrong
  }
  return names[0];
}

}  // namespace thaw
