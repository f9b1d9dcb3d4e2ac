// SPDX-License-Identifier: Apache-2.0
// Cross-entropy, forward and backward.
#include "backends/vulkan/row_layout.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {

void VulkanBackend::cross_entropy(const CrossEntropyArgs& args) {
  const Dense logits = dense_rows(args.logits), targets = contiguous(args.targets);
  struct Push {
    uint64_t logits, targets, losses, lse;
    uint32_t rows, classes, logits_row;
    int32_t ignored;
    float smoothing;
  } push{address_of(logits.view),
         address_of(targets.view),
         address_of(args.losses),
         address_of(args.lse),
         static_cast<uint32_t>(args.logits.shape[0]),
         static_cast<uint32_t>(args.logits.shape[1]),
         row_stride(logits.view),
         args.ignore,
         static_cast<float>(args.smoothing)};
  stream_->dispatch({.shader = shaders::cross_entropy,
                     .constants = {tuning_.reduce_workgroup, rows_are_aligned({&logits.view}), args.lse != nullptr,
                                   args.smoothing != 0},
                     .push = bytes_of(push),
                     .groups = groups_over(push.rows),
                     .reads = {logits.view.block, targets.view.block},
                     .writes = {args.losses.block, block_of(args.lse)},
                     .label = {"cross_entropy", {push.rows, push.classes}}});
}

void VulkanBackend::cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  const Dense logits = dense_rows(args.logits), targets = contiguous(args.targets), lse = contiguous(args.lse);
  struct Push {
    uint64_t dlogits, logits, lse, targets, dlosses;
    uint32_t rows, classes, dlogits_row, logits_row, dlosses_stride;
    int32_t ignored;
    float smoothing;
  } push{address_of(args.dlogits),
         address_of(logits.view),
         address_of(lse.view),
         address_of(targets.view),
         address_of(args.dlosses),
         static_cast<uint32_t>(args.logits.shape[0]),
         static_cast<uint32_t>(args.logits.shape[1]),
         row_stride(args.dlogits),
         row_stride(logits.view),
         static_cast<uint32_t>(args.dlosses.strides[0]),
         args.ignore,
         static_cast<float>(args.smoothing)};
  stream_->dispatch({.shader = shaders::cross_entropy_backward,
                     .constants = {tuning_.reduce_workgroup, rows_are_aligned({&args.dlogits, &logits.view})},
                     .push = bytes_of(push),
                     .groups = groups_over(push.rows),
                     .reads = {logits.view.block, lse.view.block, targets.view.block, args.dlosses.block},
                     .writes = {args.dlogits.block},
                     .label = {"cross_entropy backward", {push.rows, push.classes}}});
}

}  // namespace thaw::vulkan
