// SPDX-License-Identifier: Apache-2.0
// The report of an evaluation: the most wrong first, intervals by seed, classes and their means.
#include "examples/thaw/evaluation_report.h"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

using namespace thaw;

namespace {

// Of each example how wrong it is; the score is the mean.
class Said : public Evaluation {
 public:
  explicit Said(std::vector<double> wrongness) : wrongness_(std::move(wrongness)) {}
  int64_t size() const override { return std::ssize(wrongness_); }
  double loss() const override { return std::nan(""); }
  Metrics scores(std::span<const int64_t> which) const override {
    double sum = 0;
    for (const int64_t example : which) sum += wrongness_[static_cast<size_t>(example)];
    return {{"mean", sum / static_cast<double>(which.size())}};
  }
  Judgement judgement(int64_t example) const override { return {"a", "b", wrongness_[static_cast<size_t>(example)]}; }
  std::vector<ClassScores> classes() const override {
    return {{"a", PrecisionRecall({1, 2, 1})}, {"b", PrecisionRecall({0, 0, 3})}};
  }
  std::optional<ConfusionMatrix> confusion() const override {
    ConfusionMatrix matrix(2);
    matrix.add(0, 0);
    matrix.add(1, 0, 3);
    return matrix;
  }

 private:
  std::vector<double> wrongness_;
};

class Read : public Examples {
 public:
  explicit Read(int64_t count) : lengths_(static_cast<size_t>(count), 3) {}
  std::span<const int64_t> lengths() const override { return lengths_; }
  Variable loss(std::span<const int64_t>, double) const override { throw std::logic_error("no loss"); }
  std::vector<float> outputs(std::span<const int64_t>) const override { return {}; }
  std::unique_ptr<Evaluation> evaluate(std::span<const int64_t>) const override { return {}; }
  ShownExample show(int64_t example) const override {
    return {.where = "f.tsv:" + std::to_string(example + 2), .tokens = {{"one"}, {"two"}}};
  }
  int64_t cut(int64_t) const override { return 0; }
  Fingerprint identity() const override { return {}; }
  std::unique_ptr<Examples> read_by(TaskModel&) const override { return {}; }

 private:
  std::vector<int64_t> lengths_;
};

// Several labels: no matrix; one of them is nowhere.
class SeveralSaid : public Said {
 public:
  using Said::Said;
  std::vector<ClassScores> classes() const override {
    return {{"a", PrecisionRecall({1, 2, 1})}, {"b", PrecisionRecall({0, 0, 3})}, {"c", PrecisionRecall({0, 0, 0})}};
  }
  std::optional<ConfusionMatrix> confusion() const override { return {}; }
};

Json report(const ReportOptions& options) {
  return EvaluationReport(Read(5), Said({0, 0.5, 1, 0.25, 0}), options).to_json();
}

}  // namespace

TEST_CASE("evaluation report: the most wrong examples, the worst first; what is right is none of them") {
  const Json three = report({.worst = 10});
  const Json& worst = three.get_array("worst");
  REQUIRE(worst.size() == 3);
  CHECK(worst.at(0).get_string("where") == "f.tsv:4");
  CHECK(worst.at(0).get_number("wrongness") == 1);
  CHECK(worst.at(1).get_string("where") == "f.tsv:3");
  CHECK(worst.at(2).get_string("text") == "one two");
  CHECK(report({.worst = 1}).get_array("worst").size() == 1);
  CHECK(report({.worst = 0}).get_array("worst").size() == 0);
}

TEST_CASE("evaluation report: intervals by the seed, none without samples; what is not finite is null") {
  const Json first = report({.bootstrap = {.samples = 200, .seed = 1}});
  const Json& interval = first.get_object("intervals").get_array("mean");
  CHECK(first.get_uint("seed") == 1);
  CHECK(interval.at(0).as_number() < 0.35);
  CHECK(interval.at(1).as_number() > 0.35);
  CHECK(first.dump({}) == report({.bootstrap = {.samples = 200, .seed = 1}}).dump({}));
  CHECK(first.get_object("intervals").dump({}) !=
        report({.bootstrap = {.samples = 200, .seed = 2}}).get_object("intervals").dump({}));
  CHECK_FALSE(report({.bootstrap = {.samples = 0}}).contains("intervals"));
  CHECK(first.get_object("metrics").at("loss").is_null());
}

TEST_CASE("evaluation report: classes, their means, and which was taken for which") {
  const Json json = report({});
  CHECK(json.get_array("classes").at(0).get_number("recall") == 1);
  CHECK(json.get_array("means").at(1).get_number("support") == 4);
  CHECK(json.get_array("confusion").at(1).at(0).as_number() == 3);
  const std::string text = EvaluationReport(Read(5), Said({0, 0.5, 1, 0.25, 0}), {.worst = 1}).to_text();
  CHECK(text.find("\na                  0.5000     1.0000     0.6667          1\n") != std::string::npos);
  CHECK(text.find("\n 1  b          3      0\n") != std::string::npos);
  CHECK(text.find("  1.0000  f.tsv:4\n          \"a\", said \"b\"\n          \"one two\"\n") != std::string::npos);
}

TEST_CASE("evaluation report: the mean over several labels leaves out one that is neither true nor said") {
  const Json means = EvaluationReport(Read(2), SeveralSaid({0, 1}), {}).to_json().get_array("means");
  CHECK(means.at(0).get_number("f1") == doctest::Approx(1.0 / 3));  // as macro_f1: 2/3 and 0
  CHECK(means.at(0).get_number("recall") == 0.5);
}
