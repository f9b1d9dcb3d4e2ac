// SPDX-License-Identifier: Apache-2.0
// CLIP among the families of models: it reads pictures and texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily clip_family;

}  // namespace thaw
