// SPDX-License-Identifier: Apache-2.0
// Tells how ViT's files name their tensors.
#include "models/vit/family.h"

#include "models/vit/config.h"

namespace thaw {

constinit const ModelFamily vit_family = {
    .model_type = "vit",
    .checkpoint_names = [](const Json& json) { return ViTConfig::from_json(json).checkpoint_names(); },
    .text_facts = nullptr,
    .open_texts = nullptr,
};

}  // namespace thaw
