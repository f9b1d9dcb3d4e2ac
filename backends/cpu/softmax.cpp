// SPDX-License-Identifier: Apache-2.0
// Softmax and cross-entropy, row by row.
#include <vector>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/dense.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/strided.h"

namespace thaw::cpu {
namespace {

// Calls f(row, n numbers of each operand) for each row, consecutive in memory: views whose last axis is not are packed
// and (operand 0) unpacked.
template <typename F>
void for_rows(std::initializer_list<const View*> views, const F& f) {
  const int64_t n = (*views.begin())->shape[-1];
  if (n == 0) return;
  const Walk walk(views, false);
  std::array<bool, Walk::most_operands> direct{};
  const auto last = static_cast<size_t>(walk.rank - 1);
  // The last axis may have merged with those before it: then rows follow each other, which is direct too.
  for (size_t o = 0; o < views.size(); ++o) direct[o] = walk.stride[o][last] == 1 && walk.size[last] % n == 0;
  parallel_ranges(walk.numel / n, rows_per_task(n), [&](int64_t begin, int64_t end) {
    std::vector<float> buffer(views.size() * static_cast<size_t>(n));
    std::array<float*, Walk::most_operands> at{};
    for (int64_t r = begin; r < end; ++r) {
      for (size_t o = 0; o < views.size(); ++o) {
        at[o] = direct[o] ? reinterpret_cast<float*>(walk.at(static_cast<int>(o), r * n))
                          : buffer.data() + o * static_cast<size_t>(n);
        if (!direct[o] && o > 0) walk.pack(static_cast<int>(o), r * n, n, at[o]);
      }
      f(at, n);
      if (!direct[0]) walk.unpack(0, r * n, n, at[0]);
    }
  });
}

}  // namespace

void CpuBackend::softmax(const View& y, const View& x) {
  const Timed timed("softmax");
  for_rows({&y, &x}, [](const auto& at, int64_t n) { kernels().softmax(at[0], at[1], n); });
}

void CpuBackend::softmax_backward(const View& dx, const View& dy, const View& y) {
  const Timed timed("softmax_backward");
  for_rows({&dx, &dy, &y}, [](const auto& at, int64_t n) { kernels().softmax_backward(at[0], at[1], at[2], n); });
}

void CpuBackend::cross_entropy(const CrossEntropyArgs& args) {
  const Timed timed("cross_entropy");
  const int64_t rows = args.logits.shape[0], n = args.logits.shape[1];
  const Dense dense = Dense::rows(*this, args.logits);
  const View& logits = dense.view();
  const auto smoothing = static_cast<float>(args.smoothing);
  parallel_ranges(rows, rows_per_task(n), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const float* const x = logits.as<float>() + t * logits.strides[0];
      float shift, log_sum;
      kernels().log_sum_exp(x, n, &shift, &log_sum);
      if (args.lse) args.lse->as<float>()[t * args.lse->strides[0]] = shift + log_sum;
      const int32_t target = args.targets.as<int32_t>()[t * args.targets.strides[0]];
      float loss = 0;
      if (target != args.ignore) {
        loss = (1 - smoothing) * (log_sum - (x[target] - shift));
        if (smoothing > 0)
          loss += smoothing * (log_sum - (kernels().reduce(ReduceOp::sum, x, n) / static_cast<float>(n) - shift));
      }
      args.losses.as<float>()[t * args.losses.strides[0]] = loss;
    }
  });
}

void CpuBackend::cross_entropy_backward(const CrossEntropyBackwardArgs& args) {
  const Timed timed("cross_entropy_backward");
  const int64_t rows = args.logits.shape[0], n = args.logits.shape[1];
  const Dense dense = Dense::rows(*this, args.logits);
  const View& logits = dense.view();
  const auto smoothing = static_cast<float>(args.smoothing);
  parallel_ranges(rows, rows_per_task(n), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      float* const y = args.dlogits.as<float>() + t * args.dlogits.strides[0];
      const float* const x = logits.as<float>() + t * logits.strides[0];
      const int32_t target = args.targets.as<int32_t>()[t * args.targets.strides[0]];
      if (target == args.ignore) {
        std::fill_n(y, n, 0.0f);
        continue;
      }
      const float d = args.dlosses.as<float>()[t * args.dlosses.strides[0]];
      kernels().cross_entropy_backward(y, x, args.lse.as<float>()[t * args.lse.strides[0]], d, smoothing, n);
      y[target] -= d * (1 - smoothing);
    }
  });
}

}  // namespace thaw::cpu
