// SPDX-License-Identifier: Apache-2.0
// Softmax along the last axis, its gradient, and argmax.
#include "backends/vulkan/row_launch.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
void VulkanBackend::softmax(const View& y, const View& x) { launch_rows(*this, shaders::softmax, "softmax", {&y, &x}); }

void VulkanBackend::softmax_backward(const View& dx, const View& dy, const View& y) {
  launch_rows(*this, shaders::softmax_backward, "softmax_backward", {&dx, &dy, &y});
}

void VulkanBackend::argmax(const View& out, const View& in) {
  const View results = out.unsqueeze(-1);
  launch_rows(*this, shaders::argmax, "argmax", {&results, &in});
}

}  // namespace thaw::vulkan
