// SPDX-License-Identifier: Apache-2.0
// BERT among the families of models.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily bert_family;

}  // namespace thaw
