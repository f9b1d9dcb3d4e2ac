// SPDX-License-Identifier: Apache-2.0
// Rows of a batch's sources side by side.
#pragma once

#include <memory>
#include <span>

#include "models/input/row_source.h"
#include "tensor/tensor.h"

namespace thaw {

// [rows, width], read now, one source after the other. std::invalid_argument: rows of two sources have unequal widths.
Tensor packed_rows(std::span<const std::shared_ptr<const RowSource>> sources, Device device, DType dtype);

}  // namespace thaw
