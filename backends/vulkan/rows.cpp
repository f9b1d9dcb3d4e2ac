// SPDX-License-Identifier: Apache-2.0
// Rows by index: gather, and the deterministic scatter-add.
#include "backends/vulkan/row_segments.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

// Rows of one target that one invocation sums; longer ones are cut, so that a row that every token uses does not make
// the rest wait.
constexpr uint32_t longest_piece = 64;
constexpr size_t most_ids = 1 << 16;

// shaders/gather_rows.comp
struct GatherPush {
  uint64_t out, table, ids;
  uint32_t id_step, rows, columns;
  uint32_t out_strides[2], table_strides[2];
};

// shaders/sum_segments.comp
struct SegmentsPush {
  uint64_t out, rows, begins, order, targets;
  uint32_t out_strides[2], row_strides[2];
  uint32_t segments, columns;
};

uint32_t stride(const View& view, int axis) { return static_cast<uint32_t>(view.strides[axis]); }

// Addresses of the lists; `order` or `targets` may be 0.
struct Lists {
  uint64_t begins, order, targets;
};

void sum_segments(VulkanBackend& backend, const View& out, const View& rows, const Lists& lists, size_t segments) {
  const auto columns = static_cast<uint32_t>(rows.shape[1]);
  const SegmentsPush push{address_of(out),
                          address_of(rows),
                          lists.begins,
                          lists.order,
                          lists.targets,
                          {stride(out, 0), stride(out, 1)},
                          {stride(rows, 0), stride(rows, 1)},
                          static_cast<uint32_t>(segments),
                          columns};
  const uint32_t workgroup = backend.tuning().pointwise_workgroup;
  backend.stream().dispatch({.shader = shaders::sum_segments,
                             .constants = {workgroup, lists.order != 0, lists.targets != 0},
                             .push = bytes_of(push),
                             .groups = groups_over(uint64_t{push.segments} * ceil_divide(columns, workgroup)),
                             .reads = {rows.block, lists.targets ? out.block : nullptr},
                             .writes = {out.block},
                             .label = {"scatter_add_rows", {static_cast<int64_t>(segments), columns}}});
}

}  // namespace

void VulkanBackend::gather_rows(const View& out, const View& table, const View& ids) {
  if (out.numel() == 0) return;
  check(supports(table.dtype), "{} has no type {}", name(), thaw::name_of(table.dtype));
  const size_t size = size_of(table.dtype);
  const GatherPush push{address_of(out),
                        address_of(table),
                        address_of(ids),
                        stride(ids, 0),
                        static_cast<uint32_t>(out.shape[0]),
                        static_cast<uint32_t>(out.shape[1]),
                        {stride(out, 0), stride(out, 1)},
                        {stride(table, 0), stride(table, 1)}};
  stream_->dispatch({.shader = size == 4   ? shaders::gather_rows
                               : size == 2 ? shaders::gather_rows_halves
                                           : shaders::gather_rows_bytes,
                     .constants = {tuning_.pointwise_workgroup, tuning_.pointwise_per_invocation},
                     .push = bytes_of(push),
                     .groups = groups_over(ceil_divide(static_cast<uint64_t>(out.numel()),
                                                       tuning_.pointwise_workgroup * tuning_.pointwise_per_invocation)),
                     .reads = {table.block, ids.block},
                     .writes = {out.block},
                     .label = {"gather_rows", {push.rows, push.columns}}});
}

void VulkanBackend::scatter_add_rows(const View& table, const View& rows, const View&,
                                     std::span<const int32_t> host_ids) {
  if (rows.numel() == 0) return;
  // Their lists are launch parameters, so that many at a time; the order of a row's summands stays that of the ids.
  if (host_ids.size() > most_ids) {
    const auto t = static_cast<int64_t>(most_ids);
    scatter_add_rows(table, rows.slice(0, 0, t), {}, host_ids.first(most_ids));
    return scatter_add_rows(table, rows.slice(0, t, rows.shape[0]), {}, host_ids.subspan(most_ids));
  }
  const RowSegments segments = row_segments(host_ids, table.shape[0], longest_piece);
  if (segments.order.empty()) return;
  std::vector<uint32_t> numbers;
  const auto add = [&](const std::vector<uint32_t>& list) {
    numbers.insert(numbers.end(), list.begin(), list.end());
    return (numbers.size() - list.size()) * sizeof(uint32_t);
  };
  const uint64_t order = add(segments.order), pieces = add(segments.piece_begins), begins = add(segments.target_begins),
                 targets = add(segments.targets);
  const Parameters parameters(*stream_, std::as_bytes(std::span(numbers)));
  const uint64_t base = parameters.address();
  if (!segments.has_long())
    return sum_segments(*this, table, rows, {base + pieces, base + order, base + targets}, segments.targets.size());
  const auto count = static_cast<int64_t>(segments.piece_begins.size()) - 1;
  const ScratchBlock sums = scratch(static_cast<size_t>(count * rows.shape[1]) * sizeof(float));
  const Shape shape{count, rows.shape[1]};
  const View partial{sums.block(), 0, shape, contiguous_strides(shape), DType::f32};
  sum_segments(*this, partial, rows, {base + pieces, base + order, 0}, static_cast<size_t>(count));
  sum_segments(*this, table, partial, {base + begins, 0, base + targets}, segments.targets.size());
}

}  // namespace thaw::vulkan
