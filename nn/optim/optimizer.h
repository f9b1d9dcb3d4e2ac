// SPDX-License-Identifier: Apache-2.0
// What optimizers share: the trained parameters and their state, which exists for nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nn/optim/parameter_rules.h"
#include "nn/option_field.h"
#include "nn/parameter.h"

namespace thaw {

// The rule for weight decay: names that have "bias", "norm" or "ln_" in them (any case) are not decayed.
bool is_decayed(const std::string& parameter_name);

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  // One step of every trained parameter that has a gradient, at `learning_rate` times the parameter's own factor
  // (parameter_rules.h). `scale` is one number on the device that multiplies all gradients (clip.h); undefined: 1.
  // `guard` is one number on the device: if it is not finite, parameters and state stay as they are; undefined: there
  // is no such condition. The host learns of it later, and then calls step_was_left_out(). std::invalid_argument,
  // naming a parameter: what is trained is not what the optimizer has state for, and rebuild() was forgotten.
  void step(double learning_rate, const Tensor& scale = {}, const Tensor& guard = {});
  // The guard of the last step was not finite: that step does not count for bias corrections and the like.
  void step_was_left_out();
  // Drops the gradients of all parameters.
  void clear_gradients() const;

  // To be called when the freeze mask was applied again (gradual unfreezing), or parameters were added: the state of
  // what is frozen now is dropped, what is newly trained begins at its own first step, all else goes on. Of a parameter
  // whose trained rows changed, the rows trained before go on (it begins anew if its state has no such rows).
  void rebuild();

  // For checkpoints: "PARAMETER.first" and the like, and "PARAMETER.step" i32 [1]. load_state throws an error that
  // names `origin` and the tensor that is missing, unknown or of another shape.
  std::map<std::string, Tensor> state() const;
  void load_state(const std::map<std::string, Tensor>& state, const std::string& origin);
  // Of another run, which may have trained other parameters: takes over the state of those that are trained here as a
  // whole and were so there; all others begin anew. Returns how many go on.
  int64_t take_over(const std::map<std::string, Tensor>& state);
  uint64_t state_bytes() const;
  // What decides its steps, by name, as text: "optim" (its own name), its options, "parameter_rules".
  const std::map<std::string, std::string>& identity() const { return identity_; }
  const ParameterStore& store() const { return store_; }

  // The tensors kept for a trained parameter, or its trained rows, of that shape.
  using StateShapes = std::function<std::map<std::string, Shape>(const Shape& shape)>;

 protected:
  // One parameter, or its trained rows, in a step.
  struct Item {
    Tensor value, grad;  // of one shape, contiguous
    std::map<std::string, Tensor> state;
    double weight_decay = 0;
  };

  struct Setup {
    std::string name;                  // "adamw"
    std::vector<OptionField> options;  // their fields are read by the constructor alone
    double weight_decay;
    StateShapes state_shapes;
  };
  // std::invalid_argument: an option out of its range, a rule that matches nothing.
  Optimizer(ParameterStore& store, const Setup& setup, ParameterRules rules);
  // What one update of items that are all at the same step and of the same rate needs besides them.
  struct Update {
    double learning_rate, rate_factor;  // the factor is in the rate already
    int64_t step;                       // of the items, from 1
    const Tensor &scale, &guard;        // as in step()
  };
  virtual void update(std::span<const Item> items, const Update& update) = 0;
  Backend& backend() const { return store_.device().backend(); }
  static const View* view_of(const Tensor& t) { return t.defined() ? &t.view() : nullptr; }

 private:
  struct Slot {
    Parameter parameter;
    RowRanges rows;  // what is trained of it; all: 0 to the size of axis 0
    std::map<std::string, Tensor> state;
    int64_t steps = 0;
    bool in_last_step = false;
    double rate_factor = 1, weight_decay = 0;
  };
  Slot new_slot(const Parameter& parameter) const;
  Slot slot_after(const Slot& former) const;
  void apply_rules();
  void require_state() const;

  ParameterStore& store_;
  std::string name_;
  double weight_decay_;
  StateShapes state_shapes_;
  ParameterRules rules_;
  std::map<std::string, std::string> identity_;
  std::vector<Slot> slots_;  // in the store's order
};

}  // namespace thaw
