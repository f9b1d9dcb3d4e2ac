// SPDX-License-Identifier: Apache-2.0
// Tells how Whisper's files name their tensors.
#include "models/whisper/family.h"

#include "models/whisper/config.h"

namespace thaw {

constinit const ModelFamily whisper_family = {
    .model_type = "whisper",
    .checkpoint_names = [](const Json& json) { return WhisperConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
