// SPDX-License-Identifier: Apache-2.0
// VisionTextDualEncoderConfig: a model that reads pictures and a BERT, read from config.json and written back.
#pragma once

#include <string>
#include <variant>

#include "models/bert/config.h"
#include "models/clip/config.h"
#include "models/vit/config.h"

namespace thaw {

struct VisionTextDualEncoderConfig : PretrainedConfig, ImageTextKeys {
  std::variant<ViTConfig, CLIPVisionConfig> vision;
  BertConfig text;
  // Files have CLIP's tower below "vision_model.vision_model", or below "vision_model" alone; they are written as they
  // were read.
  bool wraps_clip = true;

  // Throws std::runtime_error "FILE: KEY: what is wrong" as the parts' configurations do ("text_config.hidden_size"),
  // and of parts of other families.
  static VisionTextDualEncoderConfig from_json(const Json& json);
  Json to_json(const std::string& architecture) const;

  int64_t vision_channels() const {  // that are projected
    return std::visit([](const auto& part) { return part.hidden_size; }, vision);
  }
  std::string vision_path() const;  // what the names of its parameters begin with

  CheckpointNames checkpoint_names() const;
  void settle(CheckpointSource& source);
};

}  // namespace thaw
