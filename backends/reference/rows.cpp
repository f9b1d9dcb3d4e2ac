// SPDX-License-Identifier: Apache-2.0
// Rows by index.
#include "backends/reference/elements.h"
#include "backends/reference/reference_backend.h"

namespace thaw {

void ReferenceBackend::gather_rows(const View& out, const View& table, const View& ids) {
  for (int64_t t = 0; t < ids.shape[0]; ++t) {
    const int64_t id = ids.as<int32_t>()[t * ids.strides[0]];
    copy(out.slice(0, t, t + 1), table.slice(0, id, id + 1));
  }
}

void ReferenceBackend::scatter_add_rows(const View& table, const View& rows, const View&,
                                        std::span<const int32_t> host_ids) {
  reference::with_float_type(table.dtype, [&](auto type) {
    using T = decltype(type);
    for (size_t t = 0; t < host_ids.size(); ++t) {
      if (host_ids[t] < 0 || host_ids[t] >= table.shape[0]) continue;
      T* to = table.as<T>() + host_ids[t] * table.strides[0];
      const T* from = rows.as<T>() + static_cast<int64_t>(t) * rows.strides[0];
      for (int64_t c = 0; c < table.shape[1]; ++c) to[c * table.strides[1]] += from[c * rows.strides[1]];
    }
  });
}

}  // namespace thaw
