// SPDX-License-Identifier: Apache-2.0
// T5 among the families of models, by its three model types.
#pragma once

#include "models/families.h"
#include "models/t5/config.h"
#include "nn/train/fingerprint.h"

namespace thaw {

// What of a configuration changes a training's numbers and is no weight.
Fingerprint t5_switches(const T5Config& config);

extern const ModelFamily t5_family, mt5_family, umt5_family;

}  // namespace thaw
