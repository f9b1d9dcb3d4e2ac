// SPDX-License-Identifier: Apache-2.0
// Comparing two runs of a row: near enough, or the same bits.
#pragma once

#include <string>
#include <vector>

#include "autograd/conformance/op_case.h"
#include "autograd/conformance/run.h"

namespace thaw::ops {

// The value or a gradient that is not as it must be.
struct Difference {
  std::string text;    // "WHERE: gradient of b [5, 7] at [0, 1] is 1.2, not 1.1 (normalised error ...)"
  double largest = 0;  // of its numbers
};

// Parts whose normalised mean squared error is above `allowance` times the row's bound.
std::vector<Difference> differences(const OpCase& row, const std::string& where, const Result& got,
                                    const Result& wanted, double allowance = 1);
std::vector<Difference> bit_differences(const OpCase& row, const std::string& where, const Result& got,
                                        const Result& wanted);

}  // namespace thaw::ops
