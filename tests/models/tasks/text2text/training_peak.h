// SPDX-License-Identifier: Apache-2.0
// The memory of a training step without its optimizer, to hold evaluations to.
#pragma once

#include <cstdint>
#include <span>

#include "autograd/variable.h"
#include "models/tasks/task_model.h"
#include "nn/mode.h"
#include "tensor/memory_stats.h"

namespace thaw {

// Peak bytes on the model's device of the loss of these examples and its gradients, which are gone afterwards.
inline uint64_t training_peak(TaskModel& model, const Examples& examples, std::span<const int64_t> batch) {
  MemoryStats& memory = model.store().device().backend().memory();
  memory.reset_peak();
  {
    const TrainingMode training(model.store().mode());
    backward(examples.loss(batch, 1));
  }
  const uint64_t peak = memory.peak_bytes;
  for (const Parameter& parameter : model.store().trained()) parameter.variable().clear_grad();
  return peak;
}

}  // namespace thaw
