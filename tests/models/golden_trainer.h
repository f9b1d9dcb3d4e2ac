// SPDX-License-Identifier: Apache-2.0
// Trains the model of a golden folder as its trace.json says that the reference library did.
#pragma once

#include <cstdint>
#include <utility>

#include "nn/optim/adamw.h"
#include "nn/optim/schedule.h"
#include "tests/models/golden_model.h"

namespace thaw {

struct GoldenTrainer {
  GoldenModel& model;
  AdamW optimizer;
  Schedule schedule;
  double clip;

  // `described`: the trace's "optimizer". Optimizes what is trained now.
  GoldenTrainer(GoldenModel& trained, const Json& described);

  // Loss and norm of the gradient before clipping.
  std::pair<double, double> step(int64_t number, int64_t batch);
};

// How many batches the folder has.
int64_t batches_of(const GoldenCase& golden);

}  // namespace thaw
