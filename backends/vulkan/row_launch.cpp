// SPDX-License-Identifier: Apache-2.0
// A group of lanes for each row; several rows a workgroup when they are short.
#include "backends/vulkan/row_launch.h"

#include <algorithm>
#include <bit>

#include "backends/vulkan/layout.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

constexpr size_t axes = 3;

// shaders/rows.glsl
struct RowsPush {
  uint64_t views[3];
  std::array<uint32_t, axes> sizes;
  std::array<uint32_t, axes> strides[3];
  uint32_t steps[3];
  uint32_t rows, n;
};

View without_last(const View& view) {
  return {view.block, view.offset, view.shape.without(-1), view.strides.without(-1), view.dtype};
}

}  // namespace

void launch_rows(VulkanBackend& backend, const Shader& shader, const char* name,
                 const std::vector<const View*>& views) {
  const View& out = *views[0];
  std::vector<View> outer;
  for (const View* view : views) outer.push_back(without_last(*view));
  std::vector<const View*> pointers;
  for (const View& view : outer) pointers.push_back(&view);
  const Layout layout = joined_layout(pointers);
  if (layout.rank() > axes) {  // too many axes for the push constants: dense copies have one
    const ScratchBlock block = backend.scratch(static_cast<size_t>(out.numel()) * size_of(out.dtype));
    const View result{block.block(), 0, out.shape, contiguous_strides(out.shape), out.dtype};
    std::vector<Dense> inputs;
    std::vector<const View*> dense{&result};
    for (size_t v = 1; v < views.size(); ++v) inputs.push_back(backend.contiguous(*views[v]));
    for (const Dense& input : inputs) dense.push_back(&input.view);
    launch_rows(backend, shader, name, dense);
    return backend.copy(out, result);
  }
  RowsPush push{};
  push.sizes = padded<axes>(layout.sizes, 1);
  push.rows = static_cast<uint32_t>(outer[0].numel());
  push.n = static_cast<uint32_t>(views[1]->shape[-1]);
  if (push.rows == 0) return;
  Dispatch dispatch{.shader = shader, .label = {name, {push.rows, push.n}}};
  for (size_t v = 0; v < views.size(); ++v) {
    push.views[v] = address_of(*views[v]);
    push.strides[v] = padded<axes>(layout.strides[v], 0);
    push.steps[v] = static_cast<uint32_t>(views[v]->strides[-1]);
    if (v > 0) dispatch.reads.push_back(views[v]->block);
  }
  const uint32_t workgroup = backend.tuning().reduce_workgroup;
  const uint32_t lanes = std::clamp(std::bit_floor(std::max(1u, push.n / 8)), 1u, workgroup);
  dispatch.constants = {workgroup, layout.rank(), lanes};
  dispatch.push = bytes_of(push);
  dispatch.groups = groups_over(ceil_divide(push.rows, workgroup / lanes));
  dispatch.writes = {out.block};
  backend.stream().dispatch(dispatch);
}

}  // namespace thaw::vulkan
