// SPDX-License-Identifier: Apache-2.0
// Tells how dual encoders' files name their tensors.
#include "models/dual_encoder/family.h"

#include "models/dual_encoder/config.h"

namespace thaw {

constinit const ModelFamily dual_encoder_family = {
    .model_type = "vision-text-dual-encoder",
    .checkpoint_names =
        [](const Json& json) { return VisionTextDualEncoderConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
