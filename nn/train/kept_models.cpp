// SPDX-License-Identifier: Apache-2.0
// Evaluates, saves, loads.
#include "nn/train/kept_models.h"

#include <exception>
#include <stdexcept>

#include "nn/mode.h"
#include "tensor/check.h"

namespace thaw {

namespace fs = std::filesystem;

bool KeptModels::evaluate() {
  const EvaluationMode evaluation(store_.mode());
  const NoGrad no_grad;
  const Metrics metrics = task_.evaluate();
  if (metrics.empty()) return false;
  report_.evaluation(metrics);
  return best_.take(metrics);
}

void KeptModels::require_sound_weights() {
  const std::string fault = step_.weights_fault(state_.losses > 0);
  if (fault.empty()) return;
  const auto former = list_checkpoints(options_.output_dir);
  fail("step {}: its weights are not kept, {}: stopped; {}; a smaller learning rate than {} may help", state_.step,
       fault, former.empty() ? "there is no checkpoint" : "the last checkpoint is " + former[0].filename().string(),
       options_.learning_rate);
}

bool KeptModels::save() {
  require_sound_weights();
  state_.random_position = store_.mode().random.position();
  try {
    save_checkpoint(options_.output_dir, state_, optimizer_.state(),
                    [this](const auto& directory) { task_.save_model(directory); });
    prune_checkpoints(options_.output_dir, options_.save_total_limit, state_.best_step);
    return true;
  } catch (const std::exception& error) {
    if (!options_.continue_after_failed_save) throw;
    report_.line(fmt::format("step {}: the checkpoint was not saved: {}", state_.step, error.what()));
    return false;
  }
}

void KeptModels::load_best() {
  const auto best = best_.elsewhere();
  if (!best) return;
  try {
    verify_checkpoint(*best);
  } catch (const std::runtime_error& error) {
    const fs::path last = checkpoint_path(options_.output_dir, state_.step);
    const bool kept = fs::exists(last) || save();
    fail("the best model cannot be loaded: {}; the last one {}", error.what(),
         kept ? "is in " + last.string() : "could not be saved");
  }
  task_.load_model(*best);
  report_.line("the best model is that of " + best_.description());
}

}  // namespace thaw
