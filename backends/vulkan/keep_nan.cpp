// SPDX-License-Identifier: Apache-2.0
// Adds two instructions to a module (SPIR-V specification, 2.3 "Physical Layout" and 2.4 "Logical Layout").
#include "backends/vulkan/keep_nan.h"

#include <cstddef>

#include "tensor/check.h"

namespace thaw::vulkan {
namespace {

constexpr size_t header_words = 5;
constexpr uint32_t op_entry_point = 15, op_execution_mode = 16, op_capability = 17;
constexpr uint32_t signed_zero_inf_nan_preserve_capability = 4466, signed_zero_inf_nan_preserve = 4461;

constexpr uint32_t first_word(uint32_t words, uint32_t op) { return words << 16 | op; }

}  // namespace

std::vector<uint32_t> keeping_nan(std::span<const uint32_t> words) {
  check(words.size() > header_words && words[1] >= 0x00010400, "keeping_nan: no SPIR-V of version 1.4 or newer");
  std::vector<uint32_t> result(words.begin(), words.begin() + header_words);
  result.insert(result.end(), {first_word(2, op_capability), signed_zero_inf_nan_preserve_capability});
  for (size_t i = header_words; i < words.size();) {
    const uint32_t op = words[i] & 0xffff;
    const size_t length = words[i] >> 16;
    check(length > 0 && i + length <= words.size(), "keeping_nan: an instruction ends beyond the module");
    result.insert(result.end(), words.begin() + static_cast<ptrdiff_t>(i),
                  words.begin() + static_cast<ptrdiff_t>(i + length));
    if (op == op_entry_point)
      result.insert(result.end(),
                    {first_word(4, op_execution_mode), words[i + 2], signed_zero_inf_nan_preserve, uint32_t{32}});
    i += length;
  }
  return result;
}

}  // namespace thaw::vulkan
