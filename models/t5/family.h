// SPDX-License-Identifier: Apache-2.0
// T5 among the families of models, by its three model types.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily t5_family, mt5_family, umt5_family;

}  // namespace thaw
