// SPDX-License-Identifier: Apache-2.0
// Texts to mask as the trainer meets them; what is saved goes on to another task.
#include "models/tasks/mlm/examples.h"

#include <doctest/doctest.h>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/pretraining.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/mlm/model.h"
#include "models/tasks/task_table.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

struct Opened {
  ScratchFolder folder;
  std::string file;
  std::unique_ptr<Task> task = make_task("mlm");
  std::unique_ptr<TaskModel> model;

  explicit Opened(const std::string& texts = "the cats sat on the mats\nvery good film, not bad\nthe dog\n") {
    file = folder.write("t.txt", texts).string();
    write_small_model<Bert>(folder / "model", small_bert_config());
    model = task->open(folder / "model", {.device = Device::open("reference"), .seed = 5});
  }
};

std::string sight(const Examples& examples, int64_t example) {
  std::string text;
  for (const ShownExample::Token& token : examples.show(example).tokens)
    text += token.text + (token.has_loss ? "=" + token.label : "") + " ";
  return text;
}

}  // namespace

TEST_CASE("masked words: an encoder gets a new head, with the word embeddings as its decoder") {
  Opened opened;
  const std::vector<std::string> expected{
      "cls.predictions.transform.dense.weight", "cls.predictions.transform.dense.bias",
      "cls.predictions.transform.LayerNorm.weight", "cls.predictions.transform.LayerNorm.bias", "cls.predictions.bias"};
  CHECK(opened.model->report().initialised == expected);
  CHECK(opened.model->description() == "masked words (15 % of a text's tokens, whole words)");
  CHECK_THROWS_WITH_AS(opened.task->open(opened.folder / "model", {.trained = true}),
                       doctest::Contains("has no trained head for masked words"), std::runtime_error);
}

TEST_CASE("masked words: another draw each epoch, the same again by its number; judged by the same at any time") {
  Opened opened;
  const auto examples = opened.model->read(opened.file);
  const std::string first = sight(*examples, 0);
  const Metrics judged = examples->evaluate()->metrics();
  bool differs = false;
  for (int64_t epoch = 1; epoch < 5; ++epoch) {
    examples->begin_epoch(epoch);
    differs = differs || sight(*examples, 0) != first;
    CHECK(examples->evaluate()->metrics() == judged);
  }
  CHECK(differs);
  examples->begin_epoch(0);
  CHECK(sight(*examples, 0) == first);
  CHECK(judged.at("perplexity") == doctest::Approx(std::exp(judged.at("loss"))));
}

TEST_CASE("masked words: micro-batches add up to the whole batch's loss") {
  Opened opened;
  const auto examples = opened.model->read(opened.file);
  const std::vector<int64_t> all{0, 1, 2}, one{1}, two{0, 2};
  const double count = examples->terms(all);
  CHECK(count == examples->terms(one) + examples->terms(two));
  const auto loss = [&](const std::vector<int64_t>& of) {
    return static_cast<double>(examples->loss(of, count).value().item());
  };
  CHECK(loss(one) + loss(two) == doctest::Approx(loss(all)));
}

TEST_CASE("masked words: a text that is too long becomes several examples, one without a word none") {
  std::string texts = "[MASK]\n\nthe cat\n";
  for (int i = 0; i < 40; ++i) texts += "cats ";
  Opened opened(texts);
  const auto examples = opened.model->read(opened.file);
  CHECK(examples->size() == 4);  // 80 tokens in texts of at most 32
  for (const int64_t length : examples->lengths()) CHECK(length <= 32);
  for (int64_t example = 0; example < examples->size(); ++example) CHECK(examples->cut(example) == 0);
  const std::vector<std::string> expected{
      opened.file + ": 1 text of more than 32 tokens: 3 examples were made of it",
      opened.file + ": 2 texts have no word to mask: passed over, the first " + opened.file + ":1"};
  CHECK(examples->notes() == expected);
  const std::string blank = opened.folder.write("blank.txt", "\n\n").string();
  CHECK_THROWS_WITH_AS(opened.model->read(blank), (blank + ": none of its 2 texts has a word to mask").c_str(),
                       std::runtime_error);
}

TEST_CASE("masked words: parts of long texts without a word are counted, and are no examples") {
  std::string texts;
  for (int i = 0; i < 20; ++i) texts += "cats ";  // 40 tokens
  for (int i = 0; i < 60; ++i) texts += "[MASK] ";
  Opened opened(texts);
  const auto examples = opened.model->read(opened.file);
  CHECK(examples->size() == 2);
  const std::vector<std::string> expected{
      opened.file + ": 1 text of more than 32 tokens: 2 examples were made of it",
      opened.file + ": 2 parts of long texts have no word to mask: passed over, the first of " + opened.file + ":1"};
  CHECK(examples->notes() == expected);
}

TEST_CASE("masked words: texts of the same tokens are kin, as parts of one are") {
  std::string long_text;
  for (int i = 0; i < 40; ++i) long_text += "cats ";
  Opened opened("the cat\nvery good\nthe cat\n" + long_text + "\n" + long_text + "\n");
  const auto examples = opened.model->read(opened.file);
  REQUIRE(examples->size() == 9);
  CHECK(examples->kin(0) == examples->kin(2));
  CHECK(examples->kin(0) != examples->kin(1));
  for (int64_t part = 4; part < 9; ++part) CHECK(examples->kin(part) == examples->kin(3));
}

TEST_CASE("masked words: a mask that is cut off is an error, other tokens are a note") {
  Opened opened;
  opened.model->save(opened.folder / "saved");
  const auto model = opened.task->open(opened.folder / "saved", {.device = Device::open("reference"), .trained = true});
  std::string words;
  for (int i = 0; i < 40; ++i) words += "the ";
  std::string lines;
  const auto predict = [&](const std::string& text) {
    const std::string file = opened.folder.write("masks.txt", text + "\n").string();
    const auto predictor = model->predictor({.file = file});
    while (predictor->next(4, lines)) {
    }
    return predictor->notes();
  };
  CHECK(predict("the [MASK] sat").empty());
  CHECK(predict("the [MASK] " + words) == std::vector<std::string>{"1 of 1 texts is too long: 12 tokens are cut off"});
  CHECK_THROWS_WITH_AS(predict("the [MASK] " + words + "[MASK]"),
                       doctest::Contains("masks.txt:1: 1 of the text's 2 [MASK] is cut off with all beyond 32 tokens"),
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(predict("the " + words), doctest::Contains("the text has no [MASK]"), std::runtime_error);
}

TEST_CASE("masked words: an evaluation tells what was masked and what was said") {
  Opened opened;
  const auto examples = opened.model->read(opened.file);
  const auto evaluation = examples->evaluate();
  CHECK(evaluation->size() == 3);
  CHECK_FALSE(evaluation->judgement(0).truth.empty());
  CHECK_FALSE(evaluation->judgement(0).said.empty());
  CHECK(evaluation->judgement(0).wrongness > 0);
  const std::vector<int64_t> second{1};
  CHECK(evaluation->scores(second).at("perplexity") ==
        doctest::Approx(examples->evaluate(second)->metrics().at("perplexity")));
}

TEST_CASE("masked words: the saved model is of this task, and goes on to another with all but its head") {
  Opened opened;
  opened.model->save(opened.folder / "saved");
  CHECK(task_of_directory(opened.folder / "saved") == "mlm");
  CHECK(opened.task->open(opened.folder / "saved", {.trained = true})->report().initialised.empty());
  TextClassifierOptions options;
  options.labels = {"a", "b"};
  TextClassifier classifier(opened.folder / "saved", options);
  CHECK(classifier.report().initialised == std::vector<std::string>{"classifier.weight", "classifier.bias"});
  // The pooler, which the head for masked words has no use for, is that of the first model.
  TextClassifier first(opened.folder / "model", options);
  CHECK(classifier.store().find("bert.pooler.dense.weight").value().to_bytes() ==
        first.store().find("bert.pooler.dense.weight").value().to_bytes());
}
