// SPDX-License-Identifier: Apache-2.0
// Rankings of pictures and texts: learnt, judged, predicted, saved; pairs that are drawn, given, kept apart; what is
// refused.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "models/bert/classification.h"
#include "models/hub/config.h"
#include "models/tasks/drawn_partners.h"
#include "models/tasks/selected_examples.h"
#include "models/tasks/task_table.h"
#include "models/vilt/question_answering.h"
#include "models/vit/classification.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/models/small_pictures.h"
#include "tests/models/small_vilt.h"
#include "tests/models/small_vit.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

std::unique_ptr<Task> ranking(const Given& given = {}, TaskUse use = TaskUse::training) {
  auto task = make_task("ranking");
  for (const OptionField& option : task->options(use))
    for (const auto& [name, value] : given)
      if (option.name == name) *std::get<std::string*>(option.field) = value;
  task->check_options(use);
  return task;
}

// Pictures of one colour, the lighter the better, in groups of red and of blue; the same in pairs; a small ViT.
struct Pictures {
  ScratchFolder folder;
  std::string table, pairs, model;
  static constexpr int of_group = 5;

  Pictures() : table(folder / "table.tsv"), pairs(folder / "pairs.tsv"), model(folder / "model") {
    std::string rows = "image\tscore\tcolour\n", couples = "good\tbad\n";
    for (const bool red : {true, false})
      for (int i = 0; i < of_group; ++i) {
        const auto light = static_cast<uint8_t>(50 * i);
        const std::string name = fmt::format("{}{}.ppm", red ? "red" : "blue", i);
        folder.write("pictures/" + name,
                     ppm_bytes(12, 8, red ? light : 0, 0, red ? 0 : light, static_cast<uint64_t>(10 * i + red)));
        rows += fmt::format("pictures/{}\t{}\t{}\n", name, i - 2.5, red ? "red" : "blue");
        if (i > 0) couples += fmt::format("pictures/{}\tpictures/{}0.ppm\n", name, red ? "red" : "blue");
      }
    folder.write("table.tsv", rows);
    folder.write("pairs.tsv", couples);
    ViTConfig config = small_vit_config();
    config.labels = {"LABEL_0"};
    config.problem_type = ProblemType::regression;
    write_small_model<ViTForImageClassification>(model, config);
  }
};

const Given of_colours{{"group_column", "colour"}};
const Given of_pairs{{"better_column", "good"}, {"worse_column", "bad"}};

struct Opened {
  std::unique_ptr<Task> task;
  std::unique_ptr<TaskModel> model;
  std::unique_ptr<Examples> examples;

  Opened(const std::string& directory, const std::string& file, const Given& given) : task(ranking(given)) {
    task->look_at(directory, file);
    model = task->open(directory, {.seed = 5});
    examples = model->read(file);
  }
  std::vector<int64_t> all() const {
    std::vector<int64_t> numbers;
    for (int64_t i = 0; i < examples->size(); ++i) numbers.push_back(i);
    return numbers;
  }
  void train(int steps) {
    AdamW optimizer(model->store(), {});
    for (int step = 0; step < steps; ++step) {
      examples->begin_epoch(step);
      examples->expect(all());
      backward(examples->loss(all(), examples->terms(all())));
      optimizer.step(1e-2);
      optimizer.clear_gradients();
    }
  }
};

double softplus(double x) { return std::log1p(std::exp(x)); }

std::string predicted(TaskModel& model, const PredictionRequest& request) {
  const auto predictor = model.predictor(request);
  std::string all = predictor->header(), lines;
  while (predictor->next(4, lines)) all += lines;
  return all;
}

}  // namespace

TEST_CASE("ranking: a ViT learns which pictures are better, is judged, saved as a regression and read again") {
  const Pictures data;
  for (const auto& [file, given] : {std::pair{data.table, of_colours}, {data.pairs, of_pairs}}) {
    INFO(file);
    Opened opened(data.model, file, given);
    CHECK(opened.model->report().initialised.empty());
    const double before = opened.examples->evaluate()->loss();
    opened.train(25);
    const Metrics metrics = opened.examples->evaluate()->metrics();
    CHECK(metrics.at("loss") < before);
    CHECK(metrics.at("pair_accuracy") == 1);
    CHECK(metrics.size() == opened.model->metric_names().size());
    const std::string saved = data.folder / "saved";
    opened.model->save(saved);
    const Json config = read_config_json(saved);
    CHECK(config.get_string("problem_type") == "regression");
    CHECK(config.get_object("id2label").size() == 1);
    CHECK(task_of_directory(saved) == "ranking");
    const auto task = ranking(given, TaskUse::evaluation);
    task->take_up_options(saved, TaskUse::evaluation);
    CHECK_NOTHROW(task->check_saved(saved));
    const auto again = task->open(saved, {.trained = true});
    CHECK(again->read(file)->evaluate()->metrics() == metrics);
    CHECK(again->identity() == opened.model->identity());
    std::filesystem::remove_all(saved);
  }
}

TEST_CASE("ranking: a head for classes is replaced by one of one number") {
  const Pictures data;
  ViTConfig config = small_vit_config();
  config.labels = {"a", "b", "c"};
  write_small_model<ViTForImageClassification>(data.folder / "classes", config);
  const Opened opened(data.folder / "classes", data.table, of_colours);
  CHECK(opened.model->report().initialised.size() == 2);
  CHECK(opened.examples->outputs(opened.all()).size() == 2 * Pictures::of_group);
  CHECK(error_of<std::runtime_error>([&] {
          ranking({}, TaskUse::evaluation)->open(data.folder / "classes", {.trained = true});
        }).ends_with("classes: its head is for single_label_classification of 3: a ranking has one number"));
}

TEST_CASE("ranking: the loss is the mean over rows with the partners that the epoch draws") {
  const Pictures data;
  const Opened opened(data.model, data.table, of_colours);
  REQUIRE(opened.examples->size() == 2 * Pictures::of_group);
  const std::vector<float> said = opened.examples->outputs(opened.all());
  std::set<std::string> drawn;
  for (int64_t epoch = 0; epoch < 8; ++epoch) {
    opened.examples->begin_epoch(epoch);
    double expected = 0;
    std::string partners;
    for (const int64_t row : opened.all()) {
      const std::string told = opened.examples->show(row).truth;  // "-1.5, better than -2.5 of line 2"
      partners += told + "\n";
      const int64_t partner = std::stoll(told.substr(told.rfind(' '))) - 2;
      const bool better = told.find("better") != std::string::npos;
      CHECK(row / Pictures::of_group == partner / Pictures::of_group);
      CHECK(better == (row > partner));
      const double ahead = double{said[static_cast<size_t>(row)]} - double{said[static_cast<size_t>(partner)]};
      expected += softplus(better ? -ahead : ahead) / static_cast<double>(said.size());
    }
    drawn.insert(partners);
    CHECK(opened.examples->loss(opened.all(), 10).item() == doctest::Approx(expected).epsilon(1e-5));
    const std::vector<int64_t> first{0, 1, 2}, rest{3, 4, 5, 6, 7, 8, 9};
    CHECK(opened.examples->loss(first, 10).item() + opened.examples->loss(rest, 10).item() ==
          doctest::Approx(expected).epsilon(1e-5));
  }
  CHECK(drawn.size() == 8);
  opened.examples->begin_epoch(0);
  const Metrics metrics = opened.examples->evaluate()->metrics();
  opened.examples->begin_epoch(1);
  CHECK(opened.examples->evaluate()->metrics() == metrics);
}

TEST_CASE("ranking: pairs are learnt as rows of groups of two are") {
  const Pictures data;
  data.folder.write("twos.tsv",
                    "image\tscore\tcolour\npictures/red3.ppm\t1\ta\npictures/red1.ppm\t-7\ta\n"
                    "pictures/blue2.ppm\t0.5\tb\npictures/red4.ppm\t9\tb\n");
  data.folder.write("same.tsv",
                    "good\tbad\npictures/red3.ppm\tpictures/red1.ppm\npictures/red4.ppm\tpictures/blue2.ppm\n");
  const Opened rows(data.model, data.folder / "twos.tsv", of_colours),
      pairs(data.model, data.folder / "same.tsv", of_pairs);
  REQUIRE(rows.examples->size() == 4);
  REQUIRE(pairs.examples->size() == 2);
  CHECK(pairs.examples->lengths()[0] == rows.examples->lengths()[0]);
  const float loss = pairs.examples->loss(pairs.all(), 2).item();
  CHECK(rows.examples->loss(rows.all(), 4).item() == doctest::Approx(loss).epsilon(1e-5));
  CHECK(rows.examples->evaluate()->loss() == doctest::Approx(loss).epsilon(1e-5));
  CHECK(pairs.examples->evaluate()->loss() == doctest::Approx(loss).epsilon(1e-5));
  CHECK(pairs.examples->show(0).truth == "the first is better");
  CHECK(pairs.examples->kin(0) != pairs.examples->kin(1));
}

TEST_CASE("ranking: what is kept apart for validation is compared with itself alone") {
  const Pictures data;
  const Opened opened(data.model, data.table, of_colours);
  const ExampleSplit split = split_examples(*opened.examples, 0.5, 3);
  CHECK(split.train.size() == Pictures::of_group);  // groups are whole
  CHECK(opened.examples->kin(split.train[0]) == opened.examples->kin(split.train.back()));
  const Opened mixed(data.model, data.table, {});
  CHECK(mixed.examples->kin(0) != mixed.examples->kin(1));
  const std::shared_ptr<Examples> shared = mixed.model->read(data.table);
  const SelectedExamples train(shared, {0, 1, 5, 6}), validation(shared, {2, 3, 7});
  for (int64_t i = 0; i < 4; ++i) {
    const std::string truth = train.show(i).truth;
    const int64_t partner = std::stoll(truth.substr(truth.rfind(' '))) - 2;
    CHECK(std::set<int64_t>{0, 1, 5, 6}.contains(partner));
  }
  // 3 and 8 have one score.
  CHECK(error_of<std::runtime_error>([&] {
          SelectedExamples(shared, {3, 8});
        }).ends_with("of 2 rows none has another of its group with another score: there are no pairs"));
  const SelectedExamples with_lone(opened.model->read(data.table), {0, 1, 5});
  CHECK(with_lone.terms(std::vector<int64_t>{0, 1, 2}) == 2);
  const Variable nothing = with_lone.loss(std::vector<int64_t>{2}, 2);
  CHECK(nothing.item() == 0);
  backward(nothing);
}

TEST_CASE("ranking: rows without a partner are passed over, with a note; where none is left, it is an error") {
  const Pictures data;
  const std::string head = "image\tscore\tcolour\n";
  data.folder.write("lone.tsv", head + "pictures/red1.ppm\t1\ta\npictures/red2.ppm\t1\tb\npictures/red3.ppm\t2\ta\n");
  const Opened opened(data.model, data.folder / "lone.tsv", of_colours);
  CHECK(opened.examples->size() == 2);
  REQUIRE(opened.examples->notes().size() == 1);
  CHECK(opened.examples->notes()[0].ends_with("1 of 3 rows passed over: no other of the group has another score"));
  data.folder.write("equal.tsv", head + "pictures/red1.ppm\t1\ta\npictures/red2.ppm\t1\ta\n");
  CHECK(error_of<std::runtime_error>([&] {
          Opened(data.model, data.folder / "equal.tsv", of_colours);
        }).ends_with("equal.tsv: no two rows of a group have different scores (score): there is nothing to compare"));
  data.folder.write("none.tsv", head);
  CHECK(error_of<std::runtime_error>([&] {
          Opened(data.model, data.folder / "none.tsv", of_colours);
        }).ends_with("none.tsv: has no rows below its header"));
}

TEST_CASE("ranking: what is frozen at the bottom is computed once, with the same bits") {
  const Pictures data;
  for (const auto& [file, given] : {std::pair{data.table, of_colours}, {data.pairs, of_pairs}}) {
    INFO(file);
    std::vector<float> losses[2];
    for (const bool kept : {false, true}) {
      const Opened opened(data.model, file, given);
      FreezeMask::parse("freeze *\ntrain classifier.*", "rules").apply(opened.model->store());
      const KeptTexts told = opened.examples->keep_frozen({.bytes = kept ? 1 << 20 : 0, .passes = 6});
      CHECK((told.kept > 0) == kept);
      for (int64_t epoch = 0; epoch < 3; ++epoch) {
        opened.examples->begin_epoch(epoch);
        losses[kept].push_back(opened.examples->loss(opened.all(), 10).item());
      }
    }
    CHECK(losses[0] == losses[1]);
  }
}

TEST_CASE("ranking: predictions are the rows' numbers in their order") {
  const Pictures data;
  const Opened opened(data.model, data.table, of_colours);
  const std::string lines = predicted(*opened.model, {.file = data.table});
  std::string expected = "value\timage\n";
  const std::vector<float> said = opened.examples->outputs(opened.all());
  for (size_t row = 0; row < said.size(); ++row)
    expected += fmt::format("{:.6g}\tpictures/{}{}.ppm\n", said[row], row < 5 ? "red" : "blue", row % 5);
  CHECK(lines == expected);
  CHECK(predicted(*opened.model, {.file = data.folder / "pictures/red2.ppm"}).starts_with("value\timage\n"));
}

TEST_CASE("ranking: texts, and answers behind what they answer, by scores and in pairs") {
  const ScratchFolder folder;
  BertConfig config = small_bert_config();
  config.labels = {"LABEL_0"};
  write_small_model<BertForSequenceClassification>(folder / "model", config);
  const std::string scored = folder
                                 .write("scored.tsv",
                                        "ask\tanswer\tscore\nthe cat\tgood film\t2\nthe cat\tbad\t1\n"
                                        "the dog\tvery good\t-1\nthe dog\ton the mat\t-3\n")
                                 .string();
  const std::string pairs =
      folder
          .write("pairs.jsonl", R"({"ask": "the cat", "chosen": "good film", "rejected": "bad"})"
                                "\n"
                                R"({"ask": "the dog", "chosen": "very good", "rejected": "on the mat"})"
                                "\n")
          .string();
  const Given by_scores{{"text_column", "ask"}, {"text_pair_column", "answer"}, {"group_column", "ask"}};
  const Given by_pairs{{"better_column", "chosen"}, {"worse_column", "rejected"}, {"prompt_column", "ask"}};
  Opened rows(folder / "model", scored, by_scores), preferences(folder / "model", pairs, by_pairs);
  CHECK(rows.examples->evaluate()->loss() == doctest::Approx(preferences.examples->evaluate()->loss()).epsilon(1e-5));
  CHECK(preferences.examples->show(0).text.find("good film") != std::string::npos);
  preferences.train(20);
  CHECK(preferences.examples->evaluate()->metrics().at("pair_accuracy") == 1);
  preferences.model->save(folder / "saved");
  const auto alone = ranking({{"text_column", "ask"}}, TaskUse::prediction);
  alone->take_up_options(folder / "saved", TaskUse::prediction);
  REQUIRE(alone->warnings().size() == 1);
  CHECK(
      alone->warnings()[0].starts_with("the model was trained on two texts at once, but there is no text_pair_column"));
  const auto model = alone->open(folder / "saved", {.trained = true});
  CHECK(predicted(*model, {.file = scored}).starts_with("value\ttext\n"));
}

TEST_CASE("ranking: what is wrong is told in a line") {
  const Pictures data;
  const auto bad = [&](const std::string& rows) {
    const std::string file = data.folder.write("bad.tsv", rows).string();
    const std::string said = error_of<std::runtime_error>([&] { Opened(data.model, file, of_colours); });
    CHECK(said.find('\n') == std::string::npos);
    return said.substr(said.find("bad.tsv"));
  };
  const std::string good = "pictures/red1.ppm\t1\ta\n", head = "image\tscore\tcolour\n";
  CHECK(bad(head + good + "pictures/red2.ppm\tfine\ta\n") == "bad.tsv:3: score is \"fine\": expected a number");
  CHECK(bad(head + good + "pictures/red2.ppm\t1,5\ta\n") ==
        "bad.tsv:3: score is \"1,5\": expected a number (a comma in a number? write 1.5 or 1234)");
  CHECK(bad(head + good + "pictures/red2.ppm\tnan\ta\n") == "bad.tsv:3: score is \"nan\": expected a number");
  CHECK(bad(head + good + "pictures/none.ppm\t2\ta\n").starts_with("bad.tsv:3: "));
  CHECK(bad("image\tcolour\npictures/red1.ppm\ta\n").find("score") != std::string::npos);
  CHECK(error_of([] { ranking({{"better_column", "good"}}); }) == "better_column: pairs need worse_column, too");
  CHECK(error_of([] { ranking({{"prompt_column", "ask"}}); }).starts_with("prompt_column: is for pairs"));
  CHECK(error_of([] {
          ranking({{"better_column", "a"}, {"worse_column", "b"}, {"group_column", "c"}});
        }) == "better_column: pairs need no group_column and no text_pair_column");
  CHECK(error_of([] { ranking({{"image_column", "score"}}); }).starts_with("image_column and score_column: both are"));
  CHECK(error_of([&] {
          Opened(data.model, data.table, {{"text_pair_column", "answer"}});
        }) == "text_pair_column: is for texts, and the model reads pictures");
  write_small_model<ViltForQuestionAnswering>(data.folder / "asked", small_vilt_config());
  CHECK(error_of<std::runtime_error>([&] { Opened(data.folder / "asked", data.table, of_colours); }) != "no error");
}

TEST_CASE("ranking: the report counts groups and pairs, and finds rows again") {
  const Pictures data;
  const std::string train = data.folder
                                .write("train.tsv",
                                       "image\tscore\tcolour\npictures/red1.ppm\t1\ta\npictures/red2.ppm\t2\ta\n"
                                       "pictures/red1.ppm\t1\tb\npictures/red3.ppm\t2\tb\npictures/red3.ppm\t3\tb\n"
                                       "pictures/red4.ppm\t1\tc\npictures/red2.ppm\t2\ta\n")
                                .string();
  const std::string test =
      data.folder.write("test.tsv", "image\tscore\tcolour\npictures/red4.ppm\t1\ta\npictures/red0.ppm\t2\ta\n")
          .string();
  for (const std::string& model : {data.model, std::string()}) {
    const DataReport report = ranking(of_colours)->check_data(model, {{"train", train}, {"test", test}});
    std::string warnings;
    for (const std::string& line : report.warnings) warnings += line + "\n";
    INFO(report.text);
    CHECK(report.text.find("3 groups, 5 pairs of different scores, scores from 1 to 3") != std::string::npos);
    CHECK(warnings ==
          fmt::format("train: rows that no other of their group has another score than: 1, the first {0}:7\n"
                      "train: rows that are in their group twice: 1, the first {0}:8 repeats {0}:3\n"
                      "train: rows that are in their group with another score: 1, the first {0}:6 repeats {0}:5: "
                      "\"2\", then \"3\"\n"
                      "test: rows that train has too (its score would flatter): 1, the first {1}:2 repeats {0}:7\n",
                      train, test));
  }
  const DataReport pairs = ranking(of_pairs)->check_data(data.model, {{"train", data.pairs}});
  CHECK(pairs.text.find("8 pairs") != std::string::npos);
  CHECK(pairs.warnings.empty());
}
