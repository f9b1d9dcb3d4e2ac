// SPDX-License-Identifier: Apache-2.0
// What a run will cost, from its options, the lengths of its texts and the freeze mask: for the plan, and to refuse
// what cannot fit before any time is spent.
#pragma once

#include <cstdint>
#include <span>

#include "examples/thaw/step_cost.h"
#include "models/text_classifier.h"
#include "nn/freeze.h"
#include "nn/train/trainer.h"

namespace thaw {

struct RunCost {
  StepCost mean, mean_unfrozen;  // of an optimizer step; as if nothing were frozen
  double activation_bytes = 0;   // of the largest micro-batch
  double tokens = 0;             // of a step
  int64_t steps_per_epoch = 0;
};

// By the batches of the first epoch.
RunCost run_cost(const TextClassifier& model, const ParameterStore& store, std::span<const int64_t> lengths,
                 const TrainingOptions& options, bool checkpointing);

// Bytes; activations are an estimate.
struct MemoryNeed {
  double weights = 0, gradients = 0, optimizer = 0, activations = 0;
  double together() const { return weights + gradients + optimizer + activations; }
};
MemoryNeed memory_need(const FreezeReport& report, const RunCost& cost, DType dtype);

// std::runtime_error with the numbers: the device has less memory than the run needs, or the disk of the output
// directory less room than one checkpoint takes. Warns on stderr where it only hardly fits.
void check_memory(const MemoryNeed& need, const Device& device);
void check_disk(const FreezeReport& report, const TrainingOptions& options);

}  // namespace thaw
