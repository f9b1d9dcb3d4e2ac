// SPDX-License-Identifier: Apache-2.0
// What the trainer needs to know of a model and its data: examples by number, their lengths, and the loss of some of
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "autograd/variable.h"
#include "nn/train/metrics.h"

namespace thaw {

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // Length in tokens of each training example.
  virtual std::span<const int64_t> lengths() const = 0;
  // Number of terms in the loss of these examples (rows, labelled tokens): losses of micro-batches add up when each is
  // divided by the step's total.
  virtual double weight(std::span<const int64_t> examples) const { return static_cast<double>(examples.size()); }
  // Sum of the loss terms of these examples divided by `weight`: [].
  virtual Variable loss(std::span<const int64_t> examples, double weight) = 0;
  // Metrics on the validation data, with "loss" among them; empty if there is none. Called without gradients, in
  // evaluation mode.
  virtual Metrics evaluate() = 0;
  // Writes the model as users load it: config, weights, tokenizer.
  virtual void save_model(const std::filesystem::path& directory) const = 0;
  // Reads the weights that save_model wrote there back into the parameters, bit for bit: to resume, and to end with the
  // best model.
  virtual void load_model(const std::filesystem::path& directory) = 0;
};

}  // namespace thaw
