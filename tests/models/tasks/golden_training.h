// SPDX-License-Identifier: Apache-2.0
// Steps of training as a golden's trace.json says, of the examples of any task.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "autograd/variable.h"
#include "models/tasks/task_model.h"
#include "models/tasks/task_training.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/optim/adamw.h"
#include "nn/optim/clip.h"
#include "nn/optim/schedule.h"
#include "tensor/io/json.h"
#include "tests/models/trace_decay.h"

namespace thaw {

// The losses of so many steps with what this mode trains; step s takes batch s mod their number.
inline std::vector<double> golden_losses(TaskModel& model, Examples& examples, const Json& trace, const char* mode,
                                         size_t steps, const std::vector<std::vector<int64_t>>& batches) {
  ParameterStore& store = model.store();
  FreezeMask mask = FreezeMask::all_frozen();
  for (const std::string& name : trace.get_object("traces").get_object(mode).get_strings("trained")) mask.train(name);
  mask.apply(store);
  const Json& o = trace.get_object("optimizer");
  const Json& betas = o.get_array("betas");
  AdamW optimizer(
      store, AdamWOptions{betas.get_number(0), betas.get_number(1), o.get_number("eps"), o.get_number("weight_decay")},
      decay_of_trace(store, o));
  const Schedule schedule =
      make_schedule(o.get_string("schedule"), o.get_number("lr"), o.get_int_or("warmup", 0), o.get_int("steps"));
  TaskTraining training(model, examples, nullptr);
  std::vector<double> losses;
  for (size_t s = 0; s < steps; ++s) {
    const std::vector<int64_t>& batch = batches[s % batches.size()];
    const Variable loss = training.loss(batch, training.weight(batch));
    optimizer.clear_gradients();
    backward(loss);
    optimizer.step(schedule(static_cast<int64_t>(s)), clip_gradients(store, o.get_number_or("clip", 0)).scale);
    losses.push_back(loss.value().item<double>());
  }
  return losses;
}

inline void check_losses(const std::vector<double>& losses, const Json& expected, double tolerance) {
  REQUIRE(losses.size() == expected.size());
  for (size_t s = 0; s < losses.size(); ++s) {
    INFO("step " << s);
    CHECK(losses[s] == doctest::Approx(expected.get_number(s)).epsilon(tolerance));
  }
}

}  // namespace thaw
