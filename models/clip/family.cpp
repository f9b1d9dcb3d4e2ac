// SPDX-License-Identifier: Apache-2.0
// Tells how CLIP's files name their tensors.
#include "models/clip/family.h"

#include "models/clip/config.h"

namespace thaw {

constinit const ModelFamily clip_family = {
    .model_type = "clip",
    .checkpoint_names = [](const Json& json) { return CLIPConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
