// SPDX-License-Identifier: Apache-2.0
// Each part's options, one after the other.
#include "examples/thaw/training_arguments.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "examples/thaw/config.h"
#include "models/families.h"
#include "models/hub/config.h"
#include "tensor/io/json.h"

namespace thaw {

namespace {

struct FamilyRate {
  double rate = usual_learning_rate;
  std::string note = {};
};

// Of a directory that holds no model: the usual one; opening it says what is wrong.
FamilyRate family_rate(const std::string& directory, const std::string& optimizer) try {
  const Json config = read_config_json(directory);
  const ModelFamily& family = family_of(config);
  const double rate = family.learning_rate ? family.learning_rate(optimizer) : usual_learning_rate;
  return {rate, fmt::format("learning rate: {}, the usual one of models of \"{}\" with {}", rate, family.model_type,
                            optimizer)};
} catch (const std::runtime_error&) {
  return {};
}

}  // namespace

void add_training_arguments(CLI::App& command, TrainingArguments& a) {
  add_config_option(command);
  add_model_options(command, a.model);
  add_data_options(command, a.data, a.tasks);
  add_sample_options(command, a.data);
  add_freeze_options(command, a.freeze);
  add_cache_options(command, a.cache);
  add_training_options(command, a.training, a.optimizer);
}

Task& choose(CLI::App& command, TrainingArguments& a) {
  a.model.model = a.model.adapter.directory(a.model.model);
  Task& task = a.tasks.chosen(command, a.model.model);
  CLI::Option* rate = command.get_option("--learning-rate");
  if (rate->count() == 0) {
    FamilyRate usual = family_rate(a.model.model, a.optimizer.name());
    if (const auto of_task = task.learning_rate())
      usual = {*of_task, fmt::format("learning rate: {}, the usual one of the task {}", *of_task, task.name())};
    a.training.learning_rate = usual.rate;
    a.rate_note = usual.note;
    rate->default_str(fmt::format("{}", usual.rate));
  }
  const FreezeSchedule schedule = a.freeze.schedule();
  a.optimizer.add_rates(schedule.at_start().rates());
  a.optimizer.choose(command, a.training.learning_rate);
  // How often is known once the model is.
  a.training.awaited_stalls = schedule.waits_for_stalls() ? std::numeric_limits<int64_t>::max() : 0;
  return task;
}

std::vector<std::pair<std::string, std::string>> repeated_options(const TrainingArguments& a) {
  std::vector<std::pair<std::string, std::string>> repeated;
  for (const auto& rule : a.freeze.rules) repeated.emplace_back(rule.option, rule.value);
  for (const std::string& rate : a.optimizer.rates()) repeated.emplace_back("--lr", rate);
  return repeated;
}

}  // namespace thaw
