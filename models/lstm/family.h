// SPDX-License-Identifier: Apache-2.0
// LSTMs among the families of models: a body of rows, which reads no texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily lstm_family;

}  // namespace thaw
