// SPDX-License-Identifier: Apache-2.0
// Softmax along the last axis, its gradient, and argmax.
#include "backends/vulkan/row_launch.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/vulkan_backend.h"
#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

void check_f32(const char* name, const View& view) {
  check(view.dtype == DType::f32, "vulkan: {} computes in f32, not in {}", name, name_of(view.dtype));
}

}  // namespace

void VulkanBackend::softmax(const View& y, const View& x) {
  check_f32("softmax", x);
  launch_rows(*this, shaders::softmax, "softmax", {&y, &x});
}

void VulkanBackend::softmax_backward(const View& dx, const View& dy, const View& y) {
  check_f32("softmax_backward", y);
  launch_rows(*this, shaders::softmax_backward, "softmax_backward", {&dx, &dy, &y});
}

void VulkanBackend::argmax(const View& out, const View& in) {
  check_f32("argmax", in);
  const View results = out.unsqueeze(-1);
  launch_rows(*this, shaders::argmax, "argmax", {&results, &in});
}

}  // namespace thaw::vulkan
