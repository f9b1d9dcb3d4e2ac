// SPDX-License-Identifier: Apache-2.0
// The table of families and features: a family is a row (family_rows.cpp), a feature a test that runs for all rows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/tasks/task_table.h"
#include "tests/models/tuning_plans.h"
#include "tests/scratch_folder.h"

namespace thaw {

// All that features need to know of a family, and of a task that trains it.
struct FamilyRow {
  std::string model_type;
  std::string task;           // "classification"
  std::string file, content;  // labelled data of the task; no two examples of the same tokens
  std::string rows;           // to predict
  int64_t predicted = 0;      // lines that come of them
  // A small model's directory, as the reference library writes it, with this dropout everywhere.
  void (*write)(const std::string& directory, double dropout);
  // How it is tuned, with formulas of what is trained.
  std::vector<TuningPlan> (*plans)(int64_t numbers);
  bool draws_examples = false;  // anew in each epoch: nothing of what is frozen is kept
  const char* rows_file = "rows.tsv";
  const char* unread = "";  // rules that freeze what the task reads nothing of, so that it has no gradient
  bool reads_texts = true;  // it has rows of words, and takes prompts
  std::vector<std::pair<std::string, std::string>> beside = {};   // files that data and rows name
  std::vector<std::pair<std::string, std::string>> options = {};  // of the task, by their names
};

const std::vector<FamilyRow>& family_rows();
// Of these: what families are pretrained by; bodies of frozen transformers; families that read pictures,
// sounds, films, or texts about pictures.
std::vector<FamilyRow> pretraining_rows();
std::vector<FamilyRow> body_rows();
std::vector<FamilyRow> picture_rows();
std::vector<FamilyRow> sound_rows();
std::vector<FamilyRow> film_rows();
std::vector<FamilyRow> question_rows();
// ... or put pictures and texts into one space.
std::vector<FamilyRow> pair_rows();

// "bert, classification"
std::string name_of(const FamilyRow& row);

// The small model and the data of a row, in files.
struct SmallFamily {
  const FamilyRow& row;
  ScratchFolder folder;
  std::string directory, file;

  explicit SmallFamily(const FamilyRow& of, double dropout = 0);
};

// A directory opened to train by a row's task, and its data.
struct OpenedFamily {
  std::unique_ptr<Task> task;
  std::unique_ptr<TaskModel> model;
  std::unique_ptr<Examples> examples;

  OpenedFamily(const SmallFamily& small, const std::string& directory, Device device = Device::from_environment());
  explicit OpenedFamily(const SmallFamily& small, Device device = Device::from_environment())
      : OpenedFamily(small, small.directory, device) {}

  ParameterStore& store() const { return model->store(); }
  std::vector<int64_t> all() const;  // examples, by number
  Variable loss() const;             // the mean over all examples' terms
  std::vector<float> outputs() const;
  // So many steps of AdamW over all examples, in training mode, with the same dropout whenever it is asked for.
  std::vector<float> train(int64_t steps, double rate = 1e-2) const;
};

using Bytes = std::vector<std::byte>;
std::map<std::string, Bytes> values_of(const ParameterStore& store);
// Of all that is trained; backward() was called.
std::map<std::string, Bytes> gradients_of(const ParameterStore& store);
void forget_gradients(const ParameterStore& store);

}  // namespace thaw
