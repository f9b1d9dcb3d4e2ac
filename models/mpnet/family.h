// SPDX-License-Identifier: Apache-2.0
// MPNet among the families of models.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily mpnet_family;

}  // namespace thaw
