// SPDX-License-Identifier: Apache-2.0
// Tells how ViViT's files name their tensors.
#include "models/vivit/family.h"

#include "models/vivit/config.h"

namespace thaw {

constinit const ModelFamily vivit_family = {
    .model_type = "vivit",
    .checkpoint_names = [](const Json& json) { return VivitConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
