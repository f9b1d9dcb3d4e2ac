// SPDX-License-Identifier: Apache-2.0
// Norms: pieces of rows go to the kernels; weight and bias gradients are summed over fixed blocks of rows, then over
// the blocks in order.
#include <algorithm>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/dense.h"
#include "backends/cpu/dropout_mask.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"

namespace thaw::cpu {
namespace {

float* row_of(const View* view, int64_t row, int64_t columns) {
  return view ? view->as<float>() + row * columns : nullptr;
}
const float* row_of(const Dense& input, int64_t row, int64_t columns) {
  return input.data() ? input.data() + row * columns : nullptr;
}

}  // namespace

void CpuBackend::norm(const NormArgs& args) {
  const Timed timed("norm");
  const int64_t rows = args.y.shape[0], channels = args.y.shape[1];
  const DropoutMask mask = mask_of(args.dropout);
  const Dense x(*this, &args.x), residual(*this, args.residual), weight(*this, args.weight), bias(*this, args.bias);
  parallel_ranges(rows, rows_per_task(channels), [&](int64_t begin, int64_t end) {
    NormRows piece{};
    piece.kind = args.kind;
    piece.rows = end - begin;
    piece.channels = channels;
    piece.eps = static_cast<float>(args.eps);
    piece.y = row_of(&args.y, begin, channels);
    piece.x = row_of(x, begin, channels);
    piece.residual = row_of(residual, begin, channels);
    piece.weight = weight.data();
    piece.bias = bias.data();
    piece.sum = row_of(args.sum, begin, channels);
    piece.mean = row_of(args.mean, begin, 1);
    piece.rstd = row_of(args.rstd, begin, 1);
    piece.dropout = mask;
    piece.first_element = static_cast<uint64_t>(begin * channels);
    kernels().norm(piece);
  });
}

void CpuBackend::norm_backward(const NormBackwardArgs& args) {
  const Timed timed("norm_backward");
  const int64_t rows = args.dy.shape[0], channels = args.dy.shape[1];
  const DropoutMask mask = mask_of(args.dropout);
  const Dense dy(*this, &args.dy), sums(*this, &args.s), weight(*this, args.weight);
  const Dense mean(*this, args.mean), rstd(*this, args.rstd);
  const int64_t block = rows_per_task(channels), blocks = (rows + block - 1) / block;
  std::vector<float> dweights(args.dweight ? static_cast<size_t>(blocks * channels) : 0);
  std::vector<float> dbiases(args.dbias ? static_cast<size_t>(blocks * channels) : 0);
  parallel_ranges(rows, block, [&](int64_t begin, int64_t end) {
    NormBackwardRows piece{};
    piece.kind = args.kind;
    piece.rows = end - begin;
    piece.channels = channels;
    piece.dy = row_of(dy, begin, channels);
    piece.s = row_of(sums, begin, channels);
    piece.weight = weight.data();
    piece.mean = row_of(mean, begin, 1);
    piece.rstd = row_of(rstd, begin, 1);
    piece.dx = row_of(args.dx, begin, channels);
    piece.dresidual = row_of(args.dresidual, begin, channels);
    piece.dweight = args.dweight ? dweights.data() + begin / block * channels : nullptr;
    piece.dbias = args.dbias ? dbiases.data() + begin / block * channels : nullptr;
    piece.dropout = mask;
    piece.first_element = static_cast<uint64_t>(begin * channels);
    kernels().norm_backward(piece);
  });
  const auto add_up = [&](const View* out, const std::vector<float>& parts) {
    if (out) kernels().reduce_rows(ReduceOp::sum, out->as<float>(), parts.data(), blocks, channels, channels, false);
  };
  add_up(args.dweight, dweights);
  add_up(args.dbias, dbiases);
}

}  // namespace thaw::cpu
