// SPDX-License-Identifier: Apache-2.0
// thaw's own file of what changed of a model, whatever was tuned: one safetensors file that names its base.
#pragma once

#include <string>

#include "models/hub/base_model.h"
#include "nn/change/model_change.h"

namespace thaw {

inline constexpr const char* change_file_name = "thaw_change.safetensors";

struct SavedChange {
  BaseModel base;
  ModelChange change;
};

// Tensors have the names of parameters; options of adapters, numbers of rows and the base are in the file's metadata.
// The file appears whole or not at all; std::runtime_error naming it if it cannot be written.
void write_change(const std::string& path, const SavedChange& saved);

// std::runtime_error "PATH: ..." naming key or tensor: the file is none, or a tensor is missing, unexpected or of
// another shape than its adapter needs.
SavedChange read_change(const std::string& path);
// The same without a number of a tensor: the base, what is adapted, and the names and rows of what is changed. No
// tensor is defined.
SavedChange read_change_outline(const std::string& path);

// Gives the parameters of a model that has the change on it already its numbers: those of a later or earlier state of
// the same training. std::runtime_error that begins with `origin` and names a tensor that the model has not, or has in
// another shape or type; then nothing is changed.
void copy_values(const ModelChange& change, const ParameterStore& store, const std::string& origin);

}  // namespace thaw
