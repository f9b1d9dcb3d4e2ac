// SPDX-License-Identifier: Apache-2.0
// What is told of a directory before a model is built from it.
#include "models/hub/pretrained.h"

#include <fmt/format.h>

#include <filesystem>

#include "models/hub/model_directory.h"

namespace thaw {

void note_oddities(CheckpointSource& source, const PretrainedConfig& config) {
  for (const std::string& line : config.notes) source.note(line);
  if (has_weights(source.directory()) && std::filesystem::exists(source.directory() + "/adapter_config.json"))
    source.note(fmt::format("{}: its adapter (adapter_config.json) is not applied", source.directory()));
}

}  // namespace thaw
