// SPDX-License-Identifier: Apache-2.0
// Products of matrices that fit the near caches, for attention: the right factor is laid out in panels of two vectors'
// width, the left one is read number by number from wherever it lies, and a tile of the result stays in registers.
#pragma once

#include "backends/cpu/kernels/vector.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int tile_rows = lanes == 16 ? 12 : 6;  // with two vectors a row: 24 of 32 registers, or 12 of 16
constexpr int panel = 2 * lanes;

constexpr int64_t round_to_panels(int64_t n) { return (n + panel - 1) / panel * panel; }

// Panels of a matrix [rows, columns]: panel p holds columns [p * panel, (p + 1) * panel) as [rows][panel], with zeros
// beyond the last column. From rows: element (r, c) at from[r * stride + c].
[[maybe_unused]] inline void pack_rows(float* to, const float* from, int64_t stride, int64_t rows, int64_t columns) {
  for (int64_t c = 0; c < columns; c += panel) {
    const int64_t width = columns - c < panel ? columns - c : panel;
    for (int64_t r = 0; r < rows; ++r, to += panel) {
      const float* const row = from + r * stride + c;
      if (width == panel) {
        __builtin_memcpy(to, row, panel * sizeof(float));
      } else {
        for (int64_t i = 0; i < panel; ++i) to[i] = i < width ? row[i] : 0;
      }
    }
  }
}

[[gnu::always_inline]] inline vec4 load4(const float* from) {
  vec4 v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

// From the transposed matrix: element (r, c) is factor * from[c * stride + r].
[[maybe_unused]] inline void pack_transposed(float* to, const float* from, int64_t stride, int64_t rows,
                                             int64_t columns, float factor) {
  const int64_t whole = rows / 4 * 4;
  for (int64_t c = 0; c < columns; c += panel, to += rows * panel) {
    const int64_t width = columns - c < panel ? columns - c : panel;
    const float* const base = from + c * stride;
    int64_t i = 0;
    for (; i + 4 <= width; i += 4) {
      const float *const a = base + i * stride, *const b = a + stride, *const d = b + stride, *const e = d + stride;
      for (int64_t r = 0; r < whole; r += 4) {
        const vec4 x = load4(a + r) * factor, y = load4(b + r) * factor, z = load4(d + r) * factor,
                   w = load4(e + r) * factor;
        const vec4 xy_low = __builtin_shufflevector(x, y, 0, 4, 1, 5),
                   xy_high = __builtin_shufflevector(x, y, 2, 6, 3, 7);
        const vec4 zw_low = __builtin_shufflevector(z, w, 0, 4, 1, 5),
                   zw_high = __builtin_shufflevector(z, w, 2, 6, 3, 7);
        const vec4 out[4] = {__builtin_shufflevector(xy_low, zw_low, 0, 1, 4, 5),
                             __builtin_shufflevector(xy_low, zw_low, 2, 3, 6, 7),
                             __builtin_shufflevector(xy_high, zw_high, 0, 1, 4, 5),
                             __builtin_shufflevector(xy_high, zw_high, 2, 3, 6, 7)};
        for (int64_t k = 0; k < 4; ++k) __builtin_memcpy(to + (r + k) * panel + i, &out[k], sizeof(vec4));
      }
      for (int64_t r = whole; r < rows; ++r) {
        float* const out = to + r * panel + i;
        out[0] = a[r] * factor;
        out[1] = b[r] * factor;
        out[2] = d[r] * factor;
        out[3] = e[r] * factor;
      }
    }
    for (; i < panel; ++i)
      for (int64_t r = 0; r < rows; ++r) to[r * panel + i] = i < width ? base[i * stride + r] * factor : 0;
  }
}

// One tile: c[i, 0 .. panel) (+)= sum over k of a[i * a_row + k * a_column] * b[k * panel + ...], rows i < count.
template <int count, bool accumulate>
[[gnu::always_inline]] inline void tile(float* c, int64_t c_stride, const float* a, int64_t a_row, int64_t a_column,
                                        const float* b, int64_t depth) {
  vec left[count], right[count];
#pragma GCC unroll 16
  for (int i = 0; i < count; ++i) {
    left[i] = accumulate ? load(c + i * c_stride) : vec{};
    right[i] = accumulate ? load(c + i * c_stride + lanes) : vec{};
  }
  for (int64_t k = 0; k < depth; ++k, a += a_column, b += panel) {
    const vec b0 = load(b), b1 = load(b + lanes);
#pragma GCC unroll 16
    for (int i = 0; i < count; ++i) {
      const vec factor = vec{} + a[i * a_row];
      left[i] += factor * b0;
      right[i] += factor * b1;
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < count; ++i) {
    store(c + i * c_stride, left[i]);
    store(c + i * c_stride + lanes, right[i]);
  }
}

template <int count, bool accumulate>
[[gnu::always_inline]] inline void last_rows(int64_t rows, float* c, int64_t c_stride, const float* a, int64_t a_row,
                                             int64_t a_column, const float* b, int64_t depth) {
  if (rows == count) {
    tile<count, accumulate>(c, c_stride, a, a_row, a_column, b, depth);
  } else if constexpr (count > 1) {
    last_rows<count - 1, accumulate>(rows, c, c_stride, a, a_row, a_column, b, depth);
  }
}

// c [rows, columns] (+)= a b. Rows of c hold whole panels: c_stride >= round_to_panels(columns). b: panels of [depth,
// columns], the panel after the next one begins b_panel numbers later (depth * panel, or more where only the first rows
// of each panel are wanted).
template <bool accumulate>
void product(float* c, int64_t c_stride, const float* a, int64_t a_row, int64_t a_column, const float* b,
             int64_t b_panel, int64_t rows, int64_t columns, int64_t depth) {
  for (int64_t j = 0; j < columns; j += panel, b += b_panel) {
    int64_t i = 0;
    for (; i + tile_rows <= rows; i += tile_rows)
      tile<tile_rows, accumulate>(c + i * c_stride + j, c_stride, a + i * a_row, a_row, a_column, b, depth);
    if (i < rows)
      last_rows<tile_rows - 1, accumulate>(rows - i, c + i * c_stride + j, c_stride, a + i * a_row, a_row, a_column, b,
                                           depth);
  }
}

}  // namespace
}  // namespace thaw::cpu::THAW_CPU_ISA
