// SPDX-License-Identifier: Apache-2.0
// The examples of a run: files as the model reads them, a part held back for validation, samples.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "examples/thaw/arguments.h"
#include "models/tasks/task_model.h"

namespace thaw {

struct RunExamples {
  std::shared_ptr<Examples> train, validation, test;  // validation and test may be null
  int64_t held_back = 0;                              // of the training file, before a sample of these was drawn
};

// Reads the files and chooses of them what the options ask for, by the seed: first what is held back for validation,
// then samples of both. Errors are those of reading; std::invalid_argument if nothing would be left to validate by.
RunExamples read_examples(TaskModel& model, const DataArguments& data, uint64_t seed);

// `most` of the examples (groups are whole, and counted as one), drawn by the seed; all if `most` is 0.
std::shared_ptr<Examples> sample(std::shared_ptr<Examples> examples, int64_t most, uint64_t seed);

// On stderr: what is to be known of how a file was read; texts that do not fit (those of one group are one text; where
// data have parts, the notes tell of them).
void tell_of_notes(const Examples& examples);
void tell_of_cuts(const std::string& split, const Examples& examples);
// Tells what was held back, and on stderr what is to be known of the files: texts that do not fit.
void tell_of(const RunExamples& examples, const DataArguments& data);

// How many examples of each part of the data (Examples::part) the first steps of a training learn; none where the data
// have no parts. Begins epochs anew.
std::map<std::string, int64_t> learnt_of_parts(Examples& train, const TrainingOptions& training, int64_t steps);

// Lets evaluations compute no more tokens at once than the largest batch that this training begins with.
void bound_evaluations(const RunExamples& examples, const TrainingOptions& training);

}  // namespace thaw
