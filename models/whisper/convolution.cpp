// SPDX-License-Identifier: Apache-2.0
// Gathers what a kernel sees, and multiplies.
#include "models/whisper/convolution.h"

#include <utility>
#include <vector>

#include "nn/naming.h"
#include "tensor/check.h"

namespace thaw {

namespace {

constexpr int32_t kernel = 3;

}  // namespace

ConvolvedRows::ConvolvedRows(const Segments& of, int64_t stride) {
  check(of.total() <= INT32_MAX / kernel, "{} frames of sounds in a batch are too many", of.total());
  const auto zeros = static_cast<int32_t>(of.total()), step = static_cast<int32_t>(stride);
  std::vector<int32_t> lengths, rows;
  for (int64_t b = 0; b < of.count(); ++b) {
    for (int32_t middle = of.begin(b); middle < of.end(b); middle += step)
      for (int32_t row = middle - 1; row <= middle + 1; ++row)
        rows.push_back(row < of.begin(b) || row >= of.end(b) ? zeros : row);
    lengths.push_back((of.length(b) + step - 1) / step);
  }
  const Device device = of.offsets().device().device();
  segments = Segments(lengths, device);
  seen = Indices(std::move(rows), device);
}

TimeConvolution::TimeConvolution(const Scope& s, int64_t in, int64_t out, const Init& init)
    : weight(s.parameter("weight", {out, in, kernel}, init)), bias(s.parameter("bias", {out}, Init::zeros())) {}

Variable TimeConvolution::operator()(const Variable& x, const ConvolvedRows& rows) const {
  return naming(weight.name(), [&] {
    const int64_t in = x.size(1);
    const Variable zeros = Tensor::zeros({1, in}, x.dtype(), x.device());
    const Variable seen = take_rows(concat({x, zeros}, 0), rows.seen);
    // The file's kernel is [in][k]; rows are [k][in].
    const Variable by_row = reshape(permute(weight, {0, 2, 1}), {weight.value().size(0), -1});
    return linear(reshape(seen, {rows.segments.total(), kernel * in}), by_row, bias, UnaryOp::gelu);
  });
}

}  // namespace thaw
