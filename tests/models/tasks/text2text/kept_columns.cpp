// SPDX-License-Identifier: Apache-2.0
// The columns that a model was trained on are kept with it.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/t5/t5.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_model.h"
#include "tests/models/small_t5.h"
#include "tests/scratch_folder.h"

namespace thaw {
namespace {

std::string& text_field(Task& task, TaskUse use, std::string_view name) {
  for (const OptionField& option : task.options(use))
    if (option.name == name) return *std::get<std::string*>(option.field);
  throw std::invalid_argument("no such field");
}

}  // namespace

TEST_CASE("text2text: columns of the training data are those of evaluations, but of no other training") {
  const ScratchFolder folder;
  T5Config config = small_t5_config();
  config.vocab_size = small_vocabulary_size();
  write_small_model<T5ForConditionalGeneration>(folder / "model", config);
  folder.write("model/tokenizer_config.json", R"({"tokenizer_class": "BertTokenizer"})");
  const auto trained = make_task("text2text");
  text_field(*trained, TaskUse::training, "source_column") = "word";
  text_field(*trained, TaskUse::training, "target_column") = "said,also";
  trained->open(folder / "model", {.device = Device::open("reference")})->save(folder / "saved");

  const auto column = [&](TaskUse use, std::string_view name) {
    const auto task = make_task("text2text");
    task->take_up_options(folder / "saved", use);
    return text_field(*task, use, name);
  };
  CHECK(column(TaskUse::evaluation, "source_column") == "word");
  CHECK(column(TaskUse::evaluation, "target_column") == "said,also");
  CHECK(column(TaskUse::prediction, "source_column") == "word");
  CHECK(column(TaskUse::training, "source_column") == "source");
  CHECK(column(TaskUse::training, "target_column") == "target");

  const auto judged = make_task("text2text");
  judged->take_up_options(folder / "saved", TaskUse::evaluation);
  CHECK(judged->notes() == std::vector<std::string>{"source_column: \"word\", as in training",
                                                    "target_column: \"said,also\", as in training"});
  text_field(*judged, TaskUse::evaluation, "target_column") = "also";
  judged->take_over_option("target_column");
  CHECK(judged->notes() == std::vector<std::string>{"source_column: \"word\", as in training"});
}

}  // namespace thaw
