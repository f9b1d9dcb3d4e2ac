// SPDX-License-Identifier: Apache-2.0
// Directories that hold no weights but what they change of a base model's: thaw's change_file.h, or an adapter of
// peft's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/base_model.h"
#include "nn/change/model_change.h"

namespace thaw {

// Has the directory a change, and no weights of its own?
bool holds_change(const std::string& directory);
// The base that it names. std::runtime_error as of reading the file; of its tensors none is read.
BaseModel base_of_change(const std::string& directory);
// The model of the directory as a base: of a change that it holds, that one's.
BaseModel as_base(const std::string& directory);
// The directory with the weights: itself, or that of the base (find_base) if it holds a change.
std::string weights_directory(const std::string& directory);
// The names of parameters that it replaces as a whole: of whatever shape they are in the base, they are others.
std::vector<std::string> replaced_by_change(const std::string& directory);
// All parameters of the base whose numbers it changes, as a whole or in part.
std::vector<std::string> touched_by_change(const std::string& directory);
// The file of a change's tensors.
std::string change_weights(const std::string& directory);
// Of the files of weights, be they a change or a whole model.
int64_t saved_weight_bytes(const std::string& directory);
// How many rows stand before each text by its prompt or prefixes; 0 of a whole model. Reads names and shapes alone.
int64_t rows_before_texts(const std::string& directory);
// The change, for the model of the store, which holds the base.
ModelChange read_change_of(const std::string& directory, const ParameterStore& store);

}  // namespace thaw
