// SPDX-License-Identifier: Apache-2.0
// Directories of a change without a config.json, as adapters are handed around: what else a model needs is the base's.
// peft's two files tell of classes and words that the base has not; thaw's own file of a change does not, and is for a
// model of the base's configuration.
#pragma once

#include <string>

#include "tensor/io/json.h"

namespace thaw {

// Has it a change, and neither weights nor config.json?
bool is_bare_change(const std::string& directory);

// Where the base of a directory's change lies (place_of_base); empty if it holds none, or the base is not there.
// std::runtime_error as of base_of_change, unless a base was chosen.
std::string base_beside(const std::string& directory);

// A file of a model's directory by its name there ("generation_config.json"): of a bare change the base's, if it has
// none itself and the base is there.
std::string path_of_file(const std::string& directory, const std::string& name);

// Where the tokenizer of a model's directory lies: there; of a bare change without any file of one, at its base.
std::string tokenizer_directory(const std::string& directory);

// The base's config.json with what a bare adapter of peft's says otherwise: the architecture, by what the adapter is
// for; classes, by the rows of its head; vocab_size, by rows of tables of words that the base has not.
// std::runtime_error if a file cannot be read.
Json config_of_bare_change(const std::string& directory);

}  // namespace thaw
