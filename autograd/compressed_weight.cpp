// SPDX-License-Identifier: Apache-2.0
// Rounds (int8 on the host, so that all devices have the same scales), and expands on the device.
#include "autograd/compressed_weight.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "tensor/check.h"
#include "tensor/ops.h"

namespace thaw {
namespace {

constexpr float most = 127;  // the largest whole number q
// So many numbers are expanded at once: they stay in a processor's cache between the passes over them.
constexpr int64_t at_once = int64_t{1} << 18;
constexpr double zero_byte = 128;  // stands for 0

void check_can_be(DType dtype, const Tensor& w) {
  check(w.defined() && w.rank() == 2, "a compressed weight: a matrix was expected");
  check(w.backend().supports(dtype), "{} has no {} to keep weights in", w.device().name(), name_of(dtype));
}

}  // namespace

Tensor CompressedWeight::expanded() const {
  if (!scales.defined()) return numbers.to(dtype);
  const Tensor w = Tensor::empty(numbers.shape(), dtype, numbers.device());
  const int64_t rows = w.size(0), step = std::max<int64_t>(1, at_once / std::max<int64_t>(1, w.size(1)));
  for (int64_t begin = 0; begin < rows; begin += step) {
    const int64_t end = std::min(begin + step, rows);
    const Tensor part = w.slice(0, begin, end);
    part.copy_from(numbers.slice(0, begin, end));
    binary_(BinaryOp::sub, part, middle);
    binary_(BinaryOp::mul, part, scales.size(0) == 1 ? scales : scales.slice(0, begin, end));
  }
  return w;
}

uint64_t CompressedWeight::bytes() const {
  uint64_t sum = 0;
  for (const Tensor* tensor : {&numbers, &scales, &middle})
    if (tensor->defined()) sum += static_cast<uint64_t>(tensor->numel()) * size_of(tensor->dtype());
  return sum;
}

CompressedWeight as_bf16(const Tensor& w) {
  check_can_be(DType::bf16, w);
  return {.numbers = w.to(DType::bf16), .dtype = w.dtype()};
}

CompressedWeight as_int8(const Tensor& w, bool in_out) {
  check_can_be(DType::u8, w);
  const std::vector<float> values = w.to_host<float>();
  const auto rows = static_cast<size_t>(w.size(0)), columns = static_cast<size_t>(w.size(1));
  const auto output = [&](size_t row, size_t column) { return in_out ? column : row; };
  std::vector<float> scales(in_out ? columns : rows);
  for (size_t i = 0, at = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j, ++at) {
      check(std::isfinite(values[at]), "a compressed weight: {} is not finite", values[at]);
      float& largest = scales[output(i, j)];
      largest = std::max(largest, std::abs(values[at]));
    }
  for (float& scale : scales) scale /= most;
  std::vector<uint8_t> bytes(values.size());
  for (size_t i = 0, at = 0; i < rows; ++i)
    for (size_t j = 0; j < columns; ++j, ++at) {
      const float scale = scales[output(i, j)];
      const float q = scale > 0 ? std::clamp(std::nearbyint(values[at] / scale), -most, most) : 0;
      bytes[at] = static_cast<uint8_t>(q + static_cast<float>(zero_byte));
    }
  const Shape shape = in_out ? Shape{1, w.size(1)} : Shape{w.size(0), 1};
  return {.numbers = Tensor::from_bytes(std::as_bytes(std::span(bytes)), w.shape(), DType::u8, w.device()),
          .scales = Tensor::from_host(scales, shape, w.device(), w.dtype()),
          .middle = Tensor::full({1}, zero_byte, w.dtype(), w.device()),
          .dtype = w.dtype()};
}

}  // namespace thaw
