// SPDX-License-Identifier: Apache-2.0
// The test program's entry: doctest's own main.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
