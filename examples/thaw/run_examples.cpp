// SPDX-License-Identifier: Apache-2.0
// Chooses a run's examples.
#include "examples/thaw/run_examples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/tasks/cut_count.h"
#include "models/tasks/selected_examples.h"
#include "nn/train/batches.h"
#include "nn/train/training_checks.h"
#include "tensor/counted.h"
#include "tensor/quote.h"

namespace thaw {
namespace {

// Errors name the file.
ExampleSplit split_of(const Examples& examples, const DataArguments& data, uint64_t seed) {
  try {
    return split_examples(examples, data.validation_split, seed);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", data.train_file, error.what()));
  }
}

// Tokens of the largest batch that the training begins with.
int64_t most_tokens_of(const RunExamples& examples, const TrainingOptions& training) {
  const std::span<const int64_t> lengths = examples.train->lengths();
  const int64_t steps = total_steps(training, std::ssize(lengths));
  std::vector<StepBatch> first_epoch = epoch_steps(lengths, training.batches, training.seed, 0);
  if (steps < std::ssize(first_epoch)) first_epoch.resize(static_cast<size_t>(steps));
  int64_t most = 0;
  for (const StepBatch& step : first_epoch) most = std::max(most, most_tokens(step, lengths));
  return most;
}

}  // namespace

std::shared_ptr<Examples> sample(std::shared_ptr<Examples> examples, int64_t most, uint64_t seed) {
  if (!examples || most == 0 || examples->size() <= most) return examples;
  return std::make_shared<SelectedExamples>(examples, sample_examples(*examples, most, seed));
}

RunExamples read_examples(TaskModel& model, const DataArguments& data, uint64_t seed) {
  RunExamples run;
  run.train = model.read(data.train_file);
  if (!data.validation_file.empty()) run.validation = model.read(data.validation_file);
  if (data.own.has_validation) run.validation = model.own_validation();
  if (!data.test_file.empty()) run.test = model.read(data.test_file);
  if (data.own.has_test) run.test = model.own_test();
  if (data.validation_split > 0) {
    const std::shared_ptr<Examples> all = run.train;
    ExampleSplit split = split_of(*all, data, seed);
    run.train = std::make_shared<SelectedExamples>(all, std::move(split.train));
    run.validation = std::make_shared<SelectedExamples>(all, std::move(split.validation));
    run.held_back = run.validation->groups();
  }
  run.train = sample(run.train, data.max_train_samples, seed);
  run.validation = sample(run.validation, data.max_eval_samples, seed);
  return run;
}

void bound_evaluations(const RunExamples& examples, const TrainingOptions& training) {
  const int64_t most = most_tokens_of(examples, training);
  for (const auto& held : {examples.validation, examples.test})
    if (held) held->bound_evaluation(most);
}

std::map<std::string, int64_t> learnt_of_parts(Examples& train, const TrainingOptions& training, int64_t steps) {
  std::map<std::string, int64_t> learnt;
  if (train.size() == 0 || train.part(0).empty()) return learnt;
  for (int64_t epoch = 0; steps > 0; ++epoch) {
    train.begin_epoch(epoch);
    for (const StepBatch& step : epoch_steps(train.lengths(), training.batches, training.seed, epoch)) {
      if (steps-- == 0) return learnt;
      for (const int64_t example : step.examples()) ++learnt[train.part(example)];
    }
  }
  return learnt;
}

void tell_of_notes(const Examples& examples) {
  for (const std::string& line : examples.notes()) fmt::print(stderr, "{}\n", one_line(line));
}

void tell_of_cuts(const std::string& split, const Examples& examples) {
  if (examples.has_parts()) return;  // notes() tell of each part
  std::map<std::string_view, CutCount> cuts;
  for (const int64_t first : examples.first_of_groups())
    for (const Examples::CutPart& part : examples.cut_parts(first)) cuts[part.name].add(part.tokens);
  for (const auto& [name, cut] : cuts)
    if (const std::string line = cut.to_text(name); !line.empty()) fmt::print(stderr, "note: {}: {}\n", split, line);
}

void tell_of(const RunExamples& examples, const DataArguments& data) {
  const auto tell_of_one = [](const std::string& split, const Examples* of_split, bool notes) {
    if (!of_split) return;
    if (notes) tell_of_notes(*of_split);
    tell_of_cuts(split, *of_split);
  };
  tell_of_one("train", examples.train.get(), true);
  tell_of_one("validation", examples.validation.get(), !data.validation_file.empty() || data.own.has_validation);
  tell_of_one("test", examples.test.get(), true);
  if (data.validation_split == 0) return;
  const int64_t used = examples.validation->groups(), held = examples.held_back;
  fmt::print("{} of {} {} held back to validate by{}\n", counted(held, "example"), data.train_file,
             held == 1 ? "is" : "are", used < held ? fmt::format(" ({} of them used)", used) : "");
}

}  // namespace thaw
