// SPDX-License-Identifier: Apache-2.0
// The options that several subcommands share, under the names that users of the Hugging Face Trainer know.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/problem_type.h"
#include "nn/freeze.h"
#include "nn/train/trainer.h"

namespace thaw {

struct ModelArguments {
  std::string model;         // a Hugging Face directory
  std::string device;        // see open_device
  std::string problem_type;  // empty: see given_problem
  bool gradient_checkpointing = false;
};

struct DataArguments {
  std::string train_file, validation_file, test_file;
  std::string text_column = "text", text_pair_column, label_column = "label";
  std::string label_separator;  // not empty: several labels a row
  int64_t max_length = 0;       // tokens; 0: what the model takes, at most 512
};

// What is known of the problem before the data are read.
struct GivenProblem {
  GivenProblem(std::optional<ProblemType> t = {}, std::string by = "--problem-type",
               std::vector<std::string> known = {})
      : type(t), type_is_from(std::move(by)), labels(std::move(known)) {}

  std::optional<ProblemType> type;
  std::string type_is_from;         // for messages: an option, or a file
  std::vector<std::string> labels;  // the model's; empty if it names none
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

// Empty: THAW_DEVICE, else the best that was built.
Device open_device(const std::string& name);
// --problem-type, else multi-label if there is a --label-separator, else what the model's config.json says, else
// nothing; and the model's labels.
GivenProblem given_problem(const ModelArguments& model, const DataArguments& data);

void add_model_options(CLI::App& command, ModelArguments& arguments);
void add_problem_type_option(CLI::App& command, std::string& problem_type);
void add_data_options(CLI::App& command, DataArguments& arguments);
// Throws CLI::ValidationError where one column has two roles, or texts are cut to nothing. Before any file is read.
void check_data_arguments(const DataArguments& arguments);
// What is wrong with a pattern of names; empty if nothing is: a check of options.
std::string pattern_error(const std::string& pattern);
void add_freeze_options(CLI::App& command, FreezeArguments& arguments);
void add_training_options(CLI::App& command, TrainingOptions& options);

}  // namespace thaw
