// SPDX-License-Identifier: Apache-2.0
// The test program's entry: doctest's cases, then the verdict of the Vulkan validation layer if it was loaded.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "backends/shared/config.h"
#include "tests/validation.h"

int main(int argc, char** argv) {
  doctest::Context context(argc, argv);
  const int status = context.run();
#if THAW_VULKAN
  if (thaw::validation_failed()) return 1;
#endif
  return status;
}
