// SPDX-License-Identifier: Apache-2.0
// Goes over a tensor in pieces, as doubles.
#include "examples/thaw/tensor_statistics.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <type_traits>
#include <vector>

#include "tensor/tensor.h"

namespace thaw {
namespace {

constexpr int64_t piece = int64_t{1} << 20;  // elements

using Decode = std::function<std::vector<double>(std::span<const std::byte>)>;

template <typename T>
std::vector<double> decode(std::span<const std::byte> bytes) {
  std::vector<double> numbers(bytes.size() / sizeof(T));
  for (size_t i = 0; i < numbers.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    numbers[i] = static_cast<double>(value);
  }
  return numbers;
}

// bf16 and f16 the way all of thaw reads them.
Decode decode_half(DType dtype) {
  const Device device = Device::open("reference");
  return [dtype, device](std::span<const std::byte> bytes) {
    const auto count = static_cast<int64_t>(bytes.size() / size_of(dtype));
    return Tensor::from_bytes(bytes, {count}, dtype, device).to_host<double>();
  };
}

Decode decoder(const SafetensorsEntry& entry) {
  const std::string& name = entry.dtype;
  if (name == "F32") return decode<float>;
  if (name == "F64") return decode<double>;
  if (name == "I64") return decode<int64_t>;
  if (name == "U64") return decode<uint64_t>;
  if (name == "I32") return decode<int32_t>;
  if (name == "U32") return decode<uint32_t>;
  if (name == "I16") return decode<int16_t>;
  if (name == "U16") return decode<uint16_t>;
  if (name == "I8") return decode<int8_t>;
  if (name == "U8" || name == "BOOL") return decode<uint8_t>;
  if (name == "BF16") return decode_half(DType::bf16);
  if (name == "F16") return decode_half(DType::f16);
  return nullptr;
}

// visit(x) for each finite number, in order; returns how many are not.
template <typename Visit>
int64_t for_each_finite(const SafetensorsEntry& entry, const Decode& decode, Visit visit) {
  const int64_t count = entry.count();
  const size_t size = count ? entry.bytes.size() / static_cast<size_t>(count) : 0;
  int64_t not_finite = 0;
  for (int64_t begin = 0; begin < count; begin += piece) {
    const auto length = static_cast<size_t>(std::min(piece, count - begin));
    for (const double x : decode(entry.bytes.subspan(static_cast<size_t>(begin) * size, length * size))) {
      if (std::isfinite(x)) {
        visit(x);
      } else {
        ++not_finite;
      }
    }
  }
  return not_finite;
}

}  // namespace

std::optional<TensorStatistics> tensor_statistics(const SafetensorsEntry& entry) {
  const Decode decode = decoder(entry);
  if (!decode) return {};
  TensorStatistics s;
  s.min = std::numeric_limits<double>::infinity();
  s.max = -s.min;
  double sum = 0;
  s.not_finite = for_each_finite(entry, decode, [&](double x) {
    s.min = std::min(s.min, x);
    s.max = std::max(s.max, x);
    sum += x;
    ++s.finite;
  });
  if (s.finite == 0) return TensorStatistics{.not_finite = s.not_finite};
  s.mean = sum / static_cast<double>(s.finite);
  double squares = 0;
  for_each_finite(entry, decode, [&](double x) { squares += (x - s.mean) * (x - s.mean); });
  s.deviation = std::sqrt(squares / static_cast<double>(s.finite));
  return s;
}

}  // namespace thaw
