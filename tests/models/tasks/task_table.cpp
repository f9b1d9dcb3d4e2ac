// SPDX-License-Identifier: Apache-2.0
// Tasks by name and by a directory's architectures.
#include "models/tasks/task_table.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("task table: what there is, and what is said of what there is not") {
  for (const std::string& name : task_names()) CHECK(make_task(name) != nullptr);
  CHECK_THROWS_WITH_AS(make_task("juggling"), doctest::Contains("\"juggling\" is no task; there are: classification"),
                       std::invalid_argument);
}

TEST_CASE("task table: a directory's task, and the first one's where none is said") {
  const ScratchFolder folder;
  CHECK(task_of_directory(folder / "none") == task_names()[0]);
  folder.write("config.json", R"({"architectures": ["BertModel"]})");
  CHECK(task_of_directory(folder.path().string()) == task_names()[0]);
  for (const auto& known : {std::pair{"T5ForSequenceClassification", "classification"},
                            {"T5ForConditionalGeneration", "text2text"},
                            {"T5WithLMHeadModel", "text2text"},
                            {"BertForQuestionAnswering", "qa"},
                            {"ViltForQuestionAnswering", "vqa"},
                            {"EncoderDecoderModel", "text2text"},
                            {"GPT2LMHeadModel", "lm"},
                            {"OpenAIGPTLMHeadModel", "lm"}}) {
    INFO(known.first);
    folder.write("config.json", fmt::format(R"({{"architectures": ["{}"]}})", known.first));
    CHECK(task_of_directory(folder.path().string()) == known.second);
    CHECK(writing_task_of(folder.path().string()) == (known.second == std::string("lm") ? "lm" : "text2text"));
  }
}

TEST_CASE("task: options have help, and columns distinct roles") {
  for (const TaskUse use : {TaskUse::training, TaskUse::evaluation, TaskUse::prediction}) {
    const auto task = make_task("classification");
    for (const OptionField& option : task->options(use)) {
      CHECK_FALSE(option.help.empty());
      if (option.name == "text_column") *std::get<std::string*>(option.field) = "label";
    }
    if (use == TaskUse::prediction) {
      CHECK_NOTHROW(task->check_options(use));
    } else {
      CHECK_THROWS_WITH_AS(task->check_options(use), doctest::Contains("text_column and label_column: both are"),
                           std::invalid_argument);
    }
  }
}
