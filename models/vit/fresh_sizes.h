// SPDX-License-Identifier: Apache-2.0
// The sizes that are asked of a new ViT, or of a new model of ViT's layers.
#pragma once

#include "models/fresh_sizes.h"
#include "models/vit/layers_config.h"

namespace thaw {

// Layers and channels of pictures; what is not asked for stays. std::invalid_argument as of fresh_widths(), and
// "channels N: ..." of pictures that there are not.
void take_layer_sizes(ViTLayersConfig& config, const FreshSizes& sizes);

}  // namespace thaw
