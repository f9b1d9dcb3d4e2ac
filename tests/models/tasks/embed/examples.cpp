// SPDX-License-Identifier: Apache-2.0
// Pairs as the trainer meets them, and directories of embedders.
#include "models/tasks/embed/examples.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "autograd/variable.h"
#include "models/bert/bert.h"
#include "models/hub/change_directory.h"
#include "models/tasks/classification/text_classifier.h"
#include "models/tasks/embed/sentence_files.h"
#include "models/tasks/embed/text_embedder.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* rows =
    "text\tpair\tother\tscore\nthe cat\tcats\tbad film\t0.5\nvery good\tgood\tthe mat\t-1\nthe dog "
    "sat\tdogs\tplay\t1\n";

struct Option {
  const char *name, *value;
};

struct Opened {
  ScratchFolder folder;
  std::string file = folder.write("t.tsv", rows).string();
  std::unique_ptr<Task> task = make_task("embed");
  std::unique_ptr<TaskModel> model;

  explicit Opened(std::initializer_list<Option> options = {}) {
    write_small_model<Bert>(folder / "model", small_bert_config());
    set("text_pair_column", "pair");
    for (const auto& [name, value] : options) set(name, value);
    model = task->open(folder / "model", {.device = Device::open("reference")});
  }
  void set(const std::string& name, const std::string& value) {
    for (const OptionField& option : task->options(TaskUse::training)) {
      if (option.name != name) continue;
      if (auto* const* text = std::get_if<std::string*>(&option.field)) **text = value;
    }
  }
};

double loss_of(const Examples& examples, const std::vector<int64_t>& which, double count) {
  return static_cast<double>(examples.loss(which, count).value().item());
}

}  // namespace

TEST_CASE("embeddings: pairs, negatives and scores have their losses and metrics") {
  const std::vector<int64_t> all{0, 1, 2};
  Opened pairs;
  const auto examples = pairs.model->read(pairs.file);
  CHECK(examples->lengths()[0] == 4 + 4);  // [CLS] the cat [SEP], [CLS] cat ##s [SEP]
  const double alone = loss_of(*examples, all, 3);
  Opened with_negatives{Option{"negative_column", "other"}};
  CHECK(loss_of(*with_negatives.model->read(with_negatives.file), all, 3) > alone);
  CHECK(loss_of(*examples, all, 6) == doctest::Approx(alone / 2));
  const Metrics found = examples->evaluate()->metrics();
  CHECK(found.at("loss") == doctest::Approx(alone));
  CHECK(found.at("recall_at_10") == 1);
  CHECK(found.at("mrr") >= 1.0 / 3);

  examples->bound_evaluation(8);  // a pair at once
  CHECK(examples->evaluate()->metrics().at("loss") == doctest::Approx(alone));

  Opened scored{Option{"score_column", "score"}};
  const auto of_scores = scored.model->read(scored.file);
  const std::vector<int64_t> one{1}, two{0, 2};
  CHECK(loss_of(*of_scores, one, 3) + loss_of(*of_scores, two, 3) == doctest::Approx(loss_of(*of_scores, all, 3)));
  CHECK(of_scores->evaluate()->metrics().count("spearman") == 1);
  CHECK(of_scores->show(1).truth == "-1");
  CHECK(scored.model->metric_names() == std::vector<std::string>{"loss", "pearson", "spearman"});
}

TEST_CASE("embeddings: every trained parameter gets a gradient, for either pooling; the pooler is carried along") {
  for (const char* pooling : {"mean", "first"}) {
    Opened opened{Option{"pooling", pooling}};
    const auto examples = opened.model->read(opened.file);
    backward(examples->loss(std::vector<int64_t>{0, 1, 2}, 3));
    for (const Parameter& parameter : opened.model->store().all()) {
      INFO(parameter.name());
      CHECK(parameter.variable().grad().defined());
    }
    opened.model->save(opened.folder / "saved");
    CHECK(task_of_directory(opened.folder / "saved") == "embed");
    const TextEmbedder again(opened.folder / "saved", {.trained = true});
    CHECK(again.settings().pooling == (std::string(pooling) == "mean" ? Pooling::mean : Pooling::first));
    TextClassifierOptions labels;
    labels.labels = {"a", "b"};
    CHECK(TextClassifier(opened.folder / "saved", labels).report().initialised ==
          std::vector<std::string>{"classifier.weight", "classifier.bias"});
  }
}

TEST_CASE("embeddings: texts of pairs that do not fit are counted, each by itself") {
  Opened opened;
  for (const OptionField& option : opened.task->options(TaskUse::prediction))
    if (option.name == "max_length") *std::get<int64_t*>(option.field) = 4;
  opened.model = opened.task->open(opened.folder / "model", {.device = Device::open("reference"), .trained = true});
  std::istringstream lines("text\tpair\nthe cat sat\tthe\ngood\tvery good film dog\n");
  const auto predictor = opened.model->predictor({.file = "-", .stream = &lines, .format = TableFormat::tsv});
  std::string out;
  while (predictor->next(1, out)) continue;
  CHECK(predictor->notes() == std::vector<std::string>{"2 of 4 texts are too long: 3 tokens are cut off"});
}

TEST_CASE("embeddings: cosines are predicted of pairs, in order; bad rows are named") {
  Opened opened;
  std::istringstream lines("text\tpair\nthe cat\tthe cat\ngood\tbad\n");
  const auto predictor =
      opened.model->predictor({.file = "-", .stream = &lines, .format = TableFormat::tsv, .as_json = true});
  std::string out;
  REQUIRE(predictor->next(5, out));
  CHECK(out.starts_with("{\"text\": \"the cat\", \"text_pair\": \"the cat\", \"cosine\": 1"));
  CHECK_FALSE(predictor->next(5, out));
  Opened scored{Option{"score_column", "score"}};
  for (const char* score : {"5", "", "nan", "0.5x", "+-0.5", "0,5"}) {
    const std::string file =
        scored.folder.write("bad.tsv", std::string("text\tpair\tscore\na\tb\t0.5\na\tb\t") + score + "\n").string();
    CHECK_THROWS_WITH_AS(
        scored.model->read(file),
        (file + ":3: score is \"" + score + "\": expected a number in [-1, 1], as cosines are").c_str(),
        std::runtime_error);
  }
  CHECK_THROWS_WITH_AS(make_task("embed")->check_options(TaskUse::training),
                       "text_pair_column: needed: embeddings are learnt from pairs of texts", std::invalid_argument);
}

TEST_CASE("embeddings: scores are numbers as other tasks read them") {
  Opened opened{Option{"score_column", "score"}};
  const std::string file = opened.folder.write("blanks.tsv", "text\tpair\tscore\na\tb\t 0.5 \na\tb\t+0.25\n").string();
  const auto examples = opened.model->read(file);
  CHECK(examples->show(0).truth == "0.5");
  CHECK(examples->show(1).truth == "0.25");
}

TEST_CASE("embeddings: pairs of the same tokens are kin; both texts of a pair are shown") {
  Opened opened;
  const std::string file =
      opened.folder.write("twins.tsv", "text\tpair\nthe cat\tcats\nthe cat\tdogs\nthe cat\tcats\n").string();
  const auto examples = opened.model->read(file);
  CHECK(examples->kin(0) == examples->kin(2));
  CHECK(examples->kin(0) != examples->kin(1));
  CHECK(examples->show(1).text == "the cat | dogs");
  // All three stay on one side, so nothing is left to validate by.
  CHECK_THROWS_AS(
      split_examples(*opened.model->read(opened.folder.write("same.tsv", "text\tpair\na\tb\na\tb\n").string()), 0.5, 1),
      std::invalid_argument);
}

TEST_CASE("embeddings: a vector is as wide as the model's last hidden states") {
  const Opened opened;
  const TextEmbedder embedder(opened.folder / "model");
  CHECK(embedder.model().width() == small_bert_config().hidden_size);
  CHECK(embedder.width() == small_bert_config().hidden_size);
}

TEST_CASE("embeddings: a length that nobody asked for is cut to what a prompt and prefixes leave, now and as saved") {
  const Opened opened;
  const std::string base = opened.folder / "model";
  const std::string whole =
      "the cat sat on the mat the cat sat on the mat the cat sat on the mat the cat sat on the mat";
  write_sentence_settings(base, {.max_length = 64}, 8);  // more than the model's 32 positions
  for (const bool as_peft : {false, true}) {
    CAPTURE(as_peft);
    TextEmbedder tuned(base, {.device = Device::open("reference")});
    CHECK(tuned.max_length() == 32);
    FreezeMask mask;
    if (!as_peft) mask.prompt(7);  // peft has one kind at once
    mask.prefix("", 20).apply(tuned.store());
    const int64_t left = as_peft ? 12 : 5;
    CHECK(tuned.max_length() == left);
    const std::string saved = opened.folder / (as_peft ? "peft" : "change");
    tuned.save(saved, {.base = as_base(base), .as_peft = as_peft});
    CHECK(read_sentence_settings(saved).value().max_length == left);
    CHECK(rows_before_texts(saved) == 32 - left);
    CHECK(embedding_length(saved, 0) == left);  // without the weights

    TextEmbedder again(saved, {.device = Device::open("reference"), .trained = true});
    CHECK(again.max_length() == left);
    const Encoding text = again.encode(whole);
    CHECK(static_cast<int64_t>(text.size()) == left);
    const Encoding* const batch[] = {&text};
    CHECK(again.embed(batch) == tuned.embed(batch));
    CHECK_THROWS_AS(TextEmbedder(saved, {.device = Device::open("reference"), .max_length = left + 1}),
                    std::invalid_argument);
  }
  CHECK(rows_before_texts(base) == 0);
}

TEST_CASE("embeddings: texts are measured by the length that sentence_bert_config.json sets, as training cuts them") {
  Opened opened;
  write_sentence_settings(opened.folder / "model", {.max_length = 4}, 8);
  CHECK(embedding_length(opened.folder / "model", 0) == 4);
  CHECK(embedding_length(opened.folder / "model", 7) == 7);
  const auto task = make_task("embed");
  for (const OptionField& option : task->options(TaskUse::training)) {
    if (option.name == "text_pair_column") *std::get<std::string*>(option.field) = "pair";
    if (option.name == "max_length") *std::get<int64_t*>(option.field) = 4;
  }
  CHECK(task->would_find("max_length", opened.folder / "model", opened.file));
  const DataReport report = opened.task->check_data(opened.folder / "model", {{"train", opened.file}});
  const std::string expected = "train: texts of more than 4 tokens, which will be cut";
  CHECK(std::ranges::any_of(report.warnings, [&](const std::string& line) { return line.starts_with(expected); }));
}
