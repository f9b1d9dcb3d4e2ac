// SPDX-License-Identifier: Apache-2.0
// Optimizer steps: every number of a parameter and its state is read and written once.
#include "backends/cpu/kernels/families.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

void adamw(float* p, const float* g, float* m, float* v, int64_t n, const AdamWStep& step) {
  const AdamWStep s = step;
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    const float gradient = g[i] * s.grad_scale;
    const float first = m[i] + s.one_minus_beta1 * (gradient - m[i]);
    const float second = s.beta2 * v[i] + s.one_minus_beta2 * (gradient * gradient);
    m[i] = first;
    v[i] = second;
    const float decayed = p[i] - s.decay * p[i];
    p[i] = decayed - s.step_size * (first / (__builtin_sqrtf(second) / s.root_of_correction2 + s.eps));
  }
}

void sgd(float* p, const float* g, float* buffer, int64_t n, const SgdStep& step) {
  const SgdStep s = step;
  if (!buffer) {
#pragma omp simd
    for (int64_t i = 0; i < n; ++i) p[i] -= s.learning_rate * (g[i] * s.grad_scale + s.weight_decay * p[i]);
    return;
  }
  const float kept = s.first ? 0 : s.momentum;            // the buffer's old content may be NaN at the first step
  const float from_buffer = s.nesterov ? s.momentum : 1;  // update = from_gradient * g + from_buffer * buffer
  const float from_gradient = s.nesterov ? 1 : 0;
#pragma omp simd
  for (int64_t i = 0; i < n; ++i) {
    const float gradient = g[i] * s.grad_scale + s.weight_decay * p[i];
    const float old = s.first ? 0.0f : buffer[i];
    const float velocity = kept * old + gradient;
    buffer[i] = velocity;
    p[i] -= s.learning_rate * (from_gradient * gradient + from_buffer * velocity);
  }
}

}  // namespace

void add_optimizer(Kernels& table) {
  table.adamw = adamw;
  table.sgd = sgd;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
