// SPDX-License-Identifier: Apache-2.0
// Sums over the steps of an epoch, held against what device and disk have.
#include "examples/thaw/run_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "nn/train/training_checks.h"
#include "tensor/check.h"
#include "tensor/device_memory.h"

namespace thaw {

RunCost run_cost(const TextClassifier& model, const ParameterStore& store, std::span<const int64_t> lengths,
                 const TrainingOptions& options, bool checkpointing) {
  RunCost cost;
  const auto steps = epoch_steps(lengths, options.batches, options.seed, 0);
  cost.steps_per_epoch = static_cast<int64_t>(steps.size());
  check(cost.steps_per_epoch > 0, "{} examples do not fill one step", lengths.size());
  const double share = 1.0 / static_cast<double>(cost.steps_per_epoch);
  for (const StepBatch& step : steps) {
    for (const auto& micro : step.micro_batches) {
      std::vector<int64_t> part;
      for (const int64_t example : micro) part.push_back(lengths[static_cast<size_t>(example)]);
      for (const int64_t length : part) cost.tokens += static_cast<double>(length) * share;
      const StepCost now = step_cost(model.config(), store, part, {.checkpointing = checkpointing});
      const StepCost unfrozen =
          step_cost(model.config(), store, part, {.all_trained = true, .checkpointing = checkpointing});
      cost.mean.forward += now.forward * share;
      cost.mean.backward += now.backward * share;
      cost.mean_unfrozen.forward += unfrozen.forward * share;
      cost.mean_unfrozen.backward += unfrozen.backward * share;
      cost.activation_bytes = std::max(cost.activation_bytes, now.kept_bytes);
    }
  }
  return cost;
}

MemoryNeed memory_need(const FreezeReport& report, const RunCost& cost, DType dtype) {
  const auto numbers = static_cast<double>(report.trained + report.frozen);
  return {numbers * static_cast<double>(size_of(dtype)), static_cast<double>(report.gradient_bytes),
          static_cast<double>(report.optimizer_bytes), cost.activation_bytes};
}

void check_memory(const MemoryNeed& need, const Device& device) {
  const DeviceMemory memory = device_memory(device);
  const auto total = static_cast<double>(memory.total), available = static_cast<double>(memory.available);
  const std::string parts = fmt::format(
      "about {:.0f} MB (weights {:.0f}, gradients {:.0f}, optimizer {:.0f}, activations of the largest batch {:.0f})",
      need.together() / 1e6, need.weights / 1e6, need.gradients / 1e6, need.optimizer / 1e6, need.activations / 1e6);
  const char* advice = "a smaller --batch-size or --batch-tokens, --gradient-checkpointing or --freeze needs less";
  if (total > 0 && need.together() > total)
    fail("training needs {}, but {} has {:.0f} MB: {}", parts, device.name(), total / 1e6, advice);
  if (available > 0 && need.together() - need.weights > available)  // the weights are there already
    fmt::print(stderr, "warning: training needs {}, but {} has {:.0f} MB free now: {}\n", parts, device.name(),
               available / 1e6, advice);
}

void check_disk(const FreezeReport& report, const TrainingOptions& options) {
  const double model = static_cast<double>(report.trained + report.frozen) * sizeof(float);
  const bool saves = (options.save_strategy != Interval::never || options.load_best_model_at_end) &&
                     !options.continue_after_failed_save;
  const double least = model + (saves ? model + static_cast<double>(report.optimizer_bytes) : 0);
  std::error_code error;
  const std::filesystem::space_info space = std::filesystem::space(existing_part(options.output_dir), error);
  if (error || static_cast<double>(space.available) >= least) return;
  fail("{}: {:.0f} MB are free on its disk, but the model{} will take {:.0f} MB", options.output_dir.string(),
       static_cast<double>(space.available) / 1e6, saves ? " and one checkpoint" : "", least / 1e6);
}

}  // namespace thaw
