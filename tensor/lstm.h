// SPDX-License-Identifier: Apache-2.0
// An LSTM's recurrence over packed sequences, without gradients of its own: autograd/lstm.h has its namesake on
// variables. Rows are ordered by time (time_steps.h). T rows, B sequences, H channels.
#pragma once

#include "tensor/lstm_kernels.h"
#include "tensor/ops.h"
#include "tensor/time_steps.h"

namespace thaw {

// What repeats at each step, from x [T, 4H], the products of all rows with the input weight:
//   z = x + h_before weight^T + bias,  c = f c_before + i g,  h = o tanh(c)     (lstm_kernels.h)
// With norms (Ba et al. 2016, section 3.1), layer norm LN and the normed cell carried on:
//   z = x + LN(h_before weight^T + bias) * product_weight + product_bias,
//   c = LN(f c_before + i g) * cell_weight + cell_bias,  h = o tanh(c)
struct LstmRecurrence {
  Tensor weight = {};                             // [4H, H]
  Tensor bias = {};                               // [4H]; may be undefined
  Tensor product_weight = {}, product_bias = {};  // [4H]: all four of the norms, or none
  Tensor cell_weight = {}, cell_bias = {};        // [H]
  Tensor h0 = {}, c0 = {};                        // [B, H] in the order by length; undefined: 0
  bool normed() const { return product_weight.defined(); }
};

struct LstmForm {
  GateOrder order = GateOrder::ifgo;
  double product_eps = 1e-5, cell_eps = 1e-5;  // of the norms
};

// h, and what is kept: `c` if asked for; the rest if a gradient is wanted.
struct LstmStates {
  Tensor h, c;               // [T, H]
  Tensor both;               // [2, T, H]: h and c in one, if c was asked for as a result
  Tensor gates;              // [T, 4H]
  NormResult product, cell;  // with norms: of all steps; y of both is left out
};

enum class LstmKeep { h, cells, gradient, gradient_and_cells };

LstmStates lstm(const Tensor& x, const LstmRecurrence& in, const TimeSteps& steps, const LstmForm& form, LstmKeep keep);

// One for each tensor of LstmRecurrence, and x.
struct LstmWanted {
  bool x = false, weight = false, bias = false, product_weight = false, product_bias = false, cell_weight = false,
       cell_bias = false, h0 = false, c0 = false;
};
struct LstmGradients {
  Tensor x, weight, bias, product_weight, product_bias, cell_weight, cell_bias, h0, c0;  // those wanted
};
// dh [T, H]; dc [T, H] or undefined. The weight's gradient is one product over all steps.
LstmGradients lstm_backward(const Tensor& dh, const Tensor& dc, const LstmRecurrence& in, const LstmStates& kept,
                            const TimeSteps& steps, const LstmForm& form, const LstmWanted& wanted);

}  // namespace thaw
