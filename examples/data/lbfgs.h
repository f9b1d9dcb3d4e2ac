// SPDX-License-Identifier: Apache-2.0
// Minimises a smooth function by L-BFGS (Nocedal and Wright, Numerical Optimization, algorithm 7.5).
#pragma once

#include <functional>
#include <vector>

namespace thaw {

// Returns f(x) and fills its gradient, which comes as long as x.
using Objective = std::function<double(const std::vector<double>& x, std::vector<double>& gradient)>;

struct LbfgsOptions {
  int memory = 10;          // pairs of steps kept
  int iterations = 1000;    // at most
  double tolerance = 1e-5;  // ends when no element of the gradient is larger
};

// Moves x to where f is least; returns f there. For convex functions: each step is only asked to descend enough
// (Armijo's rule).
double minimize(const Objective& f, std::vector<double>& x, const LbfgsOptions& options = {});

}  // namespace thaw
