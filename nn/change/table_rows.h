// SPDX-License-Identifier: Apache-2.0
// Rows of a tensor by their numbers, in any order: in and out.
#pragma once

#include <cstdint>
#include <vector>

#include "tensor/tensor.h"

namespace thaw {

// table[rows[i]] = values[i]; neighbours in one copy.
void write_rows(const Tensor& table, const std::vector<int64_t>& rows, const Tensor& values);
// [rows, ...], on the table's device.
Tensor copy_of_rows(const Tensor& table, const std::vector<int64_t>& rows);

}  // namespace thaw
