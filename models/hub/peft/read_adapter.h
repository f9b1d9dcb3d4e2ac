// SPDX-License-Identifier: Apache-2.0
// Adapters as peft saves them: a directory with adapter_config.json and adapter_model.safetensors.
#pragma once

#include <string>

#include "nn/change/model_change.h"

namespace thaw {

// The change that the adapter of the directory makes to the model of the store, which holds its base. LoRA (rsLoRA,
// DoRA), IA3, prompts, prefixes, biases, whole modules, rows of tables, tables of words that grew. Strict: each tensor
// of the file is used, and each module that the configuration is about has its tensors. std::runtime_error, one line,
// that names file and key or tensor.
ModelChange read_adapter(const std::string& directory, const ParameterStore& store);

}  // namespace thaw
