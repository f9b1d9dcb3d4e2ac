// SPDX-License-Identifier: Apache-2.0
// BERT's heads as golden models.
#pragma once

#include <memory>

#include "tests/models/golden_model.h"

namespace thaw {

// Defined for each head of BERT that has a golden.
template <typename Model>
std::unique_ptr<GoldenModel> open_golden_bert(const GoldenCase& golden, Device device, DType dtype);

}  // namespace thaw
