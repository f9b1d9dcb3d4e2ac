// SPDX-License-Identifier: Apache-2.0
// Looks, and tells.
#include "examples/thaw/freeze_stages.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "examples/thaw/before_training.h"
#include "models/tasks/unread_parameters.h"
#include "nn/adapters.h"
#include "nn/train/batches.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"

namespace thaw {
namespace {

std::vector<std::string> unread_in_any(const std::vector<FreezeReport>& reports) {
  std::vector<std::string> names;
  for (const FreezeReport& report : reports)
    for (const std::string& name : report.unread)
      if (std::ranges::count(names, name) == 0) names.push_back(name);
  return names;
}

}  // namespace

bool says_nothing(const FreezeSchedule& given) {
  // As text, "train *" at the beginning is nothing: it says what is so without it.
  return given.at_start().rules().empty() && !given.changes();
}

FreezeSchedule schedule_for(const FreezeSchedule& given, TaskModel& model) {
  const std::string usual = model.usual_rules();
  // Adapters that are on it go on being trained, with what was trained beside them.
  const bool is_adapted = !adapter_parameters(model.store()).empty();
  FreezeSchedule schedule = !says_nothing(given) || is_adapted || usual.empty()
                                ? given
                                : FreezeSchedule::parse(usual, "the task's usual rules");
  return schedule.hold_unread(unread_parameters(model));
}

FreezeReport apply_to_train(const FreezeStage& stage, ParameterStore& store) {
  FreezeReport report = stage.apply(store);
  for (const Parameter& parameter : store.trained()) parameter.mark_changed();
  return report;
}

std::vector<FreezeReport> look_through(const std::vector<FreezeStage>& stages, ParameterStore& store) {
  std::vector<FreezeReport> reports;
  for (const FreezeStage& stage : stages) {
    reports.push_back(apply_to_train(stage, store));
    if (reports.back().trained == 0 && stages.size() > 1)
      fail("{} on, every parameter is frozen: there is nothing to train", stage.from.to_text());
  }
  const std::vector<std::string> unread = unread_in_any(reports);
  for (FreezeReport& report : reports) report.unread = unread;
  // What is new may be frozen for a time.
  FreezeReport first = reports[0];
  for (const FreezeReport& report : reports)
    std::erase_if(first.new_and_frozen,
                  [&](const std::string& name) { return std::ranges::count(report.new_and_frozen, name) == 0; });
  check_trained(first);
  if (stages.size() > 1) stages[0].apply(store);
  return reports;
}

std::vector<int64_t> steps_of_stages(const std::vector<FreezeStage>& stages, const TrainingOptions& training,
                                     int64_t examples) {
  const int64_t all = total_steps(training, examples), per_epoch = steps_per_epoch(examples, training.batches);
  std::vector<int64_t> steps;
  if (!stages.back().from.is_known()) return std::vector<int64_t>(stages.size(), all);
  for (size_t i = 0; i < stages.size(); ++i) {
    const int64_t begin = std::min(all, stages[i].from.in_steps(per_epoch));
    const int64_t end = i + 1 < stages.size() ? std::min(all, stages[i + 1].from.in_steps(per_epoch)) : all;
    steps.push_back(end - begin);
  }
  return steps;
}

void warn_of_late_stages(const std::vector<FreezeStage>& stages, const TrainingOptions& training, int64_t examples) {
  const int64_t all = total_steps(training, examples), per_epoch = steps_per_epoch(examples, training.batches);
  for (const FreezeStage& stage : stages) {
    if (!stage.from.is_known() || stage.from.in_steps(per_epoch) < all) continue;
    fmt::print(stderr, "warning: what is to be trained {} on never is: the training ends after {} steps\n",
               stage.from.to_text(), all);
    return;
  }
}

void tell_of(const std::vector<FreezeStage>& stages, const std::vector<FreezeReport>& reports) {
  if (stages.size() == 1) return;
  for (size_t i = 0; i < stages.size(); ++i)
    fmt::print("{}: trained: {} of {} parameters\n", stages[i].from.to_text(), reports[i].trained,
               reports[i].trained + reports[i].frozen);
}

}  // namespace thaw
