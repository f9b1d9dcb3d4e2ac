// SPDX-License-Identifier: Apache-2.0
// The contract's functions for one step of an LSTM (Hochreiter & Schmidhuber 1997; Gers et al. 2000). A device with
// kernels of its own for them derives from LstmKernels beside Backend; on every other the default bodies run, which are
// composed of primitive functions and are the definition. B sequences, H channels of the state.
#pragma once

#include <cstdint>

#include "tensor/backend.h"

namespace thaw {

// How the four gates follow each other in 4H numbers: input, forget, cell (g) and output gate.
enum class GateOrder : uint32_t {
  ifgo,  // torch's
  ifog,
};
// Where a gate stands, in H numbers.
constexpr int64_t cell_gate(GateOrder order) { return order == GateOrder::ifgo ? 2 : 3; }
constexpr int64_t output_gate(GateOrder order) { return order == GateOrder::ifgo ? 3 : 2; }

// With z = x + recurrent + bias:  i, f, o = sigmoid(z_i, z_f, z_o), g = tanh(z_g),  c = f c_before + i g,
// h = o tanh(c).  All views are contiguous.
struct LstmCellArgs {
  GateOrder order = GateOrder::ifgo;
  View x;                           // [B, 4H]: the product with the step's input
  const View* recurrent = nullptr;  // [B, 4H]: the product with the state before; null: 0
  const View* bias = nullptr;       // [4H]; null: 0
  const View* c_before = nullptr;   // [B, H]; null: 0
  View c;                           // out: [B, H]; may be *c_before
  const View* h = nullptr;          // out: [B, H]; may be null
  const View* gates = nullptr;      // out: [B, 4H] i, f, g, o in their order, kept for the gradient; may be null
};

// With dh = dh1 + dh2, the gradient of h = o tanh(c), and dc, that of c from the steps behind:
// ds = dc + dh o (1 - tanh(c)^2), or dc itself where `normed` (below);  dz_i = ds g i (1 - i),
// dz_f = ds c_before f (1 - f),  dz_g = ds i (1 - g^2),  dz_o = dh tanh(c) o (1 - o);  dc becomes ds f, the gradient of
// c_before. All views are contiguous.
struct LstmCellBackwardArgs {
  GateOrder order = GateOrder::ifgo;
  View gates;                      // [B, 4H]
  const View* c_before = nullptr;  // [B, H]; null: 0
  View c;                          // [B, H]: what h was made of
  View dh1;                        // [B, H]
  const View* dh2 = nullptr;       // [B, H]; null: 0
  View dc;                         // in and out: [B, H]
  bool normed = false;             // c is a norm of f c_before + i g, and dc already the whole gradient of that sum
  View dz;                         // out: [B, 4H]
};

class LstmKernels {
 public:
  virtual ~LstmKernels() = default;
  virtual void lstm_cell(const LstmCellArgs& args) = 0;
  virtual void lstm_cell_backward(const LstmCellBackwardArgs& args) = 0;
};

// By the backend's own kernels, if it has them, else by the default bodies (backend_lstm.cpp).
void lstm_cell(Backend& backend, const LstmCellArgs& args);
void lstm_cell_backward(Backend& backend, const LstmCellBackwardArgs& args);

}  // namespace thaw
