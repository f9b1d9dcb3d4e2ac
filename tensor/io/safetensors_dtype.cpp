// SPDX-License-Identifier: Apache-2.0
// The element types of safetensors, in the order in which files sort them.
#include "tensor/io/safetensors_dtype.h"

#include <algorithm>
#include <limits>

#include "tensor/check.h"

namespace thaw {

namespace {

// The order is that of the reference library's enumeration; a file holds the types from the last to the first.
constexpr SafetensorsDType types[] = {
    {"BOOL", 8, {}},      {"F4", 4, {}},           {"F6_E2M3", 6, {}},        {"F6_E3M2", 6, {}},
    {"U8", 8, DType::u8}, {"I8", 8, {}},           {"F8_E5M2", 8, {}},        {"F8_E4M3", 8, {}},
    {"F8_E8M0", 8, {}},   {"F8_E4M3FNUZ", 8, {}},  {"F8_E5M2FNUZ", 8, {}},    {"I16", 16, {}},
    {"U16", 16, {}},      {"F16", 16, DType::f16}, {"BF16", 16, DType::bf16}, {"I32", 32, DType::i32},
    {"U32", 32, {}},      {"F32", 32, DType::f32}, {"C64", 64, {}},           {"F64", 64, DType::f64},
    {"I64", 64, {}},      {"U64", 64, {}},
};

}  // namespace

const SafetensorsDType* find_safetensors_dtype(std::string_view name) {
  const auto* found = std::ranges::find(types, name, &SafetensorsDType::name);
  return found == std::end(types) ? nullptr : found;
}

std::string_view safetensors_name(DType dtype) {
  const auto* found = std::ranges::find(types, std::optional(dtype), &SafetensorsDType::dtype);
  check(found != std::end(types), "safetensors has no type for {}", name_of(dtype));
  return found->name;
}

std::optional<uint64_t> element_count(const std::vector<int64_t>& shape) {
  int64_t product = 1;
  bool empty = false;
  for (const int64_t size : shape) {
    if (size < 0) return {};
    if (size == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(product, size, &product)) {
      return {};
    }
  }
  return empty ? 0 : static_cast<uint64_t>(product);
}

std::optional<uint64_t> byte_count(const SafetensorsDType& type, const std::vector<int64_t>& shape) {
  const auto count = element_count(shape);
  uint64_t bits = 0;
  if (!count || __builtin_mul_overflow(*count, static_cast<uint64_t>(type.bits), &bits) || bits % 8 != 0) return {};
  return bits / 8;
}

int64_t SafetensorsEntry::count() const {
  const auto count = element_count(shape);
  check(count.has_value(), "{}: the shape has too many elements", name);
  return static_cast<int64_t>(*count);
}

std::optional<DType> SafetensorsEntry::thaw_dtype() const {
  const SafetensorsDType* type = find_safetensors_dtype(dtype);
  return type ? type->dtype : std::nullopt;
}

}  // namespace thaw
