// SPDX-License-Identifier: Apache-2.0
// ViViT among the families of models: it reads films, and no texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily vivit_family;

}  // namespace thaw
