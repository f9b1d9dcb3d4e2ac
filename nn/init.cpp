// SPDX-License-Identifier: Apache-2.0
// Draws initial values: number i comes from word i of the parameter's own Philox stream.
#include "nn/init.h"

#include <cmath>

#include "tensor/check.h"
#include "tensor/random_numbers.h"

namespace thaw {
namespace {

uint64_t stream_of(const std::string& name) {  // FNV-1a
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// Makes the `rows` rows of length `n` orthonormal in their order, each twice for rounding's sake (Gram-Schmidt). Rows
// of random normal numbers become a uniformly random frame.
void orthonormalise(std::vector<double>& x, size_t rows, size_t n) {
  for (size_t i = 0; i < rows; ++i) {
    double* row = &x[i * n];
    for (int pass = 0; pass < 2; ++pass)
      for (size_t j = 0; j < i; ++j) {
        const double* other = &x[j * n];
        double dot = 0;
        for (size_t k = 0; k < n; ++k) dot += row[k] * other[k];
        for (size_t k = 0; k < n; ++k) row[k] -= dot * other[k];
      }
    double square = 0;
    for (size_t k = 0; k < n; ++k) square += row[k] * row[k];
    for (size_t k = 0; k < n; ++k) row[k] /= std::sqrt(square);
  }
}

std::vector<float> sinusoid_table(const Shape& shape, const std::string& name) {
  check(shape.rank() == 2 && shape[1] % 2 == 0 && shape[1] >= 4,
        "{} {}: sinusoids are for tables [n, C], C even and 4 or more", name, shape);
  const int64_t half = shape[1] / 2;
  std::vector<float> table;
  table.reserve(static_cast<size_t>(shape.numel()));
  const auto angle = [&](int64_t position, int64_t i) {
    return static_cast<double>(position) * std::pow(1e4, -static_cast<double>(i) / static_cast<double>(half - 1));
  };
  for (int64_t p = 0; p < shape[0]; ++p) {
    for (int64_t i = 0; i < half; ++i) table.push_back(static_cast<float>(std::sin(angle(p, i))));
    for (int64_t i = 0; i < half; ++i) table.push_back(static_cast<float>(std::cos(angle(p, i))));
  }
  return table;
}

}  // namespace

Init Init::constant(double value) { return {Kind::constant, value, 0}; }
Init Init::normal(double deviation, double mean) { return {Kind::normal, deviation, mean}; }
Init Init::uniform(double low, double high) { return {Kind::uniform, low, high}; }
Init Init::kaiming_uniform(double gain) { return {Kind::kaiming_uniform, gain, 0}; }
Init Init::kaiming_uniform() { return kaiming_uniform(std::sqrt(1.0 / 3)); }
Init Init::orthogonal(double gain) { return {Kind::orthogonal, gain, 0}; }
Init Init::sinusoids() { return {Kind::sinusoids, 0, 0}; }

Init Init::with_fan_in(int64_t fan_in) const {
  Init same = *this;
  same.fan_in_ = fan_in;
  return same;
}

std::vector<float> Init::values(const Shape& shape, uint64_t seed, const std::string& name) const {
  const auto count = static_cast<size_t>(shape.numel());
  if (kind_ == Kind::constant) return std::vector<float>(count, static_cast<float>(a_));
  if (kind_ == Kind::sinusoids) return sinusoid_table(shape, name);
  const RandomKey key{seed, stream_of(name)};
  const bool normal = kind_ == Kind::normal || kind_ == Kind::orthogonal;
  std::vector<double> x = normal ? normal_numbers(shape.numel(), key) : uniform_numbers(shape.numel(), key);
  if (kind_ == Kind::normal) {
    for (double& v : x) v = b_ + a_ * v;
  } else if (kind_ == Kind::uniform) {
    for (double& v : x) v = a_ + (b_ - a_) * v;
  } else if (kind_ == Kind::kaiming_uniform) {
    check(fan_in_ > 0 || shape.rank() >= 2, "{} {}: kaiming_uniform needs two axes or more", name, shape);
    const int64_t fan_in = fan_in_ > 0 ? fan_in_ : shape.without(0).numel();
    const double bound = a_ * std::sqrt(3 / static_cast<double>(fan_in));
    for (double& v : x) v = bound * (2 * v - 1);
  } else {
    check(shape.rank() == 2, "{} {}: orthogonal is for matrices", name, shape);
    const auto rows = static_cast<size_t>(shape[0]), columns = static_cast<size_t>(shape[1]);
    const bool wide = rows <= columns;
    orthonormalise(x, wide ? rows : columns, wide ? columns : rows);
    std::vector<double> y(count);
    for (size_t i = 0; i < rows; ++i)
      for (size_t j = 0; j < columns; ++j) y[i * columns + j] = a_ * (wide ? x[i * columns + j] : x[j * rows + i]);
    x = std::move(y);
  }
  return std::vector<float>(x.begin(), x.end());
}

}  // namespace thaw
