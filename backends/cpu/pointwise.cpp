// SPDX-License-Identifier: Apache-2.0
// fill, copy, pointwise functions, uniform numbers and dropout on views of any strides.
#include <algorithm>
#include <cstring>

#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/dropout_mask.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/profile.h"
#include "backends/cpu/strided.h"
#include "backends/cpu/transpose.h"
#include "backends/shared/half.h"
#include "tensor/check.h"

namespace thaw::cpu {
namespace {

float* writable(void* p) { return static_cast<float*>(p); }
const float* readable(void* p) { return static_cast<const float*>(p); }

template <typename T>
void fill_with(const View& out, T value) {
  Walk({&out}, true).run([value](const auto& at, int64_t n, int64_t) {
    if (value == T{}) {
      std::memset(at[0], 0, static_cast<size_t>(n) * sizeof(T));
    } else {
      std::fill_n(static_cast<T*>(at[0]), n, value);
    }
  });
}

// Towards zero; what does not fit becomes the nearest number that does, NaN 0.
template <typename Integer>
Integer truncated(double x) {
  if (!(x == x)) return 0;
  constexpr double low = static_cast<double>(std::numeric_limits<Integer>::min()),
                   high = static_cast<double>(std::numeric_limits<Integer>::max());
  return static_cast<Integer>(std::clamp(x, low, high));
}

}  // namespace

void CpuBackend::fill(const View& out, double value) {
  const Timed timed("fill");
  switch (out.dtype) {
    case DType::f32: return fill_with(out, static_cast<float>(value));
    case DType::bf16: return fill_with(out, half::to_bf16(static_cast<float>(value)));
    case DType::f16: return fill_with(out, half::to_f16(static_cast<float>(value)));
    case DType::i32: return fill_with(out, truncated<int32_t>(value));
    case DType::u8: return fill_with(out, truncated<uint8_t>(value));
    case DType::f64: fail("cpu: f64 is for the reference device only");
  }
}

void CpuBackend::copy(const View& out, const View& in) {
  const Timed timed("copy");
  check(supports(out.dtype) && supports(in.dtype), "cpu: f64 is for the reference device only");
  const Walk walk({&out, &in}, true);
  if (out.dtype == in.dtype && is_transposition(walk)) return transpose(walk);
  walk.run([&](const auto& at, int64_t n, int64_t) { kernels().convert(at[0], out.dtype, at[1], in.dtype, n); });
}

void CpuBackend::unary(UnaryOp op, const View& out, const View& x, UnaryParams params) {
  const Timed timed("unary");
  Walk({&out, &x}, true).run([&](const auto& at, int64_t n, int64_t) {
    kernels().unary(op, writable(at[0]), readable(at[1]), n, params.alpha, params.beta);
  });
}

void CpuBackend::unary_backward(UnaryOp op, const View& dx, const View& dy, const View& x, UnaryParams params) {
  const Timed timed("unary_backward");
  Walk({&dx, &dy, &x}, true).run([&](const auto& at, int64_t n, int64_t) {
    kernels().unary_backward(op, writable(at[0]), readable(at[1]), readable(at[2]), n, params.alpha, params.beta);
  });
}

void CpuBackend::binary(BinaryOp op, const View& out, const View& a, const View& b) {
  const Timed timed("binary");
  Walk({&out, &a, &b}, true).run([&](const auto& at, int64_t n, int64_t) {
    kernels().binary(op, writable(at[0]), readable(at[1]), readable(at[2]), n);
  });
}

void CpuBackend::where(const View& out, const View& condition, const View& a, const View& b) {
  const Timed timed("where");
  Walk({&out, &condition, &a, &b}, true).run([&](const auto& at, int64_t n, int64_t) {
    kernels().where(writable(at[0]), readable(at[1]), readable(at[2]), readable(at[3]), n);
  });
}

void CpuBackend::uniform(const View& out, RandomKey key) {
  const Timed timed("uniform");
  Walk({&out}, false).run([&](const auto& at, int64_t n, int64_t first) {
    kernels().uniform(writable(at[0]), n, static_cast<uint64_t>(first), key.seed, key.stream);
  });
}

void CpuBackend::dropout(const View& out, const View& x, const View* residual, const Dropout& dropout) {
  const Timed timed("dropout");
  const DropoutMask mask = mask_of(dropout);
  if (mask.threshold == 0) return residual ? binary(BinaryOp::add, out, x, *residual) : copy(out, x);
  const Walk walk = residual ? Walk({&out, &x, residual}, false) : Walk({&out, &x}, false);
  walk.run([&](const auto& at, int64_t n, int64_t first) {
    kernels().dropout(writable(at[0]), readable(at[1]), residual ? readable(at[2]) : nullptr, n,
                      static_cast<uint64_t>(first), mask);
  });
}

}  // namespace thaw::cpu
