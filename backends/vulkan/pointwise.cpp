// SPDX-License-Identifier: Apache-2.0
// f(x), its gradient, f(a, b), where: one launch each, over joined axes.
#include <bit>

#include "backends/vulkan/layout.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

constexpr size_t axes = 4;

// shaders/elements.glsl
struct PointwisePush {
  uint64_t views[4];  // the output, then the inputs
  std::array<uint32_t, axes> sizes;
  std::array<uint32_t, axes> strides[4];
  uint32_t count;
  float alpha, beta;
};

struct Pointwise {
  const Shader& shader;
  const char* name;
  std::vector<uint32_t> op = {};  // its specialisation constant
  UnaryParams params = {};
};

// Views: the output, then one to three inputs, all of one shape.
void launch(VulkanBackend& backend, const Pointwise& kernel, const std::vector<const View*>& views) {
  const View& out = *views[0];
  const int64_t count = out.numel();
  if (count == 0) return;
  const Layout layout = joined_layout(views);
  if (layout.rank() > axes) {  // too many axes for the push constants: dense copies have one
    const ScratchBlock block = backend.scratch(static_cast<size_t>(count) * sizeof(float));
    const View result{block.block(), 0, out.shape, contiguous_strides(out.shape), DType::f32};
    std::vector<Dense> inputs;
    std::vector<const View*> dense{&result};
    for (size_t v = 1; v < views.size(); ++v) inputs.push_back(backend.contiguous(*views[v]));
    for (const Dense& input : inputs) dense.push_back(&input.view);
    launch(backend, kernel, dense);
    backend.copy(out, result);
    return;
  }
  PointwisePush push{};
  push.sizes = padded<axes>(layout.sizes, 1);
  push.count = static_cast<uint32_t>(count);
  push.alpha = static_cast<float>(kernel.params.alpha);
  push.beta = static_cast<float>(kernel.params.beta);
  Dispatch dispatch{.shader = kernel.shader, .label = {kernel.name, {count}}};
  for (size_t v = 0; v < views.size(); ++v) {
    push.views[v] = address_of(*views[v]);
    push.strides[v] = padded<axes>(layout.strides[v], 0);
    if (v > 0) dispatch.reads.push_back(views[v]->block);
  }
  const Tuning& tuning = backend.tuning();
  dispatch.constants = {tuning.pointwise_workgroup, layout.rank(), tuning.pointwise_per_invocation};
  dispatch.constants.insert(dispatch.constants.end(), kernel.op.begin(), kernel.op.end());
  dispatch.push = bytes_of(push);
  dispatch.groups = groups_over(ceil_divide(push.count, tuning.pointwise_workgroup * tuning.pointwise_per_invocation));
  dispatch.writes = {out.block};
  backend.stream().dispatch(dispatch);
}

}  // namespace

void VulkanBackend::unary(UnaryOp op, const View& out, const View& x, UnaryParams params) {
  launch(*this, {shaders::unary, "unary", {static_cast<uint32_t>(op)}, params}, {&out, &x});
}

void VulkanBackend::unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) {
  launch(*this, {shaders::unary_backward, "unary_backward", {static_cast<uint32_t>(op)}, params}, {&dx, &dy, &x});
}

void VulkanBackend::binary(BinaryOp op, const View& out, const View& a, const View& b) {
  launch(*this, {shaders::binary, "binary", {static_cast<uint32_t>(op)}}, {&out, &a, &b});
}

void VulkanBackend::where(const View& out, const View& condition, const View& a, const View& b) {
  launch(*this, {shaders::where, "where"}, {&out, &condition, &a, &b});
}

}  // namespace thaw::vulkan
