// SPDX-License-Identifier: Apache-2.0
// Sizes of new models of ViT's layers.
#pragma once

#include "models/fresh_sizes.h"
#include "models/vit/layers_config.h"

namespace thaw {

// Sets what is asked for of widths, layers, dropout and channels. std::invalid_argument "FIELD VALUE: ..." of what
// cannot be meant.
void set_fresh_layers(ViTLayersConfig& config, const FreshSizes& sizes);

}  // namespace thaw
