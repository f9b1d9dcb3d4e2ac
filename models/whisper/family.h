// SPDX-License-Identifier: Apache-2.0
// Whisper's encoder among the families of models: it reads sounds, and no texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily whisper_family;

}  // namespace thaw
