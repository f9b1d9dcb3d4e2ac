// SPDX-License-Identifier: Apache-2.0
// Layout questions about a view.
#include "tensor/view.h"

namespace thaw {

bool View::is_contiguous() const {
  int64_t next = 1;
  for (int i = rank() - 1; i >= 0; --i) {
    if (shape[i] == 1) continue;
    if (strides[i] != next) return numel() == 0;
    next *= shape[i];
  }
  return true;
}

bool View::has_dense_rows() const {
  if (numel() == 0 || rank() == 0) return true;
  if (shape[-1] != 1 && strides[-1] != 1) return false;
  if (rank() == 1) return true;
  // Axes before the last collapse into one of rows, each at the same distance.
  int64_t next = 0;
  for (int i = rank() - 2; i >= 0; --i) {
    if (shape[i] == 1) continue;
    if (next != 0 && strides[i] != next) return false;
    next = strides[i] * shape[i];
  }
  return true;
}

}  // namespace thaw
