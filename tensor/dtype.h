// SPDX-License-Identifier: Apache-2.0
// The element types a tensor can have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace thaw {

// f32: everything. f64: the reference backend only (the oracle of tests). bf16, f16: storage and inputs of matrix
// products, which accumulate in f32. i32: ids, labels, positions. u8: masks and raw bytes.
enum class DType : uint8_t { f32, f64, bf16, f16, i32, u8 };

constexpr size_t size_of(DType t) {
  switch (t) {
    case DType::f64: return 8;
    case DType::f32:
    case DType::i32: return 4;
    case DType::bf16:
    case DType::f16: return 2;
    case DType::u8: return 1;
  }
  return 0;
}

constexpr std::string_view name_of(DType t) {
  switch (t) {
    case DType::f32: return "f32";
    case DType::f64: return "f64";
    case DType::bf16: return "bf16";
    case DType::f16: return "f16";
    case DType::i32: return "i32";
    case DType::u8: return "u8";
  }
  return "?";
}

constexpr bool is_floating(DType t) { return t != DType::i32 && t != DType::u8; }

}  // namespace thaw
