// SPDX-License-Identifier: Apache-2.0
// The options that several subcommands share, under the names that users of the Hugging Face Trainer know.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "nn/freeze.h"
#include "nn/train/trainer.h"

namespace thaw {

struct ModelArguments {
  std::string model;           // a Hugging Face directory
  std::string device;          // empty: THAW_DEVICE, else the best that was built
  std::string problem_type;    // empty: from config.json, else from the labels
};

struct DataArguments {
  std::string train_file, validation_file, test_file;
  std::string text_column = "text", text_pair_column, label_column = "label";
  std::string label_separator;     // not empty: several labels a row
  int64_t max_length = 0;          // tokens; 0: what the model takes, at most 512
};

// --freeze and --train in the order in which they were given, after those of --mask-file.
struct FreezeArguments {
  std::string mask_file;
  struct Rule {
    bool train;
    std::string pattern;
  };
  std::vector<Rule> rules;
  FreezeMask mask() const;
};

void add_model_options(CLI::App& command, ModelArguments& arguments);
void add_data_options(CLI::App& command, DataArguments& arguments);
void add_freeze_options(CLI::App& command, FreezeArguments& arguments);
void add_training_options(CLI::App& command, TrainingOptions& options);

}  // namespace thaw
