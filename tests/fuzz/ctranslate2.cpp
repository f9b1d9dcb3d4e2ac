// SPDX-License-Identifier: Apache-2.0
// Fuzz target: models in CTranslate2's format, and Whisper out of them. What is taken lies in the file, each tensor as
// long as its shape says.
#include "models/hub/ctranslate2.h"

#include "models/whisper/import.h"
#include "tests/fuzz/outcome.h"

namespace {

void require_inside(const thaw::SafetensorsEntry& tensor, std::span<const std::byte> file) {
  const std::byte* end = tensor.bytes.data() + tensor.bytes.size();
  thaw::fuzz::require(tensor.bytes.empty() || (tensor.bytes.data() >= file.data() && end <= file.data() + file.size()),
                      "a tensor lies outside of the file");
  const thaw::SafetensorsDType* dtype = thaw::find_safetensors_dtype(tensor.dtype);
  thaw::fuzz::require(dtype != nullptr, "an unknown type");
  thaw::fuzz::require(
      static_cast<uint64_t>(tensor.count()) * static_cast<uint64_t>(dtype->bits) == tensor.bytes.size() * 8,
      "a shape that does not fit");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const auto bytes = std::as_bytes(std::span<const char>(text.data(), text.size()));
    const thaw::CTranslate2File file(bytes, "file");
    for (const thaw::SafetensorsEntry& variable : file.variables()) {
      require_inside(variable, bytes);
      thaw::fuzz::require(file.find(variable.name) == &variable, "a variable that is not found by its name");
    }
    for (const thaw::SafetensorsEntry& tensor : thaw::convert_whisper(file).tensors) require_inside(tensor, bytes);
  });
}
