// SPDX-License-Identifier: Apache-2.0
// Initialisers: how a parameter that no checkpoint holds gets its first values. Drawn on the host, so they are the same
// on every device.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensor/shape.h"

namespace thaw {

class Init {
 public:
  static Init constant(double value);
  static Init zeros() { return constant(0); }
  static Init ones() { return constant(1); }
  static Init normal(double deviation, double mean = 0);
  static Init uniform(double low, double high);
  // U(-a, a), a = gain * sqrt(3 / fan_in) (He et al. 2015). fan_in: how many numbers go into one, the product of all
  // sizes but the first; Linear says its own (with_fan_in), whatever layout it stores.
  static Init kaiming_uniform(double gain);
  // With gain sqrt(1/3), a = 1 / sqrt(fan_in): torch's default for weights and biases of linear layers.
  static Init kaiming_uniform();
  // Orthogonal rows or columns, times gain (Saxe et al. 2014); for matrices.
  static Init orthogonal(double gain = 1);
  // Of a table of positions [n, C], C even: sin(p w_i) in the first half of a row, cos(p w_i) in the second, of
  // frequencies w_i = 10,000^(-i / (C / 2 - 1)) (Vaswani et al. 2017, as Whisper lays them out).
  static Init sinusoids();

  // The same, with a fan-in that the shape does not tell: of a weight [in, out], of a bias.
  Init with_fan_in(int64_t fan_in) const;

  // Row-major values; the stream of Philox numbers is named by (seed, name).
  std::vector<float> values(const Shape& shape, uint64_t seed, const std::string& name) const;

 private:
  enum class Kind { constant, normal, uniform, kaiming_uniform, orthogonal, sinusoids };
  Init(Kind kind, double a, double b) : kind_(kind), a_(a), b_(b) {}
  Kind kind_;
  double a_, b_;
  int64_t fan_in_ = 0;  // 0: by the shape
};

}  // namespace thaw
