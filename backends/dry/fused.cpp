// SPDX-License-Identifier: Apache-2.0
// The fused functions, without the temporaries of their default bodies.
#include "backends/dry/dry_backend.h"

namespace thaw {
namespace {

// Multiply-adds of one pass over all pairs of a query and a key, times two.
double pair_flops(const auto& args) {
  double pairs = 0;
  for (size_t b = 0; b + 1 < args.host_q_offsets.size(); ++b)
    pairs += static_cast<double>(args.host_q_offsets[b + 1] - args.host_q_offsets[b]) *
             static_cast<double>(args.host_k_offsets[b + 1] - args.host_k_offsets[b]);
  return 2 * pairs * static_cast<double>(args.q.shape[1] * args.q.shape[2]);
}

// Bytes of one view of each optimizer tensor.
double bytes_of(std::span<const OptimizerTensor> tensors) {
  double bytes = 0;
  for (const OptimizerTensor& tensor : tensors)
    bytes += static_cast<double>(tensor.param.numel()) * static_cast<double>(size_of(tensor.param.dtype));
  return bytes;
}

}  // namespace

void DryBackend::norm(const NormArgs& args) {
  tally("norm", {&args.x, args.residual, args.weight, args.bias}, {&args.y, args.sum, args.mean, args.rstd});
  contiguous_copies({&args.x, args.residual, args.weight, args.bias});
}

void DryBackend::norm_backward(const NormBackwardArgs& args) {
  tally("norm_backward", {&args.dy, &args.s, args.weight, args.mean, args.rstd},
        {args.dx, args.dresidual, args.dweight, args.dbias});
  contiguous_copies({&args.dy, &args.s, args.weight, args.mean, args.rstd});
}

void DryBackend::attention(const AttentionArgs& args) {
  tally("attention", {&args.q, &args.k, &args.v, &args.q_offsets, args.bias ? &args.bias->table : nullptr},
        {&args.out, args.lse}, 2 * pair_flops(args));
  dense_row_copies({&args.q, &args.k, &args.v});
}

void DryBackend::attention_backward(const AttentionBackwardArgs& args) {
  const AttentionArgs& forward = args.forward;
  // Scores again, the gradient of the probabilities, and one product for each gradient.
  const double passes = 2 + (args.dq ? 1 : 0) + (args.dk ? 1 : 0) + (args.dv ? 1 : 0);
  tally("attention_backward", {&args.dout, &forward.q, &forward.k, &forward.v, &forward.out, forward.lse},
        {args.dq, args.dk, args.dv, args.dtable}, passes * pair_flops(forward));
  dense_row_copies({&forward.q, &forward.k, &forward.v, &args.dout});
}

void DryBackend::decode_attention(const DecodeAttentionArgs& args) {
  tally("decode_attention",
        {&args.q, &args.k, &args.v, args.places, &args.q_offsets, args.bias ? &args.bias->table : nullptr}, {&args.out},
        2 * pair_flops(args));
}

void DryBackend::lstm_cell(const LstmCellArgs& args) {
  tally("lstm_cell", {&args.x, args.recurrent, args.bias, args.c_before}, {&args.c, args.h, args.gates});
}

void DryBackend::lstm_cell_backward(const LstmCellBackwardArgs& args) {
  tally("lstm_cell_backward", {&args.gates, args.c_before, &args.c, &args.dh1, args.dh2, &args.dc},
        {&args.dc, &args.dz});
}

void DryBackend::cross_entropy(const CrossEntropyArgs& args) {
  tally("cross_entropy", {&args.logits, &args.targets}, {&args.losses, args.lse});
  dense_row_copies({&args.logits});
}

void DryBackend::cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  tally("cross_entropy_backward", {&args.logits, &args.lse, &args.targets, &args.dlosses}, {&args.dlogits});
  dense_row_copies({&args.logits});
}

void DryBackend::sum_squares(const View& out, std::span<const View> tensors) {
  double bytes = 0;
  for (const View& tensor : tensors)
    bytes += static_cast<double>(tensor.numel()) * static_cast<double>(size_of(tensor.dtype));
  tally("sum_squares", {}, {&out}, 0, {bytes, 0});
}

void DryBackend::adamw(const AdamWArgs& args) {
  const double bytes = bytes_of(args.tensors);
  tally("adamw", {args.grad_scale, args.guard}, {}, 0, {4 * bytes, 3 * bytes});
}

void DryBackend::sgd(const SgdArgs& args) {
  const double bytes = bytes_of(args.tensors);
  const bool keeps = args.momentum != 0;
  tally("sgd", {args.grad_scale, args.guard}, {}, 0, {(keeps ? 3 : 2) * bytes, (keeps ? 2 : 1) * bytes});
}

}  // namespace thaw
