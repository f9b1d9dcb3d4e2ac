// SPDX-License-Identifier: Apache-2.0
// Paths given as a model's directory that are something else: each is told in one line.
#pragma once

#include <string>

#include "models/hub/checkpoint_source.h"

namespace thaw {

// Throws std::runtime_error, beginning with the path, unless there is a directory with a config.json in it, or a change
// whose base is there (bare_change.h): no such path, a file, an empty directory, an adapter without its base model, an
// unfinished run, another format, a directory above the model's.
void check_has_config(const std::string& directory);

// The same, and that there are weights (with FirstWeights::random none are looked for), and that no file of the model
// is a Git LFS pointer or a web page.
void check_model_directory(const std::string& directory, FirstWeights first = FirstWeights::checkpoint);

// Are there weights in the directory, read or not?
bool has_weights(const std::string& directory);

// Of a directory without model.safetensors: says what is there instead.
[[noreturn]] void fail_without_weights(const std::string& directory);

}  // namespace thaw
