// SPDX-License-Identifier: Apache-2.0
// Questions on texts: making of the data set, and the baseline.
#include "examples/data/question_commands.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "examples/data/debian_packages.h"
#include "examples/data/debian_questions.h"
#include "examples/data/hash_split.h"
#include "examples/data/overlap_answer.h"
#include "examples/data/squad.h"
#include "models/metrics/squad.h"

namespace thaw {
namespace {

struct Options {
  std::filesystem::path lists, output, test;
  size_t texts = 1600;
  uint64_t seed = 1;
};

void make(const Options& options) {
  std::map<Split, std::vector<DebianPackage>> splits;
  for (const auto split : all_splits) splits[split];
  for (auto& package : first_of_each_source(read_debian_packages(options.lists)))
    splits[split_of(package.source)].push_back(std::move(package));
  FileSet files;
  std::string told;
  for (const auto& [split, packages] : splits) {
    QuestionsOptions wanted;
    wanted.name = split_name(split);
    wanted.texts = options.texts / (split == Split::train ? 1 : split == Split::validation ? 16 : 8);
    wanted.all_wordings = split == Split::test;
    wanted.seed = options.seed;
    const auto texts = debian_questions(packages, wanted);
    const auto path = options.output / (wanted.name + ".json");
    add_squad(files, path, texts);
    size_t questions = 0, unanswered = 0;
    for (const auto& text : texts) {
      for (const auto& question : text.questions) {
        ++questions;
        unanswered += question.answer.empty();
      }
    }
    told += fmt::format("{}: {} texts, {} questions, {} without an answer\n", path.string(), texts.size(), questions,
                        unanswered);
  }
  files.commit();
  fmt::print("{}", told);
}

void measure(const Options& options) {
  double questions = 0, none = 0, exact = 0, f1 = 0;
  for (const auto& text : read_squad(options.test)) {
    for (const auto& question : text.questions) {
      const auto given = overlap_answer(text.context, question.text);
      ++questions;
      none += question.answer.empty() ? 1 : 0;
      const AnswerScores scores = score_answer(given, {question.answer});
      exact += scores.exact;
      f1 += scores.f1;
    }
  }
  const double percent = questions == 0 ? 0 : 100 / questions;
  fmt::print("no answer at all: exact match {:.1f}, F1 {:.1f}; common words: exact match {:.1f}, F1 {:.1f}\n",
             percent * none, percent * none, percent * exact, percent * f1);
}

}  // namespace

void add_question_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  auto* maker = app.add_subcommand("debian-questions", "questions on texts about packages; both are made from fields");
  maker->add_option("--lists", options->lists, "folder that examples/fetch_debian_lists.sh filled")->required();
  maker->add_option("--output", options->output, "folder for train.json, validation.json and test.json (SQuAD)")
      ->required();
  maker
      ->add_option("--texts", options->texts,
                   "to train on, with five questions each; a sixteenth and an eighth as many more")
      ->capture_default_str()
      ->check(CLI::Range(20, 1'000'000));
  maker->add_option("--seed", options->seed, "of the draws")->capture_default_str();
  maker->callback([options] { make(*options); });

  auto* baseline = app.add_subcommand(
      "overlap", "the baseline: from the sentence with most words of the question; prints exact match and F1");
  baseline->add_option("test", options->test, "SQuAD's JSON to measure on")->required();
  baseline->callback([options] { measure(*options); });
}

}  // namespace thaw
