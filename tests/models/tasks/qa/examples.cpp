// SPDX-License-Identifier: Apache-2.0
// Windows to train on, questions to be judged by: places of answers, what belongs together, what is said of a file.
#include "models/tasks/qa/examples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "models/bert/classification.h"
#include "models/bert/question_answering.h"
#include "models/data/questions.h"
#include "models/hub/change_directory.h"
#include "models/metrics/squad.h"
#include "models/tasks/qa/model.h"
#include "models/tasks/qa/predictor.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/tasks/task_training.h"
#include "nn/freeze/freeze_mask.h"
#include "tensor/io/json.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// The second and third answer are not where they should be; the third one's place has no token.
const char* const rows =
    R"({"id": "a", "question": " who sat", "context": "the cat sat on the mat, the dog not", )"
    R"("answers": {"text": ["dog"], "answer_start": [28]}})"
    "\n"
    R"({"id": "b", "question": "who", "context": "very good", "answers": {"text": ["good"], "answer_start": [4]}})"
    "\n"
    R"({"id": "c", "question": "who", "context": "a  b", "answers": {"text": ["x"], "answer_start": [1]}})"
    "\n"
    R"({"id": "d", "question": "who", "context": "very good", "answers": {"text": [], "answer_start": []}})"
    "\n";

struct Opened {
  ScratchFolder folder;
  std::unique_ptr<TaskModel> model = open();
  std::shared_ptr<Examples> examples = model->read(folder.write("t.jsonl", rows).string());

  std::unique_ptr<TaskModel> open() {
    write_small_model<BertForQuestionAnswering>(folder / "model", small_bert_config());
    TextPipelineOptions how;
    how.device = Device::open("reference");
    how.max_length = 12;
    return std::make_unique<QaModel>(folder / "model", how, QaOptions{.doc_stride = 2, .version_2_with_negative = true},
                                     FieldNames{});
  }
};

}  // namespace

TEST_CASE("qa examples: windows know the answer's tokens, and the first token where they do not have it") {
  const Opened opened;
  const Examples& examples = *opened.examples;
  CHECK(examples.first_of_groups() == std::vector<int64_t>{0, 2, 3, 4});  // a has two windows
  const auto labelled = [&](int64_t example) {
    std::string all;
    for (const ShownExample::Token& token : examples.show(example).tokens)
      if (token.has_loss) all += token.text + ": " + token.label + ".";
    return all;
  };
  CHECK(labelled(0) == "[CLS]: start, end.");
  CHECK(labelled(1) == "dog: start, end.");
  CHECK(labelled(2) == "good: start, end.");  // learnt is what is there
  CHECK(labelled(3) == "[CLS]: start, end.");
  CHECK(labelled(4) == "[CLS]: start, end.");
  CHECK(examples.show(1).where == opened.folder / "t.jsonl" + ":1 (window 2 of 2)");
  CHECK(examples.show(1).truth == "dog");
  CHECK(examples.show(4).truth == "(no answer)");
  const std::vector<std::string> notes = examples.notes();
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].find("not where its answer_start says (what is there is learnt): 2, the first") != std::string::npos);
  CHECK(notes[0].find("t.jsonl:2, question \"b\"") != std::string::npos);
  CHECK(notes[1].find("question \"c\"") != std::string::npos);
}

TEST_CASE("qa examples: answers outside of a context, and none where none may be said, are told of once") {
  Opened opened;
  const std::string outside =
      R"({"id": "a", "question": "who", "context": "very good", "answers": {"text": ["very"], "answer_start": [-1]}})"
      "\n"
      R"({"id": "b", "question": "who", "context": "very good", "answers": {"text": ["x"], "answer_start": [9]}})"
      "\n";
  const std::shared_ptr<Examples> examples = opened.model->read(opened.folder.write("o.jsonl", outside).string());
  const std::vector<std::string> notes = examples->notes();
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("answer_start outside of the context (learnt as if there were none): 2") != std::string::npos);
  for (const ShownExample::Token& token : examples->show(0).tokens) CHECK(token.has_loss == (token.text == "[CLS]"));
  CHECK(examples->show(0).text == "who | very good");

  TextPipelineOptions how;
  how.device = Device::open("reference");
  QaModel always(opened.folder / "model", how, QaOptions{}, FieldNames{});
  const std::vector<std::string> told = always.read(opened.folder / "t.jsonl")->notes();
  REQUIRE(told.size() == 3);
  CHECK(told[0].find("without an answer, which this model never says (they count as wrong): 1") != std::string::npos);
  const std::vector<std::string> names = opened.model->metric_names();
  CHECK(std::ranges::find(names, "best_f1") != names.end());
  CHECK(std::ranges::find(names, "best_f1_threshold") == names.end());
}

TEST_CASE("qa examples: an evaluation counts questions, of a part of the file, too") {
  const Opened opened;
  const auto all = opened.examples->evaluate();
  CHECK(all->size() == 4);
  const Metrics metrics = all->metrics();
  for (const std::string& name : opened.model->metric_names()) CHECK(metrics.contains(name));
  CHECK(all->judgement(0).truth == "dog");
  CHECK(all->judgement(3).truth == "(no answer)");
  const SelectedExamples part(opened.examples, {3, 4});
  CHECK(part.evaluate()->size() == 2);
  const std::vector<int64_t> last{2, 3};
  CHECK(part.evaluate()->metrics().at("f1") == all->scores(last).at("f1"));
  CHECK(opened.examples->kin(2) == opened.examples->kin(4));  // one context
  CHECK(opened.examples->kin(0) == opened.examples->kin(1));
  CHECK(opened.examples->kin(0) != opened.examples->kin(2));
}

TEST_CASE("qa model: windows whose length nobody asked for have what a prefix leaves, now and as saved") {
  const Opened opened;
  const std::string base = opened.folder / "model", saved = opened.folder / "saved", file = opened.folder / "t.jsonl";
  const auto task = make_task("qa");
  for (const OptionField& option : task->options(TaskUse::training))
    if (option.name == "doc_stride") *std::get<int64_t*>(option.field) = 2;
  task->look_at(base, file);
  const auto model = task->open(base, {.device = Device::open("reference")});
  CHECK(dynamic_cast<QaModel&>(*model).text().max_length() == 32);
  FreezeMask().prefix("", 20).apply(model->store());
  CHECK(dynamic_cast<QaModel&>(*model).text().max_length() == 12);
  CHECK(model->read(file)->size() == opened.examples->size());  // whose windows have 12 tokens, too
  model->save(saved, {.base = as_base(base)});
  const auto again = task->open(saved, {.device = Device::open("reference"), .trained = true});
  CHECK(dynamic_cast<QaModel&>(*again).text().max_length() == 12);
  CHECK_FALSE(task->check_data(saved, {{"train", file}}).text.empty());
}

TEST_CASE("qa model: options that make answers are known by a run whose evaluations decide, not by its training") {
  Opened opened;
  const auto identities = [&](const QaOptions& options) {
    TextPipelineOptions how;
    how.device = Device::open("reference");
    how.max_length = 12;
    QaModel model(opened.folder / "model", how, options, FieldNames{});
    const auto examples = model.read(opened.folder / "t.jsonl");
    const TaskTraining training(model, *examples, examples.get());
    return std::pair{training.identity(), training.validation_identity()};
  };
  const auto [training, validation] = identities({});
  CHECK(identities({}) == std::pair{training, validation});
  for (const QaOptions& other : {QaOptions{.version_2_with_negative = true}, QaOptions{.n_best_size = 3},
                                 QaOptions{.max_answer_length = 5}, QaOptions{.null_score_diff_threshold = 0.5}}) {
    CHECK(identities(other).first == training);
    CHECK(identities(other).second != validation);
  }
}

TEST_CASE("qa examples: parts of a batch add up, and the evaluation's loss is the mean over windows") {
  const Opened opened;
  const std::vector<int64_t> every{0, 1, 2, 3, 4}, one{1}, rest{0, 2, 3, 4};
  const auto loss = [&](const std::vector<int64_t>& part) { return opened.examples->loss(part, 5).value().item(); };
  CHECK(loss(one) + loss(rest) == doctest::Approx(loss(every)));
  CHECK(opened.examples->evaluate()->loss() == doctest::Approx(loss(every)));
}

TEST_CASE(
    "qa predictor: files that SQuAD's script reads: a text and a number for each id, scored as the evaluation is") {
  const Opened opened;
  const QaOptions options{.doc_stride = 2,
                          .version_2_with_negative = true,
                          .predictions_file = opened.folder / "said.json",
                          .null_odds_file = opened.folder / "odds.json"};
  TextPipeline& text = dynamic_cast<QaModel&>(*opened.model).text();
  QaPredictor predictor(text, options, {.file = opened.folder / "t.jsonl", .as_json = true}, {});
  std::string lines, all;
  while (predictor.next(3, lines)) all += lines;
  const Json said = Json::read(options.predictions_file), odds = Json::read(options.null_odds_file);
  CHECK(said.size() == 4);
  CHECK(odds.size() == 4);
  QuestionReader reader(opened.folder / "t.jsonl");
  std::vector<AnsweredQuestion> questions;
  for (Question question; reader.next(question);) {
    std::vector<std::string> right;
    for (const GivenAnswer& answer : question.answers) right.push_back(answer.text);
    const std::string answer = said.get_string(question.id);
    questions.push_back({score_answer(answer, right), !right.empty(), answer.empty(), odds.get_number(question.id)});
    CHECK(all.find("\"id\": \"" + question.id + "\", \"answer\": \"" + answer + "\"") != std::string::npos);
  }
  const SquadReport report = squad_report(questions);
  const Metrics metrics = opened.examples->evaluate()->metrics();
  CHECK(report.all.exact == doctest::Approx(metrics.at("exact_match")));
  CHECK(report.all.f1 == doctest::Approx(metrics.at("f1")));
  CHECK(report.without_answer->f1 == doctest::Approx(metrics.at("no_answer_f1")));
}

TEST_CASE("qa predictor: an id that comes twice leaves no file of SQuAD's, nor does a model that always answers") {
  const Opened opened;
  TextPipeline& text = dynamic_cast<QaModel&>(*opened.model).text();
  const std::string twice = opened.folder.write("twice.jsonl", std::string(rows) + rows).string();
  const std::string path = opened.folder / "said.json";
  const QaOptions options{.doc_stride = 2, .predictions_file = path};
  CHECK_THROWS_WITH_AS(
      [&] {
        QaPredictor predictor(text, options, {.file = twice}, {});
        for (std::string lines; predictor.next(2, lines);) continue;
      }(),
      (twice + ":5: the id \"a\" was there before: " + path + " would have one answer for both").c_str(),
      std::runtime_error);
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THROWS_WITH_AS(QaPredictor(text, {.null_odds_file = path}, {.file = twice}, {}),
                       doctest::Contains("null_odds_file: the model always answers"), std::invalid_argument);
}

TEST_CASE(
    "qa model: the head of a classifier is replaced, predictions from it refused; questions to learn have answers") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"a", "b", "c"};
  write_small_model<BertForSequenceClassification>(folder / "model", config);
  const auto task = make_task("qa");
  const auto model = task->open(folder / "model", {.device = Device::open("reference"), .prepare = {}});
  CHECK(model->report().initialised == std::vector<std::string>{"qa_outputs.weight", "qa_outputs.bias"});
  model->save((folder.path() / "saved").string());
  CHECK(task_of_directory(folder / "saved") == "qa");
  CHECK_NOTHROW(
      make_task("qa")->open(folder / "saved", {.device = Device::open("reference"), .prepare = {}, .trained = true}));
  CHECK_THROWS_WITH_AS(
      task->open(folder / "model", {.device = Device::open("reference"), .prepare = {}, .trained = true}),
      doctest::Contains("train it first"), std::runtime_error);
  const std::string asked = folder.write("t.jsonl", R"({"id": 5, "question": "who", "context": "a"})").string();
  CHECK_THROWS_WITH_AS(model->read(asked), doctest::Contains("t.jsonl:1: the question \"5\" has no \"answers\""),
                       std::runtime_error);
}
