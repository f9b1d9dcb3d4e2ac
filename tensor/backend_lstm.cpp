// SPDX-License-Identifier: Apache-2.0
// Default bodies of a step of an LSTM (LstmCellArgs, LstmCellBackwardArgs). B sequences, H channels.
#include "tensor/counters.h"
#include "tensor/lstm_kernels.h"
#include "tensor/scratch.h"

namespace thaw {
namespace {

// Gate number `place` of [B, 4H].
View gate(const View& gates, int64_t place) {
  const int64_t hidden = gates.shape[1] / 4;
  return gates.slice(1, place * hidden, (place + 1) * hidden);
}

void default_cell(Backend& backend, const LstmCellArgs& args) {
  count_default_body("lstm_cell");
  Scratch scratch(backend, args.c.dtype);
  View z = args.x;
  if (args.recurrent) z = scratch.binary(BinaryOp::add, z, *args.recurrent);
  if (args.bias) z = scratch.binary(BinaryOp::add, z, *args.bias);
  const View all = args.gates ? *args.gates : scratch.empty(z.shape);
  const int64_t cell = cell_gate(args.order);
  for (int64_t place = 0; place < 4; ++place)
    backend.unary(place == cell ? UnaryOp::tanh : UnaryOp::sigmoid, gate(all, place), gate(z, place), {});
  const View in = scratch.binary(BinaryOp::mul, gate(all, 0), gate(all, cell));
  if (args.c_before) {
    backend.binary(BinaryOp::add, args.c, scratch.binary(BinaryOp::mul, gate(all, 1), *args.c_before), in);
  } else {
    backend.copy(args.c, in);
  }
  if (args.h)
    backend.binary(BinaryOp::mul, *args.h, gate(all, output_gate(args.order)), scratch.unary(UnaryOp::tanh, args.c));
}

void default_cell_backward(Backend& backend, const LstmCellBackwardArgs& args) {
  count_default_body("lstm_cell_backward");
  Scratch scratch(backend, args.dc.dtype);
  const auto mul = [&](const View& a, const View& b) { return scratch.binary(BinaryOp::mul, a, b); };
  const auto sub = [&](const View& a, const View& b) { return scratch.binary(BinaryOp::sub, a, b); };
  const View one = scratch.number(1);
  const View i = gate(args.gates, 0), f = gate(args.gates, 1), g = gate(args.gates, cell_gate(args.order)),
             o = gate(args.gates, output_gate(args.order));
  const auto write = [&](int64_t place, const View& gradient, const View& slope) {
    backend.binary(BinaryOp::mul, gate(args.dz, place), gradient, slope);
  };
  const View dh = args.dh2 ? scratch.binary(BinaryOp::add, args.dh1, *args.dh2) : args.dh1;
  const View squashed = scratch.unary(UnaryOp::tanh, args.c);
  write(output_gate(args.order), mul(dh, squashed), mul(o, sub(one, o)));
  View ds = args.dc;
  if (!args.normed) {
    const View through = scratch.empty(args.c.shape);
    backend.unary_backward(UnaryOp::tanh, through, mul(dh, o), args.c, {});
    ds = scratch.binary(BinaryOp::add, ds, through);
  }
  write(0, mul(ds, g), mul(i, sub(one, i)));
  if (args.c_before) {
    write(1, mul(ds, *args.c_before), mul(f, sub(one, f)));
  } else {
    backend.fill(gate(args.dz, 1), 0);
  }
  write(cell_gate(args.order), mul(ds, i), sub(one, scratch.unary(UnaryOp::square, g)));
  backend.binary(BinaryOp::mul, args.dc, ds, f);
}

}  // namespace

void lstm_cell(Backend& backend, const LstmCellArgs& args) {
  count_launch("lstm_cell");
  if (auto* const own = dynamic_cast<LstmKernels*>(&backend)) return own->lstm_cell(args);
  default_cell(backend, args);
}

void lstm_cell_backward(Backend& backend, const LstmCellBackwardArgs& args) {
  count_launch("lstm_cell_backward");
  if (auto* const own = dynamic_cast<LstmKernels*>(&backend)) return own->lstm_cell_backward(args);
  default_cell_backward(backend, args);
}

}  // namespace thaw
