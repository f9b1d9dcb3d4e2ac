// SPDX-License-Identifier: Apache-2.0
// The random numbers that all backends share, as GLSL. After pointwise.glsl or alone.
#ifndef FUNCTION
#define FUNCTION
#endif
#include "backends/shared/philox.inc"
