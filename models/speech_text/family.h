// SPDX-License-Identifier: Apache-2.0
// Models of speech and texts among the families of models.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily speech_text_family;

}  // namespace thaw
