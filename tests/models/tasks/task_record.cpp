// SPDX-License-Identifier: Apache-2.0
// What a directory keeps of the task that it was trained for.
#include "models/tasks/task_record.h"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "models/bert/classification.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Settings {
  std::string pooling = "mean", column = "text";
  int64_t length = 0;
  double threshold = 0.5;
  bool unit = true;
  std::optional<int64_t> beams = {};
  std::optional<double> penalty = {};

  std::vector<OptionField> fields() {
    return {{.name = "pooling", .field = &pooling, .help = "", .words = {"mean", "first"}, .kept = true},
            {.name = "column", .field = &column, .help = ""},
            {.name = "length", .field = &length, .help = "", .kept = true, .of_data = true},
            {.name = "threshold", .field = &threshold, .help = "", .range = {0, 1}, .kept = true},
            {.name = "unit", .field = &unit, .help = "", .kept = true},
            {.name = "beams", .field = &beams, .help = "", .range = {1}, .kept = true},
            {.name = "penalty", .field = &penalty, .help = "", .kept = true}};
  }
};

}  // namespace

TEST_CASE("task record: kept options come back with their values, others do not") {
  const ScratchFolder folder;
  Settings saved{"first", "body", 128, 0.1, false, {}, 0}, read;
  write_task_record(folder.path().string(), make_task_record("stars", saved.fields()));
  const auto record = read_task_record(folder.path().string());
  REQUIRE(record);
  CHECK(record->task == "stars");
  Settings trained;
  CHECK(take_up(*record, trained.fields(), {"length"}) ==
        std::vector<std::string>{"pooling", "threshold", "unit", "penalty"});
  CHECK(trained.length == Settings().length);
  CHECK(trained.pooling == "first");
  CHECK(take_up(*record, read.fields()).size() == 5);
  CHECK(read.pooling == "first");
  CHECK(read.column == "text");
  CHECK(read.length == 128);
  CHECK(read.threshold == 0.1);
  CHECK_FALSE(read.unit);
  CHECK_FALSE(read.beams);
  CHECK(read.penalty == 0);
  CHECK_FALSE(read_task_record(folder / "nowhere"));
}

TEST_CASE("task record: what cannot be meant is an error that names file and option") {
  const ScratchFolder folder;
  const auto error = [&](const std::string& options) -> std::string {
    folder.write("thaw_task.json", R"({"task": "stars", "options": )" + options + "}");
    Settings settings;
    try {
      take_up(*read_task_record(folder.path().string()), settings.fields());
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return "none";
  };
  CHECK(error("{}") == "none");
  for (const char* options : {R"({"poling": "mean"})", R"({"column": "body"})"})
    CHECK(error(options).find("no option that the task stars keeps") != std::string::npos);
  CHECK(error(R"({"pooling": "max"})").find("thaw_task.json: options.pooling: \"max\" is none of") !=
        std::string::npos);
  CHECK(error(R"({"threshold": 2})").find("threshold: 2 is not in [0, 1]") != std::string::npos);
  CHECK(error(R"({"length": 1.5})").find("length") != std::string::npos);
  CHECK(error(R"({"beams": 0})").find("beams: 0 is not in [1, inf)") != std::string::npos);
  CHECK(error(R"({"unit": "yes"})").find("unit") != std::string::npos);
}

TEST_CASE("task record: a saved model is of its task, and takes up its options; a damaged record is an error") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"high", "low"};
  config.problem_type = ProblemType::multi_label;
  write_small_model<BertForSequenceClassification>(folder / "model", config);
  const auto task = make_task("classification");
  for (const OptionField& option : task->options(TaskUse::prediction))
    if (option.name == "threshold") *std::get<double*>(option.field) = 0.25;
  task->open(folder / "model", {.device = Device::open("reference")})->save(folder / "saved");
  CHECK(task_of_directory(folder / "saved") == "classification");

  const auto again = make_task("classification");
  again->take_up_options(folder / "saved", TaskUse::prediction);
  for (const OptionField& option : again->options(TaskUse::prediction))
    if (option.name == "threshold") CHECK(*std::get<double*>(option.field) == 0.25);

  CHECK(again->warnings().empty());
  folder.write("saved/thaw_task.json", R"({"task": "classification", "options": {"takes_pairs": true}})");
  again->take_up_options(folder / "saved", TaskUse::prediction);
  REQUIRE(again->warnings().size() == 1);
  CHECK(again->warnings()[0].find("trained on pairs of texts, but there is no text_pair_column") != std::string::npos);

  folder.write("saved/thaw_task.json", R"({"task": "juggling", "options": {}})");
  CHECK_THROWS_WITH_AS(task_of_directory(folder / "saved"), doctest::Contains("for the task \"juggling\"; there are"),
                       std::runtime_error);
  folder.write("saved/thaw_task.json", "{");
  CHECK_THROWS_AS(task_of_directory(folder / "saved"), std::runtime_error);
}
