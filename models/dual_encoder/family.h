// SPDX-License-Identifier: Apache-2.0
// Dual encoders among the families of models: they read pictures and texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily dual_encoder_family;

}  // namespace thaw
