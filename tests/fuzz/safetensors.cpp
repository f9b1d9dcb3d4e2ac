// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the safetensors reader. The tensors of a file that it takes cover the file's data, each byte once.
#include "tensor/io/safetensors.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const auto bytes = std::as_bytes(std::span<const char>(text.data(), text.size()));
    const thaw::SafetensorsFile file(bytes, "file");
    const std::byte* next = nullptr;
    for (const thaw::SafetensorsEntry& entry : file.entries()) {
      thaw::fuzz::require(entry.bytes.data() >= bytes.data() + 8 &&
                              entry.bytes.data() + entry.bytes.size() <= bytes.data() + bytes.size(),
                          "a tensor lies outside of the file");
      if (next) thaw::fuzz::require(entry.bytes.data() == next, "a hole or an overlap");
      next = entry.bytes.data() + entry.bytes.size();
      const thaw::SafetensorsDType* dtype = thaw::find_safetensors_dtype(entry.dtype);
      thaw::fuzz::require(dtype != nullptr, "an unknown type");
      thaw::fuzz::require(
          static_cast<uint64_t>(entry.count()) * static_cast<uint64_t>(dtype->bits) == entry.bytes.size() * 8,
          "a shape that does not fit");
      thaw::fuzz::require(file.find(entry.name) == &entry, "a tensor that is not found by its name");
    }
    if (next) thaw::fuzz::require(next == bytes.data() + bytes.size(), "bytes behind the last tensor");
  });
}
