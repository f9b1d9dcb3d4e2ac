// SPDX-License-Identifier: Apache-2.0
// Tells how ViLT's files name their tensors.
#include "models/vilt/family.h"

#include "models/vilt/config.h"

namespace thaw {

constinit const ModelFamily vilt_family = {
    .model_type = "vilt",
    .checkpoint_names = [](const Json& json) { return ViltConfig::from_json(json).checkpoint_names(); },
    .facts = nullptr,
    .open = nullptr,
};

}  // namespace thaw
