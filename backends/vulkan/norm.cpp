// SPDX-License-Identifier: Apache-2.0
// Layer norm and RMS norm, forward and backward.
#include <algorithm>

#include "backends/vulkan/dropout_key.h"
#include "backends/vulkan/row_layout.h"
#include "backends/vulkan/shaders.h"
#include "backends/vulkan/stream.h"
#include "backends/vulkan/vulkan_backend.h"

namespace thaw::vulkan {
namespace {

// dweight and dbias: sums over blocks of rows, then over the blocks.
void weight_gradients(VulkanBackend& backend, const NormBackwardArgs& args, const View& dy, const View& s) {
  const auto rows = static_cast<uint32_t>(dy.shape[0]), channels = static_cast<uint32_t>(dy.shape[1]);
  const Tuning& tuning = backend.tuning();
  const uint32_t block = tuning.norm_rows_per_block;
  const uint32_t blocks = std::max(1u, ceil_divide(rows, block));
  const size_t partial_bytes = size_t{blocks} * channels * sizeof(float);
  const ScratchBlock weights = backend.scratch(args.dweight ? partial_bytes : 0);
  const ScratchBlock biases = backend.scratch(args.dbias ? partial_bytes : 0);
  const bool rms = args.kind == NormKind::rms;
  struct Push {
    uint64_t dy, s, mean, rstd, dweight, dbias;
    uint32_t rows, channels, dy_row, s_row, block;
  } push{address_of(dy),
         address_of(s),
         rms ? 0 : address_of(args.mean),
         address_of(args.rstd),
         weights.address(),
         biases.address(),
         rows,
         channels,
         row_stride(dy),
         row_stride(s),
         block};
  const uint32_t workgroup = tuning.reduce_workgroup;
  backend.stream().dispatch(
      {.shader = shaders::norm_weights,
       .constants = {workgroup, rows_are_aligned({&dy, &s}), rms, args.dweight != nullptr, args.dbias != nullptr},
       .push = bytes_of(push),
       .groups = groups_over(uint64_t{blocks} * ceil_divide(channels, 4 * workgroup)),
       .reads = {dy.block, s.block, block_of(args.mean), block_of(args.rstd)},
       .writes = {weights.block(), biases.block()},
       .label = {"norm weights", {rows, channels}}});
  const View parts{nullptr, 0, {blocks, channels}, {channels, 1}, DType::f32};
  const auto sum_up = [&](const View* out, const ScratchBlock& partial) {
    if (!out) return;
    View in = parts;
    in.block = partial.block();
    View row = *out;
    row.shape = {1, channels};
    row.strides = {0, out->strides[0]};
    backend.reduce(ReduceOp::sum, row, in, 1, false);
  };
  sum_up(args.dweight, weights);
  sum_up(args.dbias, biases);
}

}  // namespace

void VulkanBackend::norm(const NormArgs& args) {
  const Dense x = dense_rows(args.x);
  const Dense residual = args.residual ? dense_rows(*args.residual) : Dense{};
  const Dense weight = args.weight ? contiguous(*args.weight) : Dense{};
  const Dense bias = args.bias ? contiguous(*args.bias) : Dense{};
  const bool drops = args.dropout.probability > 0;
  // Sums that the caller does not keep pass through y.
  const View& s = !args.residual && !drops ? x.view : args.sum ? *args.sum : args.y;
  struct Push {
    uint64_t x, residual, weight, bias, y, s, mean, rstd;
    uint32_t rows, channels, x_row, residual_row, y_row, s_row;
    float eps;
    DropoutKey dropout;
  } push{address_of(x.view),
         args.residual ? address_of(residual.view) : 0,
         args.weight ? address_of(weight.view) : 0,
         args.bias ? address_of(bias.view) : 0,
         address_of(args.y),
         address_of(s),
         address_of(args.mean),
         address_of(args.rstd),
         static_cast<uint32_t>(args.x.shape[0]),
         static_cast<uint32_t>(args.x.shape[1]),
         row_stride(x.view),
         args.residual ? row_stride(residual.view) : 0,
         row_stride(args.y),
         row_stride(s),
         static_cast<float>(args.eps),
         dropout_key(args.dropout)};
  const bool aligned =
      rows_are_aligned({&x.view, args.residual ? &residual.view : nullptr, args.weight ? &weight.view : nullptr,
                        args.bias ? &bias.view : nullptr, &args.y, &s});
  stream_->dispatch(
      {.shader = shaders::norm,
       .constants = {tuning_.reduce_workgroup, aligned, args.kind == NormKind::rms, args.residual != nullptr, drops,
                     args.weight != nullptr, args.bias != nullptr, args.mean != nullptr, args.rstd != nullptr},
       .push = bytes_of(push),
       .groups = groups_over(push.rows),
       .reads = {x.view.block, residual.view.block, weight.view.block, bias.view.block},
       .writes = {args.y.block, s.block == x.view.block ? nullptr : s.block, block_of(args.mean), block_of(args.rstd)},
       .label = {"norm", {push.rows, push.channels}}});
}

void VulkanBackend::norm_backward(const NormBackwardArgs& args) {
  const Dense dy = dense_rows(args.dy), s = dense_rows(args.s);
  if (args.dweight || args.dbias) weight_gradients(*this, args, dy.view, s.view);
  if (!args.dx && !args.dresidual) return;
  const Dense weight = args.weight ? contiguous(*args.weight) : Dense{};
  const bool rms = args.kind == NormKind::rms, drops = args.dropout.probability > 0;
  struct Push {
    uint64_t dy, s, weight, mean, rstd, dx, dresidual;
    uint32_t rows, channels, dy_row, s_row, dx_row, dresidual_row;
    DropoutKey dropout;
  } push{address_of(dy.view),
         address_of(s.view),
         args.weight ? address_of(weight.view) : 0,
         rms ? 0 : address_of(args.mean),
         address_of(args.rstd),
         address_of(args.dx),
         address_of(args.dresidual),
         static_cast<uint32_t>(args.dy.shape[0]),
         static_cast<uint32_t>(args.dy.shape[1]),
         row_stride(dy.view),
         row_stride(s.view),
         row_stride(args.dx),
         row_stride(args.dresidual),
         dropout_key(args.dropout)};
  const bool aligned =
      rows_are_aligned({&dy.view, &s.view, args.weight ? &weight.view : nullptr, args.dx, args.dresidual});
  stream_->dispatch(
      {.shader = shaders::norm_backward,
       .constants = {tuning_.reduce_workgroup, aligned, rms, args.weight != nullptr, drops, args.dx != nullptr,
                     args.dresidual != nullptr},
       .push = bytes_of(push),
       .groups = groups_over(push.rows),
       .reads = {dy.view.block, s.view.block, weight.view.block, block_of(args.mean), block_of(args.rstd)},
       .writes = {block_of(args.dx), block_of(args.dresidual)},
       .label = {"norm backward", {push.rows, push.channels}}});
}

}  // namespace thaw::vulkan
