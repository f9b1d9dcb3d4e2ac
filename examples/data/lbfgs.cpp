// SPDX-License-Identifier: Apache-2.0
// L-BFGS: the inverse curvature is known from the last few steps alone.
#include "examples/data/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

namespace thaw {
namespace {

using Vector = std::vector<double>;

double dot(const Vector& a, const Vector& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

void add_scaled(Vector& y, double scale, const Vector& x) {
  for (size_t i = 0; i < y.size(); ++i) y[i] += scale * x[i];
}

double largest(const Vector& v) {
  double most = 0;
  for (const double value : v) most = std::max(most, std::abs(value));
  return most;
}

// A step and what it did to the gradient.
struct Pair {
  Vector s, y;
  double inverse_sy;
};

// -H g, with H from the pairs (the two-loop recursion).
Vector direction(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector d = gradient;
  std::vector<double> alpha(pairs.size());
  for (size_t i = pairs.size(); i-- > 0;) {
    alpha[i] = pairs[i].inverse_sy * dot(pairs[i].s, d);
    add_scaled(d, -alpha[i], pairs[i].y);
  }
  const double scale = pairs.empty() ? 1 / std::sqrt(dot(gradient, gradient))
                                     : 1 / (pairs.back().inverse_sy * dot(pairs.back().y, pairs.back().y));
  for (auto& value : d) value *= -scale;
  for (size_t i = 0; i < pairs.size(); ++i) {
    const double beta = pairs[i].inverse_sy * dot(pairs[i].y, d);
    add_scaled(d, -alpha[i] - beta, pairs[i].s);
  }
  return d;
}

}  // namespace

double minimize(const Objective& f, Vector& x, const LbfgsOptions& options) {
  constexpr double enough_descent = 1e-4;  // the share of the promised descent that a step must keep
  constexpr int max_halvings = 40;
  Vector gradient(x.size()), next_gradient(x.size());
  std::deque<Pair> pairs;
  double value = f(x, gradient);
  for (int iteration = 0; iteration < options.iterations && largest(gradient) > options.tolerance; ++iteration) {
    const Vector d = direction(pairs, gradient);
    const double slope = dot(gradient, d);
    double step = 1, next_value = value;
    Vector next = x;
    bool descends = false;
    for (int k = 0; k < max_halvings && !descends; ++k, step /= 2) {
      next = x;
      add_scaled(next, step, d);
      next_value = f(next, next_gradient);
      descends = next_value <= value + enough_descent * step * slope;
    }
    if (!descends) break;  // as near as the numbers allow
    Pair pair{next, next_gradient, 0};
    add_scaled(pair.s, -1, x);
    add_scaled(pair.y, -1, gradient);
    const double sy = dot(pair.s, pair.y);
    if (sy > 0) {
      pair.inverse_sy = 1 / sy;
      pairs.push_back(std::move(pair));
      if (static_cast<int>(pairs.size()) > options.memory) pairs.pop_front();
    }
    x.swap(next);
    gradient.swap(next_gradient);
    value = next_value;
  }
  return value;
}

}  // namespace thaw
