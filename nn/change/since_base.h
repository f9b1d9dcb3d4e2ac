// SPDX-License-Identifier: Apache-2.0
// What of a model has become another since it was the base model's.
#pragma once

#include "nn/change/model_change.h"

namespace thaw {

// All of it is another one, though some rows of it alone may be trained now.
void mark_changed_whole(const Parameter& parameter);

// Every adapter; what was trained at any time, or read from a change, whole or in rows (Parameter::changed); and what
// the base does not have (ParameterStore::initialised).
ModelChange change_since_base(const ParameterStore& store);

}  // namespace thaw
