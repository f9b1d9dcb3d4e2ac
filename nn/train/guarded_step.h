// SPDX-License-Identifier: Apache-2.0
// One optimizer step. The device looks at loss and gradient norm before the update, so that a step that is not finite
// never reaches the weights; the host reads them one step later, when they are there, and never waits for the step
// under way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nn/optim/optimizer.h"
#include "nn/parameter.h"
#include "nn/train/batches.h"
#include "nn/train/trainer.h"
#include "nn/train/training_task.h"
#include "tensor/pending_numbers.h"

namespace thaw {

class GuardedStep {
 public:
  // All must outlive it.
  GuardedStep(TrainingTask& task, ParameterStore& store, Optimizer& optimizer, const TrainingOptions& options)
      : task_(task), store_(store), optimizer_(optimizer), options_(options) {}

  // Computes a step's loss and gradients and forgets them: weights, optimizer and random numbers stay as they are. To
  // learn at once whether memory suffices; std::runtime_error if not.
  void rehearse(const StepBatch& batch);
  // The loss of a step's examples and its gradients, summed over the micro-batches. In the first step, and after
  // expect_gradients(), std::invalid_argument names trained parameters that got none.
  void compute(const StepBatch& batch, int64_t number);
  // What is trained has changed.
  void expect_gradients() { proven_ = false; }
  // Clips and updates on condition that what was computed is finite.
  void update(double rate);

  // Of the last update.
  struct Outcome {
    double loss = 0, norm = 0;
    bool left_out = false;  // they are not finite
    PartSums parts = {};    // of the data's parts, where they have some
  };
  // Waits for its numbers; nothing if they were read already. std::runtime_error that names step and tensor if they are
  // not finite, unless such steps may be left out.
  std::optional<Outcome> finish();

  // Why the weights must not be kept; "" if they may, or were not updated here. The guard looks at each step before
  // its update, and so sees the last one's weights only in the next step. any_finite: whether some step of the run had
  // a finite loss.
  std::string weights_fault(bool any_finite);

 private:
  struct Computed {
    StepBatch batch;
    int64_t number = 0;
    uint64_t random_position = 0;  // where its random numbers began
    Tensor loss;
    std::vector<PartLosses> parts = {};  // of each micro-batch
  };
  struct UnreadParts {
    std::vector<PartLosses::Share> shares;
    PendingNumbers terms;
  };
  struct Unread {
    Computed step;
    Pending<float> loss, norm;
    std::vector<UnreadParts> parts;
  };

  // when: for errors. `parts`, if it is there, gets what each micro-batch tells of the data's parts.
  Tensor losses_and_gradients(const StepBatch& batch, const std::string& when,
                              std::vector<PartLosses>* parts = nullptr);
  void require_gradients(int64_t number) const;
  [[noreturn]] void stop(const Computed& step, const std::string& numbers);

  TrainingTask& task_;
  ParameterStore& store_;
  Optimizer& optimizer_;
  const TrainingOptions& options_;
  Computed computed_;
  std::optional<Unread> unread_;
  std::vector<int64_t> sound_examples_;  // a part of the last step whose loss was finite
  bool proven_ = false;                  // every trained parameter got a gradient
  bool updated_ = false;
};

}  // namespace thaw
