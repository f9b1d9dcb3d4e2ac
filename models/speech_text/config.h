// SPDX-License-Identifier: Apache-2.0
// SpeechTextConfig: where the two models lie that hear and read, read from config.json and written back. The reference
// library has no such model.
#pragma once

#include <cstdint>
#include <string>

#include "models/hub/base_model.h"
#include "models/hub/checkpoint_source.h"
#include "models/hub/config.h"
#include "models/image_text_keys.h"

namespace thaw {

// A model that is part of another's, in a directory of its own.
struct PlacedModel : BaseModel {
  int64_t width = 0;  // numbers of a last hidden state
};

struct SpeechTextConfig : PretrainedConfig, ImageTextKeys {
  static constexpr const char* model_type = "thaw-speech-text";
  PlacedModel audio, text;  // "audio_model", "text_model": {"path": ..., "sha256": ..., "hidden_size": ...}

  // Throws std::runtime_error "FILE: KEY: what is wrong".
  static SpeechTextConfig from_json(const Json& json);
  Json to_json(const std::string& architecture) const;

  CheckpointNames checkpoint_names() const;
};

}  // namespace thaw
