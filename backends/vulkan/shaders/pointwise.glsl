// SPDX-License-Identifier: Apache-2.0
// The formulas that all backends share, as GLSL.
#define real float
#define FUNCTION
#define PRECISE precise
#define sqrt_real sqrt
#include "backends/shared/primitives_f32.inc"

#include "backends/shared/pointwise.inc"
