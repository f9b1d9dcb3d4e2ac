// SPDX-License-Identifier: Apache-2.0
// Steps of an LSTM: pieces of rows go to the kernels.
#include "backends/cpu/cpu_backend.h"
#include "backends/cpu/kernels.h"
#include "backends/cpu/parallel.h"
#include "backends/cpu/profile.h"

namespace thaw::cpu {
namespace {

float* row_of(const View& view, int64_t row, int64_t columns) { return view.as<float>() + row * columns; }
float* row_of(const View* view, int64_t row, int64_t columns) { return view ? row_of(*view, row, columns) : nullptr; }

}  // namespace

void CpuBackend::lstm_cell(const LstmCellArgs& args) {
  const Timed timed("lstm_cell");
  const int64_t hidden = args.c.shape[1];
  parallel_ranges(args.c.shape[0], rows_per_task(4 * hidden), [&](int64_t begin, int64_t end) {
    LstmRows piece{};
    piece.rows = end - begin;
    piece.hidden = hidden;
    piece.cell_gate = cell_gate(args.order);
    piece.output_gate = output_gate(args.order);
    piece.x = row_of(args.x, begin, 4 * hidden);
    piece.recurrent = row_of(args.recurrent, begin, 4 * hidden);
    piece.bias = row_of(args.bias, 0, 0);
    piece.c_before = row_of(args.c_before, begin, hidden);
    piece.c = row_of(args.c, begin, hidden);
    piece.h = row_of(args.h, begin, hidden);
    piece.gates = row_of(args.gates, begin, 4 * hidden);
    kernels().lstm_cell(piece);
  });
}

void CpuBackend::lstm_cell_backward(const LstmCellBackwardArgs& args) {
  const Timed timed("lstm_cell_backward");
  const int64_t hidden = args.c.shape[1];
  parallel_ranges(args.c.shape[0], rows_per_task(4 * hidden), [&](int64_t begin, int64_t end) {
    LstmRowsBackward piece{};
    piece.rows = end - begin;
    piece.hidden = hidden;
    piece.cell_gate = cell_gate(args.order);
    piece.output_gate = output_gate(args.order);
    piece.gates = row_of(args.gates, begin, 4 * hidden);
    piece.c_before = row_of(args.c_before, begin, hidden);
    piece.c = row_of(args.c, begin, hidden);
    piece.dh1 = row_of(args.dh1, begin, hidden);
    piece.dh2 = row_of(args.dh2, begin, hidden);
    piece.dc = row_of(args.dc, begin, hidden);
    piece.normed = args.normed;
    piece.dz = row_of(args.dz, begin, 4 * hidden);
    kernels().lstm_cell_backward(piece);
  });
}

}  // namespace thaw::cpu
