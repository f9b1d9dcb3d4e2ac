// SPDX-License-Identifier: Apache-2.0
// A task: what a model is trained and asked for, whatever its family. A program parses options, calls the task and
// prints; the task knows rows, labels, losses and metrics.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/data/field_names.h"
#include "models/tasks/task_model.h"
#include "nn/option_field.h"
#include "tensor/device.h"

namespace thaw {

// What a task is opened for: training (and looking at data before it), judging a model by labelled data, or predicting.
enum class TaskUse { training, evaluation, prediction };

// A file of data by its role: "train", "validation", "test".
struct DataSplit {
  std::string name, file;
};

// What is known of a data set before it is learnt from.
struct DataReport {
  std::string text;                   // lines for a person: rows, labels, lengths
  std::vector<std::string> warnings;  // one line each
};

// What a person should know beside the options: lines of at most 120 columns.
struct TaskHelp {
  std::string data;         // what check_data() warns of
  std::string predictions;  // what they look like
};

// Data that an option of the task names, in place of the files of data.
struct OwnData {
  std::string option;                   // as it is called; empty: there are none
  std::string train;                    // what the task looks at, and its models read to train
  bool has_validation = false;          // TaskModel::own_validation()
  std::vector<std::string> files = {};  // all that is read of, beside `train`
  bool is_file = true;                  // `train` is the path of a file, not the name of something that is made
  bool has_test = false;                // TaskModel::own_test()
};

struct TaskOpening {
  Device device;         // none: Device::from_environment()
  uint64_t seed = 42;    // of what the checkpoint does not hold
  PrepareStore prepare;  // called before the model is built
  bool trained = false;  // the checkpoint must have every tensor: to predict
  FirstWeights first_weights = FirstWeights::checkpoint;
};

// Order of use: options; look_at (to train); open. Errors are std::invalid_argument where another option is needed,
// std::runtime_error (FILE:LINE: ...) where files are at fault; both call options by the FieldNames given.
class Task {
 public:
  explicit Task(FieldNames called = {}) : called_(std::move(called)) {}
  virtual ~Task() = default;

  // By which it is asked for, and saved directories tell it: "classification".
  virtual std::string_view name() const = 0;
  // The options of a use; their fields are this object's.
  virtual std::vector<OptionField> options(TaskUse use) = 0;
  virtual TaskHelp help() const = 0;
  // std::invalid_argument: options that contradict each other. Reads no file.
  virtual void check_options(TaskUse) const {}

  // What a saved directory keeps of the training data, beside options: fields that nobody asks for.
  virtual std::vector<OptionField> kept_facts() { return {}; }

  // Decides what the training data ask for, beside what the model of `directory` (empty: there is none) knows.
  virtual void look_at(const std::string& directory, const std::string& train_file) = 0;
  // std::runtime_error FILE:LINE on what names them.
  virtual OwnData own_data() const { return {}; }
  // The option that needs validation data, as it is called; empty: none does.
  virtual std::string needs_validation() const { return {}; }
  // What a person should know of that decision, and what is hardly meant: of options, too, where nothing is trained.
  // One line each.
  virtual std::vector<std::string> notes() const { return {}; }
  virtual std::vector<std::string> warnings() const { return {}; }
  // Of evaluations, "loss" among them, in order.
  virtual std::vector<std::string> metric_names() const = 0;

  // Gives the options that a saved directory keeps (OptionField::kept) their values: to train those alone that do not
  // tell of data, else those of data that the use has. Nothing if no run of this task saved it. std::runtime_error on a
  // damaged record.
  void take_up_options(const std::string& directory, TaskUse use);
  // Of such options, one that the caller gives another value than the directory's, or the same by his own will.
  void take_over_option(std::string_view option);
  // The model of a directory, made fit for what look_at() found; without it, as the directory has it. What it saves
  // tells of this task (models/tasks/task_record.h).
  std::unique_ptr<TaskModel> open(const std::string& directory, const TaskOpening& opening);

  // Do its models say themselves what is trained where nobody does (TaskModel::usual_rules)?
  virtual bool has_usual_rules() const { return false; }
  // The rate that it is usually learnt at; absent: that of the model's family.
  virtual std::optional<double> learning_rate() const { return {}; }

  // Of the examples that its models read, with these options.
  virtual bool batches_decide_loss() const { return false; }
  // Would this option's value be found if it were not given? Such a value makes no other run.
  virtual bool would_find(std::string_view /*option*/, const std::string& /*directory*/,
                          const std::string& /*train_file*/) const {
    return false;
  }
  // Throws if the directory does not hold a whole model of this task. Looks at the sizes of weights, not at all bytes.
  virtual void check_saved(const std::string& directory) const = 0;
  // Reads the splits, the training data first: what is odd about them. `directory`: whose tokenizer and limits texts
  // are measured by; empty: they are not measured.
  virtual DataReport check_data(const std::string& directory, const std::vector<DataSplit>& splits) = 0;
  // Does it predict of several files at once, each a row, by the model of a directory: pictures, sounds, films?
  virtual bool takes_several_files(const std::string& /*directory*/) const { return false; }

 protected:
  virtual std::unique_ptr<TaskModel> open_model(const std::string& directory, const TaskOpening& opening) const = 0;

  // Options whose values are the directory's, by take_up_options().
  const std::vector<std::string>& taken_up() const { return taken_up_; }

  FieldNames called_;

 private:
  std::vector<OptionField> kept_fields();

  std::vector<std::string> taken_up_;
};

}  // namespace thaw
