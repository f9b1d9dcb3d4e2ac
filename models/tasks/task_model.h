// SPDX-License-Identifier: Apache-2.0
// A model opened for a task, the examples it reads, and the predictions it makes.
#pragma once

#include <cstdint>
#include <istream>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "autograd/variable.h"
#include "models/data/table.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/save_pretrained.h"
#include "nn/parameter.h"
#include "nn/train/fingerprint.h"
#include "nn/train/metrics.h"

namespace thaw {

class TaskModel;

// Examples of a file, encoded for the model that read them, which must outlive them.
class Examples {
 public:
  virtual ~Examples() = default;

  int64_t size() const { return static_cast<int64_t>(lengths().size()); }
  virtual std::span<const int64_t> lengths() const = 0;  // tokens of each
  // The number of terms in the loss of these examples: one each, unless a task counts otherwise (labelled tokens).
  virtual double terms(std::span<const int64_t> examples) const { return static_cast<double>(examples.size()); }
  // The sum of these examples' terms divided by `count`: []. So parts of a step that are given the step's count add up.
  virtual Variable loss(std::span<const int64_t> examples, double count) const = 0;
  // The task's metrics over all examples, "loss" among them: in evaluation mode, without gradients.
  virtual Metrics evaluate() const = 0;

  // Checksums of what the model sees and of what it should say, under the task's names for them ("labels of the
  // texts"): by them a run knows its data again.
  virtual Fingerprint identity() const = 0;

  // The same examples for another opening of the same model.
  virtual std::unique_ptr<Examples> read_by(TaskModel& other) const = 0;
};

// What to predict, and how to write it.
struct PredictionRequest {
  std::string file;                // of rows
  std::istream* stream = nullptr;  // if there is one, of rows instead
  std::string stream_name = "standard input";
  std::optional<TableFormat> format = {};  // absent: by the file's name; of a stream, lines
  bool as_json = false;                    // a JSON object a line, else tab-separated values under a header
};

// Predictions of rows, in their order, as text. The model must outlive it.
class Predictor {
 public:
  virtual ~Predictor() = default;
  virtual std::vector<std::string> warnings() const { return {}; }
  // What stands above the predictions; empty if nothing does.
  virtual std::string header() const = 0;
  // Reads up to `rows` rows and puts their predictions into `lines`; false if there were none left.
  virtual bool next(int64_t rows, std::string& lines) = 0;
};

class TaskModel {
 public:
  virtual ~TaskModel() = default;

  virtual ParameterStore& store() = 0;
  virtual const LoadReport& report() const = 0;
  // What it learns, in a few words: "regression (1 labels)".
  virtual std::string description() const = 0;
  // Keep less for gradients, and compute it again.
  virtual void set_checkpointing(bool on) = 0;
  virtual std::vector<std::string> metric_names() const = 0;

  // Throws std::runtime_error naming file and line: a broken row, a label that is not the model's.
  virtual std::unique_ptr<Examples> read(const std::string& file) = 0;
  // So many made-up examples, each as long as the model takes them: to plan without data.
  virtual std::unique_ptr<Examples> longest(int64_t count) = 0;
  virtual std::unique_ptr<Predictor> predictor(const PredictionRequest& request) = 0;

  // The same on a device that computes nothing (tensor/dry_device.h), without the model's numbers.
  virtual std::unique_ptr<TaskModel> on_dry_device(const Device& dry) const = 0;

  // What of the model decides a run's numbers, weights apart: labels, switches, tokenizer.
  virtual Fingerprint identity() const = 0;
  // A directory as the reference library loads it.
  virtual void save(const std::string& directory, const SaveOptions& options = {}) const = 0;
};

}  // namespace thaw
