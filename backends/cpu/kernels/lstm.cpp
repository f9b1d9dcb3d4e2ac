// SPDX-License-Identifier: Apache-2.0
// A step of an LSTM: what follows its products, row by row, some channels of all gates at a time.
#include "backends/cpu/kernels/families.h"
#include "backends/shared/pointwise.h"

namespace thaw::cpu::THAW_CPU_ISA {
namespace {

constexpr int64_t piece = 256;  // channels

// y = x (+ recurrent) (+ bias), n of them
void add_up(float* y, const float* x, const float* recurrent, const float* bias, int64_t n) {
  if (recurrent && bias) {
#pragma omp simd
    for (int64_t j = 0; j < n; ++j) y[j] = x[j] + recurrent[j] + bias[j];
  } else if (recurrent || bias) {
    const float* const other = recurrent ? recurrent : bias;
#pragma omp simd
    for (int64_t j = 0; j < n; ++j) y[j] = x[j] + other[j];
  } else {
    __builtin_memcpy(y, x, static_cast<size_t>(n) * sizeof(float));
  }
}

void sigmoid(float* y, int64_t n) {
#pragma omp simd
  for (int64_t j = 0; j < n; ++j) y[j] = f32::sigmoid_value(y[j]);
}

void squash(float* y, const float* x, int64_t n) {
#pragma omp simd
  for (int64_t j = 0; j < n; ++j) y[j] = f32::tanh_real(x[j]);
}

const float* at(const float* rows, int64_t offset) { return rows ? rows + offset : nullptr; }

void lstm_cell(const LstmRows& args) {
  const int64_t hidden = args.hidden;
  float gates[4][piece], squashed[piece];
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t begin = 0; begin < hidden; begin += piece) {
      const int64_t n = hidden - begin < piece ? hidden - begin : piece, state = r * hidden + begin;
      for (int64_t k = 0; k < 4; ++k) {
        const int64_t in_row = k * hidden + begin, in_all = 4 * r * hidden + in_row;
        add_up(gates[k], args.x + in_all, at(args.recurrent, in_all), at(args.bias, in_row), n);
        if (k == args.cell_gate) {
          squash(gates[k], gates[k], n);
        } else {
          sigmoid(gates[k], n);
        }
        if (args.gates) __builtin_memcpy(args.gates + in_all, gates[k], static_cast<size_t>(n) * sizeof(float));
      }
      const float *const i = gates[0], *const f = gates[1], *const g = gates[args.cell_gate],
                         *const o = gates[args.output_gate];
      float* const c = args.c + state;
      if (args.c_before) {
        const float* const before = args.c_before + state;
#pragma omp simd
        for (int64_t j = 0; j < n; ++j) c[j] = f[j] * before[j] + i[j] * g[j];
      } else {
#pragma omp simd
        for (int64_t j = 0; j < n; ++j) c[j] = i[j] * g[j];
      }
      if (!args.h) continue;
      float* const h = args.h + state;
      squash(squashed, c, n);
#pragma omp simd
      for (int64_t j = 0; j < n; ++j) h[j] = o[j] * squashed[j];
    }
  }
}

void lstm_cell_backward(const LstmRowsBackward& args) {
  const int64_t hidden = args.hidden;
  float dh[piece], squashed[piece], before[piece];
  for (int64_t r = 0; r < args.rows; ++r) {
    for (int64_t begin = 0; begin < hidden; begin += piece) {
      const int64_t n = hidden - begin < piece ? hidden - begin : piece, state = r * hidden + begin;
      const auto gate = [&](int64_t k) { return args.gates + 4 * r * hidden + k * hidden + begin; };
      const auto slope = [&](int64_t k) { return args.dz + 4 * r * hidden + k * hidden + begin; };
      const float *const i = gate(0), *const f = gate(1), *const g = gate(args.cell_gate),
                         *const o = gate(args.output_gate);
      float *const di = slope(0), *const df = slope(1), *const dg = slope(args.cell_gate),
                   *const d_o = slope(args.output_gate), *const dc = args.dc + state;
      add_up(dh, args.dh1 + state, at(args.dh2, state), nullptr, n);
      squash(squashed, args.c + state, n);
      if (args.c_before) {
        __builtin_memcpy(before, args.c_before + state, static_cast<size_t>(n) * sizeof(float));
      } else {
        __builtin_memset(before, 0, static_cast<size_t>(n) * sizeof(float));
      }
      const float through = args.normed ? 0.f : 1.f;
#pragma omp simd
      for (int64_t j = 0; j < n; ++j) {
        const float ds = dc[j] + through * (dh[j] * o[j] * (1 - squashed[j] * squashed[j]));
        di[j] = ds * g[j] * (i[j] * (1 - i[j]));
        df[j] = ds * before[j] * (f[j] * (1 - f[j]));
        dg[j] = ds * i[j] * (1 - g[j] * g[j]);
        d_o[j] = dh[j] * squashed[j] * (o[j] * (1 - o[j]));
        dc[j] = ds * f[j];
      }
    }
  }
}

}  // namespace

void add_lstm(Kernels& table) {
  table.lstm_cell = lstm_cell;
  table.lstm_cell_backward = lstm_cell_backward;
}

}  // namespace thaw::cpu::THAW_CPU_ISA
