// SPDX-License-Identifier: Apache-2.0
// Tables of positions for pictures of another size than a model was made for. C channels.
#pragma once

#include <cstdint>

#include "autograd/variable.h"
#include "tensor/shape.h"

namespace thaw {

// How vectors between those of a table are made of them, along each axis.
enum class TableResizing {
  // By Keys' kernel with a = -3/4, the corners of both pictures on each other, not the middles of their outermost
  // vectors; vectors at the border stand for those beyond it. (What the reference library calls align_corners = False.)
  bicubic,
  // Between two neighbours, the outermost vectors on each other (align_corners = True); one alone is the first.
  bilinear_corners,
};

// Of a table [kept + h w, C], vectors on a grid `from` = [h, w] behind `kept` others, that of the grid `to`. It is
// linear: the gradient flows to the table, and from a frozen one none.
Variable resized_table(const Variable& table, int64_t kept, const Shape& from, const Shape& to, TableResizing resizing);

}  // namespace thaw
