// SPDX-License-Identifier: Apache-2.0
// Steps of an LSTM: a launch each, forward and backward.
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {

void VulkanBackend::lstm_cell(const LstmCellArgs& args) {
  struct Push {
    uint64_t x, recurrent, bias, c_before, c, h, gates;
    uint32_t count, hidden;
  } push{address_of(args.x),
         address_of(args.recurrent),
         address_of(args.bias),
         address_of(args.c_before),
         address_of(args.c),
         address_of(args.h),
         address_of(args.gates),
         static_cast<uint32_t>(args.c.numel()),
         static_cast<uint32_t>(args.c.shape[1])};
  if (push.count == 0) return;
  const uint32_t workgroup = tuning_.pointwise_workgroup;
  stream_->dispatch(
      {.shader = shaders::lstm_cell,
       .constants = {workgroup, static_cast<uint32_t>(cell_gate(args.order)), args.recurrent != nullptr,
                     args.bias != nullptr, args.c_before != nullptr, args.h != nullptr, args.gates != nullptr},
       .push = bytes_of(push),
       .groups = groups_over(ceil_divide(push.count, workgroup)),
       .reads = {args.x.block, block_of(args.recurrent), block_of(args.bias), block_of(args.c_before)},
       .writes = {args.c.block, block_of(args.h), block_of(args.gates)},
       .label = {"lstm_cell", {args.c.shape[0], push.hidden}}});
}

void VulkanBackend::lstm_cell_backward(const LstmCellBackwardArgs& args) {
  struct Push {
    uint64_t gates, c_before, c, dh1, dh2, dc, dz;
    uint32_t count, hidden;
  } push{address_of(args.gates),
         address_of(args.c_before),
         address_of(args.c),
         address_of(args.dh1),
         address_of(args.dh2),
         address_of(args.dc),
         address_of(args.dz),
         static_cast<uint32_t>(args.c.numel()),
         static_cast<uint32_t>(args.c.shape[1])};
  if (push.count == 0) return;
  const uint32_t workgroup = tuning_.pointwise_workgroup;
  stream_->dispatch({.shader = shaders::lstm_cell_backward,
                     .constants = {workgroup, static_cast<uint32_t>(cell_gate(args.order)), args.c_before != nullptr,
                                   args.dh2 != nullptr, args.normed},
                     .push = bytes_of(push),
                     .groups = groups_over(ceil_divide(push.count, workgroup)),
                     .reads = {args.gates.block, block_of(args.c_before), args.c.block, args.dh1.block,
                               block_of(args.dh2), args.dc.block},
                     .writes = {args.dc.block, args.dz.block},
                     .label = {"lstm_cell backward", {args.c.shape[0], push.hidden}}});
}

}  // namespace thaw::vulkan
