// SPDX-License-Identifier: Apache-2.0
// The options that several subcommands share, under the names that users of the Hugging Face Trainer know.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "examples/thaw/adapter_arguments.h"
#include "examples/thaw/optimizer_arguments.h"
#include "examples/thaw/task_arguments.h"
#include "nn/freeze/compress_frozen.h"
#include "nn/freeze/freeze_schedule.h"
#include "nn/train/trainer.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace thaw {

struct ModelArguments {
  std::string model;   // a Hugging Face directory
  std::string device;  // see open_device
  bool gradient_checkpointing = false;
  bool from_scratch = false;  // with random weights
  AdapterArguments adapter = {};
  FirstWeights first_weights() const { return from_scratch ? FirstWeights::random : FirstWeights::checkpoint; }
};

struct DataArguments {
  std::string train_file, validation_file, test_file;
  double validation_split = 0;                          // share of the training data; 0: none
  int64_t max_train_samples = 0, max_eval_samples = 0;  // 0: all
  OwnData own;                                          // of the task, instead of files; see take_own_data
  bool has_validation() const { return !validation_file.empty() || validation_split > 0 || own.has_validation; }
  bool has_test() const { return !test_file.empty() || own.has_test; }
  // Those that are given.
  std::vector<DataSplit> splits() const;
};

// --freeze, --train and the like in the order in which they were given, after those of --mask-file.
struct FreezeArguments {
  std::string mask_file;
  struct Rule {
    std::string option, value;
    std::string line;  // as a mask file has it
  };
  std::vector<Rule> rules;
  std::string unfreeze_every;            // "epoch", "stall", or a number of steps; empty: no
  FrozenDType dtype = FrozenDType::f32;  // of what stays frozen
  FreezeSchedule schedule() const;
};

// Where what the frozen part of a model gives for the examples is kept.
struct CacheArguments {
  int64_t memory = 1000;         // MB
  bool asks_for_memory = false;  // was it given?
  std::string folder;            // of files, in place of memory
  int64_t folder_megabytes = 0;  // of all files there; 0: half of what the disk has free, beside them
  DType dtype = DType::f32;      // or bf16
};

// Empty: THAW_DEVICE, else the best that was built.
Device open_device(const std::string& name);
void add_model_options(CLI::App& command, ModelArguments& arguments);
// The files of data, and the options of tasks beside them.
void add_data_options(CLI::App& command, DataArguments& arguments, TaskArguments& task);
// What of the files a run takes.
void add_sample_options(CLI::App& command, DataArguments& arguments);
// What is wrong with a pattern of names; empty if nothing is: a check of options.
std::string pattern_error(const std::string& pattern);
// --frozen-dtype
CLI::Option* add_frozen_dtype(CLI::App& command, FrozenDType& dtype, const std::string& help);
void add_freeze_options(CLI::App& command, FreezeArguments& arguments);
void add_cache_options(CLI::App& command, CacheArguments& arguments);
void add_training_options(CLI::App& command, TrainingOptions& options, OptimizerArguments& optimizer);

}  // namespace thaw
