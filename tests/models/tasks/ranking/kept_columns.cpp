// SPDX-License-Identifier: Apache-2.0
// The columns that a ranking was learnt from are kept with its model: who judges it compares what training compared.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/bert/classification.h"
#include "models/tasks/task_table.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

// Sets options as a program does: they are no longer the directory's.
void give(Task& task, TaskUse use, const Given& given) {
  for (const auto& [name, value] : given) {
    for (const OptionField& option : task.options(use))
      if (option.name == name) *std::get<std::string*>(option.field) = value;
    task.take_over_option(name);
  }
}

// Answers to two questions, with points that only mean something within a question, and the same in pairs; a table's
// "score" is something else.
struct Answers {
  ScratchFolder folder;
  std::string scored, pairs;
  const Given by_points{{"text_column", "answer"}, {"score_column", "points"}, {"group_column", "question"}};
  const Given by_pairs{{"better_column", "chosen"}, {"worse_column", "rejected"}, {"prompt_column", "question"}};

  Answers() {
    BertConfig config = small_bert_config();
    config.labels = {"LABEL_0"};
    write_small_model<BertForSequenceClassification>(folder / "model", config);
    scored = folder
                 .write("scored.tsv",
                        "question\tanswer\tpoints\tscore\nthe cat\tgood film\t2\t7\nthe cat\tbad\t1\t9\n"
                        "the dog\tvery good\t40\t1\nthe dog\ton the mat\t30\t2\n")
                 .string();
    pairs =
        folder
            .write("pairs.tsv", "question\tchosen\trejected\nthe cat\tgood film\tbad\nthe dog\tvery good\ton the mat\n")
            .string();
  }
  // The metrics of a run, which saves its model.
  Metrics save(const std::string& file, const Given& given) const {
    const auto task = make_task("ranking");
    give(*task, TaskUse::training, given);
    task->check_options(TaskUse::training);
    task->look_at(folder / "model", file);
    const auto model = task->open(folder / "model", {.seed = 5});
    model->save(folder / "saved");
    return model->read(file)->evaluate()->metrics();
  }
  // The task of what was saved, with options beside what is kept.
  std::unique_ptr<Task> task(TaskUse use, const Given& given) const {
    auto task = make_task("ranking");
    task->take_up_options(folder / "saved", use);
    give(*task, use, given);
    task->check_options(use);
    return task;
  }
  Metrics evaluate(const std::string& file, const Given& given) const {
    const auto judge = task(TaskUse::evaluation, given);
    Metrics metrics = judge->open(folder / "saved", {.trained = true})->read(file)->evaluate()->metrics();
    CHECK(metrics.size() == judge->metric_names().size());
    return metrics;
  }
};

}  // namespace

TEST_CASE("kept columns of a ranking: an evaluation compares within the groups, and by the scores, of training") {
  const Answers answers;
  const Metrics trained = answers.save(answers.scored, answers.by_points);
  const Given text{{"text_column", "answer"}};
  CHECK(answers.evaluate(answers.scored, text) == trained);
  CHECK(answers.evaluate(answers.scored, {{"text_column", "answer"}, {"group_column", ""}}) != trained);
  CHECK(answers.evaluate(answers.scored, {{"text_column", "answer"}, {"score_column", "score"}}) != trained);
  CHECK(answers.task(TaskUse::evaluation, text)->notes() ==
        std::vector<std::string>{"score_column: \"points\", as in training",
                                 "group_column: \"question\", as in training"});
  CHECK(answers.task(TaskUse::evaluation, {{"group_column", "question"}})->notes() ==
        std::vector<std::string>{"score_column: \"points\", as in training"});
  CHECK(answers.task(TaskUse::training, {})->notes().empty());
}

TEST_CASE("kept columns of a ranking: pairs are judged as pairs, behind what they are answers to") {
  const Answers answers;
  const Metrics trained = answers.save(answers.pairs, answers.by_pairs);
  CHECK(answers.evaluate(answers.pairs, {}) == trained);
  CHECK(answers.evaluate(answers.pairs, {{"prompt_column", ""}}) != trained);
  CHECK(answers.task(TaskUse::evaluation, {})->warnings().empty());
  CHECK(answers.task(TaskUse::evaluation, {{"prompt_column", ""}})->warnings().size() == 1);
  const auto predicts = answers.task(TaskUse::prediction, {{"text_column", "chosen"}});
  CHECK(predicts->notes().empty());
  CHECK(predicts->warnings().size() == 1);  // it reads the second text, too, if it is named
}

TEST_CASE("kept columns of a ranking: what is asked for is in the place of what does not stand beside it") {
  const Answers answers;
  answers.save(answers.pairs, answers.by_pairs);
  CHECK(answers.evaluate(answers.scored, answers.by_points).contains("spearman"));
  CHECK(answers.evaluate(answers.scored, {{"text_column", "answer"}, {"score_column", "score"}}).contains("spearman"));
  answers.save(answers.scored, answers.by_points);
  CHECK_FALSE(answers.evaluate(answers.pairs, answers.by_pairs).contains("spearman"));
  CHECK(answers.task(TaskUse::evaluation, answers.by_pairs)->notes().empty());
  const auto error = [&](const Given& given) { return error_of([&] { answers.task(TaskUse::evaluation, given); }); };
  CHECK(error({{"worse_column", "rejected"}}) == "worse_column: pairs need better_column, too");
  CHECK(error({{"better_column", "a"}, {"worse_column", "b"}, {"score_column", "points"}}) ==
        "better_column: pairs need no score_column");
}
