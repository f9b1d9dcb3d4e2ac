// SPDX-License-Identifier: Apache-2.0
// AST among the families of models: it reads spectrograms, and no texts.
#pragma once

#include "models/families.h"

namespace thaw {

extern const ModelFamily ast_family;

}  // namespace thaw
