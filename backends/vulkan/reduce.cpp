// SPDX-License-Identifier: Apache-2.0
// Reductions over any axes, in one launch or, where there are few results of many numbers, in two.
#include <algorithm>
#include <bit>

#include "backends/vulkan/layout.h"
#include "backends/vulkan/reduce_plan.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

constexpr size_t axes = 3;

// shaders/reduce.comp
struct ReducePush {
  uint64_t out, in;
  std::array<uint32_t, axes> kept_sizes, out_strides, kept_strides, reduced_sizes, reduced_strides;
  uint32_t results, n, chunk;
  float scale;
};

struct Reduction {
  ReduceOp op;
  float scale;
  bool accumulate;
};

// The view's axes that are reduced (or kept).
View some_axes(const View& view, const View& in, const View& out, bool reduced) {
  std::vector<int64_t> sizes, strides;
  for (int axis = 0; axis < in.rank(); ++axis) {
    if ((in.shape[axis] != out.shape[axis]) != reduced) continue;
    sizes.push_back(view.shape[axis]);
    strides.push_back(view.strides[axis]);
  }
  return {view.block, view.offset, Shape(sizes), Strides(strides), view.dtype};
}

void reduce_views(VulkanBackend& backend, const Reduction& reduction, const View& out, const View& in) {
  const View kept_out = some_axes(out, in, out, false), kept_in = some_axes(in, in, out, false),
             reduced_in = some_axes(in, in, out, true);
  const View* const kept_views[] = {&kept_out, &kept_in};
  const View* const reduced_views[] = {&reduced_in};
  const Layout kept = joined_layout(kept_views), reduced = joined_layout(reduced_views);
  if (kept.rank() > axes || reduced.rank() > axes) {
    // Put the kept axes in front and copy: then there is one axis of each kind in the input.
    std::vector<int> order;
    for (bool now : {false, true})
      for (int axis = 0; axis < in.rank(); ++axis)
        if ((in.shape[axis] != out.shape[axis]) == now) order.push_back(axis);
    const Dense copied = backend.contiguous(in.permute(order));
    if (kept.rank() <= axes) return reduce_views(backend, reduction, out.permute(order), copied.view);
    const ScratchBlock block = backend.scratch(static_cast<size_t>(out.numel()) * sizeof(float));
    const View ordered = out.permute(order);
    const View result{block.block(), 0, ordered.shape, contiguous_strides(ordered.shape), DType::f32};
    if (reduction.accumulate) backend.copy(result, ordered);
    reduce_views(backend, reduction, result, copied.view);
    return backend.copy(ordered, result);
  }
  const auto results = static_cast<uint32_t>(out.numel()), n = static_cast<uint32_t>(reduced_in.numel());
  const bool rows = results == 1 || reduced.strides[0].back() <= kept.strides[1].back();
  const ReducePlan plan = reduce_plan(backend.tuning(), results, n, rows);
  const bool split = plan.parts > 1;
  const auto launch = [&](uint64_t target, const Block* target_block, float scale, bool accumulate) {
    const ReducePush push{target,
                          address_of(in),
                          padded<axes>(kept.sizes, 1),
                          padded<axes>(kept.strides[0], 0),
                          padded<axes>(kept.strides[1], 0),
                          padded<axes>(reduced.sizes, 1),
                          padded<axes>(reduced.strides[0], 0),
                          results,
                          n,
                          plan.chunk,
                          scale};
    Groups groups = groups_over(ceil_divide(results, plan.workgroup / plan.lanes));
    groups.z = plan.parts;
    backend.stream().dispatch({.shader = shaders::reduce,
                               .constants = {plan.workgroup, kept.rank(), reduced.rank(), plan.lanes, rows,
                                             static_cast<uint32_t>(reduction.op), accumulate},
                               .push = bytes_of(push),
                               .groups = groups,
                               .reads = {in.block, accumulate ? target_block : nullptr},
                               .writes = {target_block},
                               .label = {"reduce", {results, n}}});
  };
  if (!split) return launch(address_of(out), out.block, reduction.scale, reduction.accumulate);
  const ScratchBlock block = backend.scratch(size_t{plan.parts} * results * sizeof(float));
  launch(block.address(), block.block(), 1, false);
  Shape shape = kept_out.shape.with(0, plan.parts);
  const View partial{block.block(), 0, shape, contiguous_strides(shape), DType::f32};
  reduce_views(backend, reduction, kept_out.unsqueeze(0), partial);
}

}  // namespace

ReducePlan reduce_plan(const Tuning& tuning, uint32_t results, uint32_t n, bool rows) {
  ReducePlan plan;
  plan.workgroup = tuning.reduce_workgroup;
  const uint32_t most = rows ? plan.workgroup : std::max(1u, plan.workgroup / tuning.reduce_columns);
  plan.lanes = std::clamp(std::bit_floor(std::max(1u, n / 8)), 1u, most);
  const uint32_t groups = ceil_divide(results, plan.workgroup / plan.lanes);
  const uint32_t useful = ceil_divide(n, plan.lanes * 32),
                 wanted = ceil_divide(tuning.reduce_groups, std::max(1u, groups));
  plan.parts = std::clamp(std::min(useful, wanted), 1u, 1024u);
  plan.chunk = ceil_divide(n, plan.parts);
  return plan;
}

void VulkanBackend::reduce(ReduceOp op, const View& out, const View& in, double scale, bool accumulate) {
  if (out.numel() == 0) return;
  reduce_views(*this, {op, static_cast<float>(scale), accumulate}, out, in);
}

}  // namespace thaw::vulkan
