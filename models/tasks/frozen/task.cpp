// SPDX-License-Identifier: Apache-2.0
// Options and data of sequences that are no texts.
#include "models/tasks/frozen/task.h"

#include <algorithm>

#include "models/data/sequences/image_files.h"
#include "models/data/sequences/labelled_sequences.h"
#include "models/hub/change_directory.h"
#include "models/hub/config.h"
#include "models/hub/shards.h"
#include "models/tasks/frozen/data_report.h"
#include "models/tasks/frozen/model.h"
#include "tensor/check.h"

namespace thaw {
namespace {

constexpr const char* output_weight = "out_net.0.weight";

}  // namespace

std::vector<OptionField> FrozenTask::options(TaskUse use) {
  FrozenOptions& o = *options_;
  std::vector<OptionField> list;
  const auto add = [&](OptionField field) {
    field.kept = true;
    list.push_back(std::move(field));
  };
  const auto add_number = [&](const char* name, int64_t* field, const char* help, int64_t least, int64_t most) {
    add({.name = name,
         .field = field,
         .help = help,
         .range = {static_cast<double>(least), static_cast<double>(most)},
         .of_data = true});
  };
  if (use != TaskUse::prediction) {
    add({.name = "problem",
         .field = &o.problem,
         .help = "sequences that are generated, all different, in place of files; none: files",
         .words = problem_names,
         .of_data = true});
    add_number("train_size", &o.train_size, "of them (0: 10,000; listops 50,000; bit-xor at most 3/4 of all there are)",
               0, 10'000'000);
    add_number("validation_size", &o.validation_size, "of them (0: 1,000; listops 2,000; bit-xor at most 1/8)", 0,
               1'000'000);
    add_number("test_size", &o.test_size, "the same", 0, 1'000'000);
    add_number("problem_seed", &o.problem_seed, "that they are drawn by", 0, int64_t{1} << 53);
    add_number("strings", &o.memory.strings, "of bit-memory: strings that are shown", 1, 1000);
    add_number("bits", &o.memory.bits, "of bit-memory: bits of a string (the paper: 1000)", 1, 100'000);
    add_number("bits_of_row", &o.memory.patch, "of bit-memory: bits that a row of the sequence has", 1, 10'000);
    add_number("xor_bits", &o.exclusive.bits, "of bit-xor: bits of each of the two strings", 1, 1000);
    add_number("listops_depth", &o.lists.depth, "of listops: nesting at most (long: 10)", 2, 100);
    add_number("listops_arguments", &o.lists.arguments, "of listops: of a list at most (long: 10)", 2, 1000);
    add({.name = "listops_nodes",
         .field = &o.lists.nodes,
         .help = "of listops: chance that an argument is a list itself (long: 0.25)",
         .range = {0, 1, true, true},
         .of_data = true});
    add_number("listops_shortest", &o.lists.shortest, "of listops: more tokens than that (long: 500)", 1, 100'000);
    add_number("listops_longest", &o.lists.longest, "of listops: fewer tokens than that (long: 2000)", 3, 100'000);
    add({.name = "body",
         .field = &o.body,
         .help = "numbers that the body begins with: those of the model, random ones, or random ones with the mean and "
                 "deviation of each of the model's tensors",
         .words = body_names});
    add({.name = "body_seed",
         .field = &o.body_seed,
         .help = "of a random body (default: that of the training)",
         .range = {0, 0x1p53}});
    add({.name = "body_dropout",
         .field = &o.body_dropout,
         .help = "in the body while it trains, frozen layers among it (default: as config.json has it)",
         .range = {0, 1, false, true}});
  }
  add_number("patch", &o.picture_patch, "of pictures: side of the squares that they are cut into, each a row", 1, 1000);
  return list;
}

std::vector<OptionField> FrozenTask::kept_facts() {
  SequenceFormat& f = options_->format;
  return {{.name = "inputs", .field = &f.inputs, .help = {}, .range = {1}, .kept = true},
          {.name = "ids", .field = &f.ids, .help = {}, .kept = true},
          {.name = "longest", .field = &f.longest, .help = {}, .range = {1}, .kept = true},
          {.name = "read", .field = &f.read, .help = {}, .range = {1}, .kept = true},
          {.name = "answers", .field = &f.answers, .help = {}, .range = {1}, .kept = true},
          {.name = "classes", .field = &f.classes, .help = {}, .range = {2}, .kept = true}};
}

TaskHelp FrozenTask::help() const {
  return {
      .data =
          "Sequences that are no texts, through a body that was trained on texts: the frozen pretrained transformer "
          "(FPT). Where no rule says\nwhat is trained, it is what its authors train: new input and output layers, "
          "norms, and positions that are in use. Data: --problem;\nIDX files of pictures "
          "(train-images-idx3-ubyte, labels beside it, gzip'd or not) or CIFAR-10's binary batches (.bin); JSONL:\n"
          "{\"ids\": [3, 1, 4], \"answer\": 2}, or {\"rows\": [[0.5, 1], [0, 2]], \"answers\": [0, 1]} for the "
          "last rows. Warned of: sequences that\nare there twice.",
      .predictions =
          "Of each sequence (JSONL, or pictures; neither needs answers): answer or answers, and their probability "
          "together."};
}

void FrozenTask::check_options(TaskUse use) const {
  if (use == TaskUse::prediction) return;
  // What the directory keeps of another problem may stand beside what is asked for.
  for (const ProblemOption& option : options_of_other_problems(*options_))
    check(std::ranges::find(taken_up(), option.name) != taken_up().end(), "{} {}: it is of {}, and {} is {}",
          called_(option.name), option.value,
          option.of == std::string_view("generated") ? "problems that are generated" : option.of, called_("problem"),
          options_->problem);
  if (options_->is_drawn()) format_of_problem(*options_, called_);
  check(!options_->body_seed || options_->body != "pretrained" ||
            std::ranges::find(taken_up(), "body_seed") != taken_up().end(),
        "{} {}: it is of a random body, and {} is {}", called_("body_seed"), options_->body_seed.value_or(0),
        called_("body"), options_->body);
}

void FrozenTask::look_at(const std::string&, const std::string& train_file) {
  FrozenOptions& o = *options_;
  check(o.is_drawn() || o.picture_patch == FrozenOptions().picture_patch || names_pictures(train_file),
        "{} {}: it is of pictures, and {} has none", called_("patch"), o.picture_patch, train_file);
  o.format = o.is_drawn() ? format_of_problem(o, called_) : format_of_file(train_file, o.picture_patch);
}

OwnData FrozenTask::own_data() const {
  if (!options_->is_drawn()) return {};
  return {.option = called_("problem"),
          .train = options_->problem,
          .has_validation = true,
          .is_file = false,
          .has_test = true};
}

std::vector<std::string> FrozenTask::metric_names() const { return frozen_metric_names(options_->format); }

std::unique_ptr<TaskModel> FrozenTask::open_model(const std::string& directory, const TaskOpening& opening) const {
  check(opening.first_weights == FirstWeights::checkpoint || options_->body == "pretrained",
        "{} {}: of a model from scratch all numbers are random, and none of the directory's are looked at",
        called_("body"), options_->body);
  if (!options_->body_seed) options_->body_seed = static_cast<int64_t>(opening.seed);
  return std::make_unique<FrozenModel>(directory, *options_, opening, called_);
}

void FrozenTask::check_saved(const std::string& directory) const {
  read_config_json(directory);
  if (!holds_change(directory)) {
    ModelWeights(directory).at(output_weight);
    return;
  }
  weights_directory(directory);  // the base is there, and the right one
  const std::vector<std::string> names = touched_by_change(directory);
  if (std::ranges::find(names, output_weight) == names.end()) fail("{}: has no {}", directory, output_weight);
}

DataReport FrozenTask::check_data(const std::string&, const std::vector<DataSplit>& splits) {
  look_at("", splits.front().file);
  const SequenceFormat& format = options_->format;
  if (options_->is_drawn()) {
    SequenceSplits drawn = draw_problem(*options_, called_);
    return report_of_sequences(format, {{"train", std::move(drawn.train)},
                                        {"validation", std::move(drawn.validation)},
                                        {"test", std::move(drawn.test)}});
  }
  std::vector<std::pair<std::string, std::vector<LabelledSequence>>> read;
  for (const DataSplit& split : splits)
    read.emplace_back(split.name, read_labelled_sequences(split.file, format, options_->picture_patch));
  return report_of_sequences(format, read);
}

}  // namespace thaw
