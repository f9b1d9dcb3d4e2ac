// SPDX-License-Identifier: Apache-2.0
// Fuzz target: .npy files. What is read is as much as the rows and columns say.
#include "tensor/io/npy.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view bytes) {
    const thaw::NpyArray array = thaw::parse_npy(bytes, "file");
    thaw::fuzz::require(array.rows >= 0 && array.columns >= 0, "a negative size");
    thaw::fuzz::require(array.columns == 0 ||
                            array.values.size() / static_cast<size_t>(array.columns) == static_cast<size_t>(array.rows),
                        "more or fewer numbers than rows and columns say");
  });
}
