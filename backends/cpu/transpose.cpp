// SPDX-License-Identifier: Apache-2.0
// Tiles of 32 x 32: whole cache lines are read and written on both sides.
#include "backends/cpu/transpose.h"

#include <algorithm>

#include "backends/cpu/parallel.h"

namespace thaw::cpu {
namespace {

constexpr int64_t tile = 32;

// y[i * y_stride + j] = x[j * x_stride + i]
template <typename T>
void transpose_tile(T* y, int64_t y_stride, const T* x, int64_t x_stride, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) y[i * y_stride + j] = x[j * x_stride + i];
}

}  // namespace

bool is_transposition(const Walk& walk) {
  if (walk.rank < 2) return false;
  const auto last = static_cast<size_t>(walk.rank - 1);
  return walk.stride[0][last] == 1 && walk.stride[1][last] > 1 && walk.stride[1][last - 1] == 1 &&
         walk.size[last] >= 8 && walk.size[last - 1] >= 8;
}

void transpose(const Walk& walk) {
  const auto last = static_cast<size_t>(walk.rank - 1);
  const int64_t rows = walk.size[last - 1], columns = walk.size[last];
  const int64_t row_tiles = (rows + tile - 1) / tile;
  const int64_t matrices = walk.numel / (rows * columns);
  parallel_tasks(matrices * row_tiles, [&](int64_t task) {
    const int64_t begin = task % row_tiles * tile, count = std::min(tile, rows - begin);
    const int64_t first = (task / row_tiles * rows + begin) * columns;  // the element that begins this strip of rows
    for (int64_t j = 0; j < columns; j += tile) {
      const int64_t width = std::min(tile, columns - j);
      char* const to = walk.at(0, first + j);
      const char* const from = walk.at(1, first + j);
      const int64_t to_stride = walk.stride[0][last - 1], from_stride = walk.stride[1][last];
      if (walk.item[0] == 4) {
        transpose_tile(reinterpret_cast<uint32_t*>(to), to_stride, reinterpret_cast<const uint32_t*>(from), from_stride,
                       count, width);
      } else if (walk.item[0] == 2) {
        transpose_tile(reinterpret_cast<uint16_t*>(to), to_stride, reinterpret_cast<const uint16_t*>(from), from_stride,
                       count, width);
      } else {
        transpose_tile(reinterpret_cast<uint8_t*>(to), to_stride, reinterpret_cast<const uint8_t*>(from), from_stride,
                       count, width);
      }
    }
  });
}

}  // namespace thaw::cpu
