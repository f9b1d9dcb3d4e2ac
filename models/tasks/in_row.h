// SPDX-License-Identifier: Apache-2.0
// Errors of a row's file, told by the row.
#pragma once

#include <stdexcept>
#include <string_view>

#include "models/tasks/row_encoder.h"
#include "tensor/check.h"

namespace thaw {

// What `read` gives of a row whose first cell is a path. std::runtime_error that begins with where the row is, once:
// what `read` throws, or that the path is empty.
template <class Read>
auto in_row(const InputRow& row, const Read& read) {
  if (!row.picture && row.cells.at(0).empty()) fail("{}: the path is empty", row.where);
  try {
    return read();
  } catch (const std::runtime_error& error) {
    if (std::string_view(error.what()).starts_with(row.where)) throw;
    fail("{}: {}", row.where, error.what());
  }
}

}  // namespace thaw
