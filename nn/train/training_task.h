// SPDX-License-Identifier: Apache-2.0
// What the trainer needs to know of a model and its data: examples by number, their lengths, and the loss of some of
// them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "nn/train/fingerprint.h"
#include "nn/train/metrics.h"

namespace thaw {

// The terms of a loss one by one, of data whose parts a log tells apart.
struct PartLosses {
  struct Share {
    std::string part;
    int64_t terms;
  };
  Tensor terms;               // [R]: of each its loss, undivided
  std::vector<Share> shares;  // whose they are, in their order; R in all
};

// Of each part the sum of its terms' losses, and how many there are.
struct PartSum {
  double loss = 0;
  int64_t terms = 0;
};
using PartSums = std::map<std::string, PartSum>;

class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // Length in tokens of each training example. begin_epoch() may change the lengths, never their number or place.
  virtual std::span<const int64_t> lengths() const = 0;
  // Called before the first step of an epoch, and when a run goes on within it: what of the examples is drawn anew
  // depends on the epoch alone.
  virtual void begin_epoch(int64_t /*epoch*/) {}
  // The examples that will be asked for next, in that order: what is read from files may be read ahead.
  virtual void expect(std::span<const int64_t> /*examples*/) {}
  // Number of terms in the loss of these examples (rows, labelled tokens): losses of micro-batches add up when each is
  // divided by the step's total.
  virtual double weight(std::span<const int64_t> examples) const { return static_cast<double>(examples.size()); }
  // Sum of the loss terms of these examples divided by `weight`: [].
  virtual Variable loss(std::span<const int64_t> examples, double weight) = 0;
  // The same; of data that have parts (tasks of a mixture) also what each part's terms are. The log has "loss/PART".
  virtual Variable loss_by_parts(std::span<const int64_t> examples, double weight, PartLosses& /*parts*/) {
    return loss(examples, weight);
  }
  // True if an example's terms depend on what else is in its micro-batch (contrast): how batches are cut is then no
  // matter of rounding.
  virtual bool batches_decide_loss() const { return false; }
  // Called behind each update: what a recipe holds parameters to, whatever the optimizer made of them.
  virtual void after_step() {}
  // Metrics on the validation data, with "loss" among them; empty if there is none. Called without gradients, in
  // evaluation mode.
  virtual Metrics evaluate() = 0;
  virtual bool has_validation() const = 0;
  // The names that evaluate() gives, or would give if there were validation data.
  virtual std::vector<std::string> metric_names() const = 0;
  // What model and data contribute to a run's identity: checksums of the training examples and their labels, the names
  // of the classes, switches of the model; and of the validation data. A checkpoint is resumed with the same alone.
  // Called before load_model.
  virtual Fingerprint identity() const { return {}; }
  virtual Fingerprint validation_identity() const { return {}; }
  // Writes the model as users load it: config, weights, tokenizer.
  virtual void save_model(const std::filesystem::path& directory) const = 0;
  // Reads the weights that save_model wrote there back into the parameters, bit for bit: to resume, and to end with the
  // best model.
  virtual void load_model(const std::filesystem::path& directory) = 0;
};

}  // namespace thaw
