// SPDX-License-Identifier: Apache-2.0
// What optimizers share: the trained parameters and their state, which exists for nothing else.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nn/parameter.h"
#include "tensor/kernel_args.h"

namespace thaw {

// The rule for weight decay: names that end in "bias", or have "norm" (any case) or "ln_" in them, are not decayed.
bool is_decayed(const std::string& parameter_name);

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // One step of every trained parameter that has a gradient. `scale` is one number on the device that multiplies all
  // gradients (clip.h); undefined: 1.
  void step(double learning_rate, const Tensor& scale = {});
  // Drops the gradients of all parameters.
  void clear_gradients() const;

  // To be called when the freeze mask was applied again (gradual unfreezing): the state of what is frozen now is
  // dropped, what is newly trained begins at its own first step, all else goes on. Of a parameter whose trained rows
  // changed, the rows trained before go on.
  void rebuild();

  // For checkpoints: "PARAMETER.first" and the like, and "PARAMETER.step" i32 [1]. load_state throws an error that
  // names `origin` and the tensor that is missing, unknown or of another shape.
  std::map<std::string, Tensor> state() const;
  void load_state(const std::map<std::string, Tensor>& state, const std::string& origin);
  uint64_t state_bytes() const;

 protected:
  // `state_names`: of the tensors kept for each parameter; at most two.
  Optimizer(ParameterStore& store, double weight_decay, std::vector<std::string> state_names);
  // Updates tensors that are all at their step number `step` (from 1).
  virtual void update(std::span<const OptimizerTensor> tensors, double learning_rate, int64_t step,
                      const View* scale) = 0;
  Backend& backend() const { return store_.device().backend(); }

 private:
  struct Slot {
    Parameter parameter;
    int64_t row_begin = 0, row_end = 0;  // what is trained of it; all: [0, size of axis 0)
    std::vector<Tensor> state;           // one per state name, of the trained rows' shape
    int64_t steps = 0;
  };
  Slot new_slot(const Parameter& parameter) const;

  ParameterStore& store_;
  double weight_decay_;
  std::vector<std::string> state_names_;
  std::vector<Slot> slots_;  // in the store's order
};

}  // namespace thaw
