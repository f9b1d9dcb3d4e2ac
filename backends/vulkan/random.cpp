// SPDX-License-Identifier: Apache-2.0
// Random numbers and dropout: Philox blocks of four, one an invocation.
#include "backends/vulkan/layout.h"
#include "backends/vulkan/random_words.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

constexpr size_t axes = 4;

// shaders/uniform.comp
struct UniformPush {
  uint64_t out;
  KeyWords key;
  uint32_t count;
};

// shaders/dropout.comp
struct DropoutPush {
  uint64_t out, x, residual;
  std::array<uint32_t, axes> sizes, out_strides, x_strides, residual_strides;
  KeyWords key;
  float probability, factor;
  uint32_t count;
};

}  // namespace

void VulkanBackend::uniform(const View& out, RandomKey key) {
  const UniformPush push{address_of(out), key_words(key), static_cast<uint32_t>(out.numel())};
  stream_->dispatch({.shader = shaders::uniform,
                     .constants = {tuning_.pointwise_workgroup},
                     .push = bytes_of(push),
                     .groups = groups_over(ceil_divide(push.count, 4 * tuning_.pointwise_workgroup)),
                     .writes = {out.block},
                     .label = {"uniform", {push.count}}});
}

void VulkanBackend::dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) {
  const View* const views[] = {&out, &x, residual ? residual : &x};
  const Layout layout = joined_layout(views);
  if (dropout.probability == 0 || layout.rank() > axes) return Backend::dropout(out, x, residual, dropout);
  const DropoutPush push{address_of(out),
                         address_of(x),
                         address_of(residual),
                         padded<axes>(layout.sizes, 1),
                         padded<axes>(layout.strides[0], 0),
                         padded<axes>(layout.strides[1], 0),
                         padded<axes>(layout.strides[2], 0),
                         key_words(dropout.key),
                         dropout.probability,
                         static_cast<float>(dropout.factor()),
                         static_cast<uint32_t>(out.numel())};
  stream_->dispatch({.shader = shaders::dropout,
                     .constants = {tuning_.pointwise_workgroup, layout.rank(), residual != nullptr},
                     .push = bytes_of(push),
                     .groups = groups_over(ceil_divide(push.count, 4 * tuning_.pointwise_workgroup)),
                     .reads = {x.block, block_of(residual)},
                     .writes = {out.block},
                     .label = {"dropout", {push.count}}});
}

}  // namespace thaw::vulkan
