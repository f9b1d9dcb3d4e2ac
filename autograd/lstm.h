// SPDX-License-Identifier: Apache-2.0
// The recurrence of an LSTM over packed sequences (tensor/lstm.h), with gradients. T rows by time, B sequences, H
// channels.
#pragma once

#include "autograd/variable.h"
#include "tensor/lstm.h"

namespace thaw {

// LstmRecurrence of variables; all but the weight may be undefined.
struct LstmVariables {
  Variable weight = {};                             // [4H, H]
  Variable bias = {};                               // [4H]
  Variable product_weight = {}, product_bias = {};  // [4H]: all four of the norms, or none
  Variable cell_weight = {}, cell_bias = {};        // [H]
  Variable h0 = {}, c0 = {};                        // [B, H] in the order by length
};

// x [T, 4H], the products of all rows with the input weight -> h [T, H]; with `cells` [2, T, H]: h and c. Kept for the
// gradient are gates and cells, and what the norms made.
Variable lstm(const Variable& x, const LstmVariables& in, const TimeSteps& steps, const LstmForm& form = {},
              bool cells = false);

// The packed rows [T, C] ordered by time, and back.
Variable rows_by_time(const Variable& x, const TimeSteps& steps);
Variable rows_by_text(const Variable& x, const TimeSteps& steps);

}  // namespace thaw
