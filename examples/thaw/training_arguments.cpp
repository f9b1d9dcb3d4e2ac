// SPDX-License-Identifier: Apache-2.0
// Each part's options, one after the other.
#include "examples/thaw/training_arguments.h"

#include "examples/thaw/config.h"

namespace thaw {

void add_training_arguments(CLI::App& command, TrainingArguments& a) {
  add_config_option(command);
  add_model_options(command, a.model);
  add_data_options(command, a.data, a.tasks);
  add_sample_options(command, a.data);
  add_freeze_options(command, a.freeze);
  add_training_options(command, a.training, a.optimizer);
}

Task& choose(const CLI::App& command, TrainingArguments& a) {
  Task& task = a.tasks.chosen(command, a.model.model);
  a.optimizer.choose(command, a.training.learning_rate);
  return task;
}

std::vector<std::pair<std::string, std::string>> repeated_options(const TrainingArguments& a) {
  std::vector<std::pair<std::string, std::string>> repeated;
  for (const auto& rule : a.freeze.rules) repeated.emplace_back(rule.train ? "--train" : "--freeze", rule.pattern);
  for (const std::string& rate : a.optimizer.rates()) repeated.emplace_back("--lr", rate);
  return repeated;
}

}  // namespace thaw
