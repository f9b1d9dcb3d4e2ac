// SPDX-License-Identifier: Apache-2.0
// What kind of problem labels pose, and what cells are no labels of it.
#include "models/tasks/classification/problem.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "tests/scratch_folder.h"

using namespace thaw;
using Names = std::vector<std::string>;

namespace {

Problem problem_of(const std::string& rows, const std::string& separator = "", std::optional<ProblemType> given = {}) {
  const ScratchFolder folder;
  ClassificationOptions options;
  options.label_separator = separator;
  return find_problem(folder.write("t.tsv", "label\ttext\n" + rows).string(), options, {given, true, "problem_type"});
}

}  // namespace

TEST_CASE("problem: found from the labels") {
  CHECK(problem_of("b\tx\na\ty\n").type == ProblemType::single_label);
  CHECK(problem_of("b\tx\na\ty\n").labels.names() == Names{"a", "b"});
  CHECK(problem_of("10\tx\n9\ty\n").type == ProblemType::single_label);
  CHECK(problem_of("10\tx\n9\ty\n").labels.names() == Names{"9", "10"});
  CHECK(problem_of("1.5\tx\n2\ty\n").type == ProblemType::regression);
  CHECK(problem_of("1.5\tx\n2\ty\n").labels.size() == 1);
  CHECK(problem_of("1.5\tx\nhigh\ty\n").type == ProblemType::single_label);
  CHECK(problem_of("1\tx\n2\ty\n", "", ProblemType::regression).type == ProblemType::regression);
  CHECK(problem_of("b|c\tx\n\ty\na\tz\n", "|").type == ProblemType::multi_label);
  CHECK(problem_of("b|c\tx\n\ty\na\tz\n", "|").labels.names() == Names{"a", "b", "c"});
}

TEST_CASE("problem: data that pose none") {
  CHECK_THROWS_WITH_AS(problem_of("a\tx\na\ty\n"), doctest::Contains("nothing to tell apart"), std::runtime_error);
  CHECK_THROWS_WITH_AS(problem_of("a\tx\n\ty\n"), doctest::Contains("t.tsv:3: the label is empty"), std::runtime_error);
  CHECK_THROWS_WITH_AS(problem_of(""), doctest::Contains("has no rows"), std::runtime_error);
  CHECK_THROWS_WITH_AS(problem_of("\tx\n", "|"), doctest::Contains("no row has a label"), std::runtime_error);
  CHECK_THROWS_WITH_AS(problem_of("a\tx\nb\ty\n", "", ProblemType::multi_label), doctest::Contains("label_separator"),
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(problem_of("a\tx\nb\ty\n", "|", ProblemType::single_label), doctest::Contains("label_separator"),
                       std::invalid_argument);
}

TEST_CASE("problem: what is given, and by what") {
  const ScratchFolder folder;
  const std::string file = folder.write("t.tsv", "label\ttext\n1.5\tx\n2.5\ty\n").string();
  const std::string from = "problem_type in m/config.json";
  const Problem classes = find_problem(file, {}, {ProblemType::single_label, false, from});
  REQUIRE(classes.warnings.size() == 1);
  CHECK(classes.warnings[0] == file + ": the labels are numbers, but are read as 2 classes (" + from +
                                   "): problem_type regression predicts numbers");
  CHECK(find_problem(file, {}, {ProblemType::single_label, true, "problem_type"}).warnings.empty());
  CHECK_THROWS_WITH_AS(find_problem(file, {}, {ProblemType::multi_label, false, from}), doctest::Contains(from.c_str()),
                       std::invalid_argument);
  const std::string names = folder.write("n.tsv", "label\ttext\na\tx\nb\ty\n").string();
  CHECK_THROWS_WITH_AS(find_problem(names, {}, {ProblemType::regression, false, from}),
                       (names + ":2: the label \"a\" is not a number, as regression needs it (" + from +
                        "; problem_type asks for something else)")
                           .c_str(),
                       std::runtime_error);
}

TEST_CASE("problem: 0/1 vectors are class sets by place") {
  const ScratchFolder folder;
  const std::string file = folder.write("t.tsv", "label\ttext\n1|0|1\tx\n0|0|0\ty\n").string();
  ClassificationOptions options;
  options.label_separator = "|";
  Problem problem = find_problem(file, options, {{}, false, "", {"c", "a", "b"}});
  CHECK(problem.type == ProblemType::multi_label);
  CHECK(problem.labels.names() == Names{"c", "a", "b"});
  CHECK(problem.labels_of("1.0|0|1", "t:2") == Names{"c", "b"});
  CHECK(find_problem(file, options, {{}, false, "", {"no", "yes"}}).labels.names() == Names{"0", "1", "2"});
  CHECK(find_problem(file, options, {}).labels.names() == Names{"0", "1", "2"});
  ClassificationTargets targets;
  problem.labels = LabelSet({"a", "b", "c"});  // a model may have them in another order
  problem.add_target("1|0|0", "t:2", targets);
  CHECK(targets.values == std::vector<double>{0, 0, 1});
  CHECK_THROWS_WITH_AS(problem.add_target("1|0", "t:4", targets),
                       "t:4: \"1|0\" is no 0/1 vector of 3, as all training labels are", std::runtime_error);
  CHECK_THROWS_WITH_AS(problem.add_target("a|0|1", "t:4", targets),
                       "t:4: \"a|0|1\" is no 0/1 vector, as all training labels are", std::runtime_error);
}

TEST_CASE("problem: lists of numbers are outputs, named by a model that predicts as many") {
  const Problem numbers = problem_of("0.5|1.2|3.0\tx\n1|2|3\ty\n", "|");
  CHECK(numbers.type == ProblemType::regression);
  CHECK(numbers.labels.names() == Names{"LABEL_0", "LABEL_1", "LABEL_2"});
  ClassificationTargets targets;
  numbers.add_target("0.5|-1| 2", "t:2", targets);
  CHECK(targets.values == std::vector<double>{0.5, -1, 2});
  CHECK_THROWS_WITH_AS(numbers.numbers_of("0.5|1", "t:4"),
                       "t:4: the label \"0.5|1\" has 2 numbers, expected 3: LABEL_0, LABEL_1, LABEL_2",
                       std::runtime_error);
  CHECK_THROWS_WITH_AS(numbers.numbers_of("0.5|1|high", "t:4"),
                       "t:4: the label \"high\" is not a number, as regression needs it", std::runtime_error);
  CHECK_THROWS_WITH_AS(numbers.numbers_of("", "t:4"), doctest::Contains("has 0 numbers, expected 3"),
                       std::runtime_error);

  CHECK(problem_of("1|2|3\tx\n3|2|1\ty\n", "|").type == ProblemType::multi_label);
  CHECK(problem_of("1|2|3\tx\n3|2|1\ty\n", "|", ProblemType::regression).labels.size() == 3);
  CHECK(problem_of("1|0\tx\n0|1\ty\n", "|", ProblemType::regression).labels.size() == 2);
  CHECK(problem_of("1.0|0.0\tx\n0.0|1.0\ty\n", "|").type == ProblemType::multi_label);
  CHECK(problem_of("0.5\tx\n1\ty\n", "|").labels.names() == Names{"LABEL_0"});
  CHECK(problem_of("0.5|2\tx\n1|3\ty\n", "|", ProblemType::multi_label).warnings.size() >= 1);
  for (const auto& [rows, wrong] : {std::pair{"0.5|1\tx\n2\ty\n", "t.tsv:3: the label \"2\" is a list of another"},
                                    {"0.5|1\tx\n2|3\ty\n\tz\n", "t.tsv:4: the label \"\" is no list of numbers"},
                                    {"0.5|1e39\tx\n2|3\ty\n", "t.tsv:2: the label \"1e39\" is too large"}})
    CHECK_THROWS_WITH_AS(problem_of(rows, "|"), doctest::Contains(wrong), std::runtime_error);
  CHECK_THROWS_WITH_AS(problem_of("a|b\tx\n1|2\ty\n", "|", ProblemType::regression),
                       doctest::Contains("t.tsv:2: the label \"a\" is not a number"), std::runtime_error);

  const ScratchFolder folder;
  const std::string one = folder.write("one.tsv", "label\ttext\n1.5\tx\n3\ty\n").string();
  CHECK(find_problem(one, {}, {{}, false, "config.json", {"neg", "pos"}}).labels.names() == Names{"LABEL_0"});
  const std::string file = folder.write("t.tsv", "label\ttext\n1|2\tx\n3|4\ty\n").string();
  ClassificationOptions options;
  options.label_separator = "|";
  const GivenProblem model{ProblemType::regression, false, "config.json", {"joy", "fear"}, ProblemType::regression};
  CHECK(find_problem(file, options, model).labels.names() == Names{"joy", "fear"});
  CHECK_THROWS_WITH_AS(find_problem(file, {}, model),
                       doctest::Contains("2 numbers a row (config.json: joy, fear) need label_separator"),
                       std::invalid_argument);
}

TEST_CASE("problem: targets of cells") {
  ClassificationTargets targets;
  const Problem single{ProblemType::single_label, LabelSet({"a", "b"}), ""};
  single.add_target("b", "t:2", targets);
  CHECK(targets.classes == std::vector<int32_t>{1});
  CHECK_THROWS_WITH_AS(single.add_target("c", "t:3", targets), "t:3: unknown label \"c\" (known: a, b)",
                       std::runtime_error);
  const Problem multi{ProblemType::multi_label, LabelSet({"a", "b", "c"}), "|"};
  multi.add_target("c|a", "t:2", targets);
  multi.add_target("", "t:3", targets);
  CHECK(targets.values == std::vector<double>{1, 0, 1, 0, 0, 0});
  CHECK_THROWS_AS(multi.add_target("a|d", "t:4", targets), std::runtime_error);
  ClassificationTargets numbers;
  const Problem regression{ProblemType::regression, LabelSet({"LABEL_0"}), ""};
  regression.add_target("-2.5", "t:2", numbers);
  CHECK(numbers.values == std::vector<double>{-2.5});
  CHECK_THROWS_WITH_AS(regression.add_target("much", "t:3", numbers),
                       "t:3: the label \"much\" is not a number, as regression needs it", std::runtime_error);
}
