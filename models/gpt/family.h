// SPDX-License-Identifier: Apache-2.0
// GPT-1 and GPT-2 among the families of models.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily gpt1_family, gpt2_family;

}  // namespace thaw
