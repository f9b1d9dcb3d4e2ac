// SPDX-License-Identifier: Apache-2.0
// Rows of a batch's sources side by side.
#pragma once

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "models/input/row_source.h"
#include "tensor/tensor.h"

namespace thaw {

// [rows, width], read now, one source after the other. std::invalid_argument: rows of two sources have unequal widths.
Tensor packed_rows(std::span<const std::shared_ptr<const RowSource>> sources, Device device, DType dtype);

// The rows of a batch: they are there, or are read when a model looks at them.
class BatchRows {
 public:
  BatchRows() = default;
  explicit BatchRows(Tensor rows) : rows_(std::move(rows)) {}
  explicit BatchRows(std::vector<std::shared_ptr<const RowSource>> sources) : sources_(std::move(sources)) {}

  Tensor operator()(Device device, DType dtype) const {
    return rows_.defined() ? rows_ : packed_rows(sources_, device, dtype);
  }

 private:
  Tensor rows_;
  std::vector<std::shared_ptr<const RowSource>> sources_;
};

}  // namespace thaw
