// SPDX-License-Identifier: Apache-2.0
// Cooley and Tukey's fast Fourier transform of mixed radix, decimation in time.
#include "models/audio/spectrum.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "tensor/check.h"

namespace thaw {
namespace {

// Without the care for infinities that operator* takes.
std::complex<double> product(std::complex<double> a, std::complex<double> b) {
  return {a.real() * b.real() - a.imag() * b.imag(), a.real() * b.imag() + a.imag() * b.real()};
}

std::vector<size_t> prime_factors(size_t n) {
  std::vector<size_t> factors;
  for (size_t p = 2; p * p <= n; ++p)
    for (; n % p == 0; n /= p) factors.push_back(p);
  if (n > 1) factors.push_back(n);
  return factors;
}

}  // namespace

std::vector<double> hann_window(int64_t size, int64_t period) {
  std::vector<double> window(static_cast<size_t>(size));
  for (size_t i = 0; i < window.size(); ++i)
    window[i] = .5 - .5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(period));
  return window;
}

PowerSpectrum::PowerSpectrum(int64_t size) {
  check(size >= 1, "spectrum: of {} numbers", size);
  factors_ = prime_factors(static_cast<size_t>(size));
  turns_.resize(static_cast<size_t>(size));
  for (size_t k = 0; k < turns_.size(); ++k)
    turns_[k] = std::polar(1., -2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(size));
}

// The transform of every stride-th number, as many as `out` has. With p, the first of their factors, and m of them in
// each of p parts (numbers q, q + p, q + 2 p, ... of these): X_k = sum over q of w^(q k) Y^q_(k mod m), where Y^q is
// the transform of part q and w = exp(-2 pi i / (p m)).
void PowerSpectrum::transform(const double* in, size_t stride, size_t level, std::span<Complex> out,
                              std::span<Complex> column) const {
  if (out.size() == 1) {
    out[0] = *in;
    return;
  }
  const size_t p = factors_[level], m = out.size() / p;
  for (size_t q = 0; q < p; ++q) transform(in + q * stride, stride * p, level + 1, out.subspan(q * m, m), column);
  for (size_t k = 0; k < m; ++k) {
    for (size_t q = 0; q < p; ++q) column[q] = out[q * m + k];
    for (size_t to = k; to < out.size(); to += m) {
      Complex sum = column[0];
      const size_t step = to * stride;  // of turns_, for one w^k; below the size
      for (size_t q = 1, turn = step; q < p; ++q) {
        sum += product(turns_[turn], column[q]);
        turn += step;
        if (turn >= turns_.size()) turn -= turns_.size();
      }
      out[to] = sum;
    }
  }
}

void PowerSpectrum::operator()(std::span<const double> frame, std::span<double> power) const {
  check(std::ssize(frame) == size() && std::ssize(power) == bins(), "spectrum: {} numbers into {}; expected {} into {}",
        frame.size(), power.size(), size(), bins());
  const size_t widest = factors_.empty() ? 0 : factors_.back();
  std::vector<Complex> space(frame.size() + widest);
  const auto out = std::span(space).first(frame.size());
  transform(frame.data(), 1, 0, out, std::span(space).last(widest));
  std::ranges::transform(out.first(power.size()), power.begin(), [](Complex x) { return std::norm(x); });
}

}  // namespace thaw
