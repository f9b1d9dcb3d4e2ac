// SPDX-License-Identifier: Apache-2.0
// The threshold above which one of several labels is predicted: the search against counting by hand and against trying
// all, and who counts by it.
#include "models/tasks/classification/threshold.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/tasks/classification/evaluation.h"
#include "models/tasks/classification/scores.h"
#include "models/tasks/classification/task.h"
#include "models/tasks/task_training.h"
#include "tests/error_of.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

ThresholdSearch search(const std::vector<double>& probabilities, const std::vector<double>& truth) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(logit_of(p)));
  return search_threshold(logits, truth);
}

double micro_f1(const std::vector<float>& logits, const std::vector<double>& truth, double threshold) {
  return score(ProblemType::multi_label, logits, {{}, truth}, {"a"}, threshold).at("micro_f1");
}

}  // namespace

TEST_CASE("threshold: counted by hand") {
  // At 0.5 one of the two predicted is right, of three that are true: 2 / 5; above 0.15 three of four are: 6 / 7.
  const ThresholdSearch found = search({0.2, 0.9, 0.1, 0.6, 0.4}, {1, 1, 0, 0, 1});
  CHECK(found.threshold == doctest::Approx(0.15));
  CHECK(found.micro_f1 == doctest::Approx(6.0 / 7));
  CHECK(found.even_micro_f1 == doctest::Approx(2.0 / 5));
  // Every label is right: all of them, in the middle between 0 and the least.
  CHECK(search({0.3, 0.4}, {1, 1}).threshold == doctest::Approx(0.15));
  // Equal probabilities stay together.
  CHECK(search({0.3, 0.3, 0.3, 0.2}, {1, 0, 1, 0}).threshold == doctest::Approx(0.25));
}

TEST_CASE("threshold: of equals the one nearest to a half, which stays where nothing is better") {
  CHECK(search({0.8, 0.45, 0.3}, {1, 0, 0}).threshold == 0.5);
  CHECK(search({0.4, 0.3}, {0, 0}).threshold == 0.5);
  // One of one, or two of four, of two: both 2 / 3.
  CHECK(search({0.95, 0.7, 0.6, 0.3, 0.2}, {1, 0, 0, 1, 0}).threshold == doctest::Approx(0.25));
  CHECK(search({0.95, 0.7, 0.6, 0.1}, {1, 0, 0, 1}).threshold == doctest::Approx(0.825));
}

TEST_CASE("threshold: as good as the best of all that can be tried, and what it says is what is counted by it") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const int cells = 1 + static_cast<int>(random() % 30);
    const double scale = round % 3 == 0 ? 30 : 3;  // of some, probabilities next to 0 and 1
    std::vector<float> logits;
    std::vector<double> truth;
    std::set<double> tried{0.5};
    std::set<double> probabilities{0, 1};
    for (int i = 0; i < cells; ++i) {
      logits.push_back(static_cast<float>(scale * (static_cast<int>(random() % 17) - 8) / 8));
      truth.push_back(random() % 3 == 0);
      probabilities.insert(1 / (1 + std::exp(-static_cast<double>(logits.back()))));
    }
    for (auto upper = std::next(probabilities.begin()); upper != probabilities.end(); ++upper)
      if (const double middle = (*std::prev(upper) + *upper) / 2; middle < 1) tried.insert(middle);
    double best = 0, nearest = 1;
    for (const double threshold : tried) best = std::max(best, micro_f1(logits, truth, threshold));
    for (const double threshold : tried)
      if (micro_f1(logits, truth, threshold) == best) nearest = std::min(nearest, std::abs(threshold - 0.5));
    const ThresholdSearch found = search_threshold(logits, truth);
    CHECK(found.micro_f1 == best);
    CHECK(micro_f1(logits, truth, found.threshold) == best);
    CHECK(std::abs(found.threshold - 0.5) == nearest);
    CHECK(found.even_micro_f1 == micro_f1(logits, truth, 0.5));
  }
}

TEST_CASE("threshold: numbers beyond all measure, and none") {
  const std::vector<float> far{100, 50, -100, -1000};
  for (const std::vector<double>& truth : {std::vector<double>{1, 0, 0, 0}, {1, 1, 1, 0}, {1, 1, 1, 1}}) {
    const ThresholdSearch found = search_threshold(far, truth);
    CHECK(found.threshold > 0);
    CHECK(found.threshold < 1);
    CHECK(found.micro_f1 == micro_f1(far, truth, found.threshold));
  }
  const ThresholdSearch odd =
      search_threshold(std::vector<float>{1, std::numeric_limits<float>::quiet_NaN()}, std::vector<double>{1, 0});
  CHECK(odd.threshold == 0.5);
  CHECK(std::isnan(odd.micro_f1));
  CHECK(search_threshold({}, {}).threshold == 0.5);
}

TEST_CASE("threshold: numbers between 0 and 1 are some") {
  CHECK(parse_threshold("0.31") == 0.31);
  CHECK(parse_threshold("+5e-1") == 0.5);
  for (const char* odd : {"", "0", "1", "-0.5", "1.5", "nan", "inf", "0.5 ", "0,5", "half", "+-0.5", "auto"})
    CHECK_FALSE(parse_threshold(odd));
}

TEST_CASE("threshold: evaluations count by it") {
  const auto low = static_cast<float>(logit_of(0.3)), least = static_cast<float>(logit_of(0.1));
  ClassificationEvaluation said(ProblemType::multi_label, {"a", "b"}, {low, 2, /**/ least, low},
                                {{}, {1, 1, /**/ 0, 0}}, 0.5);
  CHECK(said.judgement(0).said == "b");
  CHECK(said.metrics().at("micro_f1") == doctest::Approx(2.0 / 3));
  said.set_threshold(0.2);
  CHECK(said.judgement(0).said == "a|b");
  CHECK(said.judgement(0).wrongness == 0);
  CHECK(said.judgement(1).wrongness == doctest::Approx(0.3));
  CHECK(said.metrics().at("micro_f1") == doctest::Approx(4.0 / 5));
  CHECK(said.metrics().at("subset_accuracy") == 0.5);
  CHECK(said.classes()[0].scores.recall == 1);
  CHECK(said.classes()[1].scores.precision == 0.5);
}

namespace {

// A model of two labels, and texts that have some of them.
struct Lab {
  ScratchFolder folder;
  std::string texts =
      folder.write("t.tsv", "text\tlabel\nthe cat\tlow\nbad film\thigh|low\nvery good play\tlow\n").string();

  Lab() {
    BertConfig config = small_bert_config();
    config.labels = {"high", "low"};
    config.problem_type = ProblemType::multi_label;
    write_small_model<BertForSequenceClassification>(folder / "model", config);
  }
  static std::unique_ptr<TaskModel> open(Task& task, const std::string& directory) {
    return task.open(directory, {.device = Device::open("reference")});
  }
  std::unique_ptr<TaskModel> open_for_training(ClassificationTask& task) {
    task.check_options(TaskUse::training);
    task.look_at(folder / "model", texts);
    return open(task, folder / "model");
  }
};

ClassificationTask asked(const std::string& threshold, const std::string& separator = "|") {
  ClassificationOptions options;
  options.label_separator = separator;
  options.asked_threshold = threshold;
  return ClassificationTask(options);
}

double threshold_of(Task& task) {
  for (const OptionField& option : task.options(TaskUse::prediction))
    if (option.name == "threshold") return *std::get<double*>(option.field);
  return 0;
}

double evaluated(TaskModel& model, const std::string& file) {
  return model.read(file)->evaluate()->metrics().at("micro_f1");
}

}  // namespace

TEST_CASE("threshold: what is found on validation data counts from there on, and a saved model keeps it") {
  Lab lab;
  ClassificationTask task = asked("auto");
  CHECK(task.needs_validation() == "threshold auto");
  CHECK(asked("0.3").needs_validation().empty());
  const auto model = lab.open_for_training(task);
  const double even = evaluated(*model, lab.texts);
  const auto validation = model->read(lab.texts)->evaluate();
  const std::string line = model->fit_after_training(*validation);
  const double best = validation->metrics().at("micro_f1");
  CHECK(best > even);  // else this model shows nothing
  CHECK(line.find("on validation: micro_f1") != std::string::npos);
  CHECK(evaluated(*model, lab.texts) == best);

  model->save(lab.folder / "saved");
  ClassificationTask again = asked("");
  again.take_up_options(lab.folder / "saved", TaskUse::prediction);
  CHECK(threshold_of(again) != 0.5);
  const auto reopened = Lab::open(again, lab.folder / "saved");
  CHECK(evaluated(*reopened, lab.texts) == best);
  CHECK(reopened->description().find("threshold") != std::string::npos);
  // Its predictions are those that were counted.
  std::istringstream stream("the cat\nbad film\nvery good play\n");
  const auto predictor = reopened->predictor({.stream = &stream});
  std::string lines;
  REQUIRE(predictor->next(3, lines));
  std::istringstream rows(lines);
  const auto evaluation = reopened->read(lab.texts)->evaluate();
  for (int64_t text = 0; text < 3; ++text) {
    std::string row;
    std::getline(rows, row);
    CHECK(row.substr(0, row.find('\t')) == evaluation->judgement(text).said);
  }
  // A training that begins there has numbers of its own.
  again.look_at(lab.folder / "saved", lab.texts);
  CHECK(threshold_of(again) == 0.5);
}

TEST_CASE("threshold: one that is given counts at once, and is known again where evaluations decide") {
  Lab lab;
  ClassificationTask even = asked("0.50"), given = asked("0.001");
  CHECK(even.would_find("threshold", "", ""));
  CHECK_FALSE(given.would_find("threshold", "", ""));
  CHECK_FALSE(asked("auto").would_find("threshold", "", ""));
  const auto model = lab.open_for_training(given);
  const auto examples = model->read(lab.texts);
  CHECK(examples->evaluate()->judgement(0).said == "high|low");
  CHECK(model->fit_after_training(*examples->evaluate()).empty());
  model->save(lab.folder / "saved");
  ClassificationTask again = asked("");
  again.take_up_options(lab.folder / "saved", TaskUse::prediction);
  CHECK(threshold_of(again) == 0.001);
  const auto identity = [&](TaskModel& of) {
    const auto train = of.read(lab.texts);
    return TaskTraining(of, *train, train.get()).validation_identity();
  };
  CHECK(identity(*model).at("threshold") == "0.001");
  CHECK_FALSE(identity(*lab.open_for_training(even)).contains("threshold"));
}

TEST_CASE("threshold: refused where it cannot be meant") {
  Lab lab;
  for (const char* odd : {"0", "1", "half", "Auto"})
    CHECK(error_of([&] { asked(odd).check_options(TaskUse::training); }).find("between 0 and 1") != std::string::npos);
  const std::string single = lab.folder.write("s.tsv", "text\tlabel\nthe cat\tlow\nbad film\thigh\n").string();
  for (const char* some : {"auto", "0.5"})
    CHECK(error_of([&] { asked(some, "").look_at("", single); }).find("is for several labels a text") !=
          std::string::npos);
  BertConfig config = small_bert_config();
  config.labels = {"high", "low"};
  write_small_model<BertForSequenceClassification>(lab.folder / "one", config);
  ClassificationOptions options;
  options.threshold = 0.3;
  ClassificationTask task(options);
  CHECK(error_of([&] { Lab::open(task, lab.folder / "one"); }).find("is for several labels a text") !=
        std::string::npos);
  options.threshold = 1;
  CHECK(error_of([&] { ClassificationTask(options).check_options(TaskUse::prediction); }).find("between 0 and 1") !=
        std::string::npos);
}
