// SPDX-License-Identifier: Apache-2.0
// Rows by index.
#include <algorithm>
#include <cstring>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/strided.h"
#include "backends/cpu/threads.h"

namespace thaw::cpu {

void CpuBackend::gather_rows(const View& out, const View& table, const View& ids) {
  const Timed timed("gather_rows");
  const int64_t tokens = out.shape[0], columns = out.shape[1];
  const int32_t* const id = ids.as<int32_t>();
  const auto item = static_cast<int64_t>(size_of(out.dtype));
  const auto address = [item](const View& view) { return static_cast<char*>(view.block->data) + view.offset * item; };
  char* const to = address(out);
  const char* const from = address(table);
  parallel_ranges(tokens, rows_per_task(columns), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      char* const y = to + t * out.strides[0] * item;
      const char* const x = from + id[t * ids.strides[0]] * table.strides[0] * item;
      if (out.strides[1] == 1) {
        std::memcpy(y, x, static_cast<size_t>(columns * item));
      } else {
        for (int64_t c = 0; c < columns; ++c)
          std::memcpy(y + c * out.strides[1] * item, x + c * item, static_cast<size_t>(item));
      }
    }
  });
}

// Each task owns a range of columns and goes through all rows in order: no two write one number, and every number adds
// up in the order of t.
void CpuBackend::scatter_add_rows(const View& table, const View& rows, const View&, std::span<const int32_t> host_ids) {
  const Timed timed("scatter_add_rows");
  const int64_t columns = table.shape[1];
  const int64_t width = std::max<int64_t>(16, (columns / thread_count() + 15) / 16 * 16);
  parallel_ranges(columns, width, [&](int64_t begin, int64_t end) {
    for (size_t t = 0; t < host_ids.size(); ++t) {
      if (host_ids[t] < 0 || host_ids[t] >= table.shape[0]) continue;
      float* const to = table.as<float>() + host_ids[t] * table.strides[0] + begin * table.strides[1];
      const float* const from = rows.as<float>() + static_cast<int64_t>(t) * rows.strides[0] + begin * rows.strides[1];
      if (table.strides[1] == 1 && rows.strides[1] == 1) {
        kernels().binary(BinaryOp::add, to, to, from, end - begin);
      } else {
        for (int64_t c = 0; c < end - begin; ++c) to[c * table.strides[1]] += from[c * rows.strides[1]];
      }
    }
  });
}

}  // namespace thaw::cpu
