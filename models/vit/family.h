// SPDX-License-Identifier: Apache-2.0
// ViT among the families of models: it reads pictures, and no texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily vit_family;

}  // namespace thaw
