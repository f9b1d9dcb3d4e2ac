// SPDX-License-Identifier: Apache-2.0
// Steps as a trace describes them.
#include "tests/models/golden_trainer.h"

#include <doctest/doctest.h>

#include "nn/optim/clip.h"
#include "tests/models/trace_decay.h"

namespace thaw {
namespace {

AdamWOptions options_of(const Json& o) {
  REQUIRE(o.get_string("name") == "adamw");
  const Json& betas = o.get_array("betas");
  return {betas.get_number(0), betas.get_number(1), o.get_number("eps"), o.get_number("weight_decay")};
}

}  // namespace

GoldenTrainer::GoldenTrainer(GoldenModel& trained, const Json& o)
    : model(trained),
      optimizer(trained.store(), options_of(o), decay_of_trace(trained.store(), o)),
      schedule(
          make_schedule(o.get_string("schedule"), o.get_number("lr"), o.get_int_or("warmup", 0), o.get_int("steps"))),
      clip(o.get_number_or("clip", 0)) {}

std::pair<double, double> GoldenTrainer::step(int64_t number, int64_t batch) {
  const Variable loss = model.loss(batch);
  optimizer.clear_gradients();
  backward(loss);
  const GradientNorm norm = clip_gradients(model.store(), clip);
  optimizer.step(schedule(number), norm.scale);
  return {loss.value().item<double>(), norm.norm.item<double>()};
}

int64_t batches_of(const GoldenCase& golden) {
  int64_t count = 0;
  while (!golden.names(golden.input(count, "")).empty()) ++count;
  return count;
}

}  // namespace thaw
