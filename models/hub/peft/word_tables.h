// SPDX-License-Identifier: Apache-2.0
// Tables of words and the matrices that say words again.
#pragma once

#include <string>

#include "nn/parameter.h"

namespace thaw {

// std::invalid_argument unless peft means by rows of the table those and no others: where the model's output matrix is
// one of its own, of the table's shape (T5 v1.1), peft 0.21 puts the rows into that, too.
void check_rows_alone(const ParameterStore& store, const Parameter& table);

}  // namespace thaw
