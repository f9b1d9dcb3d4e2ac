// SPDX-License-Identifier: Apache-2.0
// The parameters of a store to and from a safetensors file, by their names.
#pragma once

#include <filesystem>

#include "nn/parameter.h"

namespace thaw {

// Writes every parameter, trained or frozen, in its dtype. Durable: a former file at PATH stays whole until the new one
// is. std::runtime_error naming PATH when it cannot be written.
void save(const ParameterStore& store, const std::filesystem::path& path);

// Fills every parameter from the file, rounded to the store's dtype. The file's names and shapes must be the store's: a
// parameter that is missing, a tensor that is no parameter, another shape or a type without floating numbers is a
// std::runtime_error "PATH: ..." that lists them, before anything changes.
void load(const ParameterStore& store, const std::filesystem::path& path);

}  // namespace thaw
