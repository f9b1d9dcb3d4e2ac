// SPDX-License-Identifier: Apache-2.0
// Norms: pieces of rows go to the kernels; weight and bias gradients are summed over fixed blocks of rows, then over
// the blocks in order.
#include <algorithm>
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/dropout_mask.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"

namespace thaw::cpu {
namespace {

float* address(const View* view) { return view ? view->as<float>() : nullptr; }
float* row_of(const View* view, int64_t row, int64_t columns) {
  return view ? view->as<float>() + row * columns : nullptr;
}

}  // namespace

void CpuBackend::norm(const NormArgs& args) {
  const int64_t rows = args.y.shape[0], channels = args.y.shape[1];
  const DropoutMask mask = mask_of(args.dropout);
  parallel_ranges(rows, rows_per_task(channels), [&](int64_t begin, int64_t end) {
    kernels().norm({args.kind, end - begin, channels, static_cast<float>(args.eps), row_of(&args.y, begin, channels),
                    row_of(&args.x, begin, channels), row_of(args.residual, begin, channels), address(args.weight),
                    address(args.bias), row_of(args.sum, begin, channels), row_of(args.mean, begin, 1),
                    row_of(args.rstd, begin, 1), mask, static_cast<uint64_t>(begin * channels)});
  });
}

void CpuBackend::norm_backward(const NormBackwardArgs& args) {
  const int64_t rows = args.dy.shape[0], channels = args.dy.shape[1];
  const DropoutMask mask = mask_of(args.dropout);
  const int64_t block = rows_per_task(channels), blocks = (rows + block - 1) / block;
  std::vector<float> parts(
      static_cast<size_t>(blocks * channels * (int{args.dweight != nullptr} + int{args.dbias != nullptr})));
  float* const dweights = args.dweight ? parts.data() : nullptr;
  float* const dbiases = args.dbias ? parts.data() + (args.dweight ? blocks * channels : 0) : nullptr;
  const auto part = [&](float* all, int64_t begin) { return all ? all + begin / block * channels : nullptr; };
  parallel_ranges(rows, block, [&](int64_t begin, int64_t end) {
    kernels().norm_backward({args.kind, end - begin, channels, row_of(&args.dy, begin, channels),
                             row_of(&args.s, begin, channels), address(args.weight), row_of(args.mean, begin, 1),
                             row_of(args.rstd, begin, 1), row_of(args.dx, begin, channels),
                             row_of(args.dresidual, begin, channels), part(dweights, begin), part(dbiases, begin), mask,
                             static_cast<uint64_t>(begin * channels)});
  });
  for (const auto& [sums, out] : {std::pair{dweights, args.dweight}, std::pair{dbiases, args.dbias}})
    if (out) kernels().reduce_rows(ReduceOp::sum, out->as<float>(), sums, blocks, channels, channels, false);
}

}  // namespace thaw::cpu
