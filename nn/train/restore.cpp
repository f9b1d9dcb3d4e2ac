// SPDX-License-Identifier: Apache-2.0
// Holds the identity in a checkpoint against that of the run.
#include "nn/train/restore.h"

#include <fmt/format.h>

#include <utility>

#include "nn/train/other_run_error.h"
#include "nn/train/run_identity.h"
#include "nn/train/training_checks.h"
#include "tensor/check.h"

namespace thaw {
namespace {

// Another optimizer has other options: naming it says all.
std::string training_difference(const Fingerprint& then, const Fingerprint& now) {
  const auto was = then.find("optim"), is = now.find("optim");
  if (was != then.end() && is != now.end() && was->second != is->second)
    return fmt::format("optim was {}, is {}", was->second, is->second);
  return fingerprint_difference(then, now);
}

// What says what is trained.
Fingerprint freezing_of(const Fingerprint& identity) {
  Fingerprint of_freezing;
  for (const char* name : {"freezing", "trained parameters"})
    if (const auto found = identity.find(name); found != identity.end()) of_freezing.insert(*found);
  return of_freezing;
}

Fingerprint without_freezing(Fingerprint identity) {
  for (const auto& [name, value] : freezing_of(identity)) identity.erase(name);
  return identity;
}

constexpr const char* how_to_go_on =
    "; where a run ends decides its learning rates: to train for longer, begin another run with the model of this one";

// With the same examples.
bool has_other_end(const Fingerprint& then, const Fingerprint& now) {
  const auto differs = [&](const std::string& name) {
    const auto one = then.find(name), other = now.find(name);
    return one != then.end() && other != now.end() && one->second != other->second;
  };
  return differs("steps") && !differs("examples");
}

}  // namespace

Restored read_own_checkpoint(const std::filesystem::path& checkpoint, const RunIdentity& now,
                             const TrainingOptions& options, Device device) {
  LoadedCheckpoint loaded = load_checkpoint(checkpoint, device);
  Restored restored{std::move(loaded.state), std::move(loaded.optimizer), {}};
  TrainerState& state = restored.state;
  const RunIdentity then = std::exchange(state.identity, now);
  const auto refuse = [&](const std::string& difference) {
    if (!difference.empty())
      throw OtherRunError(fmt::format("{}: was written by a run with other options: {}{}", checkpoint.string(),
                                      difference, has_other_end(then.training, now.training) ? how_to_go_on : ""));
  };
  const bool freezes_alike = freezing_of(then.training) == freezing_of(now.training);
  if (options.other_freezing && !freezes_alike) {
    Fingerprint before = without_freezing(then.training), after = without_freezing(now.training);
    // Unfreezing when validation stalls lets evaluations decide, and with them the number of steps.
    if (before["steps"] == any_steps || after["steps"] == any_steps) before["steps"] = after["steps"] = any_steps;
    refuse(training_difference(before, after));
    restored.freezes_otherwise = true;
  } else {
    refuse(training_difference(then.training, now.training));
  }
  const std::string evaluation = fingerprint_difference(then.validation, now.validation);
  if (validation_decides(options)) {
    refuse(evaluation);
    if (options.load_best_model_at_end && state.best_step >= 0 && state.best_step != state.step)
      verify_checkpoint(checkpoint_path(options.output_dir, state.best_step));
  } else if (!evaluation.empty()) {
    state.best = {};
    state.best_step = -1;
    state.worse_evaluations = 0;
  }
  if (const std::string other = fingerprint_difference(then.circumstances, now.circumstances); !other.empty())
    restored.notes.push_back("the numbers will not be those of an undisturbed run: " + other);
  if (!validation_decides(options) && !evaluation.empty())
    restored.notes.push_back("the evaluations so far do not count: " + evaluation);
  return restored;
}

}  // namespace thaw
