// SPDX-License-Identifier: Apache-2.0
// What a run will cost: some of its steps, with the real model, freeze mask and optimizer, on the device that computes
// nothing. For the plan, and to refuse what cannot fit before any time is spent.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "nn/freeze/freeze_mask.h"
#include "nn/optim/optimizer.h"
#include "nn/train/trainer.h"
#include "tensor/dry_device.h"

namespace thaw {

// Bytes that a run needs.
struct MemoryNeed {
  double weights = 0, gradients = 0, optimizer = 0;
  double activations = 0;     // that wait for the backward pass of the largest micro-batch
  double packed_weights = 0;  // copies of frozen ones, which the cpu device makes
  double kept = 0;            // of what a frozen part gives for the examples, on the host
  double whole_weights = 0;   // before some were compressed
  double most = 0;            // of all that at once, with what kernels need while they run

  // On a device that computes in the host's memory.
  void add_kept(double bytes, const Device& device);
  // All weights are there, once, before the first step.
  void begin_with(double bytes);
};

// FLOPs of products and attention, 2 per multiply-add.
struct StepCost {
  double forward = 0, backward = 0;
  double together() const { return forward + backward; }
};

// Of an optimizer step, on average.
struct MeanCost {
  StepCost now, unfrozen;  // as it is; as if nothing were frozen
  double tokens = 0;
  int64_t steps_per_epoch = 0;
};

using MakeOptimizer = std::function<std::unique_ptr<Optimizer>(ParameterStore&)>;

// A task whose model is on a dry device, with nothing else there, and the options of its training.
class Rehearsal {
 public:
  Rehearsal(TrainingTask& task, ParameterStore& store, const DryDevice& dry, const TrainingOptions& options,
            MakeOptimizer make_optimizer);

  // The step of the first epoch that has the largest micro-batch, that one last. `device`: where training will be.
  // kernels: what it launches, if not null.
  MemoryNeed memory_need(const Device& device, std::vector<KernelUse>* kernels = nullptr);
  // Of the first epoch: of all its steps, or of some dozens of them. Thaws all of the store, and expands it.
  MeanCost mean_cost();
  // The same of some steps that were computed before: of what a frozen part gives nothing is computed again.
  StepCost cost_once_kept();

 private:
  struct Passes {
    StepCost cost;
    uint64_t kept_bytes = 0;  // the most that a forward pass left
    Tensor loss;
  };
  Passes passes(const StepBatch& batch);
  double tokens_of(const std::vector<int64_t>& examples) const;
  StepCost mean_of(const std::vector<StepBatch>& batches);
  double mean_tokens() const;  // of a step

  TrainingTask& task_;
  ParameterStore& store_;
  const DryDevice& dry_;
  const TrainingOptions& options_;
  MakeOptimizer make_optimizer_;
  std::vector<StepBatch> steps_;
};

// Does the device compute in the host's memory?
bool is_host(const Device& device);
// Bytes of the host's memory that such a run on the device leaves.
int64_t left_on_host(const MemoryNeed& need, const Device& device);

// std::runtime_error with the numbers: the device has less memory than the run needs, or the disk of the output
// directory less room than one checkpoint takes. Warns on stderr where it only hardly fits. weights_there: those are
// part of what is used already.
void check_memory(const MemoryNeed& need, const Device& device, bool weights_there);
// Bytes of a checkpoint: what some stage of the run trains (marked as changed), or is new, and the optimizer's state; 0
// if the run writes none.
double checkpoint_bytes(const ParameterStore& store, double optimizer_bytes, const TrainingOptions& options);
void check_disk(const ParameterStore& store, double optimizer_bytes, const TrainingOptions& options);

}  // namespace thaw
