// SPDX-License-Identifier: Apache-2.0
// ViLT among the families of models: it reads texts and pictures together, and neither alone.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily vilt_family;

}  // namespace thaw
